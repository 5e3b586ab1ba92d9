# Each target makes .venv when it is missing and installs again only when pyproject.toml or constraints.txt
# changed. Nothing here needs an apt package. Another interpreter: make test PYTHON=python3.13

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV ?= .venv
WORKERS ?= 2
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help lab test demo bench speed proof lint build
help:
	@echo "make lab      open the workbook in JupyterLab"
	@echo "make test     run every test (browser tests where there is a Chromium)"
	@echo "make demo     grade a sample cohort and print its table"
	@echo "make bench    measure the engine, the board and the grading"
	@echo "make speed    measure the engine beside its peers and write the table into docs/engine.md"
	@echo "make proof    run the proofs and write the table into docs/engine.md"
	@echo "make lint     ruff, and mypy --strict on src"
	@echo "make build    authored/ -> notebooks/ and source/, then release/"

$(PY): 
	@test -n "$(PYTHON)" || { echo "Casebook needs Python 3.11, 3.12 or 3.13 on the PATH (or: make PYTHON=/path/to/python)."; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.ready-lab: pyproject.toml constraints.txt | $(PY)
	@echo "Installing Casebook (a minute or two the first time) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/.ready-test: pyproject.toml constraints.txt | $(PY)
	@echo "Installing Casebook and what its tests need (a minute or two the first time) ..."
	@$(PIP) --editable '.[test]'
	@touch $(VENV)/.ready-lab $@

lab: $(VENV)/.ready-lab
	@exec $(PY) -m casebook lab $(ARGS)

test: $(VENV)/.ready-test
	@$(PY) -m pytest -n $(WORKERS) $(ARGS)

demo: $(VENV)/.ready-lab
	@$(PY) -m tests.cohort.demo $(ARGS)

bench: $(VENV)/.ready-test
	@for file in $$(grep -l __main__ benchmarks/*.py); do echo "== $$file"; PYTHONPATH=. $(PY) $$file || exit 1; done

speed: $(VENV)/.ready-test
	@PYTHONPATH=. $(PY) benchmarks/engine.py --write $(ARGS)

proof: $(VENV)/.ready-test
	@$(PY) -m tests.engine.proof --write

lint: $(VENV)/.ready-test
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy --no-error-summary
	@echo "ruff and mypy --strict: nothing to say."

build: $(VENV)/.ready-lab
	@$(PY) -m casebook build
	@for folder in source/*/; do $(PY) -m casebook release "$$(basename $$folder)" || exit 1; done
