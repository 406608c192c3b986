.DEFAULT_GOAL := help
PYTHON ?= python3
READY := .venv/.ready
TELLER := .venv/bin/teller

.PHONY: help run test check fix eval mutations

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(READY)  ## set everything up and serve on http://127.0.0.1:7860
	@$(TELLER) serve

test: $(READY)  ## set everything up and run the tests
	.venv/bin/pytest --numprocesses 2 --dist worksteal --durations 25

check: $(READY)  ## format, lint, types, layers; changes nothing
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

fix: $(READY)  ## format and mend what can be mended
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

mutations: $(READY)  ## plant faults and see whether the gates of evaluation stop them
	.venv/bin/pytest -m mutation --numprocesses 2 --dist worksteal tests/mutations

eval: $(READY)  ## run every evaluation suite
	$(TELLER) eval

$(READY): pyproject.toml constraints.txt
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --upgrade pip
	.venv/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[ocr,dev]'
	.venv/bin/python -m assistant.set_up
	touch $(READY)
