"""Topics and stance: which clauses a policy has, and how they change."""

from tracker.clauses.find import find_clauses
from tracker.clauses.lexicon import Lexicon, load_lexicon, topics
from tracker.clauses.tag import tag

__all__ = ["Lexicon", "find_clauses", "load_lexicon", "tag", "topics"]
