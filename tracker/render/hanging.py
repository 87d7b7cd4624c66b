"""Wrapped lines for terminals that keep their indentation."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions
from rich.text import Text

_NARROWEST = 20


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
