"""Builders that keep tests to one line of arranging."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker import timestamps
from tracker.model import Block, Document

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"
# Development data beside a developer's checkout; never needed by what ships.
SHARED = ROOT.parent / "shared"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the development data folder ../shared is not on this machine"
)


def require(found: bool, what: str) -> None:
    """Skip where `what` is missing on a developer's machine; fail in CI, which must have it."""
    if found:
        return
    if os.environ.get("CI"):
        pytest.fail(f"CI must have {what}")
    pytest.skip(f"needs {what}")


def at(text: str) -> datetime:
    """at("2018-05-01") is that midnight, UTC."""
    return timestamps.parse(text)


def document(*lines: str, language: str = "en") -> Document:
    """A document from Markdown-like lines: "# heading", "- item", "| a | b |", else a paragraph."""
    blocks: list[Block] = []
    path: list[tuple[int, str]] = []
    for line in lines:
        section = tuple(text for _, text in path)
        if line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            text = line.lstrip("# ")
            path = [(n, t) for n, t in path if n < level]
            blocks.append(Block("heading", text, tuple(t for _, t in path), level=level))
            path.append((level, text))
        elif line.lstrip().startswith("- "):
            depth = (len(line) - len(line.lstrip())) // 2 + 1
            blocks.append(Block("item", line.strip()[2:], section, level=depth, marker="-"))
        elif line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
            blocks.append(Block("row", " | ".join(cells), section, cells=cells))
        else:
            blocks.append(Block("paragraph", line, section))
    title = next((b.text for b in blocks if b.kind == "heading"), "")
    return Document(title=title, blocks=tuple(blocks), language=language, rules="test")


NOON = datetime(2020, 1, 1, 12, tzinfo=UTC)
