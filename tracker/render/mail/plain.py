"""The plain text body: wrapped, addresses in one piece."""

import textwrap
from collections.abc import Iterator

from tracker.render import words
from tracker.render.mail.content import Content, Item, Part

_WIDTH = 76


def render(content: Content, footer: tuple[str, ...]) -> str:
    return "\n".join([*_lines(content), "", "-- ", *_footer(footer)]) + "\n"


def _lines(content: Content) -> Iterator[str]:
    yield from _wrapped(content.title)
    if content.short:
        yield ""
    for line in content.short:
        yield from _wrapped(f"* {line}", "  ", "    ")
    previous = content.parts[0].policy if content.of_one_policy else ""
    for part in content.parts:
        if part.policy != previous:
            yield ""
            yield from _underlined(part.name)
            previous = part.policy
        yield ""
        yield from _part(part)
    if content.more or content.more_changes:
        yield ""
        yield from _wrapped(more(content))
        yield from filter(None, [content.site])
    if content.begun:
        yield from _begun(content)
    for note in content.notes:
        yield ""
        yield from _wrapped(note)


def more(content: Content) -> str:
    where = ", all of them on the site:" if content.site else "; the report shows all of them."
    left = (
        (content.more, "more clause change"),
        (content.more_changes, "more changed text"),
    )
    told = [words.count(number, noun) for number, noun in left if number]
    return f"And {' and '.join(told)}{where}"


def _part(part: Part) -> Iterator[str]:
    yield from _wrapped(f"{part.about}.")
    if not part.items and not part.more:
        yield from _wrapped("No clause on a known topic said anything else.", "  ")
    for item in part.items:
        yield ""
        yield from _item(item)
    if part.moved:
        yield ""
        yield from _wrapped(part.moved, "  ")
    if part.link:
        yield ""
        yield "  The whole change:"
        yield f"  {part.link}"


def _item(item: Item) -> Iterator[str]:
    yield from _wrapped(f"* {item.heading}", "  ", "    ")
    for side in item.sides:
        yield ""
        label = f"{side.label + ':':8}"
        yield from _wrapped(f"{label}{side.quote}", "    ", "            ")
        yield from _wrapped(side.where, "            ")
        yield from filter(None, [side.link and f"            {side.link}"])
    yield ""
    yield from _wrapped(f"severity {item.severity} of 100: {item.why}", "    ")


def _begun(content: Content) -> Iterator[str]:
    yield ""
    yield from _underlined(content.list_heading)
    for one in content.begun:
        yield ""
        yield from _wrapped(f"* {one.name}", "  ", "    ")
        yield from _wrapped(one.about, "    ")
        yield from filter(None, [one.link and f"    {one.link}"])
    if content.more_begun:
        yield ""
        yield f"  and {content.more_begun:,} more"


def _footer(footer: tuple[str, ...]) -> Iterator[str]:
    for text in footer:
        yield from _wrapped(text)


def _underlined(heading: str) -> Iterator[str]:
    lines = _wrapped(heading)
    yield from lines
    yield "=" * max(map(len, lines), default=0)


def _wrapped(text: str, indent: str = "", later: str | None = None) -> list[str]:
    """No word and no address is cut; white space in front is not doubled."""
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if later is None else later,
        break_long_words=False,
        break_on_hyphens=False,
    )
