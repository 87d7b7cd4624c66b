"""The site in a browser: what scripts and styles do, for eyes, ears, keyboards and paper."""

import re
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import support
from playwright.sync_api import expect, sync_playwright
from site_builders import acme, bell, history, hostile, site

from tracker.publish.site import server, write_site
from tracker.render.site import parts

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
CHANGE = "acme/privacy/changes/1..2/index.html"
PAGES = (
    "index.html",
    "changes-2018.html",
    "policies.html",
    "topics.html",
    "topics/ads_personalised.html",
    "dated-law.html",
    "search.html?q=privacy",
    "about.html",
    "404.html",
    "acme/privacy/index.html",
    "acme/privacy/versions/1/index.html",
    CHANGE,
    "evil/privacy/index.html",
    "evil/privacy/changes/1..2/index.html",
)
ACME, EVIL = "Acme privacy policy", "<script>alert('name')</script>"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def chromium():
    support.require(Path(CHROMIUM).exists(), "Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("site")
    write_site(made, parts(site(acme(), bell(), hostile(), base_url="https://changes.example/")))
    return made


@pytest.fixture(scope="session")
def served(folder):
    with server(folder, 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()
        thread.join()


@contextmanager
def opened(chromium, **options):
    """A page of its own that fails the test on any error or any request past the site."""
    wrong = []
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page = context.new_page()
    page.on("console", lambda message: wrong.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (wrong.append("a dialog"), dialog.dismiss()))
    page.on("request", lambda request: wrong.extend(_strange(request.url)))
    yield page
    context.close()
    assert wrong == []


def _strange(url):
    parts_ = urlsplit(url)
    return [] if parts_.scheme == "file" or parts_.hostname == "127.0.0.1" else [url]


@pytest.fixture
def page(chromium):
    with opened(chromium) as one:
        yield one


@pytest.fixture(scope="session")
def axe():
    from importlib import resources

    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_axe_finds_nothing_and_nothing_sticks_out(chromium, served, axe, scheme, width):
    found = []
    view = {"width": width, "height": 844}
    with opened(chromium, color_scheme=scheme, viewport=view, reduced_motion="reduce") as page:
        for path in PAGES:
            page.goto(served + path)
            if "?q" in path:
                page.wait_for_selector(".results li")
            options = {"preload": False, "runOnly": RULES, "resultTypes": ["violations"]}
            result = page.evaluate(
                f"options => {{ {axe}; return axe.run(document, options) }}", options
            )
            found += [(path, one["id"], one["nodes"][0]["html"]) for one in result["violations"]]
            wide = page.evaluate("document.documentElement.scrollWidth")
            found += [(path, "sticks out", wide)] if wide > width else []
    assert found == []


def test_nothing_jumps_while_a_page_loads(chromium, served):
    with opened(chromium, viewport={"width": 390, "height": 844}) as page:
        page.add_init_script(
            "self.shift = 0; new PerformanceObserver(list => { for (const one of list.getEntries())"
            " self.shift += one.value }).observe({ type: 'layout-shift', buffered: true })"
        )
        for path in ("index.html", CHANGE, "acme/privacy/index.html", "search.html"):
            page.goto(served + path)
            page.evaluate("() => new Promise(requestAnimationFrame)")
            assert page.evaluate("self.shift") == 0, path


def shows(page, *names):
    """Comes to list the changes of these policies, in this order: filters act when they can."""
    visible = page.locator(".headline:visible")
    expect(visible).to_have_text([re.compile(rf"^\s*{re.escape(name)}") for name in names])


def counts(page, said):
    expect(page.locator("output")).to_have_text(said)


def test_filters_narrow_the_list_and_stay_in_the_address(page, served):
    page.goto(served)
    shows(page, ACME, ACME, EVIL)
    page.get_by_label("Topic").select_option("ads_personalised")
    shows(page, ACME, ACME)
    page.get_by_label("What happened").select_option("reversed")
    shows(page, ACME)
    counts(page, "1 of 3 changes shown")
    page.reload()
    shows(page, ACME)
    page.get_by_role("button", name="Show all").click()
    shows(page, ACME, ACME, EVIL)
    page.get_by_label("Topic").select_option("international_transfer")  # brings its facets
    shows(page, ACME)


def test_filters_are_folded_on_a_phone_until_they_are_used(chromium, served):
    with opened(chromium, viewport={"width": 390, "height": 844}) as page:
        page.goto(served)
        assert not page.get_by_label("Topic").is_visible()
        assert page.locator(".headline").first.bounding_box()["y"] < 500  # on the first screen
        page.get_by_text("Filter the changes").focus()
        page.keyboard.press("Enter")
        page.get_by_label("What happened").select_option("reworded")
        shows(page, ACME)
        page.reload()
        counts(page, "1 of 3 changes shown")


def test_filters_by_period_service_and_language(page, served):
    page.goto(served)
    page.get_by_label("From").fill("2019-06-01")
    shows(page, ACME)
    page.get_by_label("From").fill("")
    page.get_by_label("Until").fill("2018-05-10")  # what can have happened by then
    shows(page, ACME, EVIL)
    page.get_by_label("Language").select_option("ar")
    shows(page, EVIL)
    page.get_by_label("Service").select_option("acme")
    shows(page)
    counts(page, "No change matches. Choose fewer filters.")


@pytest.mark.parametrize("how", ["served", "from disk"])
def test_search_finds_passages_with_their_time(page, served, folder, how):
    start = served if how == "served" else folder.as_uri() + "/"
    page.goto(start + "search.html")
    page.get_by_label("Words").fill("privacy shi")  # the beginning of a word will do
    page.keyboard.press("Enter")
    page.wait_for_selector(".results li")
    expect(page.locator(".status")).to_have_text("Passages found: 1; policies: 1")
    hit = page.locator(".results li")
    assert "in versions 2 to 3, captures of 2018-08-30 to 2020-11-02" in hit.inner_text()
    assert [one.inner_text() for one in hit.locator("mark").all()] == ["Privacy", "Shield."]
    hit.locator("a").click()
    assert page.url.endswith("/acme/privacy/versions/3/index.html#b15")
    assert page.locator("#b15").inner_text().startswith("Transfers to the United States")


def test_search_by_phrase_policy_and_date(page, served):
    page.goto(served + "search.html")
    found = page.locator(".results li")

    def ask(words, policy="", start="", end=""):
        page.get_by_label("Words").fill(words)
        page.get_by_label("Policy", exact=True).select_option(policy)
        page.get_by_label("From").fill(start)
        page.get_by_label("Until").fill(end)
        page.get_by_role("button", name="Find").click()
        expect(page.locator(".status")).not_to_contain_text("…")
        return found.count()

    assert ask("show personalised advertising") == 3
    assert ask("“do not show personalised”") == 1
    assert ask("advertising", end="2016-01-01") == 1
    assert ask("advertising", start="2020-06-01") == 1
    assert ask("gegevens") == 1
    assert ask("gegevens", policy="acme/privacy") == 0
    expect(page.locator(".status")).to_have_text("Nothing found.")
    assert ask("بياناتك") == 1
    assert ask("個人情報") == 1  # no spaces between words
    assert ask("donnees") == 1
    assert ask("zzzz") == 0


def test_search_goes_on_when_asked(page, tmp_path):
    rows = [("2019-01-01", "2019-01-01", "We collect addresses.")]
    many = [history(f"service-{number:02}/privacy", rows) for number in range(12)]
    write_site(tmp_path, parts(site(*many)))
    page.goto(f"{tmp_path.as_uri()}/search.html?q=addresses")
    expect(page.locator(".results h2")).to_have_count(10)
    page.get_by_role("button", name="Search further policies").click()
    expect(page.locator(".results h2")).to_have_count(12)
    assert not page.get_by_role("button", name="Search further policies").is_visible()


def test_search_shows_a_policy_s_first_passages_and_all_when_asked(page, tmp_path):
    lines = [f"Rule {n}: we collect addresses." for n in range(20)]
    many = history("wordy/terms", [("2019-01-01", "2019-01-01", *lines)])
    write_site(tmp_path, parts(site(many)))
    page.goto(f"{tmp_path.as_uri()}/search.html?q=addresses")
    expect(page.locator(".results li")).to_have_count(8)
    page.get_by_role("button", name="Show all 20 passages").click()
    expect(page.locator(".results li")).to_have_count(20)
    assert page.evaluate("document.activeElement.closest('li').innerText").count("Rule 8") == 1


def test_search_is_in_the_address(page, served):
    page.goto(served + "search.html?q=gegevens&policy=bell/privacy")
    page.wait_for_selector(".results li")
    expect(page.locator(".results h2")).to_have_text("Bell privacy (1)")


def test_unchanged_parts_unfold_for_a_click_and_for_a_link(page, served):
    page.goto(served + CHANGE)
    hidden = page.locator(".block.equal", has_text="Paragraph 4 says")
    assert not hidden.is_visible()
    page.get_by_text("9 unchanged").click()
    assert hidden.is_visible()
    address = hidden.get_attribute("id")
    page.goto(f"{served}about.html")
    page.goto(f"{served}{CHANGE}#{address}")
    expect(hidden).to_be_visible()


def test_both_views_by_keyboard_and_without_script(chromium, served):
    with opened(chromium, java_script_enabled=False, reduced_motion="reduce") as page:
        page.goto(served + CHANGE)
        inline = page.locator(".block.changed .inline").first
        sides = page.locator(".block.changed .sides").first
        assert inline.is_visible()
        assert not sides.is_visible()
        page.get_by_label("In one column").focus()
        page.keyboard.press("ArrowRight")
        assert sides.is_visible()
        assert not inline.is_visible()
        old, new = (one.bounding_box() for one in sides.locator("p").all())
        assert old["y"] == new["y"]
        assert old["x"] + old["width"] <= new["x"]


def test_without_script_forms_are_gone_and_texts_are_there(chromium, served):
    with opened(chromium, java_script_enabled=False) as page:
        page.goto(served)
        assert not page.locator(".filters").is_visible()
        assert page.locator(".headline").count() == 3
        page.goto(served + "search.html")
        assert not page.locator("form.search").is_visible()
        assert "Search needs JavaScript" in page.locator("main").inner_text()
        page.goto(served + CHANGE)
        page.get_by_text("9 unchanged").click()
        assert page.get_by_text("Paragraph 4 says").is_visible()


def test_a_move_can_be_followed_there_and_back(page, served):
    page.goto(served + CHANGE)
    page.get_by_role("link", name="its old place").click()
    assert page.locator(":target").inner_text().startswith("Moved to its new place")
    page.get_by_role("link", name="its new place").click()
    expect(page.locator(":target .note")).to_have_text("Moved here from its old place")


def test_the_version_at_a_date(page, served):
    page.goto(served + "acme/privacy/index.html")

    def ask(day):
        page.get_by_label("Show the version at a date").fill(day)
        page.get_by_role("button", name="Show").click()
        return page.locator(".at-date output").inner_text()

    assert ask("2014-01-01") == "Before the first capture: not known."
    assert ask("2018-01-01") == "Between two captures: version 1 or 2, not known which."
    page.get_by_label("Show the version at a date").fill("2018-10-01")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/versions/2/index.html")


def test_the_first_tab_stop_skips_to_the_content(page, served):
    page.goto(served)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for label in ("Topic", "Service", "Language", "What happened"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.labels[0].textContent") == label


def test_on_paper_folds_are_open_and_controls_are_gone(page, served):
    page.goto(served + CHANGE)
    page.set_viewport_size({"width": 720, "height": 1000})  # A4 with margins
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") == 720
    assert page.get_by_text("Paragraph 4 says").is_visible()
    assert not page.get_by_label("Side by side").is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()


def test_hostile_text_runs_nothing(page, served):
    """`opened` fails on any dialog, error or request; the text itself is shown."""
    for path in ("evil/privacy/index.html", "evil/privacy/versions/2/index.html"):
        page.goto(served + path)
        assert "<script>alert('name')</script>" in page.locator("h1").inner_text()
    page.goto(served + "search.html?q=onerror")
    page.wait_for_selector(".results li")
    assert "<img src=x onerror=alert(1)>" in page.locator(".results").inner_text()
    arabic = page.goto(served + "evil/privacy/versions/1/index.html") and page.locator("#b4")
    assert arabic.evaluate("one => getComputedStyle(one).direction") == "rtl"


def test_every_page_works_from_disk(page, folder):
    for path in PAGES:
        if path == "404.html":  # only servers show it
            continue
        page.goto(f"{folder.as_uri()}/{path}")
        assert page.locator("nav[aria-label=Main] a").count() == 5
        assert page.evaluate("document.styleSheets.length") == 1
