"""The report as JSON keeps its published schema."""

import json
from importlib import resources

import pytest
from histories import ACME, BELL, MADE, clause
from jsonschema import Draft202012Validator, FormatChecker
from support import CASES

from tracker import report
from tracker.model import Coverage, History, Policy
from tracker.render import json as as_json

SCHEMA = json.loads((resources.files("tracker.render") / "report.schema.json").read_text("utf-8"))
NEVER_SEEN = History(Policy("none/privacy", "None", ()), coverage=Coverage(captures=3))


def rendered(*histories, **options):
    return as_json.render(report.build(histories, now=MADE, **options))


def check(body):
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(json.loads(body))


def fields(schema):
    """Every described thing of the schema with its name."""
    for name, field in schema.get("properties", {}).items():
        yield name, field
        yield from fields(field)
    if "items" in schema:
        yield "items", schema["items"]
        yield from fields(schema["items"])


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ["", *SCHEMA["$defs"]])
def test_every_field_is_described_and_required(name):
    part = SCHEMA["$defs"][name] if name else SCHEMA

    assert part["description"]
    assert set(part["required"]) == set(part["properties"])
    for field, described in fields(part):
        own = described.get("description") or SCHEMA["$defs"].get(
            described.get("$ref", "").rpartition("/")[2], {}
        ).get("description")
        assert own, f"{name}.{field} says nothing of itself"


def test_golden(expect):
    body = rendered(ACME, BELL)

    check(body)
    expect(body.decode(), CASES / "report" / "two-policies.json")


def test_a_policy_nobody_saw(expect):
    body = rendered(NEVER_SEEN, topics=["retention"], since=MADE, until=MADE)

    check(body)
    expect(body.decode(), CASES / "report" / "never-seen.json")


def test_a_field_the_schema_does_not_know_fails():
    body = json.loads(rendered(ACME))
    body["policies"][0]["changes"][0]["window"]["exact"] = True

    assert not Draft202012Validator(SCHEMA).is_valid(body)


def test_hostile_text_comes_back_whole_and_prints_harmlessly():
    hostile = "\x1b]0;x\x07\x9b2J\u202egpj.exe\u2028\ud800 </script> é"
    body = as_json.encode({"quote": clause("sale_of_data", hostile).quote})

    assert json.loads(body) == {"quote": hostile}
    assert b"\\u001b]0;x\\u0007\\u009b2J\\u202egpj.exe\\u2028\\ud800 </script> \xc3\xa9" in body
