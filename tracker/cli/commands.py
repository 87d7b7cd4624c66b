"""Every module with commands: importing them registers these."""

from tracker.cli import (
    alerts,
    crawl,
    demo,
    imports,
    plan,
    publish,
    read,
    reports,
    run,
    setup,
    topics,
)

__all__ = [
    "alerts",
    "crawl",
    "demo",
    "imports",
    "plan",
    "publish",
    "read",
    "reports",
    "run",
    "setup",
    "topics",
]
