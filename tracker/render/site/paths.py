"""Where each page lives, and how one page links to another.

Policies live at the top under their ids, which hold no dot; everything else has a dot in its name,
so that no id can take its place. Links are relative and name the file: they work from a disk, which
has no index pages, and below any address.
"""

import re

HOME = "index.html"
POLICIES = "policies.html"
TOPICS = "topics.html"
SEARCH = "search.html"
ABOUT = "about.html"
DATED = "dated-law.html"
NOT_FOUND = "404.html"
ATOM = "feeds/all.xml"
JSON_FEED = "feeds/all.json"
STYLE = "assets/style.css"
SCRIPT = "assets/site.js"
SEARCH_SCRIPT = "assets/search.js"


def policy(identifier: str) -> str:
    return f"{identifier}/index.html"


def policy_feed(identifier: str) -> str:
    return f"{identifier}/feed.xml"


def passages(identifier: str) -> str:
    return f"{identifier}/passages.js"


def summary(identifier: str) -> str:
    """Not a page: what the shared pages need of a policy, kept for the next build."""
    return f".build/{identifier}.json"


def version(identifier: str, number: int, part: int = 1) -> str:
    return f"{identifier}/versions/{number}/{_part(part)}"


def change(identifier: str, before: int, after: int, part: int = 1) -> str:
    return f"{identifier}/changes/{before}..{after}/{_part(part)}"


def change_json(identifier: str, before: int, after: int) -> str:
    return f"{identifier}/changes/{before}..{after}/change.json"


def topic(identifier: str, page: int = 1) -> str:
    return _paged(f"topics/{_plain(identifier)}", page)


def topic_feed(identifier: str) -> str:
    return f"topics/{_plain(identifier)}.xml"


def year(number: int, page: int = 1) -> str:
    return _paged(f"changes-{number}", page)


def policies(page: int = 1) -> str:
    return _paged("policies", page)


def dated(page: int = 1) -> str:
    return _paged("dated-law", page)


def words(key: str) -> str:
    return f"assets/words/{key}.js"


def relative(target: str, page: str) -> str:
    """The link from `page` to `target`, both paths from the site's root.

    >>> relative("assets/style.css", "acme/privacy/index.html")
    '../../assets/style.css'
    >>> relative("acme/privacy/index.html#now", "acme/privacy/index.html")
    '#now'
    >>> relative("acme/privacy/changes/1..2/index.html", "acme/privacy/versions/1/index.html")
    '../../changes/1..2/index.html'
    """
    path, mark, anchor = target.partition("#")
    if path == page and anchor:
        return mark + anchor
    there, here = path.split("/"), page.split("/")[:-1]
    same = 0
    while same < len(here) and same < len(there) - 1 and here[same] == there[same]:
        same += 1
    return "../" * (len(here) - same) + "/".join(there[same:]) + mark + anchor


def _part(number: int) -> str:
    return "index.html" if number == 1 else f"part-{number}.html"


def _paged(stem: str, page: int) -> str:
    return f"{stem}.html" if page == 1 else f"{stem}.page-{page}.html"


def _plain(identifier: str) -> str:
    """A lexicon's id as a file's name; ids of one's own lexicon may hold anything."""
    return re.sub(r"[^a-z0-9_.-]", "-", identifier)
