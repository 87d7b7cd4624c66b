"""Since when the latest version's clauses have been there."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tracker.clauses.pairing import pair
from tracker.clauses.passages import Passage, passage
from tracker.model import Clause, ProfileEntry, Version

# A text that came back so soon was never gone; a clause is not younger for it.
_FLAP = timedelta(days=30)


def profile(
    versions: Sequence[Version], clauses: Mapping[int, Sequence[Clause]]
) -> tuple[ProfileEntry, ...]:
    """Every clause of the latest version, in reading order, with the window it came in.

    `clauses` is by version number. A reworded clause is as old as its first wording with the same
    stance; one that was turned round is as old as its turn.
    """
    if not versions:
        return ()
    steady = _steady(versions)
    language = versions[-1].document.language
    latest = [passage(clause, language) for clause in clauses[steady[-1][-1].number]]
    born = {id(found): len(steady) - 1 for found in latest}
    living = {id(found): found for found in latest}  # the latest clause's id -> its ancestor so far
    for index in range(len(steady) - 2, -1, -1):
        older = [passage(clause, language) for clause in clauses[steady[index][-1].number]]
        living = _ancestors(living, older)
        born.update(dict.fromkeys(living, index))
    return tuple(ProfileEntry(found.clause, *_window(steady, born[id(found)])) for found in latest)


def _ancestors(living: Mapping[int, Passage], older: Sequence[Passage]) -> dict[int, Passage]:
    """What each living clause was in the older text, where it was there with the same stance."""
    origin = {id(found): first for first, found in living.items()}
    ancestors = {}
    for topic in dict.fromkeys(found.clause.topic for found in living.values()):
        new = [found for found in living.values() if found.clause.topic == topic]
        old = [found for found in older if found.clause.topic == topic]
        for pairing in pair(old, new, {}).pairs:
            if pairing.before.clause.stance == pairing.after.clause.stance:
                ancestors[origin[id(pairing.after)]] = pairing.before
    return ancestors


def _steady(versions: Sequence[Version]) -> list[list[Version]]:
    """Versions in order, each with its quick returns; what lay between is left out."""
    steady: list[list[Version]] = []
    for version in versions:
        for place in range(len(steady) - 1, -1, -1):
            last = steady[place][-1]
            if version.first_seen.captured_at - last.last_seen.captured_at > _FLAP:
                continue
            if last.text_sha256 == version.text_sha256:
                del steady[place + 1 :]
                steady[place].append(version)
                break
        else:
            steady.append([version])
    return steady


def _window(steady: Sequence[Sequence[Version]], born: int) -> tuple[datetime | None, datetime]:
    after = steady[born - 1][-1].last_seen.captured_at if born else None
    return after, steady[born][0].first_seen.captured_at
