# Roadworthy: `make` lists what there is.
# A machine needs Python 3.11 or newer, make, git and the package registries; the rest is installed into .venv.

.DEFAULT_GOAL := help
.PHONY: help setup demo local load bench test check mypy pyright fix lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
CDK_CLI := node_modules/aws-cdk/package.json
ARGS ?=
# Byte code that is thrown away is compiled anew in every run: seconds for aws_cdk.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(INSTALLED) $(CDK_CLI) ## make .venv and install what is locked, with hashes

# uv comes first, by pip, out of the same lock; it installs the rest in seconds.
$(INSTALLED): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/uv || test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	@echo "installing what requirements.txt locks into $(VENV) ..."
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.txt > $(VENV)/uv.txt
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(VENV)/uv.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@$(BIN)/python -m compileall -q constructs/roadworthy $(VENV)/lib/python*/site-packages/yaml
	@touch $@

$(CDK_CLI): package-lock.json $(INSTALLED)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

demo: setup ## deploy QueryServiceStack to a local AWS, query it, refuse it broken, tear down (ARGS=--keep leaves it up)
	@$(BIN)/roadworthy local demo $(ARGS)

load: setup ## load test of the health and query paths against a local deployment
	@$(BIN)/python -m benchmarks.load $(ARGS)

bench: setup ## compare with other checkers: what each notices, and what it costs (ARGS=--quick is short)
	@$(BIN)/python -m benchmarks $(ARGS)

test: setup ## run all tests, on two cores
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup ## lint, formatting, types; pyright looks at what users of the library see
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory -j 2 mypy pyright

mypy: setup
	@$(BIN)/mypy

pyright: setup
	@$(BIN)/node node_modules/pyright/index.js

fix: setup ## mend what ruff can mend and write the generated pages
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/python -m roadworthy.rules.engine.pages docs/rules

lock: setup ## lock the requirements anew, after a change of pyproject.toml or of a Lambda's requirements.in
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --group dev --generate-hashes \
		--no-annotate --no-header pyproject.toml --output-file requirements.txt
	@for file in lambdas/*/requirements.in containers/*/requirements.in; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
			$$file --output-file $${file%.in}.txt; done

clean: ## remove everything that was made: .venv, bundles, assemblies, the local AWS
	-@test -x $(BIN)/roadworthy && $(BIN)/roadworthy local down 2>/dev/null
	@rm -rf $(VENV) .local .bench lambdas/.build benchmarks/patterns/.build node_modules cdk.out .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
