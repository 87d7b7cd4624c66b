"""Which block of the old text became which of the new. Looks at folded texts alone.

Equal blocks first (in order, then anywhere), then similar ones between them, then similar ones
anywhere. The work is bounded by sizes, never by a clock: same input, same pairs.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq, Levenshtein

from tracker.compare.keys import words_of

Pairs = list[tuple[int, int]]
Run = tuple[int, ...]
# A pair -> the neighbours that belong to it too, on the old or on the new side.
Joins = dict[tuple[int, int], tuple[Run, Run]]

# Levenshtein's operations need two bits a cell: 25 MB here, and 10,000 blocks a side.
_ORDER_CELLS = 100_000_000
# Up to here every block of a gap is scored against every other; beyond, those sharing word pairs.
_SCORED_CELLS = 4_000
# Word against word in these cells, 64 at a stroke: sixty long annexes must not cost minutes.
_SCORED_WORDS = 2_500_000_000
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
_INSIDE = 0.9  # of a short block's words, in order, in a long one: a piece of it ...
_INSIDE_WORDS = 8  # ... if it has so many
_INSIDE_CELLS = 400
# A neighbour without partner belongs to a pair if so many of its words are found there.
_JOINS = 0.75
_JOINED_WORDS = 4_000  # of a joined paragraph; and so many blocks
_JOINED_BLOCKS = 400


def align(before: Sequence[str], after: Sequence[str]) -> tuple[Pairs, Joins]:
    """Pairs of positions, each position at most once, sorted; and what was joined to which pair.
    The same in both directions."""
    if list(after) < list(before):
        pairs, joins = _align(after, before)
        turned = {(i, j): (old, new) for (j, i), (new, old) in joins.items()}
        return sorted((i, j) for j, i in pairs), turned
    pairs, joins = _align(before, after)
    return sorted(pairs), joins


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


def _align(before: Sequence[str], after: Sequence[str]) -> tuple[Pairs, Joins]:
    pairs = _in_order(before, after)
    pairs += _anywhere(before, after, pairs)
    if len(pairs) == len(before) or len(pairs) == len(after):
        return pairs, {}
    alike = _Alike(before, after)
    for old, new in list(_gaps(pairs, len(before), len(after))):
        pairs += alike.pairs(old, new, _ALONE if len(old) == len(new) == 1 else _NEAR)
    for old, new in list(_gaps(pairs, len(before), len(after))):
        pairs += alike.pieces(old, new)
    joins = alike.joins(pairs)
    old, new = _unpaired(pairs, joins, len(before), len(after))
    return pairs + alike.pairs(alike.long(old, before), alike.long(new, after), _FAR), joins


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
    old, new = _unpaired(pairs, {}, len(before), len(after))
    waiting = defaultdict(list)
    for j in reversed(new):
        waiting[after[j]].append(j)
    return [(i, waiting[before[i]].pop()) for i in old if waiting.get(before[i])]


def _unpaired(pairs: Pairs, joins: Joins, old: int, new: int) -> tuple[list[int], list[int]]:
    taken_old = {i for i, _ in pairs}.union(*(olds for olds, _ in joins.values()))
    taken_new = {j for _, j in pairs}.union(*(news for _, news in joins.values()))
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
        if i1 - i0 == 1 or j1 - j0 == 1:
            continue
        left = [i for i in range(i0 + 1, i1) if i not in taken_old]
        right = [j for j in range(j0 + 1, j1) if j not in taken_new]
        if left and right:
            yield left, right


class _Alike:
    """Similarity of blocks by their words, each distinct word one code point."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        self._before, self._after = before, after
        self._codes = _Codes()
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
        if small and sum(map(len, x)) * sum(map(len, y)) <= _SCORED_WORDS:
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

    def pieces(self, old: list[int], new: list[int]) -> Pairs:
        """Of a gap that is left, pairs of which one block holds the other."""
        if len(old) * len(new) > _INSIDE_CELLS:
            return []
        scored = []
        for n, i in enumerate(old):
            for m, j in enumerate(new):
                short, long = sorted((self._old(i), self._new(j)), key=len)
                if len(short) >= _INSIDE_WORDS:
                    inside = LCSseq.similarity(short, long)
                    if inside >= _INSIDE * len(short):
                        scored.append((-float(inside), abs(n - m), n, m))
        return [(old[n], new[m]) for n, m in _greedy(sorted(scored))]

    def joins(self, pairs: Pairs) -> Joins:
        """The neighbours without partner that hold a part of a pair's other side."""
        olds, news = _unpaired(pairs, {}, len(self._before), len(self._after))
        free_old, free_new = set(olds), set(news)
        joins: Joins = {}
        for i, j in sorted(pairs) if olds or news else ():
            if self._before[i] == self._after[j]:
                continue
            more_old = self._grown(i, self._old, free_old, self._new(j))
            more_new = () if more_old else self._grown(j, self._new, free_new, self._old(i))
            if more_old or more_new:
                joins[i, j] = more_old, more_new
                free_old.difference_update(more_old)
                free_new.difference_update(more_new)
        return joins

    def _grown(self, start: int, words: Callable[[int], str], free: set[int], whole: str) -> Run:
        """The blocks around `start` that go with it to make `whole`, as far as they do."""
        if len(whole) > _JOINED_WORDS:
            return ()
        run, text = [start], words(start)
        found = LCSseq.similarity(text, whole)
        for step in (1, -1):
            place = start + step
            while place in free and len(run) <= _JOINED_BLOCKS and len(text) <= _JOINED_WORDS:
                piece = words(place)
                longer = text + piece if step > 0 else piece + text
                more = LCSseq.similarity(longer, whole)
                if not piece or more - found < _JOINS * len(piece):
                    break
                run.append(place)
                text, found, place = longer, more, place + step
        return tuple(sorted(run[1:]))

    def _old(self, index: int) -> str:
        return self._words(self._before[index])

    def _new(self, index: int) -> str:
        return self._words(self._after[index])

    def _words(self, text: str) -> str:
        if text not in self._encoded:
            words = words_of(text)[:_SEEN_WORDS]
            self._encoded[text] = "".join([self._codes[word] for word in words])
        return self._encoded[text]


class _Codes(dict[str, str]):
    """Word -> its code point, given when the word is first met."""

    def __missing__(self, word: str) -> str:
        # Past the surrogates, which are no characters.
        number = (len(self) + 0xE000) % 0x110000
        self[word] = chr(number if not 0xD800 <= number < 0xE000 else 0xE000)
        return self[word]


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
