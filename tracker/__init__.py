"""When did this company change what it promises, what exactly, and how do you know?"""

from tracker.normalize import normalize

__all__ = ["normalize"]
