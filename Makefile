# 办成. `make` alone lists the targets.
PORT ?= 8000
DEMO ?= 1
EMPTY := $(filter 0 no false,$(DEMO))
DATA_GIVEN := $(DATA)
DATA ?= $(or $(BANCHENG_DATA),$(if $(EMPTY),.data-city,.data))
NAME ?=
export OFFLINE

PYTHON := .venv/bin/python
RUN_READY := .venv/.ready-run
TEST_READY := .venv/.ready-test

.DEFAULT_GOAL := help
.PHONY: help setup bundle run test test-matrix test-faults lint lock bench clean test-packages

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-13s %s\n", $$1, $$2}'

setup: $(RUN_READY) ## virtual environment in .venv from the lock file [OFFLINE=1 from an unpacked bundle]

bundle: $(RUN_READY) ## one archive in dist/ that installs without a network
	$(PYTHON) deploy/bundle.py

run: $(RUN_READY) ## the portal with all its services [PORT=8000] [DATA=.data] [DEMO=0 for an empty city]; Ctrl+C stops everything
	@BANCHENG_DATA="$(DATA)" exec $(PYTHON) manage.py up --port $(PORT) --with-parent $(if $(EMPTY),--no-demo)

test: lint ## everything a change must pass: lint, then the tests on real services
	$(PYTHON) -m pytest -n 2 -m "not matrix and not faults"

test-matrix: test-packages $(TEST_READY) ## the full matrix of rights, addresses and methods; every page in every theme
	$(PYTHON) -m pytest -n 2 -m matrix
	EVERY_THEME=1 $(PYTHON) -m pytest -n 2 -m browser -k "accessible or accessibly"

test-faults: test-packages $(TEST_READY) ## injected faults: killed processes, full disks, lost connections
	$(PYTHON) -m pytest -m faults

lint: test-packages $(TEST_READY) ## style, types, import contracts, templates, migrations
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	BANCHENG_KEYS=ephemeral $(PYTHON) -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py check

lock: ## write the lock files anew from requirements*.in (needs uv)
	@command -v uv >/dev/null || { echo "没有找到 uv,请先安装它(pip install uv)。" >&2; exit 1; }
	$(call compile,requirements.in,requirements.lock)
	$(call compile,requirements-dev.in,requirements-dev.lock)

compile = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	$(1) --output-file $(2)

bench: $(RUN_READY) ## measure: a table, and JSON lines in bench.jsonl [NAME=…]
	@$(if $(DATA_GIVEN),BANCHENG_DATA="$(DATA)") $(PYTHON) manage.py bench $(NAME)

clean: ## remove the virtual environment and caches; the data folder stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.data*' -prune -exec rm -rf {} +

test-packages:
	@sh .ci/packages chromium libatomic1 fonts-noto-cjk libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

$(RUN_READY): requirements.lock .ci/environment
	@sh .ci/environment requirements.lock
	@touch $@

$(TEST_READY): requirements-dev.lock .ci/environment
	@sh .ci/environment requirements-dev.lock
	@touch $@
