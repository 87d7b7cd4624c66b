"""Compare pairs per second on ordinary edits, and the worst cases of a flat diff.

    python benchmarks/compare.py

Texts are generated from a fixed seed; times are CPU seconds of one run.
"""

import random
import time
from collections.abc import Callable
from itertools import pairwise

from tracker.compare import compare
from tracker.model import Block, Document

VOCABULARY = 3_000
Paragraphs = list[list[str]]


def main() -> None:
    rng = random.Random(7)
    long = paragraphs(rng, words=200_000)
    measured = {
        "200k words, 5 % of paragraphs edited": (long, edited(rng, long, share=0.05, rate=0.2)),
        "200k words, all edited 20 %": (long, edited(rng, long, share=1, rate=0.2)),
        "1,000 shuffled paragraphs": shuffled(rng, paragraphs(rng, words=71_000)[:1000]),
        "71k words vs unrelated 71k": (paragraphs(rng, 71_000), paragraphs(rng, 71_000)),
        "one block of 100k words, 5 % edited": one_block(rng, 100_000),
        "one block of 20k words vs unrelated": ([prose(rng, 20_000)], [prose(rng, 20_000)]),
        "5,000 equal paragraphs vs 4,000": ([["we", "care"]] * 5000, [["we", "care"]] * 4000),
    }
    print(f"{'case':40} {'CPU s':>7} {'moved':>6} {'changed':>8} {'+words':>8} {'-words':>8}")
    for name, (before, after) in measured.items():
        report(name, document(before), document(after))
    pairs_per_second(rng)


def report(name: str, before: Document, after: Document) -> None:
    seconds, diff = timed(lambda: compare(before, after))
    moved = sum(block.kind.startswith("moved") for block in diff.blocks)
    changed = sum(block.kind.endswith("changed") for block in diff.blocks)
    print(
        f"{name:40} {seconds:7.2f} {moved:6} {changed:8} {diff.words_added:8} "
        f"{diff.words_removed:8}"
    )


def pairs_per_second(rng: random.Random) -> None:
    """A chain of versions as archives hold them: 5.6k words, 9 % of the blocks new each time,
    one word in twenty of those."""
    chain = [paragraphs(rng, words=5_600, longest=60)]
    for _ in range(200):
        chain.append(edited(rng, chain[-1], share=0.09, rate=0.05))
    documents = [document(version) for version in chain]
    seconds, _ = timed(lambda: [compare(a, b) for a, b in pairwise(documents)])
    print(
        f"\n{200 / seconds:.0f} pairs a second ({seconds / 200 * 1000:.2f} ms a pair of 5.6k words)"
    )


def timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def prose(rng: random.Random, count: int) -> list[str]:
    """Zipf-like, as in prose: a few words make most of a text."""
    return [f"w{int(VOCABULARY ** rng.random())}" for _ in range(count)]


def paragraphs(rng: random.Random, words: int, longest: int = 120) -> Paragraphs:
    found = []
    while words > 0:
        size = min(words, rng.randint(20, longest))
        found.append(prose(rng, size))
        words -= size
    return found


def edited(rng: random.Random, text: Paragraphs, share: float, rate: float) -> Paragraphs:
    def changed(paragraph: list[str]) -> list[str]:
        return [prose(rng, 1)[0] if rng.random() < rate else word for word in paragraph]

    return [changed(p) if rng.random() < share else p for p in text]


def shuffled(rng: random.Random, text: Paragraphs) -> tuple[Paragraphs, Paragraphs]:
    return text, rng.sample(text, len(text))


def one_block(rng: random.Random, count: int) -> tuple[Paragraphs, Paragraphs]:
    block = [prose(rng, count)]
    return block, edited(rng, block, share=1, rate=0.05)


def document(text: Paragraphs) -> Document:
    return Document("", tuple(Block("paragraph", " ".join(p) + ".") for p in text))


if __name__ == "__main__":
    main()
