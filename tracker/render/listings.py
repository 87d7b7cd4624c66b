"""Listings as values for JSON: what `--json` prints of them. Pure."""

from collections.abc import Sequence
from typing import Any

from tracker import timestamps
from tracker.model import (
    Capture,
    Delivery,
    Diff,
    Document,
    Failure,
    Health,
    History,
    Run,
    SearchHit,
    Topic,
    TopicTimeline,
    Version,
    Window,
)
from tracker.render import json as json_form
from tracker.text import fingerprint

Json = dict[str, Any]


def planned(policy: str, capture: Capture, action: str, reason: str) -> Json:
    """A row of `captures`."""
    return {
        "policy": policy,
        "captured_at": timestamps.iso(capture.at),
        "timestamp": capture.timestamp,
        "url": capture.original,
        "status": capture.status,
        "mimetype": capture.mimetype,
        "digest": capture.digest,
        "memento_url": capture.memento_url,
        "plan": action,
        "reason": reason,
    }


def diff(before: Version, after: Version, found: Diff) -> Json:
    old, new = before.document.blocks, after.document.blocks
    return {
        "from": before.number,
        "to": after.number,
        "words": {"added": found.words_added, "removed": found.words_removed},
        "blocks": [
            {
                "kind": block.kind,
                "before": None if block.before is None else old[block.before].text,
                "after": None if block.after is None else new[block.after].text,
                "edits": [{"kind": edit.kind, "text": edit.text} for edit in block.edits],
                "renumbered": block.renumbered,
            }
            for block in found.blocks
        ],
    }


def timeline(shown: TopicTimeline) -> Json:
    return {
        "topic": shown.topic,
        "policies": [
            {
                "id": history.policy,
                "periods": [
                    {
                        "stance": period.stance,
                        "versions": list(period.versions),
                        "after": period.after and timestamps.iso(period.after),
                        "by": timestamps.iso(period.by),
                        "last_seen": timestamps.iso(period.last_seen),
                        "gone_by": period.gone_by and timestamps.iso(period.gone_by),
                    }
                    for period in history.periods
                ],
                "reversals": [_window(window) for window in history.reversals],
            }
            for history in shown.policies
        ],
        "months": [
            {
                "month": share.month.isoformat()[:7],
                "policies": share.policies,
                "asserts": share.asserts,
                "denies": share.denies,
                "conditional": share.conditional,
            }
            for share in shown.months
        ],
        "events": [
            {
                "on": event.on.isoformat(),
                "term": event.term,
                "name": event.name,
                "event": event.event,
            }
            for event in shown.events
        ],
    }


def _window(window: Window) -> Json:
    return {
        "after": timestamps.iso(window.after),
        "by": timestamps.iso(window.by),
        "days": window.days,
    }


def search_hit(hit: SearchHit) -> Json:
    return {
        "policy": hit.policy,
        "versions": list(hit.versions),
        "first_seen": timestamps.iso(hit.first_seen.captured_at),
        "last_seen": timestamps.iso(hit.last_seen.captured_at),
        "current": hit.current,
        "excerpt": hit.excerpt,
        "memento_url": hit.last_seen.memento_url,
    }


def document(read: Document) -> Json:
    """A document with its blocks, for `normalize --json`."""
    return {
        "title": read.title,
        "language": read.language,
        "declared_date": read.declared_date and read.declared_date.isoformat(),
        "effective_date": read.effective_date and read.effective_date.isoformat(),
        "rules": read.rules,
        "problem": read.problem or None,
        "text_sha256": fingerprint(read),
        "blocks": [
            {
                "kind": block.kind,
                "text": block.text,
                "section": list(block.section),
                "level": block.level,
                "marker": block.marker,
                "cells": list(block.cells),
                "header": block.header,
                "links": list(block.links),
            }
            for block in read.blocks
        ],
    }


def topic(known: Topic) -> Json:
    return {
        "id": known.id,
        "name": known.name,
        "definition": known.definition,
        "languages": list(known.languages),
        "patterns": dict(known.patterns),
        "facets": [f"{known.id}.{facet}" for facet in known.facets],
    }


def run(known: Run) -> Json:
    return {
        "command": known.command,
        "started": timestamps.iso(known.started),
        "ended": known.ended and timestamps.iso(known.ended),
        "requests": known.requests,
        "counts": dict(known.counts),
        "failures": failures(known.failures),
    }


def delivery(known: Delivery) -> Json:
    """Without the body."""
    return {
        "message_id": known.id,
        "channel": known.channel,
        "to": known.address,
        "subject": known.subject,
        "state": known.state,
        "queued_at": timestamps.iso(known.queued_at),
        "tries": known.tries,
        "next_try": known.next_try and timestamps.iso(known.next_try),
        "cause": known.cause,
    }


def failures(found: Sequence[Failure]) -> list[Json]:
    return [
        {"stage": f.stage, "subject": f.subject, "kind": f.kind, "message": f.message}
        for f in found
    ]


def status(histories: Sequence[History], health: Health, moves: Sequence[tuple[str, str]]) -> Json:
    """Health for monitoring; `moves` are (policy id, line to add to the watchlist)."""
    lines = dict(moves)
    return {
        "ok": health.ok,
        "last_run": run(health.last) if health.last else None,
        "deliveries": dict(health.deliveries),
        "undelivered": [delivery(one) for one in health.undelivered],
        "policies": [
            {
                "id": history.policy.id,
                "versions": len(history.versions),
                "changes": len(history.changes),
                "overdue": health.overdue.get(history.policy.id),
                "derived": history.policy.id not in health.underived,
                "successor": lines.get(history.policy.id),
                "coverage": json_form.coverage(history.coverage),
            }
            for history in histories
        ],
    }
