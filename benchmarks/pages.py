"""Made-up policy pages of about 65 kB, in versions: what the benchmarks of the whole feed in.

The same numbers give the same pages. A third of a page is text, 4,300 words in some 95 blocks and
190 clauses, in a template with a menu, style sheet and script that differ from capture to capture.
"""

from datetime import UTC, datetime, timedelta
from random import Random

_SUBJECTS = ["We", "Our company", "Our affiliates", "Our partners", "We and our subsidiaries"]
_MODES = ["may", "will", "do not", "never", "can", "only", "will not", "may, where the law allows,"]
_VERBS = (
    "collect use share sell disclose transfer keep store record analyse combine process".split()
)
_DATA = """personal information;your location;call records;traffic data;your e-mail address;cookies
and similar technologies;payment details;log files;the content of your messages;your contacts;
browsing history;device identifiers;information about children under 16;voice recordings""".split(
    ";"
)
_WHOM = """with third parties;with advertising partners;with service providers who process it for
us;with law enforcement authorities;to countries outside the European Economic Area;with our
affiliates;under the EU-U.S. Privacy Shield;within our group of companies;with analytics
providers such as Google Analytics;in connection with a merger or sale of assets""".split(";")
_WHY = """for marketing purposes;to show you personalised advertising;to provide the service;to
prevent fraud;to comply with the General Data Protection Regulation;for as long as your account
is active;to measure our audience;with your consent;unless you opt out;for a period of twelve
months;as required by law;to improve our products""".split(";")
_TAILS = """You can object to this at any time by writing to us.;You have the right to access and
correct it.;This does not affect your rights under Article 21 of the General Data Protection
Regulation.;Please contact our data protection officer with any question.;We use encryption and
other technical measures to protect it.""".split(";")
_PLAIN = """The words of this section;Our web pages;Each of the offers described below;The help
pages;Customers who live in another country;A reader of this notice;Those who write to us;The
terms of your order;This summary;The pages linked from here;The text above;Most readers""".split(
    ";"
)
_DO = """explain what is meant in practice;may look different on a small screen;follow the same
order as the contract;were written to be read quickly;repeat what the order form says;can be
printed and kept;refer to the company named at the top;apply to every product on the price list;
are available in several languages;give examples that are not complete""".split(";")
_WHEN = """when the service is ordered;as the case may be;in the way described above;and nothing
else;wherever this is said in so many words;unless another text says so;on the first page;before
the month ends;for readers in every region;and in the appendix""".split(";")
_HEADINGS = """What we collect;How we use it;Who receives it;Advertising;Cookies;Transfers to
other countries;How long we keep it;How we protect it;Your rights;Children;Changes;Contact;Security;
Call recording;Legal bases;Third-party services""".split(";")

Blocks = list[tuple[str, str]]  # (tag, text)


def policy_pages(number: int, captures: int) -> list[tuple[datetime, bytes]]:
    """One policy's captures, half a year apart; two in three bring another text."""
    random = Random(number)
    blocks = _text(random)
    at = datetime(2014, 1, 1, tzinfo=UTC) + timedelta(days=number % 300)
    pages = []
    for index in range(captures):
        if index and random.random() < 0.67:
            blocks = _edited(random, blocks)
        pages.append((at, _page(random, number, blocks)))
        at += timedelta(days=random.randint(120, 240), seconds=random.randint(0, 80_000))
    return pages


def _text(random: Random) -> Blocks:
    blocks = [("h1", "Privacy Policy"), ("p", "Last updated: May 3, 2014")]
    for number, heading in enumerate(random.sample(_HEADINGS, len(_HEADINGS)), start=1):
        blocks.append(("h2", f"{number}. {_line(heading)}"))
        blocks += [("p", _paragraph(random)) for _ in range(random.randint(2, 4))]
        blocks += [("li", _sentence(random)) for _ in range(random.choice((0, 0, 3, 5)))]
    return blocks


def _edited(random: Random, blocks: Blocks) -> Blocks:
    """One block in ten reworded, a few added, dropped or moved."""
    edited = [(tag, _reworded(random, tag, text)) for tag, text in blocks]
    for _ in range(random.randint(0, 3)):
        edited.insert(random.randrange(2, len(edited)), ("p", _paragraph(random)))
        del edited[random.randrange(2, len(edited))]
    if random.random() < 0.3:
        edited.insert(random.randrange(2, len(edited)), edited.pop(random.randrange(2, 40)))
    return edited


def _reworded(random: Random, tag: str, text: str) -> str:
    if tag == "h1" or random.random() > 0.1:
        return text
    if "updated" in text:
        return f"Last updated: June {random.randint(1, 28)}, {random.randint(2015, 2020)}"
    words = text.split()
    words[random.randrange(len(words))] = random.choice(_line(random.choice(_WHY)).split())
    return " ".join(words) if random.random() < 0.7 else text + " " + _sentence(random)


def _paragraph(random: Random) -> str:
    return " ".join(_sentence(random) for _ in range(random.randint(3, 6)))


def _sentence(random: Random) -> str:
    """Three in four say nothing on any topic, as in real policies."""
    if random.random() < 0.75:
        parts = (random.choice(_PLAIN), random.choice(_DO), random.choice(_WHEN))
        return _line(" ".join(parts)) + "."
    subject, mode, verb = random.choice(_SUBJECTS), random.choice(_MODES), random.choice(_VERBS)
    parts = (subject, mode, verb, _line(random.choice(_DATA)), _line(random.choice(_WHOM)))
    told = " ".join(parts) + " " + _line(random.choice(_WHY)) + "."
    return told if random.random() < 0.7 else f"{told} {_line(random.choice(_TAILS))}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _page(random: Random, number: int, blocks: Blocks) -> bytes:
    body, listed = [], False
    for tag, text in blocks:
        if listed != (tag == "li"):
            listed = not listed
            body.append("<ul class='bullets'>" if listed else "</ul>")
        body.append(f'<{tag} class="c-{random.randrange(9)}" data-k="{random.random()}">')
        body.append(f"{text}</{tag}>\n")
    menu = "".join(
        f'<li class="menu-item menu-item-{n}"><a href="/section-{n}/page?id={random.random()}">'
        f"Products {n}</a></li>\n"
        for n in range(120)
    )
    style = "".join(f".c-{n} {{ margin: {n}px; color: #{n:06x}; }}\n" for n in range(350))
    script = f"window.state = {{token: '{random.random()}'}};\n" * 200
    return (
        f"<!DOCTYPE html><html lang=en><head><title>Privacy Policy | Service {number}</title>\n"
        f"<style>{style}</style><script>{script}</script></head><body>\n<header><nav><ul>{menu}"
        f"</ul></nav></header>\n<main><article>{''.join(body)}</article></main>\n"
        f"<footer><p>© 2014-{2015 + random.randrange(9)} Service {number}. All rights reserved.</p>"
        "<ul><li><a href=/imprint>Imprint</a></li><li><a href=/jobs>Jobs</a></li></ul></footer>"
        "</body></html>"
    ).encode()
