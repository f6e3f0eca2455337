# Everything a person does with this project. `make demo` and `make test` are the two that matter.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := CAVEAT_DEV=1 $(BIN)/python
MANAGE := $(RUN) manage.py
WORKERS ?= 2
ADDRESS := http://127.0.0.1:8000
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where nothing may be kept, each of six test processes would compile 400 files of tests for itself.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-sqlite test-browser test-postgres faults fuzz lint check schema bench lock clean

demo: $(VENV)/.installed
	@echo "Preparing the database…"
	@$(MANAGE) demo --prepare --pupils 24 --address $(ADDRESS)
	@$(MANAGE) demo_client --address $(ADDRESS)
	@echo "Serving on $(ADDRESS) (Ctrl+C stops it)"
	@$(MANAGE) work & trap "kill $$! 2>/dev/null" EXIT INT TERM; CAVEAT_DEV=1 $(BIN)/granian --interface wsgi --host 127.0.0.1 --port 8000 --workers 2 --blocking-threads 1 \
		--no-ws --log-level warning config.wsgi:application

# On PostgreSQL run the tests that a database can make a difference to; the rest ran on SQLite just before.
SENSITIVE := tests/faults tests/quizzes/test_attempts.py tests/quizzes/test_grading.py tests/quizzes/test_publishing.py \
	tests/quizzes/test_submit_overdue.py tests/quizzes/test_drawing.py tests/quizzes/test_requoting.py \
	tests/quizzes/test_placing.py tests/quizzes/test_releasing.py \
	tests/articles/test_annotating.py tests/articles/test_revising.py tests/admin/test_bank.py tests/admin/test_saving_races.py \
	tests/quizzes/api/test_attempts_api.py tests/integrations/test_roster_races.py tests/integrations/test_webhook_kills.py tests/integrations/test_changes.py tests/integrations/test_idempotency.py tests/courses/test_enrolment.py \
	tests/courses/test_progress.py \
	tests/courses/bundles/test_load_course.py tests/accounts/test_joining_races.py tests/contracts/test_immutability.py \
	tests/contracts/test_class_rows.py \
	tests/courses/test_following.py tests/accounts/test_classes_races.py tests/accounts/roster/test_bringing_in.py tests/accounts/test_news.py \
	tests/courses/test_presenting.py tests/courses/test_assigning.py \
	tests/quizzes/test_assigning.py tests/quizzes/test_more_time.py tests/quizzes/test_marking.py \
	tests/quizzes/test_regrading.py tests/quizzes/test_analysis.py tests/quizzes/test_personal_data.py \
	tests/contracts/test_laws.py::test_prompt_key_response_and_outcome_survive_storing

# Side by side, because browsers and races mostly wait; each prints its own summary when it is through.
test: $(VENV)/.installed-dev
	@echo "Testing, about seven minutes on two cores…"
	@$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=target test-sqlite test-browser test-postgres

test-sqlite: $(VENV)/.installed-dev
	CAVEAT_DEV=1 TEST_DB=sqlite $(BIN)/pytest -n $(WORKERS) -q -m "not browser"

# What fails beside everything else is tried once more by itself: a busy machine is slow, a fault stays.
test-browser: $(VENV)/.installed-dev
	CAVEAT_DEV=1 TEST_DB=sqlite $(BIN)/pytest -n $(WORKERS) -q -m browser tests/browser || \
		CAVEAT_DEV=1 TEST_DB=sqlite $(BIN)/pytest -q -m browser tests/browser --last-failed --last-failed-no-failures none

test-postgres: $(VENV)/.installed-dev
	CAVEAT_DEV=1 TEST_DB=postgres $(BIN)/pytest -n $(WORKERS) -q -m "not once" $(SENSITIVE)

faults: $(VENV)/.installed-dev
	CAVEAT_DEV=1 CAVEAT_ROUNDS=1000 TEST_DB=sqlite $(BIN)/pytest -q -m faults
	CAVEAT_DEV=1 CAVEAT_ROUNDS=1000 TEST_DB=postgres $(BIN)/pytest -q -m faults

fuzz: $(VENV)/.installed-dev
	CAVEAT_DEV=1 CAVEAT_FUZZ=10000 $(BIN)/pytest -q tests/contracts/test_types.py -k refusals
	CAVEAT_DEV=1 CAVEAT_FUZZ=100 $(BIN)/pytest -q -n $(WORKERS) tests/integrations/test_schemathesis.py

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check: lint
	CAVEAT_DEV=1 $(BIN)/mypy config integrations accounts articles quizzes courses
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) api_schema --check
	CAVEAT_DEV=0 SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(64))") ALLOWED_HOSTS=example.org \
		CAVEAT_VAR=$$(mktemp -d) $(BIN)/python manage.py check --deploy --fail-level WARNING
	export CAVEAT_VAR=$$(mktemp -d) && $(MANAGE) migrate --verbosity 0 && $(MANAGE) load_course fixtures/read-it-twice --check

# What the API says of itself, written down: docs/openapi.yaml and the page of its refusals.
schema: $(VENV)/.installed
	$(MANAGE) api_schema

bench: $(VENV)/.installed-dev
	CAVEAT_DEV=1 $(BIN)/python benchmarks/saves.py
	CAVEAT_DEV=1 $(BIN)/python benchmarks/api.py
	$(BIN)/python benchmarks/grading.py
	$(BIN)/python benchmarks/anchoring.py
	CAVEAT_DEV=1 $(BIN)/python benchmarks/marking.py
	CAVEAT_DEV=1 $(BIN)/python benchmarks/item_analysis.py
	$(BIN)/python benchmarks/gradebook.py
	CAVEAT_DEV=1 $(BIN)/python benchmarks/regrade.py

lock: $(VENV)/.installed-dev
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --no-header --python-version 3.11 \
		requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --no-header --python-version 3.11 \
		requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) var .demo-accounts .demo-client

$(VENV)/.made:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || (echo "Python 3.11 or newer is needed." && exit 1)
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: requirements.txt | $(VENV)/.made
	@echo "Installing (once; about a minute)…"
	@$(BIN)/pip install --quiet --require-hashes --requirement requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(VENV)/.made
	@echo "Installing what tests need (once; about two minutes)…"
	@$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@ $(VENV)/.installed
