# dancu: build, test, run. "make help" lists the targets.

SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
GO          ?= go
BIN         := bin
VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS     := -s -w -X dancu/internal/app.release=$(VERSION)
# One cluster of PostgreSQL for all packages of a test run.
CLUSTER     := $(GO) run ./internal/db/dbtest/cluster --
# What runs under the race detector every day: where calls meet. make nightly has
# all packages.
RACE        := ./internal/db/... ./internal/gate/... ./internal/ledger/... ./internal/onboarding \
               ./internal/web/... ./internal/telemetry/...
# Large logs read by one goroutine: nothing for the race detector, and slow.
RACESKIP    := ^(TestTilesAndPagesShow|TestEveryChangeShows|TestOverflow)$$
FUZZTIME    ?= 3s

# The demonstration's settings: make demo PEOPLE=1000000 DIR=/srv/demo
DIR     ?= demo-data
PEOPLE  ?= 20000
API     ?= 127.0.0.1:8443
CONSOLE ?= 127.0.0.1:8445

.DEFAULT_GOAL := help
.PHONY: help demo build assets generate fmt lint check test nightly full race fuzz bench screenshots deps clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: build ## Build everything and run the demonstration (PEOPLE, DIR, API, CONSOLE)
	exec $(BIN)/dancu demo --dir $(DIR) --people $(PEOPLE) --api $(API) --console $(CONSOLE)

build: assets ## Build bin/dancu, one static program
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN)/dancu ./cmd/dancu

# The stylesheet and the fonts come from npm packages pinned by checksum; no
# script of theirs is run.
assets: web/dist/manifest.json

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: on Debian run apt-get install npm, or make deps as root"; exit 1; }
	cd web && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

web/dist/manifest.json: web/node_modules/.package-lock.json $(shell find web/src web/static cmd/webbuild -type f 2>/dev/null)
	$(GO) run ./cmd/webbuild
	@touch $@

generate: $(BIN)/templ ## Make the generated Go files and documents again
	$(BIN)/templ generate -path internal/console
	$(GO) generate ./...

fmt: $(BIN)/gofumpt ## Format the Go files
	$(BIN)/gofumpt -w $$(git ls-files -co --exclude-standard '*.go' ':!*_templ.go')

lint: $(BIN)/golangci-lint ## Run the linters of .golangci.yml
	$(BIN)/golangci-lint run ./...

# The tools are built once, from versions pinned in tools/go.mod.
$(BIN)/gofumpt: tools/go.mod tools/go.sum
	cd tools && $(GO) build -o ../$@ mvdan.cc/gofumpt

$(BIN)/templ: tools/go.mod tools/go.sum
	cd tools && $(GO) build -o ../$@ github.com/a-h/templ/cmd/templ

$(BIN)/golangci-lint: tools/go.mod tools/go.sum
	cd tools && $(GO) build -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

check: assets $(BIN)/gofumpt ## Format, vet, imports, lint and the fast tests: before every commit
	@bad=$$($(BIN)/gofumpt -l $$(git ls-files -co --exclude-standard '*.go' ':!*_templ.go')); \
	if [ -n "$$bad" ]; then echo "not formatted (make fmt): $$bad"; exit 1; fi
	$(GO) vet ./...
	$(MAKE) --no-print-directory lint
	$(GO) test -short $$($(GO) list ./... | grep -v '/e2e$$')

test: deps assets ## Everything, as CI runs it (PostgreSQL and Chromium are installed if root)
	$(GO) vet ./...
	$(MAKE) --no-print-directory full
	$(MAKE) --no-print-directory race
	$(MAKE) --no-print-directory fuzz

full: ## All tests on both engines, end to end included
	$(CLUSTER) $(GO) test -timeout 40m ./...

# Beside what "make test" does: every rule of docs/compliance.md switched off in
# turn, every page in both languages and both widths, nothing left out under the
# race detector, and long fuzzing.
nightly: deps assets ## The long versions of the tests (FUZZTIME, default 2m here)
	$(GO) vet ./...
	DANCU_TEST_NIGHTLY=1 $(CLUSTER) $(GO) test -count=1 -timeout 120m ./...
	$(CLUSTER) $(GO) test -race -timeout 180m -skip '^TestEveryRuleSwitchedOffIsNoticed$$' ./internal/... ./verify/... ./cmd/...
	tools/fuzz.sh $(if $(filter command line environment,$(origin FUZZTIME)),$(FUZZTIME),2m)

race: ## The tests of what runs in parallel, under the race detector
	$(CLUSTER) $(GO) test -race -short -timeout 30m -skip '$(RACESKIP)' $(RACE)

fuzz: ## Every fuzz target for FUZZTIME (default 3s)
	tools/fuzz.sh $(FUZZTIME)

bench: build ## Measure speed and size, and write docs/performance.md
	$(CLUSTER) sh -c 'DANCU_BENCH_POSTGRES=$$DANCU_TEST_POSTGRES exec $(GO) run ./bench'

# The pages that the documents show; all of them, in both widths: go test ./e2e
# -run TestGallery -gallery FOLDER.
SHOWN := today,connections,connection,queue,look-up,look-up-found,look-up-refused,officers,officer,staff,acts,log-results,log-request,log-day,sign-in,account

screenshots: assets ## Pictures of the main pages with made-up data, into docs/images
	DANCU_REQUIRE_CHROMIUM=1 $(GO) test ./e2e -count=1 -run '^TestGalleryInARealBrowser$$' -gallery ../docs/images -only $(SHOWN)

deps: ## What the tests need of the system; installed when root, else named
	tools/deps.sh

clean: ## Remove what was built (not the demonstration's data)
	rm -rf $(BIN) web/node_modules
	find web/dist -mindepth 1 ! -name .gitkeep -delete
