"""Which words differ between two wordings of one clause."""

from difflib import SequenceMatcher

from tracker.model import Edit

# Beyond this a word by word view of a "sentence" helps nobody, and difflib is quadratic.
_MOST_WORDS = 300


def edits(before: str, after: str) -> tuple[Edit, ...]:
    """From one wording to the other, word by word; () where nothing would be learned from it.

    >>> [(edit.kind, edit.text) for edit in edits("We may share data", "We will share data")]
    [('equal', 'We'), ('delete', 'may'), ('insert', 'will'), ('equal', 'share data')]
    """
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > _MOST_WORDS:
        return ()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.5:  # two sentences, not one reworded
        return ()
    return tuple(
        edit
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        for edit in _parts(tag == "equal", " ".join(old[i1:i2]), " ".join(new[j1:j2]))
    )


def _parts(equal: bool, old: str, new: str) -> list[Edit]:
    if equal:
        return [Edit("equal", new)]
    return [Edit("delete", old)] * bool(old) + [Edit("insert", new)] * bool(new)
