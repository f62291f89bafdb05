# Needs git, make and Python 3.11 or newer; uv is used where it is installed. `make` lists the targets.

VENV := .venv
BIN := $(VENV)/bin
# Three test processes, on two cores too: most of the time they wait for a broker. Each has services of its own.
# Files come by their path, so that those of the whole pipeline, the longest, are first and none is left at the end.
PYTEST := $(BIN)/pytest --numprocesses=3 --dist=loadfile --no-loadscope-reorder
FUZZ_S ?= 600
STAMP := $(VENV)/.installed
LOCK := requirements.lock
RUNTIME_LOCK := requirements-runtime.lock
# What we measure ourselves against lives apart from us: its libraries and ours need not agree.
RIVALS := .cache/rivals
RIVALS_LOCK := tests/bench/rivals.lock
UV := $(shell command -v uv)
PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

# What the package needs, and (from standard input) what builds it: names, versions and hashes, no addresses.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "  %-12s %s\n", $$1, $$2 }'

.PHONY: setup
setup: $(STAMP) ## Make .venv with what requirements.lock names

$(STAMP): $(LOCK) pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and not on PATH." >&2; exit 1; }
	@echo "Making $(VENV): a minute or two the first time, and about 2 GB of disk."
ifdef UV
	uv venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	VIRTUAL_ENV=$(VENV) uv pip install --quiet --require-hashes --requirement $(LOCK)
	VIRTUAL_ENV=$(VENV) uv pip install --quiet --no-deps --no-build-isolation --editable .
else
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement $(LOCK)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif
	@touch $@

.PHONY: demo
demo: $(STAMP) ## The whole pipeline on this machine, with simulated learners (DEMO_ARGS="...")
	$(BIN)/readystream dev $(DEMO_ARGS)

.PHONY: test
test: $(STAMP) ## All tests but those in a browser, on the services at hand (TEST_ARGS="...")
	$(PYTEST) --ignore=tests/browser $(TEST_ARGS)

.PHONY: test-browser
test-browser: $(STAMP) ## The dashboards in Chromium, which is on PATH or named by CHROMIUM
	$(PYTEST) tests/browser $(TEST_ARGS)

.PHONY: test-kafka
test-kafka: $(STAMP) ## The tests that use a broker, on Apache Kafka; needs Java 17, Maven and kcat
	$(PYTEST) --kafka=apache $(TEST_ARGS)

.PHONY: bench
bench: $(STAMP) $(RIVALS)/.installed ## Measure; writes bench.json (BENCH_ARGS="--quick", or sections)
	$(BIN)/python -m tests.bench.run --rivals $(RIVALS)/bin/python $(BENCH_ARGS)

.PHONY: bench-page
bench-page: ## Write the figures of bench.json into docs/performance.md
	$(BIN)/python -m tests.bench.page bench.json

$(RIVALS)/.installed: $(RIVALS_LOCK) | $(STAMP)
ifdef UV
	uv venv --quiet --allow-existing --python $(BIN)/python $(RIVALS)
	VIRTUAL_ENV=$(RIVALS) uv pip install --quiet --require-hashes --requirement $<
else
	$(BIN)/python -m venv $(RIVALS)
	$(RIVALS)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
endif
	@touch $@

.PHONY: chaos
chaos: $(STAMP) ## Kill, halt and restart everything under load, then compare every figure (CHAOS_ARGS="...")
	$(BIN)/python -m tests.chaos.run $(CHAOS_ARGS)

.PHONY: bench-sink
bench-sink: $(STAMP) ## The sink beside its own client, in one run (BENCH_ARGS="--records 400000")
	$(BIN)/python -m tests.bench.sink $(BENCH_ARGS)

.PHONY: fuzz
fuzz: $(STAMP) ## Fuzz the readers of foreign bytes, guided by coverage (FUZZ_S=600 seconds); Linux on x86-64
	$(BIN)/python -m tests.fuzz.run -max_total_time=$(FUZZ_S) -verbosity=0

.PHONY: abuse
abuse: $(STAMP) ## Properties of the readers and of the HTTP description, many more cases than in `make test`
	$(PYTEST) tests/fuzz tests/integration/test_adapter_schema.py --hypothesis-profile=long $(TEST_ARGS)

.PHONY: bench-dashboards
bench-dashboards: $(STAMP) ## Each panel's query over ten million events, next to a full scan (BENCH_ARGS="--rows 1000000")
	$(BIN)/python -m tests.bench.dashboards $(BENCH_ARGS)

.PHONY: bench-adapter
bench-adapter: $(STAMP) ## The adapter's speed next to Ralph's, which gets an environment of its own (BENCH_ARGS="...")
	$(BIN)/python -m tests.bench.adapter $(BENCH_ARGS)

.PHONY: conformance
conformance: $(STAMP) ## ADL's conformance suite against the adapter (SUITE=checkout of the suite); needs Node.js
	$(BIN)/python -m tests.conformance.run $(SUITE)

.PHONY: reconcile-long
reconcile-long: $(STAMP) ## An hour of statements, restarts and reconciliations (MINUTES=60)
	$(BIN)/pytest -s tests/e2e/test_reconcile_flow.py --reconcile-minutes=$(or $(MINUTES),60) $(TEST_ARGS)

.PHONY: check
check: $(STAMP) docs-site ## Format, lint, types, import directions, fresh reference pages, links of the documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m readystream.docs --check
	$(BIN)/python -m dashboards.grafana --check

.PHONY: docs
docs: $(STAMP) ## Write the reference pages and the Grafana dashboards from the code
	$(BIN)/python -m readystream.docs
	$(BIN)/python -m dashboards.grafana

.PHONY: docs-site
docs-site: $(STAMP) ## Build the documentation site into .cache/docs-site; every link in it must lead somewhere
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

.PHONY: format
format: $(STAMP) ## Format the code, and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: lock
lock: ## Resolve the lock files anew; needs uv
	@test -n "$(UV)" || { echo "uv is needed to make the locks." >&2; exit 1; }
	printf 'hatchling\neditables\n' | $(COMPILE) pyproject.toml - --upgrade --extra embedded --extra otel --group dev --output-file $(LOCK)
	printf 'hatchling\n' | $(COMPILE) pyproject.toml - --constraint $(LOCK) --output-file $(RUNTIME_LOCK)
	printf 'quixstreams\nconfluent-kafka\n' | $(COMPILE) - --upgrade --output-file $(RIVALS_LOCK)

.PHONY: clean
clean: ## Remove the environment, caches and data of the embedded services
	rm -rf $(VENV) .cache .data .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
