# Two commands to know: `make demo` shows the product, `make test` proves it.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
UV := $(BIN)/uv
PORT ?= 8000
DEMO_SERVE ?= 1
export PORT DEMO_SERVE

.PHONY: help setup setup-dev demo test check format lint types contracts translations messages lock wheel clean

help: ## the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(UV):
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.product: requirements/product.txt pyproject.toml hatch_build.py | $(UV)
	$(UV) pip install --quiet --require-hashes -r requirements/product.txt
	$(UV) pip install --quiet --no-deps -e .
	@touch $@

.venv/.development: requirements/development.txt .venv/.product | $(UV)
	$(UV) pip install --quiet --require-hashes -r requirements/development.txt
	@touch $@

setup: .venv/.product ## .venv from the lock file; afterwards .venv/bin/steelyard is the command line

setup-dev: .venv/.development
	@sh tests/setup.sh

demo: setup ## the sample company, its diagnosis, and the product on http://127.0.0.1:8000
	@$(BIN)/steelyard demo

# Hypothesis' own profile for this: the same examples in every run. `pytest` by itself draws new ones.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadgroup --hypothesis-profile=ci

test: setup-dev messages-compiled ## every test; sets up a browser, a CJK font and PostgreSQL
	$(PYTEST)
	STEELYARD_TEST_DATABASE=postgres $(PYTEST) -m database

check: setup-dev format-check lint types contracts translations test ## all of it

format: ## rewrite in house style
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .
	git ls-files -z 'src/*.html' | xargs -0 $(BIN)/djade --target-version 5.2

format-check:
	$(BIN)/ruff format --check .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

messages: ## find new strings; then fill in every locale/zh_Hans/LC_MESSAGES/django.po
	$(BIN)/python tests/translations.py --update

messages-compiled:
	@$(BIN)/python hatch_build.py

translations: messages-compiled
	$(BIN)/python tests/translations.py

lock: | $(UV) ## newest versions that pyproject allows
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements/product.txt --upgrade
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --group dev --extra postgres -c requirements/product.txt -o requirements/development.txt --upgrade

wheel: setup ## dist/*.whl
	rm -rf dist
	$(UV) build --wheel

clean:
	rm -rf .venv dist
