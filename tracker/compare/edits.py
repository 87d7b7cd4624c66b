"""Word edits inside a pair of blocks, by diff-match-patch over words mapped to code points.

No time limit (it would make reports depend on the machine): long texts are cut at word triples
both hold once, so that the quadratic part stays small.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from diff_match_patch import diff_match_patch

from tracker.compare.keys import Tokens, tokenize
from tracker.model import Edit

_KIND: dict[int, Literal["delete", "equal", "insert"]] = {-1: "delete", 0: "equal", 1: "insert"}
_SMALL = 4_000  # cells compared without looking for anchors
_LONGEST = 500_000  # tokens of a pair; there are code points for so many different ones
_STANDS = 3  # tokens that are never swallowed by the edits around them
_LARGE = 1_000_000  # cells compared at all where there are no anchors

Operation = tuple[int, int]  # -1, 0, 1 and how many tokens


class Rewrite(NamedTuple):
    edits: tuple[Edit, ...]
    added: int  # words
    removed: int


def rewrite(before: str, after: str, skip: tuple[int, int] = (0, 0)) -> Rewrite:
    """Edits that make `after` of `before`; equal parts are written as in `after`.

    Case, typography and white space make no difference: none but equal edits then. Nor do the
    first `skip` tokens of each, which are numbers in front.
    """
    old, new = _behind(tokenize(before), skip[0]), _behind(tokenize(after), skip[1])
    edits = []
    number = "".join(tokenize(after).texts[: skip[1]])
    words = Counter[int]()
    i = j = 0
    for kind, size in _deletions_first(_operations(old.keys, new.keys)):
        part = slice(i, i + size) if kind < 0 else slice(j, j + size)
        side = old if kind < 0 else new
        edits.append(Edit(_KIND[kind], "".join(side.texts[part])))
        if kind:
            words[kind] += sum(map(_is_word, side.keys[part]))
        i += size if kind <= 0 else 0
        j += size if kind >= 0 else 0
    return Rewrite(tuple(_after(number, edits)), added=words[1], removed=words[-1])


def _after(number: str, edits: list[Edit]) -> list[Edit]:
    if not number:
        return edits
    if edits[:1] and edits[0].kind == "equal":
        return [Edit("equal", number + edits[0].text), *edits[1:]]
    return [Edit("equal", number), *edits]


def _behind(tokens: Tokens, skip: int) -> Tokens:
    return Tokens(tokens.texts[skip:], tokens.keys[skip:])


def _encode(old: Sequence[str], new: Sequence[str]) -> tuple[str, str]:
    """One code point a token. Words become ideographs and marks private-use characters, so that
    diff-match-patch can tell a letter from a mark when it slides an edit to a boundary."""
    codes: dict[str, str] = {}
    words, marks = 0x4E00, 0xE000
    for key in dict.fromkeys((*old, *new)):
        if _is_word(key):
            codes[key] = chr(words)
            words = words + 1 if words != 0x9FFF else 0x20000
        else:
            codes[key] = chr(marks)
            marks = marks + 1 if marks != 0xF8FF else 0xF0000
    return "".join([codes[key] for key in old]), "".join([codes[key] for key in new])


def _is_word(key: str) -> bool:
    return key[:1].isalnum()


def _operations(old: tuple[str, ...], new: tuple[str, ...]) -> list[Operation]:
    """Compared in one direction only, so that both agree on what was added and removed."""
    if len(old) + len(new) > _LONGEST:
        return [(-1, len(old)), (1, len(new))]
    if old <= new:
        return _compared(*_encode(old, new))
    return [(-kind, size) for kind, size in _compared(*_encode(new, old))]


def _compared(x: str, y: str) -> list[Operation]:
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    diffs = []
    for part, other in _parts(x, y):
        if part == other:
            diffs.append((0, part))
        elif len(part) * len(other) > _LARGE:
            diffs += [(-1, part), (1, other)]
        else:
            diffs += engine.diff_main(part, other, False)
    engine.diff_cleanupMerge(diffs)
    readable = []
    for run in _runs(diffs):
        if len(run) > 2:
            engine.diff_cleanupSemantic(run)
        readable += run
    engine.diff_cleanupMerge(readable)
    engine.diff_cleanupSemanticLossless(readable)
    return [(kind, len(text)) for kind, text in readable]


def _runs(diffs: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Edits between equal runs long enough to stand.

    diff-match-patch's cleanup drops an equality shorter than the edits around it. That is right
    for "the" and "of", but with words for characters it would also drop "share your data with".
    """
    run: list[tuple[int, str]] = []
    for kind, text in diffs:
        if kind == 0 and len(text) >= _STANDS:
            yield run
            yield [(kind, text)]
            run = []
        else:
            run.append((kind, text))
    yield run


def _parts(x: str, y: str) -> Iterator[tuple[str, str]]:
    """Both texts cut at common places, so that what has to be compared in one go is small."""
    i = j = 0
    for a, b, size in _anchors(x, y) if len(x) * len(y) > _SMALL else ():
        if a < i or b < j:
            continue
        yield x[i:a], y[j:b]
        yield x[a : a + size], y[b : b + size]
        i, j = a + size, b + size
    yield x[i:], y[j:]


def _anchors(x: str, y: str) -> list[tuple[int, int, int]]:
    """Word triples that occur once in each text, in the longest common order."""
    size = 3
    places = _once(x, size), _once(y, size)
    common = sorted((places[0][s], places[1][s]) for s in places[0].keys() & places[1].keys())
    tails: list[int] = []  # new positions ending the best run of each length
    last: list[int] = []
    previous: list[int] = []
    for index, (_, b) in enumerate(common):
        length = bisect_left(tails, b)
        tails[length:] = [b] if length == len(tails) else [b, *tails[length + 1 :]]
        last[length:] = [index] if length == len(last) else [index, *last[length + 1 :]]
        previous.append(last[length - 1] if length else -1)
    found = []
    index = last[-1] if last else -1
    while index >= 0:
        found.append((*common[index], size))
        index = previous[index]
    return found[::-1]


def _once(text: str, size: int) -> dict[str, int]:
    pieces = [text[i : i + size] for i in range(len(text) - size + 1)]
    counts = Counter(pieces)
    return {piece: i for i, piece in enumerate(pieces) if counts[piece] == 1}


def _deletions_first(operations: list[Operation]) -> Iterator[Operation]:
    """One deletion, then one insertion, between two equal runs."""
    for _, run in groupby(operations, key=lambda operation: operation[0] == 0):
        sizes = {0: 0, -1: 0, 1: 0}
        for kind, size in run:
            sizes[kind] += size
        yield from ((kind, size) for kind, size in sizes.items() if size)
