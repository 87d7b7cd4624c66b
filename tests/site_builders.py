"""Histories of fictional services for the tests of the site."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from histories import sighting
from support import at, document

from tracker.compare import compare
from tracker.model import (
    Change,
    Clause,
    ClauseChange,
    Coverage,
    DatedReference,
    History,
    Incident,
    LegalEvent,
    Policy,
    ProfileEntry,
    Topic,
    Version,
    WatchedUrl,
    Window,
)
from tracker.render.site import SiteInput, of
from tracker.text import fingerprint

TOPICS = (
    Topic("ads_personalised", "personalised advertising", "Advertising chosen by data.", ("en",)),
    Topic("international_transfer", "transfers abroad", "Data that leaves the country.", ("en",)),
    Topic("retention", "how long data is kept", "Periods after which data is deleted.", ("nl",)),
    Topic("sale_of_data", "sale of data", "Handing data over for money.", ("en", "nl")),
)
EVENTS = (
    LegalEvent(date(2018, 5, 25), "gdpr", "GDPR", "applies"),
    LegalEvent(date(2019, 12, 1), "coppa", "COPPA", "applies"),
    LegalEvent(date(2020, 7, 16), "eu_us_privacy_shield", "EU-US Privacy Shield", "struck down"),
)
SHIELD = "international_transfer.eu_us_privacy_shield"
BASE = "https://changes.example/site/"

FILLER = tuple(
    f"Paragraph {n} says how the service works, what an account is for, and whom to ask about it."
    for n in range(1, 9)
)
ACME = (
    (
        "2015-06-12",
        "2017-06-29",
        "# Privacy policy",
        "We are Acme. This policy explains what we do.",
        "## Advertising",
        "Our services do not show personalised advertising.",
        "## Working with us",
        *FILLER,
        "## Your data",
        "You may ask for a copy of all data we hold about you, at any time and free of charge.",
        "We will never:",
        "- sell your data",
        "- rent your data",
        "| Data | Kept |",
        "| Address | 1 year |",
    ),
    (
        "2018-08-30",
        "2019-02-01",
        "# Privacy policy",
        "We are Acme. This policy explains what we do and why.",
        "You may ask for a copy of all data we hold about you, at any time and free of charge.",
        "## Advertising",
        "We use your data to show personalised advertising.",
        "## Working with us",
        *FILLER,
        "## Transfers",
        "Transfers to the United States rely on the EU-US Privacy Shield.",
        "## Your data",
        "We will never:",
        "- sell your data",
        "| Data | Kept |",
        "| Address | 3 years |",
    ),
    (
        "2020-03-01",
        "2020-11-02",
        "# Privacy policy",
        "We are Acme. This policy explains what we do and why.",
        "You may ask for a copy of all data we hold about you, at any time and free of charge.",
        "## Advertising",
        "We use your data to show personalised advertising, with your consent.",
        "## Working with us",
        *FILLER,
        "## Transfers",
        "Transfers to the United States rely on the EU-US Privacy Shield.",
        "## Your data",
        "We will never:",
        "- sell your data",
        "| Data | Kept |",
        "| Address | 3 years |",
    ),
)


def clause(topic, quote, stance, text, *, section="", rule="advertising: “show … advertising”"):
    """A clause that stands in the document `text`."""
    block = next(n for n, one in enumerate(text.blocks) if quote in one.text)
    return Clause(topic, stance, quote, section, rule, block)


def history(identifier, texts, *, name="", language="en"):
    """Versions from (first, last, line...) rows, with the changes between them."""
    versions = tuple(
        _version(identifier, number, row, language) for number, row in enumerate(texts, 1)
    )
    changes = tuple(_change(old, new) for old, new in pairwise(versions))
    first, last = versions[0].first_seen.captured_at, versions[-1].last_seen.captured_at
    return History(
        policy=Policy(identifier, name or identifier, (WatchedUrl(_url(identifier)),)),
        language=language,
        versions=versions,
        changes=changes,
        coverage=Coverage(12, 5, first, last, 427),
    )


def _url(identifier):
    return f"https://{identifier.partition('/')[0]}.example/privacy"


def _version(identifier, number, row, language):
    first, last, *lines = row
    text = document(*lines, language=language)
    url = _url(identifier)
    return Version(
        identifier, number, fingerprint(text), text, sighting(first, url), sighting(last, url)
    )


def _change(old, new, kind="substantive", clauses=(), labels=()):
    window = Window(old.last_seen.captured_at, new.first_seen.captured_at)
    diff = compare(old.document, new.document)
    return Change(old.policy, old.number, new.number, kind, window, diff, clauses, labels)


def acme(count=3):
    """Advertising reversed, Privacy Shield appears and outlives itself; then advertising softens.

    The first `count` of its versions: how the site looked before the next one was found.
    """
    plain = history("acme/privacy", ACME[:count], name="Acme privacy policy")
    texts = [version.document for version in plain.versions]
    no_ads = clause("ads_personalised", ACME[0][5], "denies", texts[0], section="Advertising")
    profile = [no_ads]
    changes = list(plain.changes)
    if count > 1:
        ads = clause("ads_personalised", ACME[1][6], "asserts", texts[1], section="Advertising")
        shield = clause(
            SHIELD,
            "Transfers to the United States rely on the EU-US Privacy Shield.",
            "asserts",
            texts[1],
            section="Transfers",
            rule="transfers: “privacy shield”",
        )
        found = (
            ClauseChange(
                no_ads.topic,
                "reversed",
                no_ads,
                ads,
                "same action, denies to asserts",
                100,
                "a denial became an assertion",
                "weakened",
            ),
            ClauseChange(shield.topic, "appeared", None, shield, "no clause before", 40, "new"),
        )
        changes[0] = replace(changes[0], clauses=found, labels=("silent",))
        profile = [ads, shield]
    if count > 2:
        softer = clause("ads_personalised", ACME[2][6], "conditional", texts[2])
        reworded = ClauseChange(
            ads.topic, "reworded", ads, softer, "same action", 30, "consent added", "strengthened"
        )
        changes[1] = replace(changes[1], clauses=(reworded,))
        profile = [softer, clause(shield.topic, shield.quote, "asserts", texts[2])]
    denied = (("ads_personalised", "denies"),)
    stated = (("ads_personalised", "asserts"), (SHIELD, "asserts"))
    softened = (("ads_personalised", "conditional"), (SHIELD, "asserts"))
    return replace(
        plain,
        changes=tuple(changes),
        spoken=(denied, stated, softened)[:count],
        profile=tuple(ProfileEntry(one, None, at("2015-06-12T12:00Z")) for one in profile),
        dated_references=(
            DatedReference(
                "eu_us_privacy_shield",
                "EU-US Privacy Shield",
                "Transfers to the United States rely on the EU-US Privacy Shield.",
                at("2020-11-02T12:00Z"),
                109,
                "struck down by the Court of Justice",
            ),
        )
        if count > 2
        else (),
        coverage=replace(
            plain.coverage,
            incidents=(
                Incident(
                    "acme/privacy",
                    "soft-404",
                    at("2016-03-03T12:00Z"),
                    "https://acme.example/privacy",
                    "the page says “not found” with status 200",
                    "nothing to do",
                ),
            ),
            per_month=(("2015-06", 1), ("2016-03", 4), ("2017-06", 2), ("2018-08", 40)),
        ),
    )


def bell():
    """A Dutch policy of one capture."""
    plain = history(
        "bell/privacy",
        [("2018-05-01", "2018-05-01", "# Privacy", "Wij bewaren uw gegevens 3 jaar.")],
        name="Bell privacy",
        language="nl",
    )
    kept = clause(
        "retention", "Wij bewaren uw gegevens 3 jaar.", "asserts", plain.versions[0].document
    )
    return replace(plain, profile=(ProfileEntry(kept, None, at("2018-05-01T12:00Z")),))


def site(*histories, **facts) -> SiteInput:
    """A site of these histories with the tests' topics, events and address."""
    known = {
        "topics": TOPICS,
        "events": EVENTS,
        "base_url": BASE,
        "last_run": at("2026-01-02T03:04:05Z"),
    }
    return of(histories, **{**known, **facts})


def hostile():
    """Markup, ends of CDATA, controls, bidirectional marks, an endless word, emoji, a script that
    runs from right to left, addresses that run code."""
    lines = (
        "# <script>alert(1)</script> \u202ereversed",
        "Hello <b>bold</b> <img src=x onerror=alert(1)> ]]> &amp; \x00\x1b[31m \u2066and {{ 7*7 }}",
        "javascript:alert(1) data:text/html,<script>alert(1)</script> '\" onmouseover=alert(1)",
        "# سياسة الخصوصية",
        "نحن لا نبيع بياناتك إلى أي طرف ثالث 👩‍👩‍👧‍👦🏳️‍🌈.",
        "x" * 200_000,
        "- <i>item</i> </ul></article></main>",
        "| <td> | </table> |",
        "個人情報を収集します。 Données personnelles.",
    )
    changed = (*lines[:1], lines[1].replace("Hello", "Goodbye <marquee>"), *lines[2:])
    plain = history(
        "evil/privacy",
        [("2018-05-02", "2018-05-02", *lines), ("2018-05-30", "2018-05-30", *changed)],
        name="<script>alert('name')</script>\u202e",
        language="ar",
    )
    quotes = [
        Clause("sale_of_data", stance, text, "<b>section</b>", "rule ]]> <i>", 1)
        for stance, text in (("denies", lines[1]), ("asserts", changed[1]))
    ]
    found = ClauseChange("sale_of_data", "reversed", *quotes, "<i>rule</i>", 90, "why ]]>")
    url = "javascript:alert(1)"
    return replace(
        plain,
        policy=replace(plain.policy, urls=(WatchedUrl(url),)),
        versions=tuple(
            replace(
                one,
                first_seen=replace(one.first_seen, url=url, memento_url=url),
                last_seen=replace(one.last_seen, url=url, memento_url=url),
            )
            for one in plain.versions
        ),
        changes=(replace(plain.changes[0], clauses=(found,), labels=("<b>label</b>",)),),
        profile=(ProfileEntry(quotes[1], None, plain.versions[1].first_seen.captured_at),),
    )
