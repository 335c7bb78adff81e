# Two commands matter: `make demo` and `make test`. Works with GNU make 3.81.
# PORT chooses the demo's port, PYTHON the interpreter the environment is made with.

PORT ?= 8000
BIN := .venv/bin
STAMP := .venv/.from-lock
BUNDLE := src/thrive_points/static/thrive_points/points-by-category.js
UV := scripts/uv
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

.PHONY: help demo demo-reset test test-dates test-all bench bench-quick coverage docs lint mutants web env browser pooler lock clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{printf "  make %-11s %s\n", $$1, $$2}'

demo: env web ## Set up, seed and serve the All Thrive site
	@PORT=$(PORT) scripts/demo

demo-reset: env web ## Throw the demo's data away and begin anew
	@PORT=$(PORT) scripts/demo --reset

lint: env ## Style, types and the layers of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: env web browser pooler lint ## Every check: style, types, SQLite, PostgreSQL, Chromium
	scripts/run_tests $(BIN)

test-dates: env web browser ## The tests that ask for today, at eight difficult instants, about an hour
	$(BIN)/python -m tests.support.dates

test-all: test ## `make test`, then the newest Django on the newest Python here
	scripts/test_newest

coverage: env web ## Branch coverage of src/ on both databases, against a floor that only rises
	scripts/coverage $(BIN)

docs: env ## Build the documents' site into dist/site/
	$(BIN)/sphinx-build -W --keep-going -q -c docs . dist/site
	@echo "The documents are at dist/site/index.html"

mutants: env ## Plant small faults in core/ one by one and see that tests notice, about an hour
	$(BIN)/python -m tests.support.mutants

bench: env ## Measure everything that is promised of speed and memory, about an hour
	$(BIN)/python -m benchmarks

bench-quick: env ## The main ratios of awards within 2 minutes
	$(BIN)/python -m benchmarks.awards --quick

browser: env
	@$(BIN)/python -m tests.support.chromium --ensure

pooler: env
	@$(BIN)/python -m tests.support.pgbouncer --ensure

web: $(BUNDLE) ## Build the points-by-category element

$(BUNDLE): $(WEB_SOURCES) scripts/build_web | $(STAMP)
	@scripts/build_web
	@touch $@

env: $(STAMP)

$(STAMP): uv.lock pyproject.toml scripts/bootstrap scripts/find_python scripts/uv
	@scripts/bootstrap
	@touch $@

lock: ## Bring uv.lock up to date with pyproject.toml
	$(UV) lock

clean: ## Remove everything the other targets made, the demo's data included
	rm -rf .venv .venv-newest .venv-versions .coverage $(BUNDLE) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache test-artifacts dist web/node_modules var
