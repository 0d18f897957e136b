# make run: publish the sample and serve it.  make test: everything.  Both make .venv from the lock files first.
PYTHON ?= python3
PORT ?= 8080
BIN := .venv/bin
# Modules without sockets, clocks and SQL: every branch of theirs is tested. The workbook's, the commands and the workers
# are shells, tested for the most part through the command, as a process of its own.
PURE := catalog/*,consult/consultation.py,consult/dispatch.py,consult/messages.py,consult/people.py,consult/wire.py,$\
	consult/relay/stun.py,consult/relay/allocation.py,consult/relay/credentials.py,consult/relay/turn.py

.PHONY: venv venv-dev run test lint format bench screenshots lock

venv: .venv/.runtime
venv-dev: .venv/.dev

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Kezhong needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Set PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.lock | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/.runtime

run: venv
	$(BIN)/python build.py publish
	$(BIN)/python -m consult serve --demo --port $(PORT)

test: venv-dev
	sh tests/support/system-packages.sh
	sh tests/support/judges.sh
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov=catalog --cov=consult --cov-report=
	$(BIN)/python -m coverage report --include='$(PURE)' --omit='catalog/exchange/workbook/*,catalog/commands/*,catalog/workers.py' --fail-under=100

lint: venv-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: venv-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: venv-dev
	sh tests/support/system-packages.sh
	sh tests/support/judges.sh
	$(BIN)/python -m bench.content
	$(BIN)/python -m bench.relay
	$(BIN)/python -m bench.site
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.search
	$(BIN)/python -m bench.preview

screenshots: venv-dev
	sh tests/support/system-packages.sh
	$(BIN)/python -m tests.support.screenshots

# Resolves the lock files anew from pyproject.toml, for every Python from 3.11 on.
lock:
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/pip install --quiet uv
	.venv/lock/bin/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-header --python-version 3.11 \
		pyproject.toml -o requirements.lock
	.venv/lock/bin/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-header --python-version 3.11 \
		--extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
