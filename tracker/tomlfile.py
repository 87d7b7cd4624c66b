"""TOML whose errors name file, line, key and what was expected. Reads no files itself."""

import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from tracker.errors import ConfigError
from tracker.text import nearest

Path = tuple[str | int, ...]
_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?")


class Table:
    """One table. Every `take` removes a key from those still unread, `close` refuses the rest."""

    def __init__(self, values: Mapping[str, Any], source: str, name: str, path: Path = ()) -> None:
        self.values = values
        self.source = source
        self.name = name
        self.path = path
        self.known: set[str] = set()

    def error(self, key: str, message: str) -> ConfigError:
        line = line_of(self.source, (*self.path, key) if key else self.path)
        where = f"{self.name}:{line}: " if line else f"{self.name}: "
        return ConfigError(where + message)

    def take(self, key: str, kind: type, expected: str) -> Any:
        """The value, None where absent; an error where it is of another type."""
        self.known.add(key)
        value = self.values.get(key)
        if value is None or (isinstance(value, kind) and not _disguised(value, kind)):
            return value
        raise self.error(key, f'"{key}" is {value!r}; expected {expected}')

    def text(self, key: str) -> str | None:
        value: str | None = self.take(key, str, "a text in quotes")
        return value

    def required(self, key: str) -> str:
        value = self.text(key)
        if not value:
            raise self.error("", f'{self._label()} has no "{key}"; add {key} = "..."')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        if isinstance(self.values.get(key), str):
            return (self.take(key, str, ""),)
        values = self.take(key, list, 'a list of texts, like ["a", "b"]') or []
        if wrong := [value for value in values if not isinstance(value, str)]:
            raise self.error(key, f'"{key}" holds {wrong[0]!r}; expected texts in quotes')
        return tuple(values)

    def day(self, key: str) -> date | None:
        """A date; a text that reads as one is accepted too."""
        self.known.add(key)
        value = self.values.get(key)
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                value = self.values[key]
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self.error(
                key, f'"{key}" is {value!r}, not a date; expected YYYY-MM-DD, e.g. 2016-01-31'
            )
        return value

    def tables(self, key: str) -> list["Table"]:
        """The tables of an array, whether written [[key]] or inline."""
        self.known.add(key)
        values = self.values.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.error(key, f'"{key}" must be tables, written [[{key}]]')
        return [
            Table(value, self.source, self.name, (*self.path, key, index))
            for index, value in enumerate(values)
        ]

    def entries(self, key: str) -> list["str | Table"]:
        """The entries of a list of texts, tables or both."""
        values = self.take(key, list, "a list") or []
        if wrong := [value for value in values if not isinstance(value, str | dict)]:
            raise self.error(key, f'"{key}" holds {wrong[0]!r}; expected texts in quotes or tables')
        return [
            value
            if isinstance(value, str)
            else Table(value, self.source, self.name, (*self.path, key, index))
            for index, value in enumerate(values)
        ]

    def table(self, key: str) -> "Table":
        self.known.add(key)
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.error(key, f'"{key}" must be a table, written [{key}]')
        return Table(value, self.source, self.name, (*self.path, key))

    def close(self) -> None:
        """Refuse keys nobody asked for, with the nearest one that exists."""
        for key in self.values:
            if key not in self.known:
                raise self.error(key, unknown(key, self.known, self._label()))

    def _label(self) -> str:
        names = [str(part) for part in self.path if isinstance(part, str)]
        ident = self.values.get("id")
        if not names:
            return ""
        return f"[{'.'.join(names)}]" + (f' "{ident}"' if isinstance(ident, str) else "")


def load(source: str, name: str) -> Table:
    """The root table of TOML text; ConfigError names the line where it is no TOML."""
    try:
        return Table(tomllib.loads(source), source, name)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: not valid TOML: {error}; mend that line") from error


def unknown(key: str, known: Collection[str], where: str) -> str:
    close = nearest(key, known)
    hint = f'did you mean "{close}"?' if close else f"known keys: {', '.join(sorted(known))}"
    return f'{where}{": " if where else ""}unknown key "{key}"; {hint}'


def line_of(source: str, path: Path) -> int:
    """The line on which `path` is set, 0 where it cannot be told.

    >>> line_of("[a]\\nx = 1\\n[[b]]\\n[[b]]\\nurls = [\\n  {ur = 1}]", ("b", 1, "urls", 0, "ur"))
    6
    """
    names = [part for part in path if isinstance(part, str)]
    index = next((part for part in path if isinstance(part, int)), 0)
    seen = -1
    inside = len(names) < 2  # a key above every header
    header_line = 0
    for number, line in enumerate(source.splitlines(), 1):
        if header := _HEADER.match(line):
            same = header.group(1).strip().strip("\"'") == names[0] if names else False
            seen += same
            inside = same and (seen == index or not line.lstrip().startswith("[["))
            header_line = number if inside else header_line
            if inside and len(names) == 1:
                return number
        elif (
            inside and names and re.search(rf"(^|[{{,\s\"']){re.escape(names[-1])}[\"']?\s*=", line)
        ):
            return number
    return header_line


def _disguised(value: object, kind: type) -> bool:
    """bool is an int to Python, not to a reader of settings."""
    return isinstance(value, bool) and kind is not bool
