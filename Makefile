# Everything sets itself up: `make demo` or `make test` on a Debian with Rust, Node, make and git.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# One profile for build, tests and lint: dependencies compile once.
PROFILE := --release --locked
TARGET := $(or $(CARGO_TARGET_DIR),target)
BINARY := $(TARGET)/release/telefonistka
OPENAPI := $(TARGET)/openapi.json
# As cargo writes it in the names of variables.
HOST = $(shell rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null \
	| grep -v -e '/schema\.gen\.ts$$' -e '/\.tsbuildinfo$$')
heading = @printf '\n== %s\n' "$(1)"

.PHONY: help setup build demo test test-rust test-web e2e fuzz pictures screenshots lint audit bench clean

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing, for everything below
	@scripts/setup.sh build web e2e pbx mail lint

build: ## target/release/telefonistka, the web pages inside
	$(call heading,set-up)
	@scripts/setup.sh build web
	$(call heading,the program)
	cargo build --workspace $(PROFILE)
	$(call heading,the web pages)
	@$(MAKE) --no-print-directory web/dist/index.html
	$(call heading,the program with the web pages inside)
	cargo build --workspace $(PROFILE)

# The program prints what its interface is; the web's client is generated from that.
$(OPENAPI): $(BINARY)
	@$(BINARY) openapi >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

web/dist/index.html: $(WEB_SOURCES) $(OPENAPI)
	cd web && OPENAPI="$(abspath $(OPENAPI))" npm run --silent generate && npm run --silent build
	@touch $@

demo: build ## a whole company with its PBX to try, in the browser (ARGS="--port N --data-dir DIR")
	$(call heading,demo)
	@exec $(BINARY) demo $(ARGS)

test: build ## every test there is
	@$(MAKE) --no-print-directory test-rust test-web e2e

test-rust: ## the Rust tests alone
	$(call heading,Rust tests)
	@scripts/setup.sh build e2e
	CARGO_TARGET_$(HOST)_RUNNER="$(CURDIR)/scripts/run-tests.sh" cargo test --workspace $(PROFILE)

test-web: ## the web's own tests alone
	$(call heading,web tests)
	@scripts/setup.sh web
	cd web && npm test --silent

e2e: build ## the stories: real Asterisk, real Chromium, real mail servers
	$(call heading,stories: set-up)
	@scripts/setup.sh e2e pbx mail
	$(call heading,stories)
	@TELEFONISTKA_BINARY="$(abspath $(BINARY))" node e2e/run.js $(STORIES)

SECONDS_EACH := 600
fuzz: ## what comes from outside, at length and guided by what it reaches (SECONDS_EACH=600)
	@scripts/setup.sh build
	@scripts/fuzz.sh $(SECONDS_EACH)

pictures: build ## the README's pictures, from the demo
	@scripts/setup.sh e2e
	@TELEFONISTKA_BINARY="$(abspath $(BINARY))" node e2e/pictures.js

screenshots: build ## pictures of every page, from the demo, into docs/screens
	@scripts/setup.sh e2e pictures
	@TELEFONISTKA_BINARY="$(abspath $(BINARY))" node e2e/screens.js
	@find docs/screens -name '*.png' -exec pngquant --force --skip-if-larger --ext .png 128 {} +

lint: ## formatting, clippy, licences, types
	$(call heading,lint: set-up)
	@scripts/setup.sh build web e2e lint
	$(call heading,rustfmt)
	cargo fmt --all --check
	$(call heading,clippy)
	cargo clippy --workspace --all-targets $(PROFILE) -- -D warnings
	$(call heading,licences and sources of dependencies)
	cargo deny --locked check --hide-inclusion-graph licenses bans sources
	$(call heading,web)
	cd web && npm run --silent lint
	$(call heading,stories)
	cd e2e && npm run --silent lint

audit: ## known vulnerabilities in dependencies (needs the network)
	@scripts/setup.sh lint
	cargo deny --locked check advisories
	cd web && npm audit --omit=dev

bench: build ## measurements
	$(call heading,bench)
	cargo bench --workspace --locked

clean: ## remove what was built (not e2e/.pbx, .proxy and .mail: they are downloads)
	cargo clean
	rm -rf web/dist web/node_modules web/src/api/schema.gen.ts e2e/node_modules e2e/.schemathesis e2e/.sipvicious e2e/results
