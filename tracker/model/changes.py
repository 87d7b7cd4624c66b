"""What happened between two versions: blocks, words, clauses."""

from dataclasses import dataclass
from typing import Literal

from tracker.model.versions import Window

Stance = Literal["asserts", "denies", "conditional"]
BlockChangeKind = Literal["equal", "moved", "moved-changed", "changed", "added", "removed"]
ClauseChangeKind = Literal["appeared", "vanished", "reworded", "moved", "reversed"]
ChangeKind = Literal["substantive", "editorial", "flap", "date-only"]


@dataclass(frozen=True, slots=True)
class Edit:
    kind: Literal["equal", "insert", "delete"]
    text: str


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One block of the old, the new, or both; edits only where both exist and differ."""

    kind: BlockChangeKind
    before: int | None  # index into the old document's blocks
    after: int | None
    edits: tuple[Edit, ...] = ()
    renumbered: bool = False  # a heading or item whose number alone changed (kind "equal", "moved")
    # Further blocks of a paragraph that was cut in pieces, or put together; the edits cover them.
    joined_before: tuple[int, ...] = ()
    joined_after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """Every block of both documents exactly once, in the new document's reading order;
    removed blocks stand where they stood."""

    blocks: tuple[BlockChange, ...]
    words_added: int = 0
    words_removed: int = 0

    @property
    def identical(self) -> bool:
        return all(block.kind == "equal" and not block.renumbered for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence or list item that speaks on a topic."""

    topic: str  # "ads_personalised", or with a facet "international_transfer.eu_us_privacy_shield"
    stance: Stance
    quote: str  # as written
    section: str  # nearest heading, "" above the first
    rule: str  # the lexicon entry that matched, for the reader to check
    block: int  # index into the document's blocks
    action: str = ""  # what is done or not: "sell", "share"; a lemma of the lexicon
    # The sentence that introduces the list of an item, ending in a colon; the name of a cell's row.
    lead_in: str = ""

    @property
    def in_list(self) -> bool:
        return self.lead_in.endswith((":", ": *"))


@dataclass(frozen=True, slots=True)
class ClauseChange:
    topic: str
    kind: ClauseChangeKind
    before: Clause | None  # None where it appeared
    after: Clause | None  # None where it vanished
    rule: str  # why it was paired and named so
    severity: int = 0  # 0 editorial ... 100 reversed; see clauses/severity.py
    reason: str = ""  # of the severity, in words
    effect: Literal["", "weakened", "strengthened"] = ""
    instruments: tuple[str, ...] = ()  # of law that `after` names and `before` does not


@dataclass(frozen=True, slots=True)
class Change:
    """Two neighbouring versions of one policy."""

    policy: str
    before: int  # version numbers
    after: int
    kind: ChangeKind
    window: Window
    diff: Diff
    clauses: tuple[ClauseChange, ...] = ()
    labels: tuple[str, ...] = ()  # "silent", "backdated", "returns to version 3", "across archives"

    @property
    def severity(self) -> int:
        return max((clause.severity for clause in self.clauses), default=0)
