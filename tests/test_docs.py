"""The README keeps its promises: its Python runs, its commands and settings exist."""

import doctest
import re

import pytest
import typer
from support import ROOT

from tracker import config
from tracker.cli import commands  # noqa: F401  registers them
from tracker.cli.app import app

README = (ROOT / "README.md").read_text(encoding="utf-8")


def leaves(group, path=()):
    """Every command as (words, command): ("site", "build"), …"""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            if command.invoke_without_command:
                yield (*path, name), command
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(leaves(typer.main.get_command(app)))


def test_the_python_in_the_readme_runs():
    parsed = doctest.DocTestParser().get_doctest(README, {}, "README.md", "README.md", 0)
    assert parsed.examples
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(parsed)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help_an_example_and_a_line_in_the_readme(words):
    command = COMMANDS[words]
    assert command.help, "a command says what it does"
    assert (command.epilog or "").startswith("Example: policy-tracker "), "help shows an example"
    assert f"`{' '.join(words)}" in README


def test_the_readme_names_no_command_that_is_not_there():
    told = re.findall(r"^    (?:\$ |\S*/)?policy-tracker ([a-z]+)", README, re.M)
    assert told
    assert set(told) <= {words[0] for words in COMMANDS}


def test_the_starter_settings_explain_every_key():
    starter = config.starter()
    for section, keys in config.KEYS.items():
        for name in keys:
            assert re.search(rf"^# {name} = .*# \w", starter, re.M), f"[{section}] {name}"
