"""The report as JSON, schema version 1: report.schema.json describes every field."""

import json
import re
from datetime import datetime
from typing import Any

import msgspec

from tracker import timestamps
from tracker.model import (
    Change,
    Clause,
    ClauseChange,
    Coverage,
    DatedReference,
    History,
    Incident,
    ProfileEntry,
    Report,
    Sighting,
    Version,
)

# Readable in a terminal, harmless there, and valid UTF-8 whatever a page held: controls beyond
# those JSON must escape, bidirectional marks, lone surrogates. They occur inside strings only.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")

Json = dict[str, Any]


def render(report: Report) -> bytes:
    """The report as UTF-8, indented, the same bytes for the same report."""
    return encode(
        {
            "schema_version": 1,
            "generated_at": timestamps.iso(report.generated_at),
            "scope": {
                "topics": list(report.topics),
                "since": _time(report.since),
                "until": _time(report.until),
            },
            "policies": [_policy(history) for history in report.policies],
        }
    )


def encode(value: object) -> bytes:
    """Any JSON value as this program prints it."""
    try:
        text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    except UnicodeEncodeError:  # lone surrogates; the same text, fifteen times slower
        text = json.dumps(value, ensure_ascii=False, indent=2)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode() + b"\n"


def _policy(history: History) -> Json:
    return {
        "id": history.policy.id,
        "name": history.policy.name,
        "language": history.language or history.policy.language or "",
        "coverage": coverage(history.coverage),
        "versions": [version(each) for each in history.versions],
        "changes": [_change(each) for each in history.changes],
        "profile": [_profile_entry(each) for each in history.profile],
        "dated_references": [_dated_reference(each) for each in history.dated_references],
    }


def coverage(known: Coverage) -> Json:
    return {
        "captures": known.captures,
        "fetched": known.fetched,
        "first": _time(known.first),
        "last": _time(known.last),
        "longest_gap_days": known.longest_gap_days,
        "incidents": [incident(each) for each in known.incidents],
    }


def incident(happened: Incident) -> Json:
    """Also what `status --json` lists."""
    return {
        "kind": happened.kind,
        "captured_at": _time(happened.captured_at),
        "url": happened.url,
        "cause": happened.cause,
        "remedy": happened.remedy,
    }


def version(shown: Version) -> Json:
    """Also what `log --json` lists."""
    document = shown.document
    return {
        "number": shown.number,
        "text_sha256": shown.text_sha256,
        "title": document.title,
        "words": document.words,
        "declared_date": document.declared_date and document.declared_date.isoformat(),
        "effective_date": document.effective_date and document.effective_date.isoformat(),
        "sightings": shown.sightings,
        "first_seen": _sighting(shown.first_seen),
        "last_seen": _sighting(shown.last_seen),
    }


def _sighting(seen: Sighting) -> Json:
    return {
        "captured_at": timestamps.iso(seen.captured_at),
        "url": seen.url,
        "memento_url": seen.memento_url,
        "snapshot_sha256": seen.snapshot_sha256,
        "digest": seen.digest,
        "digest_verified": seen.digest_verified,
        "archive": seen.archive,
    }


def _change(change: Change) -> Json:
    return {
        "from": change.before,
        "to": change.after,
        "kind": change.kind,
        "labels": list(change.labels),
        "window": {
            "after": timestamps.iso(change.window.after),
            "by": timestamps.iso(change.window.by),
            "days": change.window.days,
        },
        "words": {"added": change.diff.words_added, "removed": change.diff.words_removed},
        "clauses": [_clause_change(each) for each in change.clauses],
    }


def _clause_change(clause: ClauseChange) -> Json:
    return {
        "topic": clause.topic,
        "kind": clause.kind,
        "before": clause.before and _statement(clause.before),
        "after": clause.after and _statement(clause.after),
        "rule": clause.rule,
        "severity": clause.severity,
        "reason": clause.reason,
        "effect": clause.effect or None,
        "instruments": list(clause.instruments),
    }


def _statement(clause: Clause) -> Json:
    return {
        "quote": clause.quote,
        "lead_in": clause.lead_in,
        "section": clause.section,
        "stance": clause.stance,
        "rule": clause.rule,
    }


def _profile_entry(entry: ProfileEntry) -> Json:
    since = {"after": _time(entry.after), "by": timestamps.iso(entry.by)}
    return {"topic": entry.clause.topic, **_statement(entry.clause), "since": since}


def _dated_reference(reference: DatedReference) -> Json:
    return {
        "term": reference.term,
        "name": reference.name,
        "quote": reference.quote,
        "captured_at": timestamps.iso(reference.captured_at),
        "days_after_end": reference.days_after_end,
        "end_event": reference.end_event,
    }


def _time(at: datetime | None) -> str | None:
    return timestamps.iso(at) if at else None
