# duewatch: `make help` says what there is. Everything happens in this folder: .venv/ is the environment,
# .uv/ what fills it. PYTHON=python3.13 chooses another interpreter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
LOCKS := requirements/dev.txt requirements/build.txt requirements/uv.txt pyproject.toml

# PyEval_CallObject left Python's headers with 3.13; the other name has always meant the same (durable-rules).
export CPPFLAGS += -DPyEval_CallObject=PyObject_CallObject
# The rooms stand at the top level: no folder may be imported just because we stand in it.
export PYTHONSAFEPATH := 1
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup demo test bench faults lint format lock clean
.DEFAULT_GOAL := help

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: setup  ## a story of five minutes told in one: late reports, one mail, two readings
	@$(BIN)/python -m duewatch.console.demo

test: lint  ## everything that CI runs: lint, types, imports, tests, coverage
	$(BIN)/coverage erase
	$(BIN)/pytest -n 2 -m uncounted
	$(BIN)/pytest -n 2 -m 'not uncounted' --cov --cov-report=
	$(BIN)/coverage report --include='engine/*,rules/*' --fail-under=95

bench: setup .uv/bin/uv  ## what a due date costs, and a question, beside what others take for the same
	.uv/bin/uv pip install --quiet --python $(BIN)/python --target .uv/bench --require-hashes -r requirements/bench.txt
	PYTHONPATH=.uv/bench $(BIN)/python benchmarks/deadlines.py
	$(BIN)/python benchmarks/asking.py
	$(BIN)/python benchmarks/portfolio.py

faults: setup  ## two minutes of processes that die: thousands of messages, hundreds of kills, nothing lost
	$(BIN)/pytest -m faults -s tests/faults

lint: setup  ## ruff, mypy and the rules of who imports whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: setup  ## let ruff set the code and mend what it can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# The stamp holds what the environment was made of: interpreter, folder and locks. Equal: nothing to do.
setup:  ## the environment in .venv/, from the locks, with hashes
	@missing=$$(PYTHON='$(PYTHON)' sh .ci/needs) || exit 2; \
	if [ -n "$$missing" ]; then \
		echo "Something that duewatch needs is not installed here; as root: apt-get install $$missing" >&2; exit 2; \
	fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "duewatch needs Python 3.11 or newer; say which with PYTHON=python3.12 make ..." >&2; exit 2; }
	@made=$$($(PYTHON) -c 'import sys; print(sys.version, sys.base_prefix)' && pwd && cat $(LOCKS) | cksum); \
	if [ "$$made" != "$$(cat $(STAMP) 2>/dev/null)" ]; then \
		rm -f $(STAMP) && PYTHON='$(PYTHON)' sh .ci/set-up && echo "$$made" > $(STAMP); \
	fi

lock: .uv/bin/uv  ## write the locks anew from pyproject.toml (UPGRADE=--upgrade for newer versions)
	$(call compile,pyproject.toml --extra documents --extra pictures --extra spreadsheets,run)
	$(call compile,pyproject.toml --extra documents --extra pictures --extra spreadsheets --group dev --constraints requirements/run.txt,dev)
	$(call compile,--group bench,bench)
	$(call compile,requirements/build.in --constraints requirements/dev.txt,build)
	$(call compile,requirements/uv.in,uv)

define compile
	.uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-annotate --custom-compile-command 'make lock' $(UPGRADE) $(1) -o requirements/$(2).txt
endef

.uv/bin/uv: | requirements/uv.txt
	@PYTHON='$(PYTHON)' sh .ci/set-up uv

clean:  ## take away what the others made
	rm -rf $(VENV) .uv build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* htmlcov
