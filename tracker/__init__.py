"""When did this company change what it promises, what exactly, and how do you know?"""

from tracker.clauses import find_clauses, tag
from tracker.compare import compare
from tracker.normalize import normalize

__all__ = ["compare", "find_clauses", "normalize", "tag"]
