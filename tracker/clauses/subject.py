"""What a text is about: data on people, or a contract.

In a privacy policy all is about data. In terms of service a right may be one to a refund, and a
third party one that claims damages: topics on data are believed there only where a word on data is
near, in the sentence, the one that leads its list in, a heading over it, or much of its section;
and not in a sentence on liability, licences or disputes, whatever it names in passing.
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache

from tracker.clauses.finder import Finder
from tracker.clauses.lexicon import TopicEntry, shipped
from tracker.clauses.phrases import Phrase, fold
from tracker.model import Block, Document
from tracker.text import sentences

MOST = 0.5  # of a document's sentences speak of data: it is a privacy policy, whatever its title
MUCH = 0.3  # of a section's
FEW = 10  # sentences of a document that is too short to tell


class Subject:
    """What a document is about, and where; what nobody asks for is not worked out."""

    def __init__(self, document: Document, language: str) -> None:
        self._document, self._language = document, language
        self._sections: dict[tuple[str, ...], bool] = {}

    def fits(
        self, entry: TopicEntry, section: tuple[str, ...], lead: str, sentence: str, *, words: bool
    ) -> bool:
        """Whether a topic can be meant in a sentence; `words` where no phrase found it, only what
        words weigh in privacy policies."""
        if self._is_policy:
            return True
        if words or contractual(entry, f"{lead} {sentence}", self._language):
            return False
        return not entry.anchored or self._near(section, lead, sentence)

    @cached_property
    def _is_policy(self) -> bool:
        title, blocks = self._document.title, self._document.blocks
        if speaks("data", title, self._language) and not speaks("agreement", title, self._language):
            return True
        said = _said(blocks)
        return len(said) < FEW or self._reaches(said, MOST)

    def _near(self, section: tuple[str, ...], lead: str, sentence: str) -> bool:
        over = [heading for heading in section if heading != self._document.title]
        near = (sentence, lead, *over)
        return any(speaks("data", text, self._language) for text in near) or self._much(section)

    def _much(self, section: tuple[str, ...]) -> bool:
        if section not in self._sections:
            own = _said(block for block in self._document.blocks if block.section == section)
            self._sections[section] = self._reaches(own, MUCH)
        return self._sections[section]

    def _reaches(self, said: list[str], share: float) -> bool:
        """Whether such a share of sentences speaks of data; no more are read than tell."""
        missing, spare = share * len(said), (1 - share) * len(said)
        for sentence in said:
            if speaks("data", sentence, self._language):
                missing -= 1
            else:
                spare -= 1
            if missing <= 0 or spare < 0:
                break
        return missing <= 0


def contractual(entry: TopicEntry, text: str, language: str) -> bool:
    """Whether a text is on contracts, and so on no such topic: what the company does with data."""
    return (entry.anchored or entry.practice) and speaks("contract", text, language)


@lru_cache(maxsize=50_000)
def speaks(subject: str, text: str, language: str) -> bool:
    """Whether a text has a word of subjects.toml on "data" about people, or on a "contract".

    >>> speaks("data", "Your personal data stays here.", "en")
    True
    """
    return bool(_words(subject, language).hits(fold(text)))


@lru_cache(maxsize=64)
def _words(subject: str, language: str) -> Finder:
    table = shipped("subjects")
    return Finder(Phrase("", text) for text in table.get(language, table["en"])[subject])


def _said(blocks: Iterable[Block]) -> list[str]:
    return [s for block in blocks if block.kind != "heading" for s in sentences(block.text)]
