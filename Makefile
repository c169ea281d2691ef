# Every task of a clone. `make help` lists them; each one installs what it needs into .venv first.

PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
# pip's default index serves the CUDA build of PyTorch on Linux (gigabytes). This program needs
# no GPU: TORCH_INDEX=https://download.pytorch.org/whl/cpu fetches the small build instead.
TORCH_INDEX ?=

Q = how many Russian instructors arrived?
ARTICLES = seeds
# As typed, with no expansion by make, and handed over in the environment, with none by the shell.
override Q := $(value Q)
override ARTICLES := $(value ARTICLES)
export Q ARTICLES

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help ask chat index test quick check format eval bench venv dev browser clean

help:  ## List the tasks
	@grep -hE '^[a-z]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/:.*  ## /\t/' | expand -t 10

ask: $(VENV)/.installed  ## Ask one question: make ask Q="..." ARTICLES=folder
	@$(BIN)/rag ask --articles "$$ARTICLES" -- "$$Q" || [ $$? -eq 3 ]

chat: $(VENV)/.installed  ## Open the page: make chat ARTICLES=folder
	@$(BIN)/python -m ui --articles "$$ARTICLES"

test: $(VENV)/.installed-dev browser  ## Run every test
	$(BIN)/python -m pytest

quick: $(VENV)/.installed-dev  ## Run the tests that take no browser and no minutes
	$(BIN)/python -m pytest -m "not slow and not browser" -n 2 --dist loadfile

check: $(VENV)/.installed-dev  ## Run ruff and mypy (strict)
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev  ## Sort imports and mend what ruff can mend
	$(BIN)/ruff check --fix .

eval: $(VENV)/.installed-dev  ## Measure right answers, refusals, citations and speed on eval/sets
	@$(BIN)/python -m eval

bench: $(VENV)/.installed-dev  ## Measure building and asking, beside other libraries (installs them into build/peers)
	@$(BIN)/python -m index bench --peers

venv: $(VENV)/.installed  ## Install what asking needs into .venv

dev: $(VENV)/.installed-dev  ## Install what the tests and checks need, too

browser:
	@sh tests/browser/install-chromium.sh

clean:  ## Remove .venv, caches and builds (never your articles)
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit( \
	    "Python 3.11 or later is needed and $(PYTHON) is %d.%d: make PYTHON=python3.11 ..." % v[:2])'
	@$(PYTHON) -m venv $(VENV) || { echo "The module venv is missing: on Debian and Ubuntu," \
	    "apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }
	@touch $@

# PyTorch goes first, in a step of its own, so that no later step can replace the build chosen.
$(VENV)/.torch: constraints.txt $(VENV)/.created
	@echo "Installing into $(VENV); this takes a few minutes ..." >&2
	@$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt \
	    $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch
	@touch $@

$(VENV)/.installed: pyproject.toml constraints.txt $(VENV)/.torch
	@$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt $(VENV)/.installed
	@$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@
