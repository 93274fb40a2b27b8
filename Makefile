# Needs Python 3.11 or newer with venv; everything else is set up in .venv, once.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
UV_VERSION := 0.13.9
CATALOGUE := smstui/locale/smstui

.PHONY: demo run test check format prove bench lock snapshots locale clean

demo: $(READY)
	@$(BIN)/smstui demo

run: $(READY)
	@$(BIN)/smstui

test: $(READY)
	$(BIN)/pytest -q -n 3 -m "not prove"

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

prove: $(READY)
	$(BIN)/pytest -q -m prove

bench: $(READY)
	$(BIN)/python -m tests.bench

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

snapshots: $(READY)
	$(BIN)/pytest -q tests/screens --snapshot-update

locale: $(READY)
	$(BIN)/pybabel -q extract --no-location --sort-output --omit-header -k N_ -o $(CATALOGUE).pot smstui screens
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -l it -i $(CATALOGUE).pot -o smstui/locale/it/LC_MESSAGES/smstui.po
	$(BIN)/pybabel -q compile -d smstui/locale -D smstui
	rm $(CATALOGUE).pot

lock: $(READY)
	$(BIN)/uv lock --upgrade
	$(BIN)/python -m tests.strip_lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis build dist

# The lock holds versions and hashes but no addresses, so that any index or mirror serves.
$(READY): pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv export --frozen --quiet --no-emit-project --no-header --output-file .venv/requirements.txt >/dev/null
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirements .venv/requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)
