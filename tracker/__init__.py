"""When did this company change what it promises, what exactly, and how do you know?"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.clauses import find_clauses, tag
    from tracker.compare import compare
    from tracker.normalize import normalize

__all__ = ["compare", "find_clauses", "normalize", "tag"]


class _Package(ModuleType):
    """Loads the four functions when they are asked for: `--help` and completion need none of
    them."""

    def __getattr__(self, name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        stage = name if name in ("compare", "normalize") else "clauses"
        found = getattr(import_module(f"{__name__}.{stage}"), name)
        setattr(self, name, found)
        return found

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})

    def __setattr__(self, name: str, value: object) -> None:
        """An imported submodule becomes an attribute, but not in place of the function: two of
        them share their name with their stage."""
        if name not in __all__ or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
