"""What differs between two documents: blocks first, then words inside paired blocks."""

from tracker.compare.diff import compare

__all__ = ["compare"]
