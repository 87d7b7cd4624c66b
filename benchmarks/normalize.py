"""Quality and speed of normalisation beside other tools, in one run on the same pages.

    python benchmarks/normalize.py [FOLDER] [--every N]

FOLDER holds pairs/NAME.html with the expected text in pairs/NAME.md (Markdown), and may hold
noise.jsonl: one {"kind": "unchanged" or "hard", "blobs": [...]} a line, captures of one policy
in noise/BLOB.html whose expected text is the same; `hard` where something else on the page
differs. Words are compared by longest common subsequence, so order and copies count. Times are
CPU seconds of this process after five pages to warm up; the order of the tools changes from page
to page. "at 65 kB" is the speed on pages of half to twice that size, as if all had it. Every third
page takes two minutes; --every 1 reads them all.
The other tools come with `pip install --group bench`; those not installed are left out.
"""

import argparse
import importlib.util
import json
import math
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

from rapidfuzz.distance import LCSseq

from tracker.normalize import normalize

DEFAULT = Path(__file__).parent.parent.parent / "shared" / "eval"
USUAL = 65_000  # bytes
WARM_UP = 5  # pages
Tool = Callable[[bytes], str]
KINDS = {
    "head": re.compile(r"#{1,6} "),
    "item": re.compile(r"\s*(?:[-*+]|\d+\.|[a-z]{1,5}\.)\s"),
    "row": re.compile(r"\|"),
}
MARKS = re.compile(
    r"^\s*(?:#{1,6} |[-*+•]\s|(?:\d+|[a-z]{1,5})\\?[.)]\s)*"
    r"|[*_\\]|!?\[|\]\([^)\s]*(?: \"[^\"]*\")?\)|</?[a-z][^<>]*>"
)
UNDERLINED = re.compile(r"^(?=.*\S)(.+)\n(?:=+|-{2,}) *$", re.M)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--every", type=int, default=3, help="only every Nth page (3)")
    options = parser.parse_args()
    pages = sorted((options.folder / "pairs").glob("*.html"))[:: options.every]
    if not pages:
        sys.exit(
            f"{options.folder}: no pairs/*.html here. Give a folder with pages and their expected "
            "text: pairs/NAME.html and pairs/NAME.md"
        )
    tools = dict(available())
    measured = measure(tools, pages)
    noise = list(captures(options.folder, options.every))
    size = statistics.mean(page.stat().st_size for page in pages) / 1000
    print(f"{len(pages)} pages of {size:.0f} kB in the mean, {len(noise)} pairs of captures\n")
    print(
        f"{'':22} {'F1 mean':>8} {'10th pct':>9} {'worst 10':>9} {'headings R / P':>15} "
        f"{'items':>6} {'rows':>6} {'empty':>6} {'false':>12} {'pages/CPU s':>12} {'at 65 kB':>9}"
    )
    for name, results in measured.items():
        print(line(name, results, false_changes(tools[name], noise)))


def available() -> Iterable[tuple[str, Tool]]:
    """The tools installed, ours first."""
    yield "policy-tracker", lambda body: normalize(body).text
    if importlib.util.find_spec("trafilatura"):
        import trafilatura

        def extracted(body: bytes, **options: bool) -> str:
            return trafilatura.extract(body, output_format="markdown", **options) or ""

        yield "trafilatura, recall", lambda body: extracted(body, favor_recall=True)
        yield "trafilatura", extracted
    if importlib.util.find_spec("inscriptis"):
        import inscriptis

        yield "inscriptis", lambda body: inscriptis.get_text(body.decode("utf-8", "replace"))
        if importlib.util.find_spec("readability"):
            import readability

            yield (
                "readability-lxml",
                lambda body: inscriptis.get_text(
                    readability.Document(body.decode("utf-8", "replace")).summary()
                ),
            )
    from bs4 import BeautifulSoup

    yield "BeautifulSoup", lambda body: BeautifulSoup(body, "html.parser").get_text("\n")


def measure(tools: dict[str, Tool], pages: list[Path]) -> dict[str, list[dict[str, float]]]:
    """Scores of each tool on each page."""
    results: dict[str, list[dict[str, float]]] = {name: [] for name in tools}
    names = list(tools)
    for tool in tools.values():
        for page in pages[:WARM_UP]:
            run(tool, page.read_bytes())  # loads what is loaded once: models, patterns
    for number, page in enumerate(pages):
        body, expected = page.read_bytes(), page.with_suffix(".md").read_text(encoding="utf-8")
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            text, seconds = run(tools[name], body)
            results[name].append(score(text, expected) | speed(len(body), seconds))
    return results


def run(tool: Tool, body: bytes) -> tuple[str, float]:
    start = time.process_time()
    try:
        text = tool(body)
    except Exception:  # noqa: BLE001  a tool that dies on a page has read nothing
        text = ""
    return text, time.process_time() - start


def speed(size: int, seconds: float) -> dict[str, float]:
    """Seconds for the page; also for one of 65 kB, if it is about as large."""
    measured = {"seconds": seconds}
    if USUAL / 2 < size < USUAL * 2:
        measured["seconds at 65 kB"] = seconds * USUAL / size
    return measured


def score(text: str, expected: str) -> dict[str, float]:
    """Word F1; recall and precision of headings; recall of items and rows, None where none."""
    ours, theirs = parsed(text), parsed(expected)
    ids: dict[str, int] = {}
    a, b = ([ids.setdefault(word, len(ids)) for word in each["word"]] for each in (ours, theirs))
    result = {
        "f1": 2 * LCSseq.similarity(a, b) / (len(a) + len(b)) if a or b else 1.0,
        "empty": float(not a),
        "heads": share(theirs["head"], ours["head"]),
        "heads precision": share(ours["head"], theirs["head"]),
        "items": share(theirs["item"], ours["item"]),
        "rows": share(theirs["row"], ours["row"]),
    }
    return {name: value for name, value in result.items() if value is not None}


def parsed(text: str) -> dict[str, list[str]]:
    """Words, and headings, items and rows as strings of their word characters."""
    found: dict[str, list[str]] = {"word": [], **{kind: [] for kind in KINDS}}
    for raw in UNDERLINED.sub(r"# \1", text).splitlines():
        words = re.findall(r"\w+", MARKS.sub("", raw).casefold())
        found["word"] += words
        for kind, mark in KINDS.items():
            if words and mark.match(raw):
                found[kind].append("".join(words).lstrip("0123456789"))
    return found


def share(wanted: list[str], found: list[str]) -> float | None:
    common = sum((Counter(wanted) & Counter(found)).values())
    return common / len(wanted) if wanted else None


def captures(folder: Path, every: int) -> Iterable[tuple[bytes, bytes]]:
    """Neighbouring captures that differ somewhere, but not in the expected text."""
    listing = folder / "noise.jsonl"
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []
    rows = [row for row in map(json.loads, lines) if row["kind"] in ("unchanged", "hard")]
    for row in rows[::every]:
        for pair in pairwise(row["blobs"][:3]):
            before, after = ((folder / "noise" / f"{blob}.html").read_bytes() for blob in pair)
            yield before, after


def false_changes(tool: Tool, noise: list[tuple[bytes, bytes]]) -> str:
    if not noise:
        return "-"
    words = [[parsed(run(tool, body)[0])["word"] for body in pair] for pair in noise]
    wrong = sum(before != after for before, after in words)
    return f"{wrong} of {len(noise)}"


def line(name: str, results: list[dict[str, float]], false: str) -> str:
    def mean(key: str) -> float:
        return statistics.mean([each[key] for each in results if key in each] or [0])

    f1 = sorted(each["f1"] for each in results)
    return (
        f"{name:22} {mean('f1'):8.4f} {f1[len(f1) // 10]:9.4f} {statistics.mean(f1[:10]):9.4f} "
        f"{mean('heads'):8.3f} / {mean('heads precision'):.2f} {mean('items'):6.3f} "
        f"{mean('rows'):6.3f} {sum(each['empty'] for each in results):6.0f} {false:>12} "
        f"{1 / mean('seconds'):12.1f} {1 / (mean('seconds at 65 kB') or math.inf):9.1f}"
    )


if __name__ == "__main__":
    main()
