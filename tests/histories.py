"""Hand-built histories for the tests of reports: what a run over an archive would have found."""

from dataclasses import replace

from support import at, document

from tracker.model import (
    Change,
    Clause,
    ClauseChange,
    Coverage,
    DatedReference,
    Diff,
    History,
    Incident,
    Policy,
    ProfileEntry,
    Sighting,
    Version,
    WatchedUrl,
    Window,
    sha256,
)

NAMES = {
    "ads_personalised": "personalised advertising",
    "international_transfer": "transfers abroad",
    "international_transfer.eu_us_privacy_shield": "Privacy Shield",
    "retention": "how long data is kept",
    "sale_of_data": "sale of data",
}
WAYBACK = "https://web.archive.org/web"


def sighting(day: str, url: str = "https://acme.example/privacy") -> Sighting:
    """The capture of that day's noon."""
    moment = at(day).replace(hour=12)
    return Sighting(
        captured_at=moment,
        url=url,
        memento_url=f"{WAYBACK}/{moment:%Y%m%d%H%M%S}id_/{url}",
        snapshot_sha256=sha256(day.encode()),
        digest="3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
        digest_verified=True,
        archive="https://web.archive.org",
    )


def clause(topic: str, quote: str, stance: str = "asserts", **more: object) -> Clause:
    details = {"section": "Advertising", "rule": f"{topic}: “{quote.split()[0]}”", "block": 1}
    return Clause(topic, stance, quote, **{**details, **more})


def version(number: int, first: str, last: str, *lines: str) -> Version:
    text = document("# Privacy policy", *lines)
    return Version(
        policy="acme/privacy",
        number=number,
        text_sha256=sha256(text.text.encode()),
        document=text,
        first_seen=sighting(first),
        last_seen=sighting(last),
        sightings=1 if first == last else 2,
    )


NO_ADS = clause("ads_personalised", "Our services do not show personalised advertising.", "denies")
ADS = clause("ads_personalised", "We use your data to show personalised advertising.")
SHIELD = clause(
    "international_transfer.eu_us_privacy_shield",
    "Transfers to the United States rely on the EU-US Privacy Shield.",
    section="Transfers",
    block=2,
)
NO_SALE = clause("sale_of_data", "sell your data", "denies", lead_in="We will never:", block=3)

ACME = History(
    policy=Policy("acme/privacy", "Acme <Privacy>", (WatchedUrl("https://acme.example/privacy"),)),
    language="en",
    versions=(
        version(1, "2015-06-12", "2017-06-29", NO_ADS.quote),
        version(2, "2018-08-30", "2018-08-30", ADS.quote, SHIELD.quote),
        version(3, "2018-08-31", "2020-11-02", ADS.quote, SHIELD.quote, "We will never:", "- sell"),
    ),
    changes=(
        Change(
            policy="acme/privacy",
            before=1,
            after=2,
            kind="substantive",
            window=Window(at("2017-06-29T12:00Z"), at("2018-08-30T12:00Z")),
            diff=Diff((), words_added=18, words_removed=7),
            clauses=(
                ClauseChange(
                    SHIELD.topic, "appeared", None, SHIELD, "no clause on this before", 40, "new"
                ),
                ClauseChange(
                    NO_ADS.topic,
                    "reversed",
                    NO_ADS,
                    ADS,
                    "same action, denies to asserts",
                    100,
                    "a denial became an assertion",
                    "weakened",
                ),
            ),
            labels=("silent",),
        ),
        Change(
            policy="acme/privacy",
            before=2,
            after=3,
            kind="editorial",
            window=Window(at("2018-08-30T12:00Z"), at("2018-08-31T12:00Z")),
            diff=Diff((), words_added=4, words_removed=0),
            clauses=(ClauseChange(NO_SALE.topic, "moved", NO_SALE, NO_SALE, "equal words", 5),),
        ),
    ),
    profile=(
        ProfileEntry(ADS, at("2017-06-29T12:00Z"), at("2018-08-30T12:00Z")),
        ProfileEntry(SHIELD, at("2017-06-29T12:00Z"), at("2018-08-30T12:00Z")),
        ProfileEntry(NO_SALE, None, at("2015-06-12T12:00Z")),
    ),
    dated_references=(
        DatedReference(
            "eu_us_privacy_shield",
            "EU-US Privacy Shield",
            SHIELD.quote,
            at("2020-11-02T12:00Z"),
            109,
            "struck down by the Court of Justice",
        ),
    ),
    coverage=Coverage(
        captures=12,
        fetched=5,
        first=at("2015-06-12T12:00Z"),
        last=at("2020-11-02T12:00Z"),
        longest_gap_days=794,
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
    ),
)

# One capture only: nothing to compare, so its profile is the report.
BELL = History(
    policy=Policy("bell/privacy", "Bell privacy", (WatchedUrl("https://bell.example/privacy"),)),
    language="nl",
    versions=(
        Version(
            policy="bell/privacy",
            number=1,
            text_sha256=sha256(b"bell"),
            document=document("# Privacy", "Wij bewaren uw gegevens 3 jaar.", language="nl"),
            first_seen=sighting("2018-05-01", "https://bell.example/privacy"),
            last_seen=sighting("2018-05-01", "https://bell.example/privacy"),
        ),
    ),
    profile=(
        ProfileEntry(
            clause("retention", "Wij bewaren uw gegevens 3 jaar.", section=""),
            None,
            at("2018-05-01T12:00Z"),
        ),
    ),
    coverage=Coverage(1, 1, at("2018-05-01T12:00Z"), at("2018-05-01T12:00Z")),
)

MADE = at("2026-01-02T03:04:05Z")

# All a page, a watchlist or an archive may hold against those who read about it.
HOSTILE_QUOTE = (
    "We \x1b[31msell\x1b]8;;http://evil.example\x07 <script>alert(1)</script> ]]> "
    "[x](javascript:y) | \u202eatad\u202c | **bold** {{ 7 * 7 }} {% raw %} &amp; "
    "https://evil.example @all\n# heading"
)


def hostile() -> History:
    """One version, one capture; every text in it is HOSTILE_QUOTE or worse."""
    evidence = replace(sighting("2020-01-01"), memento_url="javascript:alert(1)//20200101120000id_")
    quote = clause("sale_of_data", HOSTILE_QUOTE, section=HOSTILE_QUOTE, lead_in=HOSTILE_QUOTE)
    text = document("# " + HOSTILE_QUOTE, HOSTILE_QUOTE)
    old = Version("evil/privacy", 1, sha256(b"1"), text, evidence, evidence)
    new = replace(old, number=2, text_sha256=sha256(b"2"))
    moment = evidence.captured_at
    reworded = ClauseChange("sale_of_data", "reworded", quote, quote, HOSTILE_QUOTE, 30, "why")
    window = Window(moment, moment)
    return History(
        policy=Policy("evil/privacy", HOSTILE_QUOTE, ()),
        language="en",
        versions=(old, new),
        changes=(Change("evil/privacy", 1, 2, "substantive", window, Diff(()), (reworded,)),),
        profile=(ProfileEntry(quote, None, moment),),
        dated_references=(DatedReference("x", "X", HOSTILE_QUOTE, moment, -3),),
        coverage=Coverage(
            1,
            1,
            moment,
            moment,
            incidents=(Incident("evil/privacy", "parked", None, "", HOSTILE_QUOTE, HOSTILE_QUOTE),),
        ),
    )
