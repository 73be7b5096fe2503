# Everything a user or developer needs; each target sets up what it lacks and is harmless to repeat.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3

BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# npm trusts the certificates that the machine trusts.
export NODE_USE_SYSTEM_CA := 1

# $(call step,what,command): run a command, saying what it does and how long it took.
define step
@echo "→ $(1) …"; started=$$(date +%s); { $(2); }; echo "  $(1): done in $$(( $$(date +%s) - started )) s"
endef

.PHONY: help
help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

.PHONY: run
run: build/.collected ## Set up what is missing and serve on http://127.0.0.1:8000 (PORT=, HOST=)
	$(call step,Database and library,python manage.py set_up)
	@exec gunicorn

.PHONY: test
test: .venv/.dev build/.assets ## Run the whole test suite, browser tests included
	@bash tests/browser/ensure_chromium.sh
	@bash tests/faults/ensure_faketime.sh
	pytest -n $${TEST_PROCESSES:-3} $(ARGS)

.PHONY: faults
faults: .venv/.dev build/.assets ## Kill, lock, fill and cut off servers, at full length, and print what was lost
	FAULTS_FULL=1 pytest -n 0 tests/faults $(ARGS)

.PHONY: fuzz
fuzz: .venv/.dev build/.assets ## Send every form, every field of the API and the readers of files what nobody would, at length
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-500} pytest tests/security/test_fuzz.py
	pytest --hypothesis-profile=fuzz tests/concepts/test_tracker_format.py tests/concepts/test_topic_text.py
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} pytest -s tests/security/test_readers.py

.PHONY: lint
lint: .venv/.dev ## Check style, types and the order of the layers
	ruff check .
	ruff format --check .
	mypy
	lint-imports

.PHONY: bench
bench: .venv/.dev build/.assets ## Measure the server's pages against a bare one
	python -m tests.benchmarks.pages
	python -m tests.benchmarks.quizzes
	python -m tests.benchmarks.flashcards
	python -m tests.benchmarks.exercises
	python -m tests.benchmarks.mastery
	python -m tests.benchmarks.load
	[ -z "$${CI_DATABASE_URL:-}" ] || DATABASE_URL=$$CI_DATABASE_URL python -m tests.benchmarks.load

.PHONY: assets
assets: build/.assets ## Build styles and scripts

MERMAID := 12.3.0

.PHONY: diagrams
diagrams: build/mermaid/.installed ## Draw the topics' changed figures and diagrams (SVG, to be committed)
	@bash tests/browser/ensure_chromium.sh
	python manage.py draw_pictures --mermaid build/mermaid/node_modules/mermaid/dist/mermaid.min.js

.PHONY: backup
backup: .venv/.runtime ## Copy the database, safely while the app runs, into var/backups
	python manage.py backup

.PHONY: audit
audit: .venv/.dev ## Ask PyPI and npm whether a pinned version is known to be weak
	python -m tests.supply_chain.audit

.PHONY: sbom
sbom: .venv/.dev node_modules/.installed ## Write bills of materials (CycloneDX) into build/
	@mkdir -p build
	cyclonedx-py requirements --output-reproducible --output-file build/sbom-python.cdx.json requirements.txt
	npm sbom --sbom-format cyclonedx --sbom-type application > build/sbom-browser.cdx.json
	@echo "→ build/sbom-python.cdx.json, build/sbom-browser.cdx.json"

.PHONY: licences
licences: .venv/.dev ## List the packages in use with their licences (THIRD_PARTY.md, to be committed)
	python -m tests.supply_chain.licences

.PHONY: lock
lock: .venv/.dev ## Pin the dependencies of pyproject.toml anew
	pip install --quiet uv
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group build pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group build --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	npm install --package-lock-only --ignore-scripts
	python -m tests.supply_chain.licences

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "mlprep needs Python 3.11 or newer; $$($(PYTHON) --version) is what '$(PYTHON)' is. Name another one: make run PYTHON=python3.12"; exit 1; }
	$(call step,Virtual environment,$(PYTHON) -m venv .venv)
	@touch $@

.venv/.runtime: .venv/.python requirements.txt
	$(call step,Dependencies,pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt)
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.txt
	$(call step,Development tools,pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt)
	@touch $@

node_modules/.installed: .venv/.runtime package.json package-lock.json
	$(call step,Browser libraries,npm ci --ignore-scripts --no-audit --no-fund --loglevel error)
	@touch $@

# Mermaid weighs 80 MB and is wanted by authors alone, so it is none of package.json's.
build/mermaid/.installed: .venv/.dev Makefile
	$(call step,Mermaid,npm install --prefix build/mermaid --no-save --ignore-scripts --no-audit --no-fund --loglevel error mermaid@$(MERMAID))
	@touch $@

build/.assets: node_modules/.installed $(shell find static -type f)
	@mkdir -p build
	$(call step,Styles and scripts,npm run --silent build)
	@touch $@

build/.collected: build/.assets
	$(call step,Static files,python manage.py collectstatic --noinput --verbosity 0)
	@touch $@
