"""Topics and stance: which clauses a policy has, and how they change."""

from tracker.clauses.changes import clause_changes
from tracker.clauses.check import Problem, Trial, check, try_out
from tracker.clauses.find import find_clauses
from tracker.clauses.law import citation_labels, dated_references, law_names, legal_events
from tracker.clauses.lexicon import Lexicon, load_lexicon, topics
from tracker.clauses.profile import profile
from tracker.clauses.tag import tag
from tracker.clauses.timeline import timeline

__all__ = [
    "Lexicon",
    "Problem",
    "Trial",
    "check",
    "citation_labels",
    "clause_changes",
    "dated_references",
    "find_clauses",
    "law_names",
    "legal_events",
    "load_lexicon",
    "profile",
    "tag",
    "timeline",
    "topics",
    "try_out",
]
