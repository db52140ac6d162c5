# Two commands matter: `make demo` and `make test`. Both work in an empty clone with Python >= 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LINKS := build/links/leadline

.DEFAULT_GOAL := help
.PHONY: help demo test check screenshots bench bench-detection bench-ingest bench-review bench-engines bench-dashboard bench-scale bench-portfolio parity planted fuzz torture clean

help: ## what each target does
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Leadline needs Python 3.11 or newer; run make PYTHON=python3.12 (or another) instead.")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,postgres,team]'
	@touch $(READY)

demo: $(READY) ## builds the sample workspace and serves the dashboard
	$(BIN)/leadline demo

# the package as it is installed, for tools that walk folders: they don't see through the mapping in pyproject.toml
$(LINKS): pyproject.toml
	@rm -rf $(LINKS) && mkdir -p $(LINKS)
	@ln -s ../../../door/__init__.py ../../../door/py.typed ../../../data ../../../metrics ../../../dashboard $(LINKS)
	@touch $(LINKS)

check: $(READY) $(LINKS) ## format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=build/links $(BIN)/lint-imports

test: check ## the checks and the whole test suite
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

planted: $(READY) ## plants faults into a copy of the sources, one at a time, and names the test that notices each
	$(BIN)/python -m tests.planted $(if $(PLANTED),"$(PLANTED)")

fuzz: $(READY) ## damages exports at random for FUZZ_SECONDS (default 60) and lands them; and SEQUENCES (default 100) of exports
	$(BIN)/python -m tests.fuzz
	LEADLINE_SEQUENCES=$(or $(SEQUENCES),100) $(BIN)/pytest -q tests/data/landing/test_sequences.py -k any_sequence

torture: $(READY) ## injects faults into the real server and command line for TORTURE_SECONDS (default 480)
	$(BIN)/python -m tests.torture

bench-ingest: $(READY) ## how long landing 10 million rows takes beside only reading them
	$(BIN)/python -m benchmarks.ingest

bench-scale: $(READY) ## landing, a week's increment and checks at 1, 3 and 10 million leads (half an hour, 20 GB of disk)
	$(BIN)/python -m benchmarks.scale $(BENCH)

bench-portfolio: $(READY) ## checks of 3, 30 and 100 workflows, beside each other (BENCH="leads workflows …" for others)
	$(BIN)/python -m benchmarks.portfolio $(BENCH)

bench-engines: $(READY) ## the questions of one review on DuckDB, PostgreSQL and Spark (those that are installed)
	$(BIN)/python -m benchmarks.engines

parity: $(READY) ## the reviews of every flow with a known truth on DuckDB, PostgreSQL and Spark (those that are installed)
	LEADLINE_SCENARIOS=all $(BIN)/pytest tests/data/engines

bench-review: $(READY) ## how long a check and a replay of 70 weeks take
	$(BIN)/python -m benchmarks.review

bench-dashboard: $(READY) ## how long pages and widgets take with 10 million leads, beside bare Streamlit pages (BENCH="--workflows 3 30 100": the weekly review with many)
	$(BIN)/python -m benchmarks.dashboard $(BENCH)

screenshots: $(READY) ## pictures of every page and the alert card for the docs, light and dark
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

bench: bench-review bench-dashboard bench-ingest bench-detection ## all benchmarks

.venv-bench/not-installed.json: benchmarks/peers.txt benchmarks/detection/environment.py pyproject.toml constraints.txt
	$(PYTHON) -m benchmarks.detection.environment

bench-detection: .venv-bench/not-installed.json ## false alarms and delays beside an oracle and other tools (four hours; BENCH=--quick is faster)
	.venv-bench/bin/python -m benchmarks.detection $(BENCH)

clean: ## removes the environment and caches
	rm -rf $(VENV) .venv-bench build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
