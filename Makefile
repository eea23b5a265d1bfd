# Hooks and CI call these targets and nothing else.
BIN := .venv/bin

.PHONY: help run test check bench build setup lock clean
.DEFAULT_GOAL := help

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

run: build ## the line on http://127.0.0.1:8080, with its own database and demo people
	@LUISTERLIJN_DEMO=1 exec $(BIN)/luisterlijn run

test: build ## every test; those in a browser need Chromium
	@tools/chromium.sh
	@tools/web.sh test
	@$(BIN)/pytest -n 2 --dist loadfile

check: build ## style, types, floors, and the contract between server and pages
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/luisterlijn contract --check
	@tools/web.sh check

bench: setup ## figures of speed and size
	@$(BIN)/python -m bench

build: setup ## the pages, when a source of them changed
	@tools/web.sh build

setup: ## .venv with the locked packages, when they changed
	@tools/setup.sh

lock: setup ## choose the newest packages that pyproject.toml allows
	@$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --extra dev \
		--no-annotate --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" pyproject.toml -o requirements.lock

clean: ## remove all that was made here, but not the data in var
	@rm -rf .venv web/node_modules web/dist .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache
