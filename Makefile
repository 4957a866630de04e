PYTHON ?= .venv/bin/python

.PHONY: setup check format lint types test test-slow test-embeddings scores bench notebooks

setup:                ## an environment with all extras, from the lock file
	python3 -m venv .venv && .venv/bin/pip install -q uv && UV_PROJECT_ENVIRONMENT=.venv .venv/bin/uv sync -q --locked --extra dev --inexact

check: lint types test

format:
	.venv/bin/ruff format extract tests benchmarks && .venv/bin/ruff check --fix extract tests benchmarks

lint:
	.venv/bin/ruff format --check extract tests benchmarks && .venv/bin/ruff check extract tests benchmarks notebooks

types:
	.venv/bin/mypy

test:
	$(PYTHON) -m pytest -m "not slow" -n auto

test-slow:
	$(PYTHON) -m pytest -m slow

test-embeddings:      ## the tests that need sentence-transformers, which brings 5 GB into the environment
	UV_PROJECT_ENVIRONMENT=.venv .venv/bin/uv sync -q --locked --extra dev --extra embeddings --inexact
	.venv/bin/python -m pytest tests/test_embeddings_library.py

scores:
	$(PYTHON) -m extract evaluate all

bench:
	$(PYTHON) -m benchmarks
	$(PYTHON) -m benchmarks.bulk
	$(PYTHON) -m benchmarks.readers

notebooks:            ## the .ipynb files anew from their .py sources, without outputs
	.venv/bin/jupytext --to ipynb notebooks/*.py
