# Everything is built into .venv in the checkout, from pinned requirements.
# A machine needs Python 3.11 or later, pip and make; nothing else.

PYTHON ?= python3
UV := .uv/bin/uv
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export LETABLI_INSTANCE ?= instance

.DEFAULT_GOAL := help
.PHONY: help install run demo-reset test check fix catalogue lock clean chromium screenshots \
	bench-server bench-engine bench-engine-deep wheel test-wheel fuzz

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(UV): requirements-uv.txt
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
		--require-hashes --target .uv --upgrade -r requirements-uv.txt
	@touch $@

.venv/run.stamp: requirements.txt pyproject.toml $(UV)
	@test -x $(BIN)/python || $(UV) venv --quiet \
		--python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/test.stamp: requirements-test.txt .venv/run.stamp
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-test.txt
	@touch $@

.venv/bench.stamp: requirements-bench.txt .venv/test.stamp
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-bench.txt
	@touch $@

install: .venv/run.stamp ## Install what is needed to run

run: install ## Start the demonstration: web and jobs, on http://127.0.0.1:8000 (PORT changes it)
	@LETABLI_DEMO=1 $(BIN)/letabli run

demo-reset: install ## Put the demonstration back as it was at first
	@LETABLI_DEMO=1 $(BIN)/letabli demo --reset

# Its shell without windows takes a third less time than the whole browser, which also serves.
chromium: ## Install the browser of the tests, from Debian, when it is missing
	@command -v chromium-headless-shell >/dev/null || command -v "$$CHROMIUM" >/dev/null || \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends \
			chromium-headless-shell >/dev/null; } || command -v chromium >/dev/null

# The tests start dozens of processes: Python keeps what it compiled for the first.
test check: export PYTHONDONTWRITEBYTECODE :=
test check: export PYTHONPYCACHEPREFIX := $(CURDIR)/.bytecode

# The matcher compiles on one core; the other installs, then begins with what needs no matcher.
.PHONY: warming
warming: .venv/run.stamp
	@$(BIN)/letabli warm &

test: warming .venv/test.stamp chromium ## Run every test, on SQLite, on PostgreSQL and in a real browser
	@$(BIN)/pytest -n 2 --dist loadfile

check: warming .venv/test.stamp chromium ## Format, lint, types, imports, templates, migrations, tests
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/pytest -n 2 --dist loadfile

fuzz: .venv/test.stamp ## Ask every route for nonsense as every role, send 20,000 mutated files; long
	@$(BIN)/pytest -q tests/fuzz/full.py

wheel: install ## Build the package to install elsewhere, into dist/
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct 2>/dev/null || echo 0) \
		$(BIN)/python -m hatchling build -t wheel

test-wheel: .venv/test.stamp wheel ## Install the package in an empty place, as an ordinary user, and run it
	@$(BIN)/pytest -q tests/installed/installed_wheel.py

screenshots: .venv/test.stamp chromium ## Put pictures of the pages, at both widths, into screenshots/
	@LETABLI_SCREENSHOTS=screenshots $(BIN)/pytest tests/e2e

bench-server: .venv/test.stamp ## Match a region in a running server: does the site answer meanwhile?
	@$(BIN)/python -m tests.benchmarks.region_server

.PHONY: bench-engine bench-engine-deep
bench-engine: .venv/bench.stamp ## Measure the matcher: docs/engine-marks.md; SIZES="demo region" is shorter
	@SIZES="$(SIZES)" $(BIN)/python -m tests.benchmarks

bench-engine-deep: .venv/test.stamp ## Try the matcher's promises on many more and larger questions
	@LETABLI_DEEP=1 $(BIN)/pytest tests/engine --durations=10

fix: .venv/test.stamp ## Format the code and mend what can be mended
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

catalogue: .venv/test.stamp ## Collect the sentences to translate, and say how many lack their English
	@$(BIN)/python -m tools.catalogue

lock: $(UV) ## Pin the newest releases that the .in files allow
	@for set in uv run test bench; do \
		out=requirements-$$set.txt; test $$set = run && out=requirements.txt; \
		$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-header \
			--no-annotate --python-version 3.11 $$set.in -o $$out; \
	done

clean: ## Remove what the targets built, and nothing else
	@rm -rf .venv .uv .bytecode .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
