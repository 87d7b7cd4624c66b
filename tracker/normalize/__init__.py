"""Any archived body into a Document: HTML, PDF, Markdown, plain text."""

from tracker.normalize.corpus import CorpusHeader, policy_id, read_header
from tracker.normalize.document import NORMALIZER, normalize

__all__ = ["NORMALIZER", "CorpusHeader", "normalize", "policy_id", "read_header"]
