"""Scores and speed of the topic tagger on annotated sentences.

    python benchmarks/clauses.py [FOLDER]            topics, stance, milliseconds per 10,000 words
    python benchmarks/clauses.py [FOLDER] --phrases  how often each English phrase falls into the
                                                     category it should; the weights in en.toml
                                                     were set by hand from this table
    python benchmarks/clauses.py [FOLDER] --errors "Data Retention"

FOLDER holds `appsi.jsonl` (sentences with categories: APPSI-139, CC BY 4.0), `tosdr.jsonl` (quotes
with one known topic) and `tosdr_stance.jsonl` (quotes with topics and stance; both ToS;DR,
CC BY-SA 3.0): one object a line, with `text`, `lang`, and `labels` or `topics` and `stance`.
The categories overlap and were labelled in context, so that nobody reaches 1 on them.
"""

import argparse
import collections
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from tracker.clauses import load_lexicon, tag
from tracker.clauses.lexicon import finder_for
from tracker.clauses.phrases import Phrase, fold
from tracker.clauses.tag import findings
from tracker.text import sentences

CATEGORIES = {
    "First Party Collection": "data_collected data_sources cookies_tracking location",
    "Third Party Sharing": "third_party_sharing service_providers sale_of_data merger_transfer"
    " law_enforcement",
    "Usage": "purposes analytics ads_personalised direct_marketing",
    "Data Retention": "retention",
    "Data Security": "security",
    "Edit/Control": "rights_access rights_erasure rights_object choice_optout consent",
    "Contact Information": "contact_dpo",
    "Policy Change": "policy_change",
    "Specific Audiences": "children us_state_rights",
}
TOPICS = {label: frozenset(topics.split()) for label, topics in CATEGORIES.items()}
DEFAULT = Path(__file__).parents[2] / "shared" / "clauses" / "dev"
RUNS = 5  # the best of so many counts: the machine has other things to do, too


class Tally:
    """Right, false and missed answers."""

    def __init__(self) -> None:
        self.right = self.false = self.missed = 0

    def add(self, found: bool, gold: bool) -> None:
        self.right += found and gold
        self.false += found and not gold
        self.missed += gold and not found

    def __add__(self, other: "Tally") -> "Tally":
        total = Tally()
        for tally in (self, other):
            total.right += tally.right
            total.false += tally.false
            total.missed += tally.missed
        return total

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.false)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.false + self.missed)

    def __str__(self) -> str:
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"


def read(folder: Path, name: str) -> list[dict]:
    path = folder / f"{name}.jsonl"
    if not path.is_file():
        sys.exit(f"{path}: not there; give the folder that holds appsi.jsonl and the tosdr files")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def categories(rows: list[dict], errors: str | None) -> None:
    """Micro and macro F1 over the categories of annotated sentences."""
    tallies = {label: Tally() for label in TOPICS}
    for row in rows:
        found = tag(row["text"], row["lang"]).keys()
        for label, topics in TOPICS.items():
            hit, gold = not topics.isdisjoint(found), label in row["labels"]
            tallies[label].add(hit, gold)
            if label == errors and hit != gold:
                print("missed" if gold else "false ", "|", row["text"][:200], "|", *found)
    for label, tally in tallies.items():
        print(f"  {label:24s} {tally}")
    macro = sum(tally.f1 for tally in tallies.values()) / len(tallies)
    print(f"categories, {len(rows)} sentences: {sum(tallies.values(), Tally())}  macro {macro:.3f}")


def quotes(rows: list[dict]) -> None:
    """How often a quote's known topic is found, and at how many topics a quote."""
    found = [{id for id in tag(row["text"], row["lang"]) if "." not in id} for row in rows]
    hits = sum(bool(ids & set(row["labels"])) for ids, row in zip(found, rows, strict=True))
    each = sum(map(len, found)) / len(rows)
    print(f"quotes, {len(rows)}: known topic found in {hits / len(rows):.3f} at {each:.2f} topics")


def stances(rows: list[dict]) -> None:
    """F1 of "denies" on quotes with a known stance."""
    tally = Tally()
    for row in rows:
        found = tag(row["text"], row["lang"])
        denied = "denies" in [found.get(topic) for topic in row["topics"]]
        tally.add(denied, row["stance"] == "denies")
    print(f"denials, {len(rows)} quotes: {tally}")


def speed(texts: Iterable[str]) -> None:
    """Milliseconds of CPU for 10,000 words that were not seen before, and seen again."""
    blocks = list(texts)
    words = sum(len(block.split()) for block in blocks)
    cold = []
    for _ in range(RUNS):
        findings.cache_clear()
        fold.cache_clear()
        sentences.cache_clear()
        cold.append(cpu(blocks))
    scale = 10_000 / words * 1000
    print(f"speed: {min(cold) * scale:.1f} ms per 10,000 words, {cpu(blocks) * scale:.1f} ms again")


def cpu(blocks: list[str]) -> float:
    start = time.process_time()
    for block in blocks:
        tag(block, "en")
    return time.process_time() - start


def phrase_table(rows: list[dict]) -> None:
    """Precision of each English phrase for the category of its topic."""
    label_of = {topic: label for label, topics in TOPICS.items() for topic in topics}
    finder = finder_for(load_lexicon(), "en")
    seen: collections.Counter[Phrase] = collections.Counter()
    right: collections.Counter[Phrase] = collections.Counter()
    for row in rows:
        for phrase in {hit.phrase for hit in finder.hits(fold(row["text"]))}:
            seen[phrase] += 1
            right[phrase] += label_of.get(phrase.topic) in row["labels"]
    for phrase in sorted(seen, key=lambda phrase: (phrase.topic, -seen[phrase])):
        if phrase.topic in label_of and not phrase.excludes:
            share = right[phrase] / seen[phrase]
            print(f"{phrase.topic:20s} {seen[phrase]:5d} {share:.2f} {phrase.weight} {phrase.text}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--split", default="dev", help="of appsi.jsonl: dev or train")
    parser.add_argument("--errors", metavar="CATEGORY", help="print what was missed and invented")
    parser.add_argument("--phrases", action="store_true", help="precision of each phrase")
    options = parser.parse_args()
    annotated = read(options.folder, "appsi")
    rows = [row for row in annotated if row["split"] == options.split]
    if options.phrases:
        phrase_table([row for row in annotated if row["split"] == "train"])
        return
    categories(rows, options.errors)
    quotes(read(options.folder, "tosdr"))
    stances(read(options.folder, "tosdr_stance"))
    speed(row["text"] for row in rows[:600])


if __name__ == "__main__":
    main()
