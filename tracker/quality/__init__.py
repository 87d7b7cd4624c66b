"""Is a capture what it claims to be?"""

from tracker.quality.findings import judge

__all__ = ["judge"]
