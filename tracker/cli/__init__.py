"""The command line: options in, one pipeline call, lines out, exit code."""

from tracker.cli.app import main

__all__ = ["main"]
