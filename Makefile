# Two commands matter: `make demo` and `make test`. Each makes a virtual environment in .venv and
# installs what is missing (Debian, Ubuntu: through apt where it may, else it names the packages).

VENV ?= .venv
PYTHON := $(VENV)/bin/python

.PHONY: demo run test long bench format screenshots protogen bundle clean

demo: ## open the window on an embedded cluster, logged in
	@.ci/setup run $(VENV)
	@exec $(PYTHON) -m teleterm --demo

run: ## open the window
	@.ci/setup run $(VENV)
	@exec $(PYTHON) -m teleterm

test: ## everything CI runs, fastest first
	@.ci/setup test $(VENV)
	@.ci/check $(VENV)

long: ## the long forms of tests: 10,000 servers, 1,000 connections, a week of logins, more fuzzing
	@.ci/setup test $(VENV)
	@SCALE=10 LOGINS=14 FUZZ_EXAMPLES=100 $(PYTHON) -m pytest -q tests/fuzz \
		tests/conformance/test_scale.py tests/conformance/test_accelerated_week.py

bench: ## speed and memory, as ratios in one run
	@.ci/setup test $(VENV)
	@exec $(PYTHON) tests/bench/run.py

format: ## rewrite the sources in the one style
	@.ci/setup test $(VENV)
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

screenshots: ## make the pictures of docs/screenshots anew
	@.ci/setup test $(VENV)
	@exec $(PYTHON) tests/screenshots.py

protogen: ## generate teleterm/protogen from protos/
	@.ci/setup test $(VENV)
	@$(PYTHON) protos/generate.py

bundle: ## build the single file in dist/ and try it: versions, self-test, a window under Xvfb
	@.ci/setup test $(VENV)
	@$(PYTHON) installer/build.py
	@BUNDLE_DIR=dist $(PYTHON) -m pytest tests/e2e/test_bundle.py -q

clean: ## remove what the commands above made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
