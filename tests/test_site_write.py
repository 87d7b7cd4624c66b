"""Writing the site: only what changed, never half of it, and nothing left behind."""

import os
import pickle
import re
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from site_builders import acme, bell, site

from tracker.errors import StoreError
from tracker.model import SitePart
from tracker.publish.site import server, write_site
from tracker.render.site import PolicyRef, SiteInput, parts

PICKLABLE = {one.policy.id: one for one in (acme(), bell())}
BODY = b"<!doctype html><title>Hi</title>"


def part(name, fingerprint="", **files):
    """A part of files named by keyword: a_html is a.html."""
    made = [(path.replace("_", "."), body) for path, body in files.items()]
    return SitePart(name, fingerprint, lambda read: iter(made))


def there(folder):
    """What readers can open: path and content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".build" not in path.parts
    }


def test_a_second_build_writes_nothing(tmp_path):
    assert write_site(tmp_path, [part("a", a_html=BODY)]).written == ("a.html",)
    before = (tmp_path / "a.html").stat()
    again = write_site(tmp_path, [part("a", a_html=BODY)])
    assert (again.written, again.unchanged, again.removed) == ((), 1, ())
    assert (tmp_path / "a.html").stat() == before


def test_only_what_differs_is_written(tmp_path):
    write_site(tmp_path, [part("a", a_html=BODY, b_html=BODY)])
    result = write_site(tmp_path, [part("a", a_html=BODY, b_html=b"new")])
    assert (result.written, result.unchanged) == (("b.html",), 1)
    assert there(tmp_path) == {"a.html": BODY, "b.html": b"new"}


def test_what_is_gone_is_removed_with_its_folders_but_strangers_stay(tmp_path):
    deep = SitePart("gone", "", lambda read: iter([("gone/deep/x.html", BODY)]))
    write_site(tmp_path, [part("a", a_html=BODY), deep])
    (tmp_path / "CNAME").write_bytes(b"changes.example")
    assert write_site(tmp_path, [part("a", a_html=BODY)]).removed == ("gone/deep/x.html",)
    assert there(tmp_path) == {"a.html": BODY, "CNAME": b"changes.example"}
    assert not (tmp_path / "gone").exists()


def test_a_part_of_the_same_fingerprint_is_not_rendered(tmp_path):
    write_site(tmp_path, [part("a", "1", a_html=BODY)])
    never = SitePart("a", "1", lambda read: pytest.fail("rendered again"))
    assert write_site(tmp_path, [never]).rendered == 0


def test_a_file_somebody_took_away_comes_back(tmp_path):
    write_site(tmp_path, [part("a", "1", a_html=BODY)])
    (tmp_path / "a.html").unlink()
    assert write_site(tmp_path, [part("a", "1", a_html=BODY)]).written == ("a.html",)


def test_later_parts_read_what_earlier_ones_wrote(tmp_path):
    def copy(read):
        yield "copy.html", read("a.html")

    for body in (b"one", b"two"):
        write_site(
            tmp_path, [part("a", body.decode(), a_html=body), SitePart("", "", copy, reads=True)]
        )
        write_site(
            tmp_path, [part("a", body.decode(), a_html=body), SitePart("", "", copy, reads=True)]
        )
        assert (tmp_path / "copy.html").read_bytes() == body


def test_a_failing_part_leaves_the_old_site_whole(tmp_path):
    def broken(read):
        yield "a.html", b"new"
        raise ValueError("a history that cannot be rendered")

    write_site(tmp_path, [part("a", a_html=BODY)])
    with pytest.raises(ValueError, match="cannot be rendered"):
        write_site(tmp_path, [SitePart("a", "", broken)])
    assert there(tmp_path) == {"a.html": BODY}


def test_a_build_killed_while_renaming_is_mended_by_the_next(tmp_path, monkeypatch):
    """Also where the database went back to what the interrupted build had replaced."""
    from tracker.publish import site as subject

    old = [part("a", "1", a_html=BODY), part("b", "1", b_html=BODY)]
    write_site(tmp_path, old)
    place = subject._place

    def killed(folder, staged):
        place(folder, list(staged)[:1])
        raise KeyboardInterrupt

    monkeypatch.setattr(subject, "_place", killed)
    with pytest.raises(KeyboardInterrupt):
        write_site(tmp_path, [part("a", "2", a_html=b"new", extra_html=b"x"), old[1]])
    monkeypatch.undo()
    write_site(tmp_path, old)
    assert there(tmp_path) == {"a.html": BODY, "b.html": BODY}


def dead_links(folder):
    """What a reader who starts at the home page can click on in vain."""
    found, pending, visited = [], [folder / "index.html"], set()
    while pending:
        page = pending.pop()
        visited.add(page)
        for link in re.findall(r'(?:href|src)="([^"#]+)', page.read_text()):
            target = Path(os.path.normpath(page.parent / link))
            if ":" in link or target in visited:
                continue
            if not target.is_file():
                found.append((page.relative_to(folder), link))
            elif target.suffix == ".html":
                pending.append(target)
    return found


@pytest.mark.parametrize(("before", "after"), [(2, 3), (3, 2)])
def test_at_no_instant_is_a_link_dead(tmp_path, monkeypatch, before, after):
    """Looked at after each rename and each removal, when a version comes and when it goes."""
    write_site(tmp_path, parts(site(acme(before), bell())))
    seen = []

    def looking(change):
        def changed(path, *rest, **options):
            result = change(path, *rest, **options)
            seen.extend(dead_links(tmp_path))
            return result

        return changed

    monkeypatch.setattr(Path, "replace", looking(Path.replace))
    monkeypatch.setattr(Path, "unlink", looking(Path.unlink))
    write_site(tmp_path, parts(site(acme(after), bell())))
    assert seen == []


@pytest.mark.parametrize("name", ["index.html", "letter.txt"])
def test_a_folder_with_other_files_is_left_alone(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(
        StoreError, match=rf'"{name}"\) and no site .* Choose a new or empty folder'
    ):
        write_site(tmp_path, [part("a", index_html=BODY)])
    assert there(tmp_path) == {name: b"mine"}


def test_a_branch_to_publish_from_is_as_good_as_empty(tmp_path):
    (tmp_path / ".git").mkdir()
    assert write_site(tmp_path, [part("a", a_html=BODY)]).written == ("a.html",)


def test_files_beside_a_site_of_ours_stay(tmp_path):
    write_site(tmp_path, [part("a", a_html=BODY)])
    (tmp_path / "CNAME").write_text("policies.example")
    write_site(tmp_path, [part("b", b_html=BODY)])
    assert sorted(there(tmp_path)) == ["CNAME", "b.html"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"file is a file; name a folder"):
        write_site(tmp_path / "file", [part("a", a_html=BODY)])


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="could not be written"):
        write_site(tmp_path / "file" / "site", [part("a", a_html=BODY)])


def referred(*histories, loaded=None):
    """A site of histories with fingerprints; `loaded` collects which ones were asked for."""
    known = {one.policy.id: one for one in histories}

    def load(identifier):
        if loaded is not None:
            loaded.append(identifier)
        return known[identifier]

    plain = site(*histories)
    refs = tuple(PolicyRef(one, f"{one} {len(known[one].versions)}") for one in sorted(known))
    return SiteInput(
        refs, load, plain.topics, plain.events, plain.title, plain.base_url, plain.last_run
    )


def test_one_change_touches_only_what_shows_it(tmp_path):
    """Its pages, the version and the change before it (they lead on), the policy, topics, home,
    feeds and index; no other history is loaded."""
    loaded = []
    write_site(tmp_path, parts(referred(acme(2), bell())))
    before = there(tmp_path)
    result = write_site(tmp_path, parts(referred(acme(3), bell(), loaded=loaded)))
    assert loaded == ["acme/privacy"]
    assert result.rendered == 2
    mine = {path.removeprefix("acme/privacy/") for path in result.written if "acme" in path}
    assert mine == {
        "index.html",
        "feed.xml",
        "passages.js",
        "versions/2/index.html",
        "versions/3/index.html",
        "changes/1..2/index.html",
        "changes/2..3/index.html",
        "changes/2..3/change.json",
        ".build/acme/privacy.json",
    }
    shared = {path for path in result.written if "acme" not in path}
    assert {path for path in shared if not path.startswith(("topics/", "assets/words/"))} == {
        "index.html",
        "policies.html",
        "changes-2020.html",
        "dated-law.html",
        "changes.json",
        "policies.json",
        "sitemap.xml",
        "feeds/all.xml",
        "feeds/all.json",
    }
    assert {path for path, body in there(tmp_path).items() if body != before.get(path)} == {
        path for path in result.written if not path.startswith(".build/")
    }


def test_an_increment_equals_a_build_from_nothing(tmp_path):
    write_site(tmp_path / "step", parts(referred(acme(2), bell())))
    write_site(tmp_path / "step", parts(referred(acme(3), bell())))
    write_site(tmp_path / "whole", parts(referred(acme(3), bell())))
    assert there(tmp_path / "step") == there(tmp_path / "whole")


def test_parts_can_be_rendered_in_processes(tmp_path):
    """By a mapper that sends everything through pickles, as a pool does."""

    def mapper(fn, items):
        for one in items:
            sent_fn, sent = pickle.loads(pickle.dumps((fn, one)))
            yield pickle.loads(pickle.dumps(sent_fn(sent)))

    plain = site(*PICKLABLE.values())
    source = replace(plain, load=PICKLABLE.__getitem__)
    write_site(tmp_path / "one", parts(source))
    write_site(tmp_path / "many", parts(source), mapper=mapper)
    assert there(tmp_path / "one") == there(tmp_path / "many")


def test_a_policy_no_longer_watched_leaves_nothing(tmp_path):
    write_site(tmp_path, parts(referred(acme(), bell())))
    write_site(tmp_path, parts(referred(acme())))
    assert not [path for path in tmp_path.rglob("*") if "bell" in path.name]


@pytest.fixture
def preview(tmp_path):
    write_site(tmp_path, parts(site(bell())))
    with server(tmp_path, 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_the_preview_serves_pages_and_its_own_404(preview):
    with urllib.request.urlopen(f"{preview}/bell/privacy/") as answer:
        assert b"Bell privacy" in answer.read()
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"{preview}/no/such/page")
    with missing.value as answer:
        assert answer.code == 404
        assert b"There is no such page" in answer.read()


def test_a_preview_needs_a_site(tmp_path):
    with pytest.raises(StoreError, match="site build"):
        server(tmp_path, 0)
