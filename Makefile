# Every target prepares what it needs; `make` alone lists them.
PYTHON ?= python3
ENV ?= local
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup up down status test soak check bench fmt docs lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install the Python packages into .venv
	@$(PYTHON) tools/bootstrap.py

up: setup ## bring an environment up on the local cloud (ENV=local)
	@$(BIN)/lifeboat up $(ENV)

down: setup ## end the local cloud; its state is kept
	@$(BIN)/lifeboat down

status: setup ## show what of the local cloud is running
	@$(BIN)/lifeboat status

test: setup ## run every test, the real engine included
	@$(BIN)/python -m tools.engine > /dev/null
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

soak: setup ## the long version: 20 kills by lot, 50 histories of each kind, every boundary of a recovery (hours)
	@$(BIN)/python -m tools.engine > /dev/null
	@LIFEBOAT_MOMENTS=20 LIFEBOAT_HISTORIES=50 $(BIN)/pytest -n 2 tests/integration/test_fly_killed.py tests/postgres/test_histories.py
	@LIFEBOAT_BOUNDARIES=all $(BIN)/pytest -n 2 tests/recovery/test_restore_kill_9.py tests/backup/test_backup_kill_9.py

check: setup ## lint, types, layers, sizes and unit tests (< 90 s)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q -n 2 tests/unit tests/architecture

bench: setup ## print the measured figures
	@$(BIN)/python -m tools.bench

fmt: setup ## format and fix what can be fixed
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

docs: setup ## regenerate docs/reference
	@$(BIN)/python -m tools.docs

lock: setup ## renew requirements.lock from pyproject.toml
	@$(BIN)/pip-compile --quiet --extra dev --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
	  --allow-unsafe --strip-extras --no-header --upgrade --output-file requirements.lock pyproject.toml

clean: ## end the local cloud and remove .venv and caches; .lifeboat (your local state) stays
	@if [ -x $(BIN)/lifeboat ]; then $(BIN)/lifeboat down; fi
	@rm -rf .venv .venv.lock .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
