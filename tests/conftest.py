"""Fixtures: no network but loopback, golden files."""

import signal
import socket

import pytest
from hypothesis import settings

# How long an example takes says more of the machine's other work than of the program.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# What a shell starts in the background ignores Ctrl-C, and so would every command tested here.
signal.signal(signal.SIGINT, signal.default_int_handler)

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="rewrite golden files, then review them")


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """A test that reaches past this machine is wrong."""
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test reached for {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def expect(request):
    """expect(text, path): equal to the golden file, or rewrite it under --update."""

    def check(text, path):
        if request.config.getoption("--update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return check
