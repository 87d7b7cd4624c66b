"""Every module with commands, in the order `--help` shows them."""

from tracker.cli import setup  # noqa: F401  isort: skip
from tracker.cli import demo  # noqa: F401  isort: skip
from tracker.cli import plan  # noqa: F401  isort: skip
from tracker.cli import crawl  # noqa: F401  isort: skip
from tracker.cli import imports  # noqa: F401  isort: skip
from tracker.cli import read  # noqa: F401  isort: skip
from tracker.cli import reports  # noqa: F401  isort: skip
from tracker.cli import topics  # noqa: F401  isort: skip
from tracker.cli import publish  # noqa: F401  isort: skip
from tracker.cli import alerts  # noqa: F401  isort: skip
from tracker.cli import run  # noqa: F401  isort: skip
