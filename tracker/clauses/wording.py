"""The words of effects.toml, compiled: what in a sentence binds, frees, excepts, counts or names.

Reads one sentence at a time; compares nothing.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from tracker.text import canonical, tokens

# "(30)" behind "thirty", and "-" between a number and its unit.
_BETWEEN = r"(?:\s*\(\s*\d+\s*\))?[\s-]*"
_YOUNGEST, _OLDEST = 10, 21  # a number in this range, on a clause on children, is an age


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language."""

    cues: Mapping[str, re.Pattern[str]]  # "duty", "option", "opt_in", ...
    recipients: Mapping[str, re.Pattern[str]]
    function: frozenset[str]
    general: frozenset[str]
    numbers: Mapping[str, int]
    quantity: re.Pattern[str]
    units: tuple[tuple[re.Pattern[str], float], ...]  # and days

    def holds(self, cue: str, text: str) -> str:
        """The words of `text` that are such a cue, "" where there are none."""
        found = self.cues[cue].search(text)
        return found[0] if found else ""

    def all(self, cue: str, text: str) -> frozenset[str]:
        return frozenset(found[0] for found in self.cues[cue].finditer(text))

    def negations(self, text: str) -> int:
        """How many words deny; the user's own word ("without your consent") does not count."""
        text = self.cues["seems"].sub(" ", self.without_consent(text))
        return sum(1 for _ in self.cues["negation"].finditer(text))

    def grants(self, text: str) -> bool:
        """Whether a sentence is on what the user may do, and not on what is done all the same.

        >>> wording("en").grants("you may opt out of marketing.")
        True
        >>> wording("en").grants("we use it for marketing; you may opt out.")
        False
        """
        found = self.cues["granted"].search(text)
        return found is not None and not self.holds("we", text[: found.start()])

    def without_consent(self, text: str) -> str:
        """`text` less what it says of the user's own word: "unless you agree" is no exception."""
        for cue in ("opt_in", "opt_out", "with_consent", "without"):
            text = self.cues[cue].sub(" ", text)
        return text

    def recipients_in(self, text: str) -> frozenset[str]:
        return frozenset(name for name, words in self.recipients.items() if words.search(text))

    def content(self, words: Iterable[str]) -> frozenset[str]:
        """The words that name something, spelling and plural folded.

        >>> sorted(wording("en").content(["we", "do", "not", "sell", "personalized", "ads"]))
        ['ad', 'personalised', 'sell']
        """
        return frozenset([stem(word) for word in words if word not in self.function])

    def telling(self, content: Iterable[str]) -> list[str]:
        """The content words that tell one object from another, sorted.

        >>> wording("en").telling({"share", "personal", "location", "data", "nobody"})
        ['location']
        """
        negation = self.cues["negation"]
        words = (word for word in content if word not in self.general)
        return sorted(word for word in words if not negation.fullmatch(word))

    def durations(self, text: str) -> frozenset[float]:
        """In days: "thirty (30) days" is 30, "12 months" as long as "one year"."""
        found = set()
        for match in self.quantity.finditer(text):
            for unit, days in self.units:
                if unit.fullmatch(match["unit"]):
                    found.add(round(self._number(match["number"]) * days, 1))
                    break
        return frozenset(found)

    def ages(self, text: str) -> frozenset[int]:
        """Numbers that can be an age limit; for sentences on children."""
        words = (word.strip(".") for word in tokens(text))
        found = {int(self._number(word)) for word in words if self._counts(word)}
        return frozenset(age for age in found if _YOUNGEST <= age <= _OLDEST)

    def _counts(self, word: str) -> bool:
        return word.isdecimal() or word in self.numbers

    def _number(self, word: str) -> float:
        return float(self.numbers[word] if word in self.numbers else word.replace(",", "."))


def fold(text: str) -> str:
    """What the words are looked for in."""
    return canonical(text).casefold()


@lru_cache(maxsize=16)
def wording(language: str) -> Wording:
    """The words of `language`; those of English where there are none."""
    shipped = _shipped()
    table = shipped.get(language.partition("-")[0].casefold(), shipped["en"])
    cues = (
        "negation",
        "seems",
        "duty",
        "option",
        "opt_in",
        "opt_out",
        "exception",
        "with_consent",
        "without",
        "granted",
        "we",
        "end",
        "hedge",
        "effort",
        "limit",
        "free",
        "fee",
        "told",
        "posted",
        "anonymising",
    )
    units = [pattern for patterns in table["units"].values() for pattern in patterns]
    number = "|".join([r"\d{1,4}(?:[.,]\d)?", *sorted(table["numbers"], key=len, reverse=True)])
    return Wording(
        cues={cue: _any(table[cue]) for cue in cues},
        recipients={name: _any(words) for name, words in table["recipients"].items()},
        function=frozenset(table["function"].split()),
        general=frozenset(map(stem, table["general"].split())),
        numbers=table["numbers"],
        quantity=re.compile(
            rf"(?<!\w)(?P<number>{number}){_BETWEEN}(?P<unit>{'|'.join(units)})(?!\w)"
        ),
        units=tuple(
            (_any(patterns), shipped["units"][unit]) for unit, patterns in table["units"].items()
        ),
    )


def _any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """British and American, singular and plural alike; languages are not mixed in one document."""
    folded = word.replace("iz", "is").replace("yz", "ys")
    return folded[:-1] if len(folded) > 2 and folded.endswith("s") else folded


@lru_cache(maxsize=1)
def _shipped() -> dict:  # type: ignore[type-arg]
    path = resources.files("tracker.clauses") / "effects.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
