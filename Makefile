# The developer interface: make run · test · check · bench (see README.md).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# Without bytecode every process compiles all its packages anew: it doubles the time of a start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-scenes test-streams check format bench lock clean

run: $(VENV)/.installed
	@exec $(BIN)/python app.py $(ARGS)

test: $(VENV)/.test-installed
	@$(BIN)/python tests/prepare.py
	@$(BIN)/python -m pytest $(or $(ARGS),-n 2 --dist loadgroup -m "not scenes and not streams")

# Single scenes in a browser, at every size and in both languages: as long again as everything else.
test-scenes: $(VENV)/.test-installed
	@$(BIN)/python tests/prepare.py
	@$(BIN)/python -m pytest -m scenes

# Live video with real H.264, watched in a browser while its cameras die and come back.
test-streams: $(VENV)/.test-installed
	@$(BIN)/python tests/prepare.py
	@$(BIN)/python -m pytest -m streams

check: $(VENV)/.test-installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_imports.py

format: $(VENV)/.test-installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.test-installed
	@$(BIN)/python tests/prepare.py
	@$(BIN)/python -m benchmarks $(ARGS)

# Locks every package with its hashes for every platform; needs uv, which only maintainers install.
lock: $(VENV)/.python
	$(BIN)/python -m pip install --quiet --upgrade uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" --upgrade pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" --constraint requirements.lock pyproject.toml --group test --output-file requirements-test.lock

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit("OneScreen needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=python3.x") if sys.version_info < (3, 11) else None'
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: requirements.lock | $(VENV)/.python
	@echo "Installing packages (once, about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@touch $@

$(VENV)/.test-installed: requirements-test.lock | $(VENV)/.python
	@echo "Installing packages for the tests (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-test.lock
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) data benchmarks/results
