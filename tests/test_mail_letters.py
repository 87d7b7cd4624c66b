"""What alerts look like: subject, plain text, HTML, and the message around them."""

import re
import shutil
import string
from dataclasses import replace

import pytest
from fast_mail_parser import parse_email
from histories import ACME, BELL, HOSTILE_QUOTE, MADE, NAMES, clause, hostile
from hypothesis import given, settings
from hypothesis import strategies as st
from mailboxes import ANNA, SITE, acme, alert, read
from playwright.sync_api import sync_playwright
from support import CASES, require

from tracker.model import ClauseChange, Letter, Problem, Subscription
from tracker.publish.message import Sender, compose, message_id
from tracker.render import mail

SENDER = Sender("alerts@example.org", "Policy changes")
REVERSED = "personalised advertising REVERSED, now stated"


def letter(*histories, site=SITE, **more):
    return mail.alert(alert(*histories, **more), NAMES, site=site, leave=SENDER.leave)


def named(history, name):
    return replace(history, policy=replace(history.policy, name=name, id=name.lower() + "/privacy"))


def many(number):
    """Acme with so many clause changes of falling severity."""
    clauses = tuple(
        ClauseChange("retention", "appeared", None, clause("retention", f"Sentence {n}."), "new",
                     99 - n % 90)
        for n in range(number)
    )  # fmt: skip
    history = acme()
    return replace(history, changes=(replace(history.changes[0], clauses=clauses),))


def test_a_letter_is_as_reviewed(expect):
    made = letter(acme(), begun=(BELL,), quiet={"flap": 1}, checked=123, with_incidents=4)
    expect(f"Subject: {made.subject}\n\n{made.text}", CASES / "mail" / "alert.txt")
    expect(made.html, CASES / "mail" / "alert.html")


@pytest.mark.parametrize(
    ("told", "subject"),
    [
        (alert(acme()),
         f"Acme <Privacy>: {REVERSED}, and 1 more clause change"),
        (alert(acme(), named(acme(), "Bell")),
         f"Acme <Privacy>: {REVERSED}, and 1 other policy changed"),
        (alert(replace(acme(), changes=(replace(ACME.changes[0], clauses=()),))),
         "Acme <Privacy> changed"),
        (alert(begun=(ACME, BELL)), "Now watching 2 policies"),
        (alert(checked=123, unreached=2, with_incidents=4),
         "123 policies checked, 2 not reached, 4 with incidents, "
         "nothing changed that you asked for"),
    ],
    ids=["one", "two policies", "no clause", "begun", "heartbeat"],
)  # fmt: skip
def test_the_subject_says_what_happened(told, subject):
    assert mail.alert(told, NAMES).subject == subject


def test_much_to_read_begins_with_the_gravest_of_each_policy():
    made = letter(many(39), named(acme(), "Bell"))
    assert made.text.startswith(
        "2 changes in 2 policies\n\n"
        "  * Acme <Privacy>: how long data is kept appeared (39 times)\n"
        f"  * Bell: {REVERSED}; Privacy Shield\n    appeared\n\n"
    )
    assert f"• <bdi>Bell: {REVERSED}; Privacy Shield appeared" in made.html
    assert letter(many(4)).text.startswith(
        "Acme <Privacy>: 1 change\n\n  * how long data is kept appeared (4 times)\n\n"
    )
    assert "\n\n  * personalised advertising REVERSED, now stated" not in letter(acme()).text, (
        "seen anyway"
    )


def test_the_text_is_wrapped_and_no_address_is_broken():
    made = letter(acme(), hostile(), begun=(BELL,))
    long = [line for line in made.text.splitlines() if len(line) > 76]
    assert all("://" in line and " " not in line.strip() for line in long)


def test_both_bodies_hold_quotes_windows_evidence_and_the_page():
    made = letter(acme())
    for body in (made.text, made.html):
        words = " ".join(body.split())
        assert "Our services do not show personalised advertising." in words
        assert "We use your data to show personalised advertising." in words
        assert "After 2017-06-29 and by 2018-08-30 (427 days)" in words
        assert "https://web.archive.org/web/20170629120000/https://acme.example/privacy" in words
        assert "https://changes.example/acme/privacy/changes/1..2/index.html" in words


def test_words_that_differ_stand_out():
    history = acme()
    change = history.changes[0]
    before, after = (clause("retention", f"We keep logs for {n} years.") for n in ("two", "ten"))
    reworded = ClauseChange("retention", "reworded", before, after, "likeness 0.8", 50, "longer")
    html = letter(replace(history, changes=(replace(change, clauses=(reworded,)),))).html
    assert "We keep logs for <strong>two</strong> years." in html
    assert "We keep logs for <strong>ten</strong> years." in html


def test_the_gravest_of_many_are_shown_and_the_rest_counted():
    made = letter(many(39))
    assert made.text.count("* how long data is kept: appeared") == 25
    assert "And 14 more clause changes, all of them on the site:" in made.text
    assert "severity 75" in made.text and "severity 74" not in made.text


def test_a_digest_of_many_policies_has_an_end_and_the_gravest_first():
    quiet = replace(acme(), changes=(replace(acme().changes[0], clauses=()),))
    crowd = [named(quiet, f"Quiet{number}") for number in range(60)]
    text = letter(*crowd, acme()).text
    assert "And 36 more changed texts, all of them on the site:" in text
    assert "personalised advertising: REVERSED" in text, "the last of them, but the gravest"


def test_a_letter_has_a_hard_limit_however_long_the_quotes():
    endless = "Ω" * 400 + " " + "長" * 50_000
    history = many(60)
    change = history.changes[0]
    long = replace(change.clauses[0].after, quote=endless, section=endless, lead_in=endless)
    clauses = tuple(
        replace(one, after=replace(long, quote=f"{number} {endless}"))
        for number, one in enumerate(change.clauses)
    )
    made = letter(replace(history, changes=(replace(change, clauses=clauses),)))
    assert max(len(made.text.encode()), len(made.html.encode())) < 100_000
    assert "more clause changes" in made.text
    assert "severity 99" in made.text


def test_without_a_site_there_are_no_links_to_it():
    made = letter(acme(), begun=(BELL,), site="")
    assert "index.html" not in made.text + made.html
    assert 'href=""' not in made.html


def test_letters_on_one_policy_share_a_thread():
    one, other = letter(acme()), letter(replace(acme(), changes=ACME.changes[1:]))
    assert one.thread == other.thread == "acme/privacy"
    assert letter(acme(), begun=(BELL,)).thread == ANNA.key


def test_operators_hear_what_is_new_and_what_goes_on():
    new = Problem("a", "acme/privacy keeps failing", "acme/privacy failed in 3 runs")
    old = Problem("b", "disk", "disk nearly full")
    made = mail.problems([new], [old], MADE, "Policy changes")
    assert made.subject == "Policy changes: acme/privacy keeps failing"
    both = mail.problems([new, old], [], MADE, "Policy changes")
    assert both.subject == "Policy changes: acme/privacy keeps failing, and 1 other problem"
    assert "New\n===\n\n  * acme/privacy failed in 3 runs\n" in made.text
    assert "Still so: disk nearly full" in made.text


# The message around it


def composed(made, to="anna@example.org", sender=SENDER):
    return compose(made, sender, to, message_id(sender, to, made.text), MADE)


def test_the_message_has_all_a_good_one_has():
    made = letter(acme())
    message = read(composed(made))
    assert message["From"] == "Policy changes <alerts@example.org>"
    assert message["To"] == "anna@example.org"
    assert message["Subject"] == made.subject
    assert message["Date"] == "Fri, 02 Jan 2026 03:04:05 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<mailto:alerts@example.org?subject=unsubscribe>"
    assert message["List-Id"] == "<policy-changes.example.org>"
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", message["Message-ID"])
    assert message["References"] == message["In-Reply-To"] != message["Message-ID"]
    assert message.get_content_type() == "multipart/alternative"
    assert not message.defects


def test_the_same_letter_is_the_same_bytes():
    assert composed(letter(acme())) == composed(letter(acme()))


def test_threads_are_each_recipients_own():
    ours, theirs = (read(composed(letter(acme()), to)) for to in ("a@x.org", "b@x.org"))
    assert ours["References"] != theirs["References"]


def part(message, kind):
    return lines(message.get_body((kind,)).get_content())


def lines(text):
    """Messages end in a line end, and their line ends are CRLF."""
    return text.replace("\r\n", "\n").rstrip("\n")


def check(made, body):
    """Both parsers read back what was meant; every line is one a server takes."""
    message, other = read(body), parse_email(body)
    subject = made.subject.replace("=?", "= ?")
    assert (message["Subject"], other.subject) == (subject, subject)
    for kind, theirs, meant in (
        ("plain", other.text_plain, made.text),
        ("html", other.text_html, made.html),
    ):
        assert part(message, kind) == lines(theirs[0]) == lines(meant)
    assert sorted(message.keys()) == sorted(HEADERS)
    assert max(map(len, body.split(b"\r\n"))) <= 998
    assert body.isascii() and b"\0" not in body and body.count(b"\n") == body.count(b"\r\n")


HEADERS = (
    "Auto-Submitted Content-Type Date From In-Reply-To List-Id List-Unsubscribe MIME-Version "
    "Message-ID References Subject To X-Auto-Response-Suppress"
).split()


@pytest.mark.parametrize(
    "name",
    [
        HOSTILE_QUOTE,
        "Acme\r\nBcc: victim@example.org\r\n\r\n<p>owned</p>",
        "=?utf-8?q?Bcc=3A_x?=",
        "Ünïcödé 隐私政策 🔐 " * 9,
        "x" * 3000,
        "\ud800\x00\x85\u2028line",
        ".\n.\r\n..",
    ],
    ids=["hostile", "injection", "encoded word", "unicode", "long", "unfit", "dots"],
)
def test_no_policy_name_leaves_its_place(name):
    history = replace(acme(), policy=replace(ACME.policy, name=name))
    made = letter(history, hostile(), begun=(history,))
    check(made, composed(made))


@settings(deadline=None)
@given(st.text(), st.text(alphabet=string.printable))
def test_no_text_makes_a_message_of_another_shape(quote, name):
    history = acme()
    change = history.changes[0]
    side = replace(change.clauses[0].after, quote=quote, section=quote, lead_in=name)
    changed = replace(change.clauses[0], after=side)
    made = letter(
        replace(
            history,
            policy=replace(history.policy, name=name),
            changes=(replace(change, clauses=(changed,)),),
        )
    )
    check(made, composed(made))


def test_addresses_beyond_ascii():
    """The domain is translated; the local part needs SMTPUTF8, and headers in UTF-8 with it."""
    made = Letter("Hallo", "Text\n", "<p>Text</p>")
    assert b"To: anna@xn--bcher-kva.example\r\n" in composed(made, "anna@bücher.example")
    assert "To: änna@example.org\r\n".encode() in composed(made, "änna@example.org")


@pytest.mark.parametrize("body", ["From here\n.\n..\n", "\ud800\0", "a" * 5000], ids=repr)
def test_odd_bodies_arrive(body):
    message = read(composed(Letter("s", body, body)))
    meant = body.replace("\ud800", "\ufffd").replace("\0", "\ufffd")
    assert part(message, "plain") == lines(meant)


# The HTML


def test_the_html_needs_no_style_sheet_no_script_and_no_request():
    html = letter(acme(), hostile(), begun=(BELL,)).html
    for unwanted in ("<style", "<script", "<img", "<ins", "<del", "class=", "url(", "src="):
        assert unwanted not in html.lower()
    assert set(re.findall(r'href="(\w+):', html)) == {"https"}


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    require(bool(chromium), "Chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=arguments)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 900])
def test_it_fits_and_can_be_read(browser, tmp_path, scheme, width):
    """Every text stands out from its background by the ratio of WCAG AA."""
    file = tmp_path / "letter.html"
    file.write_text(letter(acme(), hostile(), begun=(BELL,)).html, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST, "#ffffff" if scheme == "light" else "#121212") >= 4.5


# The least contrast of any text with the background the client gives.
CONTRAST = """background => {
  const canvas = document.createElement('canvas').getContext('2d');
  const light = color => {
    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(background);
  const texts = [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
  return Math.min(...texts.map(e => {
    const ink = light(getComputedStyle(e).color);
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  }));
}"""


def test_a_footer_says_why_one_gets_it():
    wanted = Subscription(("x@y.org",), ("acme/*",), ("retention",), frequency="weekly")
    subscriber = replace(ANNA, subscription=wanted)
    text = " ".join(letter(acme(), to=subscriber).text.split())
    assert "subscribed to policies acme/*; topics retention (weekly)." in text
    assert "To leave, write to alerts@example.org." in text


def test_a_chat_gets_the_gist():
    assert mail.brief(alert(acme()), NAMES, site=SITE) == (
        "Acme <Privacy>: After 2017-06-29 and by 2018-08-30 (427 days): version 1 → 2, "
        "18 words added, 7 removed, silent (its own date stayed the same).\n"
        '- personalised advertising: REVERSED: "Our services do not show personalised '
        'advertising." -> "We use your data to show personalised advertising."\n'
        '- Privacy Shield: appeared: "Transfers to the United States rely on the EU-US Privacy '
        'Shield."\n'
        "https://changes.example/acme/privacy/changes/1..2/index.html\n"
        "0 policies checked.\n"
    )
    everything = mail.brief(alert(many(60), hostile(), begun=(BELL,) * 50), NAMES, site=SITE)
    assert len(everything) < 2000


@pytest.mark.parametrize(
    ("unsubscribe", "said"),
    [
        ("", "To leave, write to alerts@example.org."),
        ("mailto:leave@example.org?subject=x", "To leave, write to leave@example.org."),
        ("https://example.org/leave", "To leave, go to https://example.org/leave."),
    ],
)
def test_how_to_leave(unsubscribe, said):
    sender = replace(SENDER, unsubscribe=unsubscribe)
    text = mail.alert(alert(acme()), NAMES, leave=sender.leave).text
    assert said in " ".join(text.split())
    assert Sender("policy-tracker@localhost").leave == ""
