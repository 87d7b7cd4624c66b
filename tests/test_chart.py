"""The chart of a topic: facts as text in the drawing, the same bytes each time."""

import sys
from datetime import date
from xml.etree import ElementTree

import pytest

from tracker.cli import main
from tracker.errors import ConfigError, NotFound
from tracker.model import LegalEvent, MonthShare, TopicTimeline
from tracker.render import chart

SVG = "{http://www.w3.org/2000/svg}"
NAMES = {"ads": "Personalised <advertising> & $money$"}
GDPR = LegalEvent(date(2018, 5, 25), "gdpr", "GDPR", "applies")
DIRECTIVE = LegalEvent(date(2018, 5, 25), "dpd", "Directive 95/46/EC", "repealed by the GDPR")
SHIELD = LegalEvent(date(2018, 7, 12), "shield", "EU-US Privacy Shield", "starts")
SHOWN = TopicTimeline(
    topic="ads",
    policies=(),
    months=(
        MonthShare(date(2018, 4, 1), policies=1, asserts=0, denies=1, conditional=0),
        MonthShare(date(2018, 5, 1), policies=2, asserts=0, denies=1, conditional=1),
        MonthShare(date(2018, 6, 1), policies=4, asserts=2, denies=1, conditional=1),
        MonthShare(date(2018, 7, 1), policies=4, asserts=3, denies=0, conditional=0),
    ),
    events=(GDPR, DIRECTIVE, SHIELD),
)


@pytest.fixture(scope="module")
def drawn():
    pytest.importorskip("matplotlib", reason='needs the extra "chart"')
    return ElementTree.fromstring(chart.svg(SHOWN, NAMES))


def texts(drawn):
    return [element.text.strip() for element in drawn.iter(SVG + "text")]


def test_text_is_text_and_never_markup_or_formula(drawn):
    assert NAMES["ads"] in texts(drawn)


def test_says_to_screen_readers_what_it_shows(drawn):
    title, description = drawn[0], drawn[1]
    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == NAMES["ads"]
    assert description.text == (
        "Share of the policies seen, by what they say, month by month from 2018-04 to 2018-07. "
        "At the end, of 4: 3 stated. Law: 2018-05-25 GDPR: applies; "
        "2018-05-25 Directive 95/46/EC: repealed by the GDPR; "
        "2018-07-12 EU-US Privacy Shield: starts."
    )


def test_events_of_one_day_share_a_number(drawn):
    shown = texts(drawn)
    first = shown.index("GDPR: applies")
    assert shown[first - 2 : first + 7] == [
        *("1", "2018-05-25", "GDPR: applies"),
        *("1", "2018-05-25", "Directive 95/46/EC: repealed by the GDPR"),
        *("2", "2018-07-12", "EU-US Privacy Shield: starts"),
    ]


def test_every_stance_and_the_number_of_policies_are_named(drawn):
    assert {"stated", "denied", "under conditions", "policies"} <= set(texts(drawn))


def test_shares_stack_to_what_the_months_say(drawn):
    """Heights of the coloured areas in the last month: three of four state it, one is silent."""
    areas = [
        element
        for element in drawn.iter(SVG + "g")
        if (element.get("id") or "").startswith("FillBetween")
    ]
    tops = [min(numbers(area)) for area in areas]
    assert len(areas) == 3
    assert tops[2] < tops[1] <= tops[0], "denied stands on top of conditional on top of stated"


def numbers(area):
    """The heights at which an area's outline runs."""
    path = next(area.iter(SVG + "path")).get("d").split()
    return [float(path[n + 2]) for n, word in enumerate(path) if word in "ML"]


def test_same_input_same_bytes_whatever_the_users_settings_say():
    matplotlib = pytest.importorskip("matplotlib", reason='needs the extra "chart"')
    plain = chart.svg(SHOWN, NAMES)
    with matplotlib.rc_context({"svg.fonttype": "path", "font.size": 30, "axes.grid": True}):
        assert chart.svg(SHOWN, NAMES) == plain
        assert matplotlib.rcParams["font.size"] == 30
    assert "<dc:date>" not in plain


def test_one_month_of_one_silent_policy_can_be_drawn():
    pytest.importorskip("matplotlib", reason='needs the extra "chart"')
    alone = TopicTimeline("ads", (), (MonthShare(date(2018, 4, 1), 1, 0, 0, 0),), ())
    assert "At the end, of 1: none speaks of it." in chart.svg(alone, {})


def test_nothing_seen_is_said_not_drawn():
    with pytest.raises(NotFound, match="policy-tracker update"):
        chart.svg(TopicTimeline("ads", (), (), ()), NAMES)


def test_says_how_to_install_what_draws(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ConfigError, match=r"policy-tracker\[chart\]"):
        chart.svg(SHOWN, NAMES)


def test_the_command_writes_the_chart_beside_the_table(tmp_path, capsys):
    pytest.importorskip("matplotlib", reason='needs the extra "chart"')
    page, file = tmp_path / "acme.txt", tmp_path / "charts" / "sale.svg"
    page.write_text("# Privacy Policy\n\n" + "We never sell your personal data to anyone. " * 40)
    facts = ["--policy", "acme/privacy", "--captured-at", "2018-05-01"]
    for command in (
        ["init", str(tmp_path)],
        ["-w", str(tmp_path), "import", str(page), *facts],
        ["-w", str(tmp_path), "timeline", "sale_of_data", "--svg", str(file)],
    ):
        with pytest.raises(SystemExit) as left:
            main(command)
        assert not left.value.code
    shown = capsys.readouterr()
    assert "acme/privacy  denied" in shown.out
    assert shown.err == f"written  {file}\n"
    assert ElementTree.parse(file).getroot().tag == SVG + "svg"
