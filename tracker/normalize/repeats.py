"""Text that a page carries twice: one copy for wide and one for narrow screens."""

from tracker.normalize.shapes import Line

_SHARE = (
    0.3  # of the page's characters; contracts do repeat a clause, but not a third of themselves
)


def drop_copies(lines: list[Line]) -> None:
    """Mark the later copy of a long run of lines."""
    kept = [line for line in lines if not line.dropped]
    enough = _SHARE * sum(len(line.text) for line in kept)
    first: dict[str, int] = {}
    n = 0
    while n < len(kept):
        text = kept[n].text
        origin = first.setdefault(text, n)
        length = _run(kept, origin, n) if origin < n and len(text) >= 10 else 0
        if length and sum(len(line.text) for line in kept[n : n + length]) >= enough:
            for line in kept[n : n + length]:
                line.dropped = "a second copy of the text"
        n += max(1, length)


def _run(lines: list[Line], origin: int, copy: int) -> int:
    """How many lines from `copy` on repeat those from `origin` on."""
    length = 0
    while (
        copy + length < len(lines)
        and origin + length < copy
        and lines[origin + length].text == lines[copy + length].text
    ):
        length += 1
    return length
