"""Text that a page carries twice: one copy for wide and one for narrow screens."""

from tracker.normalize.shapes import Line

# Share of the page's characters; contracts repeat a clause, but not a third of themselves.
_SHARE = 0.3
_TELLING = 10  # characters; shorter lines repeat by chance
_STEPS = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0))  # lines one of the copies has more


def drop_copies(lines: list[Line]) -> None:
    """Mark the later copy of a long run of lines."""
    kept = [line for line in lines if not line.dropped]
    texts = [line.text for line in kept]
    size = sum(map(len, texts))
    enough = _SHARE * size
    if size - sum(map(len, set(texts))) < enough:  # what is there twice, in runs or not
        return
    first: dict[str, int] = {}
    n = 0
    while n < len(kept):
        text = kept[n].text
        origin = first.setdefault(text, n)
        run = _run(kept, origin, n) if origin < n and len(text) >= _TELLING else []
        if run and sum(len(line.text) for line in run) >= enough:
            for line in run:
                line.dropped = "a second copy of the text"
        n += max(1, len(run))


def _run(lines: list[Line], origin: int, copy: int) -> list[Line]:
    """The lines from `copy` on that repeat those from `origin` on, stray ones passed over."""
    found: list[Line] = []
    end = copy
    while origin < end and copy < len(lines):
        if lines[origin].text == lines[copy].text:
            found.append(lines[copy])
            origin, copy = origin + 1, copy + 1
            continue
        step = next((s for s in _STEPS if _meet(lines, origin + s[0], copy + s[1])), None)
        if step is None:
            break
        origin, copy = origin + step[0], copy + step[1]
    return found


def _meet(lines: list[Line], origin: int, copy: int) -> bool:
    """Whether two lines exist and are equal."""
    return max(origin, copy) < len(lines) and lines[origin].text == lines[copy].text
