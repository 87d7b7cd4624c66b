"""What keeps its shape on narrow terminals: wrapped lines their indentation, tables their dates."""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Column, Table
from rich.text import Text

_NARROWEST = 20
_PROSE = 6  # columns of prose may become so narrow
_GAP = 2  # between columns


@dataclass(frozen=True, slots=True)
class Hanging:
    """Wrapped text behind a prefix that later lines leave free."""

    prefix: str
    text: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        width = max(options.max_width - len(self.prefix), _NARROWEST)
        for index, line in enumerate(self.text.wrap(console, width)):
            line.rstrip()
            yield Text(" " * len(self.prefix) if index else self.prefix, self.text.style) + line


class Columns(Table):
    """A table without lines that cuts nothing: columns of `prose` wrap, the others never do, and
    where even that is too wide the terminal wraps the lines."""

    def __init__(self, *columns: str, prose: Container[str]) -> None:
        super().__init__(box=None, padding=(0, _GAP, 0, 0), header_style="bold")
        for column in columns:
            self.add_column(column, overflow="fold", no_wrap=column not in prose)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self._width(_PROSE) > options.max_width:
            options = options.update_width(max(options.max_width, self._width(_NARROWEST)))
        return super().__rich_console__(console, options)

    def _width(self, prose: int) -> int:
        """What it takes where prose is given so much."""
        return sum(
            _GAP + (_widest(column) if column.no_wrap else min(_widest(column), prose))
            for column in self.columns
        )


def _widest(column: Column) -> int:
    return max(len(str(cell)) for cell in (column.header, *column.cells))
