# Two commands on a fresh machine: `make demo` runs the main job, `make test` runs all tests.
# Python 3.11 with pip is all that has to be there; the rest is installed into .venv.

PYTHON ?= python3
BIN := .venv/bin
WORKERS ?=

.PHONY: demo test check bench docs format clean

demo: .venv/base.stamp
	$(BIN)/commonlight serve --demo --home out/demo $(if $(CI),--check)

test: .venv/dev.stamp .venv/system.stamp
	scripts/test $(WORKERS)

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/check_docstrings.py
	$(BIN)/python scripts/check_web.py

format: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev.stamp
	$(BIN)/python -m benchmarks

docs: .venv/dev.stamp
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

clean:
	rm -rf .venv out site

.venv/base.stamp: requirements.lock requirements-install.lock pyproject.toml scripts/install
	PYTHON=$(PYTHON) scripts/install requirements.lock
	touch $@

.venv/dev.stamp: requirements-dev.lock requirements-install.lock pyproject.toml scripts/install
	PYTHON=$(PYTHON) scripts/install requirements-dev.lock
	touch $@ .venv/base.stamp

.venv/system.stamp: scripts/system-packages
	scripts/system-packages
	touch $@
