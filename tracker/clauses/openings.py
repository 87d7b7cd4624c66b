"""How a phrase may begin, and which words it cannot do without.

Worked out from the expression once, so that a Finder need not try it at every word. An answer may
be too wide, which costs a try; it is never too narrow, which would lose a match.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

_PIECE = re.compile(
    r" \.\.\. |(?:\w(?![?+{]))+"  # a gap; a run of letters, all of them certain
    r"|\(\?(?:[:=!]|<[=!])|\\.|\[\^?.[^\]]*\]|\{(?=[\d,])\d*,?\d*\}\??|[?+]\??|.",
    re.S,
)
_TIMES = re.compile(r"[?+]|\{.")
_MOST = 6  # repetitions of a group

# Where we stand: before all, where a sign counts as a word; in a word; or in front of the next.
_Place = Literal["start", "word", "between"]
_Kind = Literal["letters", "ending", "digits", "sign", "gap", "group", "anything", "end"]


class _Part(NamedTuple):
    """A piece of a phrase."""

    kind: _Kind
    text: str = ""  # the letters, or the signs one of which it is
    options: tuple["_Parts", ...] = ()  # of a group
    least: int = 1
    most: int = 1


_Parts = tuple[_Part, ...]


class _Chain:
    """A part and what comes behind it, with the ways on from here as far as they are known."""

    __slots__ = ("behind", "between", "part", "word")

    def __init__(self, part: _Part, behind: "_Chain | None" = None) -> None:
        self.part = part
        self.behind = behind or self
        self.word: list[_Head] | None = None
        self.between: list[_Head] | None = None


# How a word begins, whether that is all of it, and what comes behind it where that is known.
_Head = tuple[str, bool, _Chain | None]
_ANYTHING: _Head = ("", False, None)
_END = _Chain(_Part("end"))


@dataclass(frozen=True, slots=True)
class Openings:
    """Beginnings of words: "ads " is a word, "advertis" any that begins so, "*vrij" one with it."""

    alone: frozenset[str]  # first words, whatever follows them
    paired: frozenset[str]  # first words that one of `second` follows at once
    second: frozenset[str]
    needed: frozenset[str]  # one of these follows sooner or later; empty where none is known


def openings(folded: str) -> Openings:
    """How the matches of a folded phrase begin.

    >>> found = openings("(re-?)?target* (ads|you)")
    >>> sorted(found.paired), sorted(found.second)
    (['re ', 'retarget', 'target'], ['ads ', 'target', 'you '])
    """
    chain = _chain(_parse(folded), _END)
    starts: dict[_Chain | None, list[str]] = {}
    for start, whole, rest in _heads(chain, "start"):
        starts.setdefault(rest, []).append(start + " " if whole else start)
    alone, paired, second = set(starts.pop(None, ())), set[str](), set[str]()
    for rest, own in starts.items():
        following = _words(rest, "between") if rest else frozenset()
        if usable(following):
            paired.update(own)
            second |= following
        else:
            alone.update(own)
    paired -= alone
    return Openings(frozenset(alone), frozenset(paired), frozenset(second), _needed(chain))


def first_words(folded: str) -> frozenset[str]:
    """How the first word of any match begins; a blank behind it where that is all of the word.

    >>> sorted(first_words("(re-?)?target* ... you"))
    ['re ', 'retarget', 'target']
    """
    return _words(_chain(_parse(folded), _END), "start")


def usable(starts: Iterable[str]) -> bool:
    """Whether words can be told by these beginnings: none is a sign, none may be anything."""
    return all([start.strip(" *").isalnum() for start in starts])


def _parse(folded: str) -> _Parts:
    """The parts of a folded phrase; one group where it is alternatives."""
    options = _options(iter(_PIECE.findall(folded)))
    return options[0] if len(options) == 1 else (_Part("group", options=options),)


def _options(pieces: Iterator[str]) -> tuple[_Parts, ...]:
    """Alternatives up to the end of their group."""
    options: list[list[_Part]] = [[]]
    for piece in pieces:
        parts = options[-1]
        if piece == ")":
            break
        if piece == "|":
            options.append([])
        elif piece[0] == "(":
            inner = _options(pieces)
            # What only looks ahead or back is no part of the match.
            parts.append(_Part("group", options=inner if piece in ("(", "(?:") else ((),)))
        elif parts and (_TIMES.match(piece) or (piece == "*" and parts[-1].kind == "group")):
            parts[-1] = _repeated(parts[-1], piece)
        else:
            parts.append(_part(piece))
    return tuple(map(tuple, options))


def _repeated(part: _Part, quantifier: str) -> _Part:
    if part.kind == "letters":
        part = _Part("group", options=((part,),))
    if quantifier[0] == "{":
        least, comma, most = quantifier.rstrip("?")[1:-1].partition(",")
        atmost = int(most or _MOST) if comma else int(least)
        return part._replace(least=int(least or 0), most=min(atmost, _MOST))
    return part._replace(least=int(quantifier[0] == "+"), most=1 if quantifier[0] == "?" else _MOST)


@lru_cache(maxsize=5_000)
def _part(piece: str) -> _Part:
    if piece.isalnum() or piece == "_":
        return _Part("letters", piece)
    if piece == " ... ":
        return _Part("gap")
    if piece == "*":
        return _Part("ending")
    if piece == r"\d":
        return _Part("digits")
    inner = piece[1:-1] if len(piece) > 2 else piece[-1]
    if piece[0] == "[" and inner.isalnum():
        return _Part("group", options=tuple((_Part("letters", letter),) for letter in inner))
    if piece in (".", "^", "$") or re.search(r"[\w\\^]", inner):
        return _Part("anything")
    return _Part("sign", inner)


def _chain(parts: _Parts, behind: _Chain) -> _Chain:
    for part in reversed(parts):
        behind = _Chain(part, behind)
    return behind


def _words(chain: _Chain, place: _Place) -> frozenset[str]:
    heads = _heads(chain, place)
    return frozenset([start + " " if whole else start for start, whole, _ in heads])


def _heads(chain: _Chain, place: _Place) -> list[_Head]:
    """Every way to the end of the word that begins or goes on here."""
    walk = _WALKS[chain.part.kind]
    if place == "word":
        if chain.word is None:
            chain.word = walk(chain, place)
        return chain.word
    if place == "between":
        if chain.between is None:
            chain.between = walk(chain, place)
        return chain.between
    return walk(chain, place)


def _letters(chain: _Chain, place: _Place) -> list[_Head]:
    return _behind(chain.part.text, chain.behind)


def _behind(letters: str, chain: _Chain) -> list[_Head]:
    """The ways on from inside a word that has begun with these letters."""
    return [(letters + start, whole, rest) for start, whole, rest in _heads(chain, "word")]


def _ending(chain: _Chain, place: _Place) -> list[_Head]:
    """Any letters; where the word ends for certain behind them, what comes next is known."""
    ways = _heads(chain.behind, "word")
    if place == "word":
        return [("", False, rest if whole and not start else None) for start, whole, rest in ways]
    return [("*" + start, False, None) for start, _, _ in ways]


def _digits(chain: _Chain, place: _Place) -> list[_Head]:
    found = _past(chain, place)
    firsts = ("",) if place == "word" else "0123456789"
    ways = _ending(chain, "word")  # there may be more of them
    return found + [(first, False, rest) for first in firsts for _, _, rest in ways]


def _sign(chain: _Chain, place: _Place) -> list[_Head]:
    if place == "between":
        return _heads(chain.behind, place)
    found = _past(chain, place)
    if place == "word":
        return [*found, ("", True, chain)]
    return found + [(sign, False, None) for sign in chain.part.text]


def _group(chain: _Chain, place: _Place) -> list[_Head]:
    """The ways through each alternative of a group, and past it where it may be left out."""
    part, rest = chain.part, chain.behind
    again = rest
    if part.most > 1:
        again = _Chain(part._replace(least=0, most=part.most - 1), rest)
    found = _past(chain, place)
    for option in part.options:
        if part.most > 1 and place == "word" and option and option[0].kind != "sign":
            found.append(_ANYTHING)  # "(a|b)+": more ways than it is worth
        elif len(option) == 1 and option[0].kind == "letters":
            found += _behind(option[0].text, again)
        else:
            found += _heads(_chain(option, again), place)
    return found


def _past(chain: _Chain, place: _Place) -> list[_Head]:
    return [] if chain.part.least else list(_heads(chain.behind, place))


def _gap(chain: _Chain, place: _Place) -> list[_Head]:
    return [("", True, chain)] if place == "word" else [_ANYTHING]


def _anything(chain: _Chain, place: _Place) -> list[_Head]:
    return [_ANYTHING]


_WALKS: dict[_Kind, Callable[[_Chain, _Place], list[_Head]]] = {
    "letters": _letters,
    "ending": _ending,
    "digits": _digits,
    "sign": _sign,
    "gap": _gap,
    "end": _gap,
    "group": _group,
    "anything": _anything,
}


def _needed(chain: _Chain) -> frozenset[str]:
    """Of the places where a word begins for certain, the words at the one that says most; of
    alternatives one of each."""
    if chain.part.kind == "group" and chain.part.most == 1 and chain.behind is _END:
        each = [_needed(_chain(option, _END)) for option in chain.part.options]
        return frozenset().union(*each) if all(each) else frozenset()
    found: set[frozenset[str]] = set()
    edge = False
    while chain.part.kind != "end":
        if edge and chain.part.kind not in ("sign", "gap"):
            found.add(_words(chain, "between"))
        edge = _edge((chain.part,), edge)
        chain = chain.behind
    return min(filter(usable, found), key=_commonness, default=frozenset())


def _commonness(words: Iterable[str]) -> tuple[float, list[str]]:
    """Long words are rare words: about half as common for each letter."""
    return sum(0.5 ** len(word) for word in words), sorted(words)


def _edge(parts: _Parts, edge: bool) -> bool:
    """Whether a word begins behind these parts for certain; `edge`, whether in front of them."""
    for part in parts:
        own = part.kind in ("sign", "gap")
        if part.kind == "group":
            own = all(_edge(option, edge) for option in part.options)
        edge = own and (edge or part.least > 0)
    return edge
