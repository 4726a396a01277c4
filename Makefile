# Everything a developer or a pipeline does with Engage. Needs Python >= 3.11, Node >= 20 and make; no root, no Docker.
# Targets keep stamps: what is up to date is not done again. Written for GNU make 3.81 (macOS) and newer.

SHELL := /bin/sh
BIN := .venv/bin
PYTEST_PROCESSES ?= 2
ARGS ?=

PYTHON_LOCK := requirements.lock
RUN_STAMP := .venv/.installed
DEV_STAMP := .venv/.installed-dev
NPM_STAMP := frontend/node_modules/.installed
SPA := frontend/dist/index.html
SPA_SOURCES := $(shell find frontend -type f \
	-not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/test-results/*' -not -path '*/playwright-report/*' 2>/dev/null)

.PHONY: help run install install-dev test check bench soak clean \
	test-python test-spa test-browser \
	check-format check-lint check-types check-imports check-openapi check-migrations \
	check-client check-spa-types check-spa-lint check-spa-format

help:
	@echo "make run      install what is missing, then run everything with demo data (Ctrl-C stops it)"
	@echo "make test     install what is missing, a browser included, and run every test"
	@echo "make check    formatting, lint, types, import contracts, OpenAPI, client and migrations drift"
	@echo "make install  virtual environment, locked packages, SPA"
	@echo "make bench    the benchmarks, one table"
	@echo "make soak     the long forms of the fault tests"

run: install
	@exec $(BIN)/engage run $(ARGS)

install: $(RUN_STAMP) $(SPA)

install-dev: $(DEV_STAMP) $(NPM_STAMP)

# --- what has to be there -----------------------------------------------------------------------

.venv/pyvenv.cfg:
	@python=$$(scripts/find-python) && "$$python" -m venv .venv || { \
		echo "No virtual environment could be made; on Debian and Ubuntu install python3-venv." >&2; rm -rf .venv; exit 1; }

$(RUN_STAMP): .venv/pyvenv.cfg $(PYTHON_LOCK) pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(PYTHON_LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): $(RUN_STAMP) requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(NPM_STAMP): frontend/package.json frontend/package-lock.json
	@scripts/need-node
	@cd frontend && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

$(SPA): $(NPM_STAMP) $(SPA_SOURCES)
	@scripts/need-node
	@cd frontend && npm run --silent build
	@touch $@

# --- tests --------------------------------------------------------------------------------------

test: install-dev install
	@$(MAKE) --no-print-directory test-python
	@$(MAKE) --no-print-directory test-spa
	@$(MAKE) --no-print-directory test-browser

test-python: $(DEV_STAMP)
	@$(BIN)/pytest -n $(PYTEST_PROCESSES) $(ARGS)

test-spa: $(NPM_STAMP)
	@cd frontend && npm run --silent test

test-browser: $(DEV_STAMP) $(SPA)
	@browser=$$(scripts/find-browser) && CHROMIUM_PATH="$$browser" $(BIN)/python -m tests.journeys.browser

# --- checks -------------------------------------------------------------------------------------

check: install-dev
	@$(MAKE) --no-print-directory -j2 check-types check-spa-lint check-spa-types check-client check-imports \
		check-openapi check-migrations check-lint check-format check-spa-format
	@echo "All checks passed."

check-format: $(DEV_STAMP)
	@$(BIN)/ruff format --quiet --check . || { echo "Formatting differs: $(BIN)/ruff format ." >&2; exit 1; }

check-lint: $(DEV_STAMP)
	@$(BIN)/ruff check --quiet .

check-types: $(DEV_STAMP)
	@$(BIN)/mypy --no-error-summary --cache-dir .mypy_cache/check

check-imports: $(DEV_STAMP)
	@$(BIN)/lint-imports --no-cache > .venv/lint-imports.log 2>&1 || { cat .venv/lint-imports.log; exit 1; }

check-openapi: $(DEV_STAMP)
	@$(BIN)/engage openapi --check

check-migrations: $(DEV_STAMP)
	@$(BIN)/pytest -n0 tests/project/test_migrations.py > .venv/migrations.log 2>&1 || { cat .venv/migrations.log; exit 1; }

check-client: $(NPM_STAMP)
	@cd frontend && npm run --silent generate:check

check-spa-types: $(NPM_STAMP)
	@cd frontend && npm run --silent typecheck

check-spa-lint: $(NPM_STAMP)
	@cd frontend && npm run --silent lint

check-spa-format: $(NPM_STAMP)
	@cd frontend && npm run --silent format:check || { echo "Formatting differs: cd frontend && npm run format" >&2; exit 1; }

# --- the long ones ------------------------------------------------------------------------------

bench: $(DEV_STAMP)
	@$(BIN)/python -m bench $(ARGS)

soak: $(DEV_STAMP)
	@$(BIN)/pytest -n0 --soak -m soak --timeout=14400 $(ARGS)

clean:
	rm -rf .venv frontend/node_modules frontend/dist .mypy_cache .ruff_cache .import_linter_cache
