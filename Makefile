# 明账 (Mingzhang). `make run` opens the app on the bundled samples; `make test` runs the tests. Each sets up what it needs.

SHELL  := /bin/bash
STORE  ?= store-data
PORT   ?= 8501
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(if $(shell command -v $(name)),$(name))))

MINGZHANG := .venv/bin/mingzhang
UV        := $(or $(shell command -v uv),.tools/bin/uv)

.PHONY: help setup run test fuzz fit lint bench samples screenshots lock clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: .venv/installed  ## install 明账 into .venv

run: .venv/installed $(STORE)/current  ## open the app (STORE=DIR for another store, PORT=8501)
	@$(MINGZHANG) serve --store "$(STORE)" --port $(PORT)

$(STORE)/current: | .venv/installed
	@echo "No store at $(STORE) yet: reading the bundled samples into it"
	@$(MINGZHANG) ingest data/samples --store "$(STORE)"

test: .venv/installed-dev browser  ## run the tests
	@echo "Running the tests"
	@.venv/bin/python -m pytest

fuzz: .venv/installed-dev  ## look for what breaks a property; what is found becomes a test in tests/found
	.venv/bin/python -m pytest -m hypothesis --hypothesis-profile=looking --timeout=3600

fit: .venv/installed-dev  ## fit the weights of the words beside a question (docs/understanding.md)
	.venv/bin/python -m bench.fit --across

lint: .venv/installed-dev  ## ruff, pyright (strict), import contract
	.venv/bin/ruff check .
	.venv/bin/pyright
	.venv/bin/lint-imports

bench: .venv/installed-dev browser  ## measure (see docs/benchmarks.md)
	.venv/bin/python -m bench

samples: .venv/installed-dev  ## write data/samples anew from their generator
	.venv/bin/python -m samples

screenshots: .venv/installed-dev browser  ## take docs/pictures anew
	.venv/bin/python docs/screenshots.py

lock: $(UV)  ## resolve the dependencies anew, with hashes and without any registry's address
	$(UV) pip compile --generate-hashes --no-header --quiet --upgrade pyproject.toml --output-file requirements.lock
	$(UV) pip compile --generate-hashes --no-header --quiet --extra dev --extra models --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

clean:  ## remove what make has made (stores are kept)
	rm -rf .venv .tools

.PHONY: browser
browser:
	@tests/install_browser.sh

.tools/bin/uv:
	@echo "Installing uv (the installer for Python packages) into .tools"
	@bin/install_uv.sh "$(PYTHON)" .tools

.venv/python: $(UV)
	@echo "Making a Python environment in .venv"
	@$(UV) venv --quiet --allow-existing --python "$(PYTHON)" .venv && touch $@

.venv/installed: .venv/python requirements.lock pyproject.toml
	@echo "Installing 明账 and the libraries it needs into .venv (about a minute the first time)"
	@$(UV) pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements.lock
	@$(UV) pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable . && touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@echo "Installing what the tests need into .venv"
	@$(UV) pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements-dev.lock && touch $@
