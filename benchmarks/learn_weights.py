"""Learn what words say about a sentence's category, and write the weights as TOML.

    uv run --group learn python benchmarks/learn_weights.py FOLDER [-o topics/evidence.en.toml]
    uv run --group learn python benchmarks/learn_weights.py FOLDER --hold-out

FOLDER holds `appsi.jsonl`: sentences with categories from APPSI-139 (CC BY 4.0); the training part
is learned from, the rest never seen. The features are stemmed words and pairs that stand in at
least eight of sixty stretches of the corpus: names of companies and products do not. For each
category an L1 logistic regression picks at most 350 of them, and a second one, L2, weighs those.
The result is the same on every run. `--hold-out` learns on four fifths of the corpus, cut between
policies and not between sentences, and scores the last fifth, five times.
"""

import argparse
import collections
import json
import re
import warnings
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from tracker.clauses.evidence import CATEGORIES, features, scale, stem
from tracker.clauses.phrases import fold

STRETCHES, LEAST = 60, 8  # a feature stands in so many of the corpus's stretches
MOST = 350  # weights a category
PICKING, WEIGHING = 0.6, 0.5  # inverse strengths of the two regularisations
SMALLEST = 0.05  # weights below are dropped; they are rounded to one decimal
OUT = Path(__file__).parents[1] / "tracker" / "clauses" / "topics" / "evidence.en.toml"
WORD = re.compile(r"[a-z]+|\d+|@")
HEADER = """\
# What words say about the category of a sentence: the log odds that each adds. "base" stands for
# a sentence with none of them. A word stands for its inflected forms too, a pair for two words in
# a row, "#" for any number. Weights below 0 speak against the category; a sentence above 0 is
# likelier of the category than not. tracker/clauses/evidence.py says what follows from it.
#
# Learned by benchmarks/learn_weights.py from the training sentences of APPSI-139, a corpus of
# privacy policies of apps annotated by people, licensed CC BY 4.0
# (https://creativecommons.org/licenses/by/4.0/). Changed: only these weights are taken from it.
# Do not edit by hand: run the script again, or put a phrase into en.toml.
"""


class Corpus:
    """Sentences as rows of a matrix, one column a feature."""

    def __init__(self, rows: list[dict]) -> None:
        read = [features(fold(row["text"])) for row in rows]
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
        columns = {text: place for place, text in enumerate(vocabulary)}
        cells = [(n, columns[t]) for n, r in enumerate(rows) for t in self.found[r] if t in columns]
        at, column = zip(*cells, strict=True)
        ones = sparse.csr_matrix((np.ones(len(cells)), (at, column)), (len(rows), len(vocabulary)))
        return (sparse.diags(self.scales[rows]) @ ones).tocsr()


def learn(seen: sparse.csr_matrix, gold: np.ndarray) -> tuple[float, dict[int, float]]:
    """Base and weights of one category, by column."""
    picked = LogisticRegression(penalty="l1", C=PICKING, solver="liblinear", random_state=0)
    sizes = np.abs(picked.fit(seen, gold).coef_[0])
    best = np.argsort(-sizes, kind="stable")[:MOST]
    keep = best[sizes[best] > SMALLEST]
    weighed = LogisticRegression(C=WEIGHING, solver="liblinear", random_state=0)
    weights = weighed.fit(seen[:, keep], gold).coef_[0]
    rounded = {int(at): round(float(w), 1) for at, w in zip(keep, weights, strict=True)}
    return round(float(weighed.intercept_[0]), 1), {at: w for at, w in rounded.items() if w}


def hold_out(corpus: Corpus, folds: int = 5) -> None:
    """Scores of weights on policies they were not learned from."""
    everything = np.arange(len(corpus.gold))
    tallies = np.zeros((len(CATEGORIES), 3), int)
    for fold_ in range(folds):
        held = everything * folds // len(everything) == fold_
        vocabulary = corpus.vocabulary(everything[~held])
        seen = corpus.matrix(everything[~held], vocabulary)
        new, gold = corpus.matrix(everything[held], vocabulary), corpus.gold[held]
        for place in range(len(CATEGORIES)):
            base, weights = learn(seen, corpus.gold[~held, place])
            scores = base + new[:, list(weights)] @ np.array(list(weights.values()))
            yes, true = scores > 0, gold[:, place]
            tallies[place] += [(yes & true).sum(), (yes & ~true).sum(), (~yes & true).sum()]
    f1s = 2 * tallies[:, 0] / (2 * tallies[:, 0] + tallies[:, 1] + tallies[:, 2])
    for category, f1 in zip(CATEGORIES, f1s, strict=True):
        print(f"  {category.name:24s} F1 {f1:.3f}")
    right, false, missed = tallies.sum(0)
    micro = 2 * right / (2 * right + false + missed)
    print(f"weights alone, policies held out: micro {micro:.3f}  macro {f1s.mean():.3f}")


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
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=OUT)
    parser.add_argument("--hold-out", action="store_true", help="score on policies held out")
    options = parser.parse_args()
    warnings.simplefilter("ignore", FutureWarning)  # penalty="l1": renamed from scikit-learn 1.8
    warnings.simplefilter("ignore", UserWarning)
    lines = (options.folder / "appsi.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["split"] == "train"]
    corpus = Corpus(rows)
    if options.hold_out:
        hold_out(corpus)
        return
    everything = np.arange(len(rows))
    vocabulary = corpus.vocabulary(everything)
    seen, readable = corpus.matrix(everything, vocabulary), forms(rows)
    tables = {}
    for place, category in enumerate(CATEGORIES):
        base, weights = learn(seen, corpus.gold[:, place])
        named = {
            " ".join(readable[part] for part in vocabulary[at].split()): weight
            for at, weight in weights.items()
        }
        tables[category.name] = (base, named)
    options.output.write_text(as_toml(tables), encoding="utf-8")
    print(f"{options.output}: {sum(len(weights) for _, weights in tables.values())} weights")


if __name__ == "__main__":
    main()
