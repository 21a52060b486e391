// Package internal_test holds what is true of the whole program and of no
// package alone: who may import whom.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dancu/internal/access"
	"dancu/internal/telemetry"
)

const module = "dancu"

// rule is what one package may import.
type rule struct {
	// ours are packages of this module, without "dancu/", parted by blanks; "*"
	// is all but those that are only for tests, "**" all.
	ours string
	// theirs are modules of others and guarded standard packages (see guarded),
	// and what is under them; "*" is all.
	theirs string
	why    string
}

// rules is the import table: a new arrow is a line here, and a reviewed one.
// Names are as in path.Match, and the first that matches holds.
var rules = []struct {
	name string
	rule
}{
	// The words. They know nothing of the rest, nor of the world.
	{"internal/access", rule{"", "", "words of access control and the pure decision: no clock, no input, no output"}},
	{"internal/fault", rule{"", "", "kinds of error, for all"}},
	{"internal/fold", rule{"", "golang.org/x/text", "how lists are searched, whatever the area; a leaf, because areas do not know each other"}},
	{"verify", rule{"", "net/http golang.org/x/mod", "anyone may run these checks without us: the standard library and x/mod only"}},

	// The doors.
	{"internal/db", rule{"internal/fault", drivers + " golang.org/x/sys", "the one door to SQL: no one else has a driver"}},
	{"internal/db/dbtest", rule{"internal/db", drivers, "databases for tests"}},
	{"internal/db/dbtest/cluster", rule{"internal/db/dbtest", "", "one server for the tests of many packages"}},
	{"internal/db/dbtest/powercut", rule{"", drivers + " modernc.org/libc", "what a disk may hold after a power cut"}},
	{"internal/telemetry", rule{"", "net/http github.com/prometheus/client_golang", "logs, metrics and health of the process; it knows no area"}},

	// The areas. They do not know each other, but any may write the ledger and
	// the gate reads the register. No HTTP, no template.
	{"internal/ledger", rule{"verify internal/db internal/fault", "database/sql golang.org/x/mod golang.org/x/sys github.com/google/uuid", "the log knows neither purposes nor citizens nor officers"}},
	{"internal/register", rule{"internal/access internal/db internal/fault", "database/sql golang.org/x/text golang.org/x/sys github.com/go-json-experiment/json github.com/google/uuid", "the citizens; only the asked fields"}},
	{"internal/identity", rule{area + " verify", "database/sql github.com/google/uuid github.com/go-webauthn/webauthn github.com/pquerna/otp golang.org/x/crypto golang.org/x/text", "accounts, factors, roles, sessions; whose a session is it tells the gate in the words of access; passkeys are parsed from bytes, without HTTP; verify has the form of the entries it writes"}},
	{"internal/identity/oidc", rule{"internal/identity internal/fault", "net/http github.com/coreos/go-oidc golang.org/x/oauth2", "the protocol is HTTP"}},
	{"internal/onboarding", rule{area + " internal/onboarding/catalogue internal/onboarding/workday internal/onboarding/signing internal/onboarding/strict", "database/sql github.com/google/uuid github.com/go-json-experiment/json golang.org/x/text", "life of a connection; compiles the Directory"}},
	{"internal/onboarding/strict", rule{"internal/access internal/fault", "go.yaml.in/yaml", "files people write, read without guessing"}},
	{"internal/onboarding/workday", rule{"internal/access internal/onboarding/strict", "", "a pure calendar: no clock, no database"}},
	{"internal/onboarding/catalogue", rule{"internal/access internal/fault internal/onboarding/strict", "github.com/go-json-experiment/json", "checklists, templates and rule tables as files; the canonical JSON that their hashes are of"}},
	{"internal/onboarding/signing", rule{"internal/access internal/fault", "github.com/smallstep/pkcs7", "checks bytes against bytes: no store, no clock of its own"}},
	{"internal/evidence", rule{"internal/access internal/db internal/fault", "database/sql github.com/google/uuid golang.org/x/text", "keeps files; what they are for it does not know, and the key it is handed"}},
	{"internal/settings", rule{area, "database/sql", "what was changed of the configuration at run time; it knows no setting: names, bounds and who takes a value come to it; of access only the pair of texts"}},
	{"internal/draft", rule{"internal/db internal/fault", "database/sql", "what is typed and not sent; it knows no form, and the key it is handed"}},
	{"internal/job", rule{"internal/access internal/db internal/fault", "database/sql github.com/google/uuid", "long work on whichever node has a hand free; what it does is registered by others, and the vault it is handed"}},
	{"internal/saved", rule{"internal/db internal/fault", "database/sql", "what people look for, sealed, under an id"}},
	{"internal/manual", rule{"internal/db internal/fault internal/ledger", "database/sql github.com/google/uuid github.com/yuin/goldmark golang.org/x/text", "guides and notices as people read them; Markdown becomes a tree of words, never HTML"}},
	{"internal/notify", rule{area, "database/sql github.com/google/uuid", "the outbox of notices; it knows no other area: who is told, where and of what comes to it as codes; what people do about notices and webhooks has its entries; of access only the pair of texts"}},
	{"internal/notify/mail", rule{"internal/notify internal/fault", "github.com/wneessen/go-mail", "one outside protocol: SMTP"}},
	{"internal/notify/webhook", rule{"internal/notify internal/fault", "net/http", "one outside protocol: HTTPS"}},
	{"internal/gate", rule{area + " internal/register verify", "database/sql github.com/google/uuid golang.org/x/text", "the hot path; the one reader of the register; verify has the form of an entry it writes"}},
	{"internal/watch", rule{area, "database/sql github.com/google/uuid", "follows the ledger, sets locks"}},
	{"internal/desk", rule{area + " verify", "database/sql github.com/google/uuid", "requests, complaints, transparency; verify has the form of the entries it tells of"}},
	{"internal/desk/sms", rule{"internal/desk internal/fault", "net/http", "one outside protocol"}},

	// Delivery.
	{"internal/web", rule{"internal/fault", "net/http golang.org/x/net github.com/google/uuid github.com/go-json-experiment/json github.com/andybalholm/brotli github.com/a-h/templ golang.org/x/text", "the HTTP kit"}},
	{"internal/api", rule{"internal/access internal/fault internal/gate internal/ledger internal/notify internal/onboarding internal/register internal/web verify", "net/http html/template github.com/google/uuid github.com/go-json-experiment/json", "decodes, calls one thing, encodes; of the register only the words of a request"}},
	{"internal/console/i18n", rule{"internal/access internal/fault internal/web", "net/http golang.org/x/text", "texts in two languages"}},
	{"internal/console/ui", rule{"internal/console/i18n internal/fault internal/web web", pages, "the parts of pages"}},
	{"internal/console/site", rule{"internal/access internal/fault internal/web internal/identity internal/ledger internal/draft internal/console/ui internal/console/i18n web", pages, "who is visiting and who may; what all pages share"}},
	{"internal/console/officer", rule{console + " internal/gate internal/register " + parts, pages, "the desk calls the gate like any system does; of the register only the words of a request"}},
	{"internal/console/life", rule{console + " " + parts, pages, "the life cycle's pages, made of its tables; files come from a vault that it is handed"}},
	{"internal/console/requests", rule{console + " internal/console/citizen " + parts, pages, "what people ask, as those who answer see it; the citizen's words for it"}},
	{"internal/console/operator", rule{console + " internal/console/life " + parts, pages, "says of the life cycle what its own pages say, in the same words"}},
	{"internal/console", rule{console + " internal/console/*", pages, "pages over the areas; never SQL, never the register or the gate"}},
	{"internal/console/*", rule{console + " verify internal/console/agency internal/console/officer " + parts, pages, "one audience's pages; an inspector checks proofs as anybody may"}},
	{"web", rule{"", "net/http golang.org/x/net github.com/andybalholm/brotli github.com/evanw/esbuild", "the built front end"}},

	// What ties it together.
	{"internal/app", rule{"*", "net/http github.com/prometheus/client_golang github.com/knadh/koanf go.yaml.in/yaml golang.org/x github.com/google/uuid github.com/go-json-experiment/json github.com/andybalholm/brotli github.com/schollz/progressbar", "configuration, wiring, run, shut-down"}},
	{"internal/apptest", rule{"**", "net/http github.com/google/uuid golang.org/x", "a whole running system for tests"}},
	{"internal/apptest/*", rule{"**", "net/http github.com/chromedp golang.org/x", "a browser for tests"}},
	{"internal/compliance", rule{"", "", "the table of law, code and test; it reads the source and is compiled into nothing"}},
	{"cmd/dancu", rule{"verify internal/app internal/access internal/fault internal/ledger internal/onboarding internal/register internal/gate internal/web internal/telemetry", "net/http github.com/spf13/cobra github.com/spf13/pflag github.com/schollz/progressbar golang.org/x github.com/google/uuid github.com/go-json-experiment/json", "flags, files, exit codes; the wiring is app's"}},
	{"cmd/webbuild", rule{"web", "github.com/evanw/esbuild github.com/andybalholm/brotli", "builds the front end"}},
	{"e2e", rule{"**", "net/http github.com/chromedp", "journeys through the whole"}},
	{"bench", rule{"**", "net/http golang.org/x github.com/google/uuid github.com/pquerna/otp github.com/schollz/progressbar", "load, from outside and inside"}},
	{"bench/*", rule{"**", "net/http golang.org/x github.com/google/uuid github.com/schollz/progressbar", "load, from outside and inside"}},
	{"internal", rule{"**", "", "these tests"}},
}

const (
	drivers = "database/sql github.com/jackc/pgx modernc.org/sqlite github.com/pressly/goose"
	area    = "internal/access internal/db internal/fault internal/fold internal/ledger"
	pages   = "net/http html/template github.com/a-h/templ golang.org/x/text"
	parts   = "internal/console/ui internal/console/i18n internal/console/site internal/console/people internal/console/agency"
	console = "internal/access internal/fault internal/web internal/identity internal/ledger internal/notify internal/onboarding internal/watch internal/desk internal/draft internal/job internal/manual internal/settings web"
)

// inTests is what tests may import besides, in every package.
const (
	inTestsTheirs = "database/sql net/http github.com/pquerna/otp pgregory.net/rapid github.com/google/go-cmp go.uber.org/goleak github.com/rogpeppe/go-internal github.com/getkin/kin-openapi github.com/chromedp golang.org/x github.com/google/uuid github.com/emersion github.com/smallstep/pkcs7"
	inTests       = "verify internal/access internal/fault internal/db internal/db/dbtest internal/db/dbtest/* internal/apptest internal/apptest/* internal/ledger internal/identity internal/register internal/notify internal/onboarding internal/onboarding/workday internal/gate web"
)

// guarded are the standard packages that need leave.
var guarded = []string{"net/http", "html/template", "text/template", "database/sql", "net/rpc", "plugin"}

// wordsOfTheRegister is what delivery may use of the register: the words of a
// request, nothing that reads a record.
var wordsOfTheRegister = []string{"Keys", "Claims", "Claimable", "MaxName", "MaxClaim"}

func TestImportsFollowTheTable(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range files(t) {
		r, ok := ruleOf(f.pkg)
		if !ok {
			if !seen[f.pkg] {
				t.Errorf("package %s is not in the table: say what it may import, and why", f.pkg)
			}
			seen[f.pkg] = true
			continue
		}
		ours, theirs := r.ours, r.theirs
		if f.test {
			ours, theirs = ours+" "+inTests+" "+f.pkg, theirs+" "+inTestsTheirs
		}
		for _, spec := range f.ast.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			if !allowed(imported, ours, theirs) {
				t.Errorf("%s imports %s, which %s may not (%s)", f.path, imported, f.pkg, r.why)
			}
		}
	}
}

func TestDeliveryUsesOnlyWordsOfTheRegister(t *testing.T) {
	for _, f := range files(t) {
		if f.pkg != "internal/api" && f.pkg != "internal/console/officer" || f.test {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "register" && x.Obj == nil && !slices.Contains(wordsOfTheRegister, s.Sel.Name) {
					t.Errorf("%s uses register.%s: only the gate reads the register", f.path, s.Sel.Name)
				}
			}
			return true
		})
	}
}

// The table itself is tested: what it must refuse, it refuses.
func TestTheTableRefuses(t *testing.T) {
	for _, c := range []struct {
		pkg, imported string
		want          bool
	}{
		{"internal/access", "time", true},
		{"internal/access", "dancu/internal/fault", false},
		{"internal/access", "net/http", false},
		{"internal/access", "golang.org/x/text/unicode/norm", false},
		{"internal/fault", "dancu/internal/access", false},
		{"internal/db", "github.com/jackc/pgx/v5/pgconn", true},
		{"internal/db", "dancu/internal/ledger", false},
		{"internal/ledger", "github.com/jackc/pgx/v5", false},
		{"internal/ledger", "modernc.org/sqlite", false},
		{"internal/ledger", "dancu/internal/access", false},
		{"internal/ledger", "net/http", false},
		{"internal/ledger", "net/http/httptest", false},
		{"internal/register", "dancu/internal/ledger", false},
		{"internal/onboarding", "dancu/internal/notify", false},
		{"internal/notify", "net/http", false},
		{"internal/notify", "dancu/internal/onboarding", false},
		{"internal/notify/mail", "net/http", false},
		{"internal/notify/webhook", "net/http", true},
		{"internal/onboarding", "dancu/internal/register", false},
		{"internal/onboarding", "dancu/internal/gate", false},
		{"internal/gate", "dancu/internal/register", true},
		{"internal/gate", "dancu/internal/onboarding", false},
		{"internal/gate", "github.com/a-h/templ", false},
		{"internal/telemetry", "dancu/internal/access", false},
		{"internal/web", "dancu/internal/access", false},
		{"internal/api", "dancu/internal/db", false},
		{"internal/api", "database/sql", false},
		{"internal/console", "dancu/internal/db", false},
		{"internal/console", "dancu/internal/gate", false},
		{"internal/console", "dancu/internal/register", false},
		{"internal/console/operator", "dancu/internal/db", false},
		{"internal/console/operator", "dancu/internal/gate", false},
		{"internal/console/officer", "dancu/internal/gate", true},
		{"internal/console/officer", "dancu/internal/db", false},
		{"internal/console/site", "dancu/internal/onboarding", false},
		{"internal/console/operator", "dancu/internal/onboarding", true},
		{"internal/app", "dancu/internal/register", true},
		{"internal/app", "github.com/jackc/pgx/v5", false},
		{"internal/app", "dancu/internal/apptest", false},
		{"cmd/dancu", "dancu/internal/db", false},
		{"cmd/dancu", "dancu/internal/apptest", false},
		{"internal/gate", "dancu/internal/db/dbtest", false},
		{"verify", "dancu/internal/fault", false},
		{"verify", "golang.org/x/mod/sumdb/note", true},
		{"verify", "golang.org/x/model", false},
		{"e2e", "dancu/internal/apptest", true},
		{"bench", "dancu/internal/register", true},
	} {
		r, ok := ruleOf(c.pkg)
		if got := ok && allowed(c.imported, r.ours, r.theirs); got != c.want {
			t.Errorf("%s may import %s: %v, want %v", c.pkg, c.imported, got, c.want)
		}
	}
	if _, ok := ruleOf("internal/utils"); ok {
		t.Error("an unknown package has a rule")
	}
}

// Every name under which something of a person travels is one that no log
// takes: the two lists are apart because telemetry knows no area.
func TestNoFieldMayBeLogged(t *testing.T) {
	for _, f := range access.Fields {
		if !telemetry.Personal(f.JSON) {
			t.Errorf("telemetry does not know the field %s", f.JSON)
		}
	}
}

func ruleOf(pkg string) (rule, bool) {
	for _, r := range rules {
		if ok, _ := path.Match(r.name, pkg); ok {
			return r.rule, true
		}
	}
	return rule{}, false
}

// allowed reports whether a package with these leaves may import imported.
func allowed(imported, ours, theirs string) bool {
	if p, ok := strings.CutPrefix(imported, module+"/"); ok {
		return slices.ContainsFunc(strings.Fields(ours), func(o string) bool {
			switch o {
			case "*":
				return !onlyForTests(p)
			case "**":
				return true
			}
			ok, _ := path.Match(o, p)
			return ok
		})
	}
	under := func(p string) bool { return imported == p || strings.HasPrefix(imported, p+"/") }
	first, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(first, ".") && !slices.ContainsFunc(guarded, under) {
		return true // the standard library
	}
	return theirs == "*" || slices.ContainsFunc(strings.Fields(theirs), under)
}

func onlyForTests(pkg string) bool {
	return strings.HasPrefix(pkg, "internal/apptest") || strings.HasPrefix(pkg, "internal/db/dbtest")
}

// file is one Go file of the module.
type file struct {
	path, pkg string
	test      bool
	ast       *ast.File
}

// files parses all files of the module, whatever their build tags. It does not
// ask `go list`, whose work the test cache does not see.
func files(t *testing.T) (out []file) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel == "." {
				return nil
			}
			n := d.Name()
			if strings.HasPrefix(n, ".") || n == "testdata" || n == "node_modules" || rel == "bin" {
				return fs.SkipDir
			}
			if _, err := os.Stat(filepath.Join(p, "go.mod")); err == nil {
				return fs.SkipDir // another module
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") {
			return nil
		}
		f, err := parser.ParseFile(set, p, nil, 0)
		if err != nil {
			return err
		}
		out = append(out, file{rel, path.Dir(rel), strings.HasSuffix(rel, "_test.go"), f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 10 {
		t.Fatalf("only %d files found", len(out))
	}
	return out
}
