# Everything runs in .venv, which is made from python3 and requirements.lock alone; tests, lint and
# JupyterLab add requirements-test.lock to it.
# Works with GNU make 3.81 (macOS) and later. Another interpreter: make PYTHON=python3.12 ...

PYTHON ?= python3
ARGS ?=
# Tests side by side: one more than cores, as one often waits. WORKERS=0 is one after another, as --pdb needs it.
WORKERS ?= $(shell expr 1 + $$(getconf _NPROCESSORS_ONLN))
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
NOTEBOOKS := find notebooks -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*'

PYTEST = $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
COMPILE = build/uv/bin/uv --no-config pip compile --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
    --custom-compile-command "make lock" --quiet

# Where the environment forbids compiled modules, each process would compile ours anew, and a test run has hundreds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help reports test test-slow lab lint messages cells readme lock clean

help: ## List the targets (the default)
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | awk -F '	' '{ printf "  make %-9s %s\n", $$1, $$2 }'
	@echo
	@echo "  Options go in ARGS: make test ARGS='-k floors -x', make reports ARGS='cost-revolution -p as_of=2025-02-01'"

reports: .venv/installed ## Build every published brief and the site into reports/site
	$(BIN)/briefs build $(ARGS)

test: .venv/tested ## Run the tests, but for the slow ones
	$(PYTEST) -m "not slow" $(ARGS)

test-slow: .venv/tested ## Run the slow tests: JupyterLab, random kills, every page in every language
	$(PYTEST) -m slow $(ARGS)

lab: .venv/tested ## Open the notebooks in JupyterLab
	$(BIN)/briefs lab -- $(ARGS)

# All of them always run: one list of faults, not one fault at a time.
lint: .venv/tested ## Check code, types, notebooks and spelling
	@status=0; set -x; \
	$(BIN)/ruff check . || status=1; \
	$(BIN)/ruff format --check . || status=1; \
	$(BIN)/mypy || status=1; \
	$(BIN)/codespell || status=1; \
	$(NOTEBOOKS) -exec $(BIN)/nbstripout --verify {} + || status=1; \
	{ set +x; } 2>/dev/null; exit $$status

messages: .venv/installed ## Bring the translators' catalogues up to date
	$(BIN)/briefs messages

cells: .venv/installed ## Write the notebooks' parameters cells as their models say
	$(BIN)/python -m briefs.desk.cells

readme: reports ## Write the README's table of claims from what was built
	$(BIN)/python -m briefs.desk.readme

# The second holds what the first does, at the same versions; the third is what pins them all.
lock: build/uv/installed ## Pin both requirements.lock anew (ARGS=--upgrade for the newest of all)
	$(COMPILE) $(ARGS) --extra build --output-file requirements.lock pyproject.toml
	$(COMPILE) $(ARGS) --extra build --extra test --extra lab --extra refresh --extra scheduler --extra new \
	    --constraint requirements.lock --output-file requirements-test.lock pyproject.toml
	echo uv | $(COMPILE) $(ARGS) --output-file requirements-uv.lock -

clean: ## Remove all built output and caches; .venv stays
	find reports -mindepth 1 -maxdepth 1 -not -name README.md -exec rm -rf {} +
	find . -path ./.venv -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -exec rm -rf {} +
	rm -rf build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage htmlcov

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

.venv/tested: .venv/installed requirements-test.lock
	$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements-test.lock
	@touch $@

build/uv/installed: requirements-uv.lock
	$(PYTHON) -m venv --clear build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@touch $@
