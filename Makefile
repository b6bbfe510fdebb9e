# Everything runs in .venv, which is made from python3 and requirements.lock alone.
# Works with GNU make 3.81 (macOS) and later. Another interpreter: make PYTHON=python3.12 ...

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
NOTEBOOKS := find notebooks -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*'

.PHONY: help reports test lab lint messages readme lock clean

help: ## List the targets (the default)
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | awk -F '	' '{ printf "  make %-9s %s\n", $$1, $$2 }'
	@echo
	@echo "  Options go in ARGS: make test ARGS='-k floors -x', make reports ARGS='cost-revolution -p as_of=2025-02-01'"

reports: .venv/installed ## Build every published brief and the site into reports/site
	$(BIN)/briefs build $(ARGS)

test: .venv/installed ## Run the tests
	$(BIN)/python -m pytest $(ARGS)

lab: .venv/installed ## Open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks $(ARGS)

# All three always run: one list of faults, not one fault at a time.
lint: .venv/installed ## Check code, notebooks and spelling
	@status=0; set -x; \
	$(BIN)/ruff check . || status=1; \
	$(BIN)/codespell || status=1; \
	$(NOTEBOOKS) -exec $(BIN)/nbstripout --verify {} + || status=1; \
	{ set +x; } 2>/dev/null; exit $$status

messages: .venv/installed ## Bring the translators' catalogues up to date
	$(BIN)/python -m briefs.desk.catalogues

readme: reports ## Write the README's table of claims from what was built
	$(BIN)/python -m briefs.desk.readme

lock: build/uv/installed ## Pin requirements.lock anew (ARGS=--upgrade for the newest of all)
	build/uv/bin/uv --no-config pip compile --universal --python-version 3.11 --extra test --extra build \
	    --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	    --custom-compile-command "make lock" --quiet --output-file requirements.lock $(ARGS) pyproject.toml

clean: ## Remove all built output and caches; .venv stays
	find reports -mindepth 1 -maxdepth 1 -not -name README.md -exec rm -rf {} +
	find . -path ./.venv -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -exec rm -rf {} +
	rm -rf build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .coverage htmlcov

# Each stamp is written last, so an interrupted installation is begun again. The first starts
# from an empty environment: nothing stays behind that the lock doesn't name.
.venv/locked: requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or later is needed, and there is no $(PYTHON) here." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed; $(PYTHON) is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.11")'
	$(PYTHON) -m venv --clear .venv
	$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements.lock
	@touch $@

.venv/installed: .venv/locked pyproject.toml
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

build/uv/installed:
	$(PYTHON) -m venv --clear build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@
