"""Which block of the old text became which of the new. Looks at folded texts alone.

Equal blocks first (in order, then anywhere), then similar ones between them, then similar ones
anywhere. The work is bounded by sizes, never by a clock: same input, same pairs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from tracker.compare.keys import words_of

Pairs = list[tuple[int, int]]

# Levenshtein's operations need two bits a cell: 25 MB here, and 10,000 blocks a side.
_ORDER_CELLS = 100_000_000
# Up to here every block of a gap is scored against every other; beyond, those sharing word pairs.
_SCORED_CELLS = 4_000
# Words of the cells together: sixty long annexes a side must not cost minutes.
_SCORED_WORDS = 40_000_000
# Similarity looks at so many words of a block; nobody's block of more is told apart by its tail.
_SEEN_WORDS = 20_000
_SHINGLES = 48  # the rarest word pairs of a block are looked up ...
_POSTINGS = 48  # ... where no more blocks than this have them
_CANDIDATES = 4

# Unrelated English paragraphs share 20 to 35 % of their words in order.
_ALONE = 40.0  # the only two blocks between equal neighbours
_NEAR = 50.0  # between equal neighbours
_FAR = 60.0  # anywhere
_FAR_WORDS = 5  # shorter blocks resemble each other by chance


def align(before: Sequence[str], after: Sequence[str]) -> Pairs:
    """Pairs of positions, each position at most once, sorted; the same pairs in both directions."""
    if list(after) < list(before):
        return sorted((i, j) for j, i in _align(after, before))
    return sorted(_align(before, after))


def unmoved(pairs: Pairs, weights: Sequence[int]) -> set[tuple[int, int]]:
    """The heaviest run of pairs in the order of both texts; the others were moved.

    `weights` are words by old position: of two swapped blocks the shorter one moved.
    """
    if all(first[1] < second[1] for first, second in pairwise(pairs)):
        return set(pairs)
    best = _Prefixes(max(j for _, j in pairs) + 1)
    chain: dict[int, int] = {}
    for index, (i, j) in enumerate(pairs):
        weight, previous = best.up_to(j)
        chain[index] = previous
        best.add(j, weight + weights[i] + 1, index)
    _, last = best.up_to(max(j for _, j in pairs) + 1)
    kept = set()
    while last >= 0:
        kept.add(pairs[last])
        last = chain[last]
    return kept


class _Prefixes:
    """The heaviest entry below a position (a Fenwick tree of maxima)."""

    def __init__(self, size: int) -> None:
        self._heaviest = [(0, -1)] * (size + 1)

    def up_to(self, position: int) -> tuple[int, int]:
        found = (0, -1)
        while position > 0:
            found = max(found, self._heaviest[position])
            position -= position & -position
        return found

    def add(self, position: int, weight: int, index: int) -> None:
        position += 1
        while position < len(self._heaviest):
            self._heaviest[position] = max(self._heaviest[position], (weight, index))
            position += position & -position


def _align(before: Sequence[str], after: Sequence[str]) -> Pairs:
    pairs = _in_order(before, after)
    pairs += _anywhere(before, after, pairs)
    if len(pairs) == len(before) or len(pairs) == len(after):
        return pairs
    alike = _Alike(before, after)
    for old, new in list(_gaps(pairs, len(before), len(after))):
        pairs += alike.pairs(old, new, _ALONE if len(old) == len(new) == 1 else _NEAR)
    old, new = _unpaired(pairs, len(before), len(after))
    return pairs + alike.pairs(alike.long(old, before), alike.long(new, after), _FAR)


def _in_order(before: Sequence[str], after: Sequence[str]) -> Pairs:
    """Equal texts met in the same order; none of the middle of texts too large for it."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    pairs = [(i, i) for i in range(head)]
    pairs += [(len(before) - n, len(after) - n) for n in range(1, tail + 1)]
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if not old or not new or len(old) * len(new) > _ORDER_CELLS:
        return pairs
    ids = {text: number for number, text in enumerate(dict.fromkeys((*old, *new)))}
    steps = Levenshtein.opcodes([ids[text] for text in old], [ids[text] for text in new])
    for step in steps:
        if step.tag == "equal":
            size = step.src_end - step.src_start
            pairs += [(head + step.src_start + n, head + step.dest_start + n) for n in range(size)]
    return pairs


def _anywhere(before: Sequence[str], after: Sequence[str], pairs: Pairs) -> Pairs:
    """Equal texts among those without a partner, first with first."""
    old, new = _unpaired(pairs, len(before), len(after))
    waiting = defaultdict(list)
    for j in reversed(new):
        waiting[after[j]].append(j)
    return [(i, waiting[before[i]].pop()) for i in old if waiting.get(before[i])]


def _unpaired(pairs: Pairs, old: int, new: int) -> tuple[list[int], list[int]]:
    taken_old, taken_new = {i for i, _ in pairs}, {j for _, j in pairs}
    return (
        [i for i in range(old) if i not in taken_old],
        [j for j in range(new) if j not in taken_new],
    )


def _gaps(pairs: Pairs, old: int, new: int) -> Iterator[tuple[list[int], list[int]]]:
    """What is without partner on both sides between two neighbouring pairs in order."""
    paired = sorted(pairs)
    order = sorted(unmoved(paired, [1] * old))
    taken_old, taken_new = {i for i, _ in pairs}, {j for _, j in pairs}
    for (i0, j0), (i1, j1) in pairwise([(-1, -1), *order, (old, new)]):
        left = [i for i in range(i0 + 1, i1) if i not in taken_old]
        right = [j for j in range(j0 + 1, j1) if j not in taken_new]
        if left and right:
            yield left, right


class _Alike:
    """Similarity of blocks by their words, each distinct word one code point."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        self._before, self._after = before, after
        self._codes: dict[str, str] = {}
        self._encoded: dict[str, str] = {}

    def long(self, blocks: list[int], texts: Sequence[str]) -> list[int]:
        return [index for index in blocks if len(self._words(texts[index])) >= _FAR_WORDS]

    def pairs(self, old: list[int], new: list[int], floor: float) -> Pairs:
        """The best pairs of at least `floor` percent, best first, each block once."""
        if not old or not new:
            return []
        x = [self._words(self._before[i]) for i in old]
        y = [self._words(self._after[j]) for j in new]
        small = len(x) * len(y) <= _SCORED_CELLS
        if small and sum(map(len, x)) * sum(map(len, y)) <= _SCORED_WORDS * 64:
            candidates: Iterator[tuple[int, int]] = (
                (n, m) for n in range(len(x)) for m in range(len(y))
            )
        else:
            candidates = _sharing(x, y)
        scored = []
        for n, m in candidates:
            score = fuzz.ratio(x[n], y[m], score_cutoff=floor)
            if score:
                scored.append((-score, abs(n - m), n, m))
        return [(old[n], new[m]) for n, m in _greedy(sorted(scored))]

    def _words(self, text: str) -> str:
        if text not in self._encoded:
            words = words_of(text)[:_SEEN_WORDS]
            self._encoded[text] = "".join([self._code(word) for word in words])
        return self._encoded[text]

    def _code(self, word: str) -> str:
        if word not in self._codes:
            # Past the surrogates, which are no characters.
            number = (len(self._codes) + 0xE000) % 0x110000
            self._codes[word] = chr(number if not 0xD800 <= number < 0xE000 else 0xE000)
        return self._codes[word]


def _greedy(scored: list[tuple[float, int, int, int]]) -> Iterator[tuple[int, int]]:
    taken_old, taken_new = set(), set()
    for _, _, n, m in scored:
        if n not in taken_old and m not in taken_new:
            taken_old.add(n)
            taken_new.add(m)
            yield n, m


def _sharing(x: list[str], y: list[str]) -> Iterator[tuple[int, int]]:
    """For each of `x` the few of `y` that share most of its rarest word pairs."""
    holders = defaultdict(list)
    for m, words in enumerate(y):
        for shingle in dict.fromkeys(map("".join, pairwise(words))):
            holders[shingle].append(m)
    for n, words in enumerate(x):
        shingles = [s for s in dict.fromkeys(map("".join, pairwise(words))) if s in holders]
        rarest = sorted(shingles, key=lambda shingle: len(holders[shingle]))[:_SHINGLES]
        shared: Counter[int] = Counter()
        for shingle in rarest:
            if len(holders[shingle]) <= _POSTINGS:
                shared.update(holders[shingle])
        best = sorted(shared, key=lambda m: (-shared[m], abs(n - m), m))
        yield from ((n, m) for m in best[:_CANDIDATES])
