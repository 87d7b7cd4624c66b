"""The changelog site: histories in, files out. Writing them is left to publish/site.py.

One part per policy, made from its history alone, so that one history is in memory at a time; then
one part over all policies, made from the summaries the others left. See `parts`.
"""

from tracker.render.site.inputs import PolicyRef, SiteInput, of
from tracker.render.site.parts import pages, parts

__all__ = ["PolicyRef", "SiteInput", "of", "pages", "parts"]
