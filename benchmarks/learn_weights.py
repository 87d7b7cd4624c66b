"""Learn what words say about a sentence's category, and write the weights as TOML.

    uv run --group learn python benchmarks/learn_weights.py [FOLDER] [-o topics/evidence.en.toml]
    uv run --group learn python benchmarks/learn_weights.py [FOLDER] --hold-out

FOLDER holds `appsi.jsonl`: sentences with categories from APPSI-139 (CC BY 4.0); the training part
is learned from, the rest never seen. The features are stemmed words and pairs that stand in at
least eight of sixty stretches of the corpus (names of companies and products do not), and what the
phrases of each topic in the lexicon weigh: so words and phrases are weighed together. For each
category a logistic regression weighs all of them; the 600 that matter most, by weight and by how
much they vary, are weighed again and kept. The base makes 0 the border that told policies apart
best which a regression had not seen. The result is the same on every run; run it again when many
phrases of the lexicon have changed. `--hold-out` learns on four fifths of the corpus, cut between
policies and not between sentences, and scores the last fifth, five times.
"""

import argparse
import collections
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from tracker.clauses import load_lexicon
from tracker.clauses.evidence import CATEGORIES, ENOUGH, features, scale, stem
from tracker.clauses.lexicon import finder_for
from tracker.clauses.phrases import fold
from tracker.clauses.tag import by_topic, total_weight, unmasked

STRETCHES, LEAST = 60, 8  # a feature stands in so many of the corpus's stretches
MOST = 600  # weights a category; they are rounded to one decimal
STRENGTH = 0.2  # inverse of the regularisation's
BORDERS = np.linspace(-1.6, 1.0, 27)  # tried for the best F1, as the mean of NEAR neighbours
NEAR = 5
DEFAULT = Path(__file__).parents[2] / "shared" / "clauses" / "dev"
OUT = Path(__file__).parents[1] / "tracker" / "clauses" / "topics" / "evidence.en.toml"
WORD = re.compile(r"[a-z]+|\d+|@")
HEADER = """\
# What words say about the category of a sentence: the log odds that each adds. "base" stands for
# a sentence with none of them. A word stands for its inflected forms too, a pair for two words in
# a row, "#" for any number, "[retention]" for the phrases of that topic in en.toml, times their
# weight. Weights below 0 speak against the category; a sentence above 0 is of it.
# tracker/clauses/evidence.py says what follows from that.
#
# Learned by benchmarks/learn_weights.py from the training sentences of APPSI-139, a corpus of
# privacy policies of apps annotated by people, licensed CC BY 4.0
# (https://creativecommons.org/licenses/by/4.0/). Changed: only these weights are taken from it.
# Do not edit by hand: run the script again, or put a phrase into en.toml.
"""


TOPICS = [f"[{id}]" for id in load_lexicon().topics]
Table = tuple[float, dict[int, float]]  # a base, and weights by column
Teller = Callable[["Corpus", np.ndarray], tuple[list[str], list[Table]]]


class Corpus:
    """Sentences as rows of a matrix, one column a feature."""

    def __init__(self, rows: list[dict]) -> None:
        folded = [fold(row["text"]) for row in rows]
        read = [features(text) for text in folded]
        finder = finder_for(load_lexicon(), "en")
        self.topics = [by_topic(unmasked(finder.hits(text))) for text in folded]
        self.found = [found for found, _ in read]
        self.scales = np.array([scale(words) for _, words in read])
        self.gold = np.array(
            [
                [
                    c.name in row["labels"] and (not c.narrow or bool(c.topic(found)))
                    for c in CATEGORIES
                ]
                for row, found in zip(rows, self.found, strict=True)
            ]
        )

    def vocabulary(self, rows: np.ndarray) -> list[str]:
        """Features of at least LEAST stretches: the order of the corpus is that of its policies."""
        stretches = collections.defaultdict(set)
        for row in rows:
            for text in self.found[row]:
                stretches[text].add(int(row) * STRETCHES // len(self.found))
        return sorted(text for text, own in stretches.items() if len(own) >= LEAST)

    def matrix(self, rows: np.ndarray, vocabulary: list[str]) -> sparse.csr_matrix:
        """One row a sentence; one column a word or pair, then one a topic."""
        columns = {text: place for place, text in enumerate([*vocabulary, *TOPICS])}
        cells = [
            (n, columns[text], self.scales[row])
            for n, row in enumerate(rows)
            for text in self.found[row]
            if text in columns
        ] + [
            (n, columns[f"[{topic}]"], min(total_weight(hits), ENOUGH))
            for n, row in enumerate(rows)
            for topic, hits in self.topics[row].items()
        ]
        at, column, size = zip(*cells, strict=True)
        return sparse.csr_matrix((size, (at, column)), (len(rows), len(columns)))


def learn(seen: sparse.csr_matrix, gold: np.ndarray) -> tuple[float, dict[int, float]]:
    """Base and weights of one category, by column."""
    whole = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0).fit(seen, gold)
    variance = seen.multiply(seen).mean(0) - np.square(seen.mean(0))
    matter = np.abs(whole.coef_[0]) * np.sqrt(np.asarray(variance).ravel())
    keep = np.sort(np.argsort(-matter, kind="stable")[:MOST])
    few = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0)
    few.fit(seen[:, keep], gold)
    rounded = {int(at): round(float(w), 1) for at, w in zip(keep, few.coef_[0], strict=True)}
    return float(few.intercept_[0]), {at: w for at, w in rounded.items() if w}


def held_out(corpus: Corpus, rows: np.ndarray, folds: int, tell: Teller) -> np.ndarray:
    """Scores of each sentence and category by what was learned from the other folds."""
    scores = np.zeros((len(rows), len(CATEGORIES)))
    for fold_ in range(folds):
        held = np.arange(len(rows)) * folds // len(rows) == fold_
        vocabulary, tables = tell(corpus, rows[~held])
        new = corpus.matrix(rows[held], vocabulary)
        for place, (base, weights) in enumerate(tables):
            scores[held, place] = base + new[:, list(weights)] @ np.array(list(weights.values()))
    return scores


def weigh(corpus: Corpus, rows: np.ndarray) -> tuple[list[str], list[Table]]:
    """The vocabulary of some sentences, then each category's base and weights, by column."""
    vocabulary = corpus.vocabulary(rows)
    seen = corpus.matrix(rows, vocabulary)
    return vocabulary, [learn(seen, gold) for gold in corpus.gold[rows].T]


def settle(corpus: Corpus, rows: np.ndarray) -> tuple[list[str], list[Table]]:
    """The same, with bases that make 0 the best border between sentences held out."""
    scores = held_out(corpus, rows, 3, weigh)
    vocabulary, tables = weigh(corpus, rows)
    borders = [border(*pair) for pair in zip(scores.T, corpus.gold[rows].T, strict=True)]
    return vocabulary, [
        (round(base - at, 1), weights) for at, (base, weights) in zip(borders, tables, strict=True)
    ]


def border(scores: np.ndarray, gold: np.ndarray) -> float:
    """The score above which F1 is best, and not by luck."""
    f1s = [f1(*tally(scores > at, gold)) for at in BORDERS]
    smooth = np.convolve(np.pad(f1s, NEAR // 2, mode="edge"), np.ones(NEAR) / NEAR, "valid")
    return float(BORDERS[smooth.argmax()])


def tally(yes: np.ndarray, gold: np.ndarray) -> tuple[int, int, int]:
    """Right, false and missed answers."""
    return int((yes & gold).sum()), int((yes & ~gold).sum()), int((~yes & gold).sum())


def f1(right: int, false: int, missed: int) -> float:
    return 2 * right / max(1, 2 * right + false + missed)


def hold_out(corpus: Corpus) -> None:
    """Scores of weights on policies they were not learned from."""
    yes = held_out(corpus, np.arange(len(corpus.gold)), 5, settle) > 0
    tallies = [tally(*pair) for pair in zip(yes.T, corpus.gold.T, strict=True)]
    for category, own in zip(CATEGORIES, tallies, strict=True):
        print(f"  {category.name:24s} F1 {f1(*own):.3f}")
    macro = sum(f1(*own) for own in tallies) / len(tallies)
    micro = f1(*tally(yes, corpus.gold))
    print(f"weights alone, policies held out: micro {micro:.3f}  macro {macro:.3f}")


def forms(rows: list[dict]) -> dict[str, str]:
    """The commonest form of each stem, which is easier to read."""
    counts: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    for row in rows:
        for word in WORD.findall(fold(row["text"])):
            counts[stem(word)]["#" if word.isdigit() else word] += 1
    return {stemmed: min(own, key=lambda w: (-own[w], w)) for stemmed, own in counts.items()}


def as_toml(tables: dict[str, tuple[float, dict[str, float]]]) -> str:
    lines = [HEADER]
    for name, (base, weights) in tables.items():
        ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
        lines += [f'["{name}"]', f"base = {base}", "weights = '''"]
        lines += [f"{weight:+.1f} {text}" for text, weight in ordered] + ["'''", ""]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("-o", "--output", type=Path, default=OUT)
    parser.add_argument("--hold-out", action="store_true", help="score on policies held out")
    options = parser.parse_args()
    lines = (options.folder / "appsi.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["split"] == "train"]
    corpus = Corpus(rows)
    if options.hold_out:
        hold_out(corpus)
        return
    vocabulary, tables = settle(corpus, np.arange(len(rows)))
    readable = forms(rows)
    names = [" ".join(readable[part] for part in text.split()) for text in vocabulary] + TOPICS
    named = {
        category.name: (base, {names[at]: weight for at, weight in weights.items()})
        for category, (base, weights) in zip(CATEGORIES, tables, strict=True)
    }
    options.output.write_text(as_toml(named), encoding="utf-8")
    print(f"{options.output}: {sum(len(weights) for _, weights in named.values())} weights")


if __name__ == "__main__":
    main()
