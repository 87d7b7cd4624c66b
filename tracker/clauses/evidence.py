"""What the words of a sentence say about it, learned from sentences that people put in categories.

The lexicon knows phrases; it can know neither every wording, nor that "the services offered on the
site" is no sharing. topics/evidence.en.toml holds what a word, a pair of words or the phrases of a
topic add to the log odds of each category of an annotated corpus; they were weighed together
(`benchmarks/learn_weights.py`). A sentence above 0 is of the category. Where the lexicon has no
topic for it, it gives one; a topic none of whose categories the sentence is of is doubted. A
language without such a file rests on its lexicon alone.
"""

import re
import struct
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from math import sqrt
from typing import Any

from tracker.clauses.phrases import Words, cut

GIVES = 0.2  # log odds of a category that gives a topic of itself
PHRASE = 0.2  # log odds below 0 that each more of a topic's weight in phrases makes up for
ENOUGH = 2.0  # weight of a topic's phrases; more adds nothing
FEWEST = 4  # words of a sentence that is given a topic: less is a label
TYPICAL = 20  # words of a sentence; those of a longer one count less each
FAMILIAR = 0.75  # of a sentence's words; where the weights know fewer, they say nothing of it
SHORTEST = 8  # words: below that, each counts no more for standing among few; nothing is doubted
CARRIERS = 3  # words that a rule names
LANE = 32  # bits: a whole number in `struct`
_LAST = (1 << LANE) - 1
_MIDDLE = 1 << LANE - 1
_WORD = re.compile(r"[a-z]+|\d+|@")
_ENDINGS = ("ing", "ed", "es", "s")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without the endings that change nothing here; any number is "#".

    >>> [stem(w) for w in ("policies", "policy", "encrypted", "13")]
    ['polici', 'polici', 'encrypt', '#']
    """
    if word[0].isdigit():
        return "#"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] in "ey":
        word = word[:-1] + ("i" if word[-1] == "y" else "")
    return word


@dataclass(frozen=True, slots=True)
class Category:
    """A category of the corpus, and the topics that are of it."""

    name: str
    topics: frozenset[str]
    gives: tuple[tuple[str, frozenset[str]], ...]  # the first topic with one of its words
    narrow: bool  # ours is narrower than the corpus's: only sentences with such words are of it

    def topic(self, stems: Collection[str]) -> str:
        """The topic that a sentence of the category is given; "" where no word names one."""
        return next((topic for topic, own in self.gives if not own.isdisjoint(stems)), "")


@dataclass(frozen=True, slots=True)
class Given:
    """A topic on the evidence of words alone."""

    topic: str
    words: tuple[str, ...]  # that speak most for it, heaviest first
    start: int  # of the heaviest, in the folded text
    end: int
    log_odds: float


def _category(name: str, topics: str, *, narrow: bool = False, **gives: str) -> Category:
    choices = tuple((topic, frozenset(map(stem, words.split()))) for topic, words in gives.items())
    return Category(name, frozenset(topics.split()), choices, narrow)


CATEGORIES = (
    _category(
        "First Party Collection",
        "data_collected data_sources cookies_tracking location recording_monitoring sensitive_data",
        data_collected="collect gather receive obtain record log store provide submit enter"
        " information data address name details photos",
    ),
    _category(
        "Third Party Sharing",
        "third_party_sharing service_providers sale_of_data merger_transfer law_enforcement"
        " third_party_links",
        third_party_sharing="share disclose disclosure partner affiliate transfer sell"
        " vendors providers recipients others public visible behalf",
    ),
    _category(
        "Usage",
        "purposes analytics ads_personalised direct_marketing",
        purposes="use used using purpose improve personalize personalise customize tailor analyze"
        " enhance operate provide deliver respond prevent detect process help enable send ensure"
        " communicate complete market marketing advertise",
    ),
    _category(
        "Data Retention",
        "retention",
        narrow=True,  # the corpus files there, too, where data is stored
        retention="keep kept retain retention period long longer days months years until"
        " duration indefinitely expire permanently lifetime",
    ),
    _category(
        "Data Security",
        "security",
        security="secure security protect protection encrypt encryption safeguard unauthorized"
        " confidential password firewall ssl",
    ),
    _category(
        "Edit/Control",
        "rights_access rights_erasure rights_object choice_optout consent",
        rights_erasure="delete deletion erase erasure",
        rights_object="object objection restrict restriction",
        consent="consent permission",
        rights_access="access correct correction rectify rectification copy portability download"
        " export right exercise",
        choice_optout="opt choose choice unsubscribe disable refuse decline reject block settings"
        " preferences turn off stop control option limit manage remove",
    ),
    _category(
        "Contact Information",
        "contact_dpo complaint",
        contact_dpo="contact mail email write call questions phone reach officer letter attn @",
    ),
    _category(
        "Policy Change",
        "policy_change",
        narrow=True,  # the corpus files there, too, what does not work without cookies
        policy_change="change update amend revise modify modification revision alter version"
        " effective",
    ),
    _category(
        "Specific Audiences",
        "children us_state_rights international_transfer",
        children="child children minor parent parental guardian kid teen",
        us_state_rights="california californian nevada virginia colorado connecticut utah ccpa",
        international_transfer="transfer transferred countries country",
    ),
)
# Topics that sentences of several categories may be on: "you may refuse advertising e-mails".
_WIDE = {
    "data_sources": {"Third Party Sharing"},
    "purposes": {"First Party Collection"},
    "analytics": {"First Party Collection", "Third Party Sharing"},
    "direct_marketing": {"First Party Collection", "Third Party Sharing", "Edit/Control"},
    "third_party_sharing": {"Edit/Control"},
    "service_providers": {"Data Security"},
    "contact_dpo": {"Edit/Control"},
}
# Their phrases are never doubted: few, exact, and what readers look for.
_CERTAIN = frozenset(
    "sale_of_data merger_transfer international_transfer children recording_monitoring"
    " sensitive_data cookies_tracking complaint ads_personalised location third_party_links".split()
)
# Where the categories that a topic may be of stand among the scores.
_PLACES = {
    topic: tuple(
        place
        for place, category in enumerate(CATEGORIES)
        if topic in category.topics or category.name in _WIDE.get(topic, ())
    )
    for topic in frozenset().union(*(category.topics for category in CATEGORIES)) - _CERTAIN
}


_LANES = struct.Struct(f"<{len(CATEGORIES)}i")
_ZERO = sum(_MIDDLE << LANE * place for place in range(len(CATEGORIES)))


class Evidence:
    """The weights of one language, ready to be added up.

    Those of a feature for all categories are one number, LANE bits for each, in tenths: `sum` adds
    them three times as fast as a loop over the categories. Dict and set look the words up.
    """

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._base = sum(
            round(tables[category.name]["base"] * 10_000) << LANE * place
            for place, category in enumerate(CATEGORIES)
        )
        self._words: dict[str, int] = {}
        self._pairs: dict[tuple[str, ...], int] = {}
        self._phrases: dict[str, int] = {}
        self._stems = _Stems()
        for place, category in enumerate(CATEGORIES):
            for line in tables[category.name]["weights"].splitlines():
                weight, *words = line.split()  # "+1.2 opt out", "+2.3 [choice_optout]"
                add = round(float(weight) * 10) << LANE * place
                if words[0][0] == "[":
                    topic = words[0].strip("[]")
                    self._phrases[topic] = self._phrases.get(topic, 0) + add
                elif len(words) == 1:
                    one = stem(words[0])
                    self._words[one] = self._words.get(one, 0) + add
                else:
                    pair = tuple(map(stem, words))
                    self._pairs[pair] = self._pairs.get(pair, 0) + add

    def judge(
        self, folded: str, phrases: Mapping[str, float], topics: Collection[str]
    ) -> tuple[frozenset[str], list[Given]]:
        """Which topics found in a sentence are doubtful; which others it has.

        `phrases` tells what each topic's phrases weigh, also where that is not enough for a topic.
        """
        words, stems = self._read(folded)
        scores = self._scores(stems, phrases)
        long = folded.count(" ") >= SHORTEST
        doubted = [
            topic
            for topic in topics
            if long
            and topic in _PLACES
            and max([scores[at] for at in _PLACES[topic]]) < -PHRASE * max(0, phrases[topic] - 1)
        ]
        missing = []
        for place, score in enumerate(scores):
            if score >= GIVES and CATEGORIES[place].topics.isdisjoint(topics):
                missing += self._given(words, stems, place, score)
        if (doubted or missing) and not self._knows(stems):
            return frozenset(), []
        return frozenset(doubted), missing

    def _knows(self, stems: list[str]) -> bool:
        """Whether enough of a sentence's words were weighed to judge it."""
        return sum(stem in self._words for stem in stems) >= FAMILIAR * len(stems)

    def scores(self, folded: str, phrases: Mapping[str, float]) -> list[float]:
        """The log odds of each category, in their order; above 0 the sentence is of it."""
        return self._scores(self._read(folded)[1], phrases)

    def _scores(self, stems: list[str], phrases: Mapping[str, float]) -> list[float]:
        words, pairs, own = self._words, self._pairs, self._phrases
        seen = sum(map(words.__getitem__, words.keys() & stems))
        seen = sum(map(pairs.__getitem__, pairs.keys() & pairwise(stems)), seen)
        # Tenths times thousandths, and hundredths: in ten thousandths.
        total = self._base + seen * round(scale(len(stems)) * 1000)
        for topic in phrases:
            if topic in own:
                total += own[topic] * round(min(phrases[topic], ENOUGH) * 10) * 100
        return [lane / 10_000 for lane in _lanes(total)]

    def _given(self, words: Words, stems: list[str], place: int, log_odds: float) -> list[Given]:
        """The topic of a category that a sentence is given, if any, with the words for it."""
        topic = CATEGORIES[place].topic(stems)
        if not topic or len(stems) < FEWEST:
            return []
        weights: dict[str, float] = dict.fromkeys(sorted(stems), 0)
        for word in self._words.keys() & stems:
            weights[word] = _lane(self._words[word], place)
        for pair in self._pairs.keys() & pairwise(stems):
            for word in pair:
                weights[word] += _lane(self._pairs[pair], place) / 2
        heaviest = sorted(weights, key=weights.__getitem__, reverse=True)[:CARRIERS]
        first, *_ = places = [stems.index(word) for word in heaviest]
        start, end = words.starts[first], words.starts[first] + len(words.words[first])
        return [Given(topic, tuple(words.words[at] for at in places), start, end, log_odds)]

    def _read(self, folded: str) -> tuple[Words, list[str]]:
        """The words of a text and their stems. An @ is a word here, and "3rd" is two."""
        if len(self._stems) > 100_000:
            self._stems.clear()
        words = cut(folded)
        stems = list(map(self._stems.__getitem__, words.words))
        if "" in stems or "@" in folded:
            tokens = list(_WORD.finditer(folded))
            words = Words([token[0] for token in tokens], [token.start() for token in tokens])
            stems = list(map(stem, words.words))
        return words, stems


class _Stems(dict[str, str]):
    """Stems of words, remembered; "" for what is not one word."""

    def __missing__(self, word: str) -> str:
        return self.setdefault(word, stem(word) if _WORD.fullmatch(word) else "")


def _lanes(total: int) -> tuple[int, ...]:
    """The number in each lane."""
    # With the middle added no lane borrows from the next; its bit turned, it is the sign.
    return _LANES.unpack((total + _ZERO ^ _ZERO).to_bytes(_LANES.size, "little"))


def _lane(total: int, place: int) -> int:
    return (total + _ZERO >> LANE * place & _LAST) - _MIDDLE


def features(folded: str) -> tuple[list[str], int]:
    """Every word and pair of a folded text, stemmed, and how many words it has."""
    stems = [stem(word) for word in _WORD.findall(folded)]
    pairs = (f"{a} {b}" for a, b in pairwise(stems))
    return sorted({*stems, *pairs}), len(stems)


@lru_cache(maxsize=1_000)
def scale(words: int) -> float:
    """How much each feature counts in a sentence of so many words."""
    return sqrt(TYPICAL / max(words, SHORTEST))


@lru_cache(maxsize=8)
def evidence_for(language: str) -> Evidence | None:
    """The weights of a language, if it has any."""
    file = resources.files("tracker.clauses").joinpath("topics", f"evidence.{language}.toml")
    return Evidence(tomllib.loads(file.read_text("utf-8"))) if file.is_file() else None
