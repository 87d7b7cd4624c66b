"""How a phrase may begin: its possible first and second words, and a word that must follow.

Worked out from the expression once, so that a Finder need not try it at every word. An answer may
be too wide, which costs a try; it is never too narrow, which would lose a match.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

GAP = "\0"  # stands for " ... "
_LETTERS = re.compile(r"(?:\w(?![?+{]))+")  # a run of letters, all of them certain
_ATOM = re.compile(r"\\.|\[\^?.[^\]]*\]|.", re.S)
_TIMES = re.compile(r"(?:[?+]|\{(\d*)(,?)(\d*)\})\??")
_FILLER = re.compile(r"(?:\(\\w\+ \)(?:\?|\{0,\d\}))+")  # "(\w+ ){0,3}", "(\w+ )?"
_MOST = 6  # repetitions of a group

# How a word begins, whether that is all of it, and the expression behind it where that is known.
_Head = tuple[str, bool, str | None]
_ANYTHING: _Head = ("", False, None)
# Where we stand: before all, where a sign counts as a word; in a word; or in front of the next.
_Place = Literal["start", "word", "between"]


@dataclass(frozen=True, slots=True)
class Openings:
    """Beginnings of words: "ads " is a word, "advertis" any that begins so, "*vrij" one with it."""

    alone: frozenset[str]  # first words, whatever follows them
    paired: frozenset[str]  # first words that one of `second` follows at once
    second: frozenset[str]
    later: frozenset[str]  # one of these follows sooner or later; empty where none is known


def openings(folded: str) -> Openings:
    """How the matches of a folded phrase begin.

    >>> found = openings("(re-?)?target* (ads|you)")
    >>> sorted(found.paired), sorted(found.second)
    (['re ', 'retarget', 'target'], ['ads ', 'target', 'you '])
    """
    alone: set[str] = set()
    paired: set[str] = set()
    behind: set[frozenset[str]] = set()
    for start, whole, rest in _heads(_grouped(folded), "start"):
        following = frozenset() if rest is None else _words(rest, "between")
        if following and usable(following):
            paired.add(_shown(start, whole))
            behind.add(following)
        else:
            alone.add(_shown(start, whole))
    second: frozenset[str] = frozenset().union(*behind)
    return Openings(frozenset(alone), frozenset(paired - alone), second, _later_words(folded))


def first_words(folded: str) -> frozenset[str]:
    """How the first word of any match begins; a blank behind it where that is all of the word.

    >>> sorted(first_words("(re-?)?target* ... you"))
    ['re ', 'retarget', 'target']
    """
    return _words(_grouped(folded), "start")


@lru_cache(maxsize=20_000)
def usable(starts: frozenset[str]) -> bool:
    """Whether words can be told by these beginnings: none is a sign, none may be anything."""
    return all(start.strip(" *").isalnum() for start in starts)


def _grouped(folded: str) -> str:
    return f"({folded})".replace(" ... ", GAP)


def _shown(start: str, whole: bool) -> str:
    return start + " " if whole else start


@lru_cache(maxsize=20_000)
def _words(pattern: str, place: _Place) -> frozenset[str]:
    return frozenset(_shown(start, whole) for start, whole, _ in _heads(pattern, place))


@lru_cache(maxsize=20_000)
def _heads(pattern: str, place: _Place) -> tuple[_Head, ...]:
    """Every way to the end of the word that begins or goes on here."""
    run = _LETTERS.match(pattern)
    ways = _behind(run[0], pattern[run.end() :]) if run else _walk(pattern, place)
    return tuple(dict.fromkeys(ways))


def _walk(pattern: str, place: _Place) -> Iterator[_Head]:
    """The same where it does not begin with a letter that is certain."""
    if not pattern:
        yield ("", True, "") if place == "word" else _ANYTHING
        return
    atom = _atom(pattern)
    if atom == "*":  # any letters
        if place == "word":  # and where the word ends for certain, the next is known
            ways = _heads(pattern[1:], "word")
            yield from (("", False, r if w and not s else None) for s, w, r in ways)
        else:
            yield from (("*" + s, False, None) for s, _, _ in _heads(pattern[1:], "word"))
        return
    least, most, rest = _times(pattern[len(atom) :])
    if atom[0] == "(" and rest[:1] == "*":
        least, most, rest = 0, _MOST, rest[1:]
    if atom[0] == "(":
        yield from _options(atom, least, most, rest, place)
        return
    if not least:
        yield from _heads(rest, place)
    letters = _choices(atom)
    if letters.isalnum() and most == 1:
        for letter in letters:
            yield from _behind(letter, rest)
    elif letters.isalnum() and least:
        yield from ((letter, False, None) for letter in letters)
    elif letters and place == "word":  # a sign ends the word
        yield "", True, pattern
    elif letters and place == "between":
        yield from _heads(rest, place)
    elif letters and place == "start":
        yield from ((letter, False, None) for letter in letters)
    elif atom == GAP and place == "word":
        yield "", True, pattern
    elif atom == r"\d" and place != "word":
        yield from ((digit, False, rest) for digit in "0123456789")
    else:
        yield _ANYTHING


def _behind(letters: str, pattern: str) -> list[_Head]:
    """The ways on from inside a word that has begun with these letters."""
    return [(letters + start, whole, rest) for start, whole, rest in _heads(pattern, "word")]


def _options(group: str, least: int, most: int, rest: str, place: _Place) -> Iterator[_Head]:
    """The ways through each alternative of a group, and past it where it may be left out."""
    body = group[1:-1].removeprefix("?:")
    if body.startswith(("?!", "?=", "?<")):
        yield from _heads(rest, place)
        return
    again = f"({body}){{0,{most - 1}}}" if most > 1 else ""
    for option in alternatives(body):
        if again and place == "word" and option[:1].isalnum():
            yield _ANYTHING  # "(a|b)+": more ways than it is worth
        elif option.isalnum():
            yield from _behind(option, again + rest)
        elif option:
            yield from _heads(option + again + rest, place)
        else:
            least = 0
    if not least:
        yield from _heads(rest, place)


def _choices(atom: str) -> str:
    """The letters, or the signs, that an atom stands for; "" where it may be something else."""
    if atom[0] == "[":
        inner = atom[1:-1]
        plain = inner.isalnum() or not re.search(r"[\w\\^]", inner)
        return inner if plain else ""
    if atom[0] == "\\":
        return "" if atom[1].isalnum() else atom[1]
    return "" if atom in f"{GAP}.^$" else atom


def _times(pattern: str) -> tuple[int, int, str]:
    """How often at least and at most what was before the pattern stands, and what is behind."""
    found = _TIMES.match(pattern)
    if not found:
        return 1, 1, pattern
    rest = pattern[found.end() :]
    if found[0][0] != "{":
        return int(found[0][0] == "+"), 1 if found[0][0] == "?" else _MOST, rest
    least = int(found[1] or 0)
    most = int(found[3] or _MOST) if found[2] else least
    return least, min(most, _MOST), rest


def _atom(pattern: str) -> str:
    """What the pattern begins with: a parenthesis and all in it, a class, or a sign."""
    if pattern[0] != "(":
        return (_ATOM.match(pattern) or pattern)[0]
    end = 0
    while end := pattern.find(")", end) + 1:
        if pattern.count("(", 0, end) == pattern.count(")", 0, end):
            return pattern[:end]
    return pattern


@lru_cache(maxsize=20_000)
def alternatives(body: str) -> tuple[str, ...]:
    """The alternatives of a group, not those of groups inside it."""
    return tuple(_split(body, "|"))


def _later_words(folded: str) -> frozenset[str]:
    """First words of the part behind the first that says most: long words are rare words.

    Of alternatives one of each is needed; of any words that a part begins with, none.
    """
    options = alternatives(folded)
    if len(options) > 1:
        each = [_later_words(option) for option in options]
        return frozenset().union(*each) if all(each) else frozenset()
    parts = [_FILLER.sub("", part) for part in _parts(folded)[1:]]
    parts = [part for part in parts if not part.endswith((")?", ")*"))]
    choices = [choice for part in parts if usable(choice := first_words(part))]
    return max(choices, key=lambda words: min(map(len, words)), default=frozenset())


def _parts(folded: str) -> list[str]:
    """The words of a phrase, brackets kept whole; one part where it is alternatives.

    >>> _parts("(sell|rent) (your )?data ... third part(y|ies)")
    ['(sell|rent)', '(your )?data', 'third', 'part(y|ies)']
    """
    if len(alternatives(folded)) > 1:
        return [folded]
    return _split(folded.replace(" ... ", " "), " ")


def _split(text: str, mark: str) -> list[str]:
    """The parts of a text between marks that stand in no parenthesis."""
    if "(" not in text:
        return text.split(mark)
    found: list[str] = []
    depth = 0
    for piece in text.split(mark):
        if depth:
            found[-1] += mark + piece
        else:
            found.append(piece)
        depth += piece.count("(") - piece.count(")")
    return found
