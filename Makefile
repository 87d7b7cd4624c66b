# Everything here also runs without make: see "Without make" in README.md.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check install clean

demo: install
	$(BIN)/policy-tracker demo demo

test: install-dev check
	$(BIN)/pytest -q -n auto

check: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

install: .venv/installed
install-dev: .venv/installed-dev

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install -q -e .
	@touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install -q "pip>=25.1"
	$(BIN)/python -m pip install -q -e . --group dev
	@touch $@ .venv/installed

clean:
	rm -rf .venv demo
