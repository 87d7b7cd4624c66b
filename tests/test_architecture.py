"""The house's walls (ARCHITECTURE.md): imports point inwards, pure stages touch nothing."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "tracker"

SHARED = {"model", "errors", "timestamps", "text", "tomlfile", "urlkey"}
STAGES = {
    "watchlist",
    "cadence",
    "selection",
    "quality",
    "normalize",
    "versions",
    "compare",
    "clauses",
    "report",
    "alerts",
    "render",
}
EDGES = {"archive", "store", "publish", "config", "executors"}

MAY_IMPORT = {
    **dict.fromkeys(SHARED | STAGES | EDGES, SHARED),
    "config": SHARED | {"watchlist"},
    "pipeline": SHARED | STAGES | EDGES - {"config"},
    "cli": SHARED | STAGES | EDGES | {"pipeline"},
    "__main__": {"cli"},
    "__init__": {"normalize", "compare", "clauses"},
}
PURE_MAY_NOT_IMPORT = {
    "os",
    "random",
    "time",
    "socket",
    "subprocess",
    "logging",
    "requests",
    "httpx",
    "sqlmodel",
    "sqlalchemy",
    "sqlite3",
    "warcio",
    "smtplib",
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def owner(path: Path) -> str:
    """The top-level room a module belongs to: "normalize" for tracker/normalize/html.py."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Every module named by an import statement, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
            if node.module == "tracker":
                names |= {f"tracker.{alias.name}" for alias in node.names}
    return names


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda p: str(p.relative_to(PACKAGE)))


@each(MODULES)
def test_imports_point_inwards(path):
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("tracker.")}
    assert ours - {owner(path)} <= MAY_IMPORT[owner(path)]


@each([path for path in MODULES if owner(path) in SHARED | STAGES])
def test_stages_touch_nothing(path):
    assert not {name.split(".")[0] for name in imports(path)} & PURE_MAY_NOT_IMPORT


def test_every_room_is_in_the_picture():
    picture = (PACKAGE.parent / "ARCHITECTURE.md").read_text().partition("## The house")[2]
    rooms = {owner(path) for path in MODULES} - {"__init__", "__main__"}
    assert rooms <= set(re.findall(r"[a-z]+", picture.partition("Imports go")[0]))


@each(MODULES)
def test_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text())), "a module starts with its purpose"


@each([path for path in MODULES if owner(path) not in EDGES | {"timestamps"}])
def test_only_edges_read_the_clock(path):
    assert "timestamps.now" not in path.read_text() or owner(path) in {"pipeline", "cli"}
