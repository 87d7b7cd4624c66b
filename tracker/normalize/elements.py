"""What elements do to the text in them."""

SKIP = frozenset(
    "script style noscript template svg iframe object embed canvas audio video map select "
    "datalist frame noframes nolayer progress meter portal".split()
)
BOXES = (
    "html body div section article main nav aside header footer form fieldset ul ol dl table td "
    "th details dialog center menu marquee"
).split()
BREAKS = (
    "blockquote pre dd dt tr tbody thead tfoot caption address figure figcaption hr summary "
    "button legend label hgroup search listing xmp plaintext option layer ilayer multicol"
).split()
LISTS = frozenset(("ul", "ol", "menu"))
PRE = frozenset(("pre", "listing", "xmp", "plaintext"))
TYPED = frozenset(("text", "email", "password", "tel", "search", "url", "number", "date"))
