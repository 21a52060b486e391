package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dancu/internal/app"
	"dancu/internal/apptest"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/register"
)

// secrets are the texts of people that went in, and what they are.
type secrets map[string]string

// add keeps a text, in the forms it could take on its way.
func (s secrets) add(what, text string) {
	if text == "" {
		return
	}
	quoted, _ := json.Marshal(text)
	ascii := fmt.Sprintf("%+q", text)
	for _, form := range []string{
		text, strings.ToUpper(text), strings.ToLower(text), register.Fold(text),
		url.QueryEscape(text), url.PathEscape(text), string(quoted[1 : len(quoted)-1]), ascii[1 : len(ascii)-1],
		strings.ReplaceAll(text, "-", ""),
	} {
		s[form] = what
	}
}

// absent fails for every secret that stands in a text.
func (s secrets) absent(t *testing.T, where, text string) {
	t.Helper()
	shown := 0
	for form, what := range s {
		if shown == 3 {
			return // enough to see what it is
		}
		if i := place(text, form); i >= 0 {
			t.Errorf("%s: a %s stands there: …%s…", where, what, strings.ToValidUTF8(text[max(0, i-300):min(len(text), i+len(form)+40)], "?"))
			shown++
		}
	}
}

// place is where a form stands in a text, -1 if it does not. The eight digits of
// a day that are part of a longer number, of a metric's value say, are no day.
func place(text, form string) int {
	day := len(form) <= 8 && !strings.ContainsFunc(form, notDigit)
	for at := 0; ; {
		i := strings.Index(text[at:], form)
		if i < 0 {
			return -1
		}
		i += at
		before, after := text[:i], text[i+len(form):]
		if !day || (before == "" || notDigit(rune(before[len(before)-1]))) && (after == "" || notDigit(rune(after[0]))) {
			return i
		}
		at = i + 1
	}
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

// TestNoPersonalDataInOperationalTexts runs every kind of call, refusal, error
// and import on a running system that logs all it can, and all that people do
// at the console, and looks for every number, name, date of birth, account,
// password and cookie used in its logs, the database's log, the metrics, the
// open pages, the console's addresses and the headers of answers.
func TestNoPersonalDataInOperationalTexts(t *testing.T) {
	t.Parallel()
	for engine, start := range map[string]func(*testing.T) *dbtest.Env{
		"sqlite":   func(t *testing.T) *dbtest.Env { return dbtest.SQLite(t) },
		"postgres": func(t *testing.T) *dbtest.Env { return dbtest.PostgresAlone(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			env := start(t)
			if env.Engine == db.Postgres {
				// All that an operator may turn on to find out what goes on.
				raw := env.Raw(db.Main)
				for _, set := range []string{
					"log_statement = 'all'", "log_min_duration_statement = 0", "log_duration = on", "log_connections = on",
					"log_disconnections = on", "log_lock_waits = on", "log_min_messages = debug1", "log_min_error_statement = debug1",
					"log_error_verbosity = verbose", "log_parameter_max_length = -1", "log_parameter_max_length_on_error = -1",
				} {
					if _, err := raw.Exec("alter system set " + set); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := raw.Exec("select pg_reload_conf()"); err != nil {
					t.Fatal(err)
				}
			}
			s := apptest.StartProcess(t, apptest.Options{Env: env, Settings: "telemetry:\n  level: debug\n"})
			found := secrets{}
			var headers bytes.Buffer
			see := func(a *apptest.Answer, err error) {
				if err != nil {
					t.Fatal(err)
				}
				if err := a.Header.Write(&headers); err != nil {
					t.Fatal(err)
				}
				// A problem says what is wrong, not whom it was about.
				if a.Code != "" {
					headers.Write(a.Body)
				}
			}
			use := func(p app.DemoPerson) app.DemoPerson {
				found.add("PIN", p.PIN)
				found.add("name", p.FullName)
				found.add("date of birth", p.DateOfBirth)
				return p
			}
			// The first sample person stands in the example that the
			// demonstration prints.
			for i, p := range s.Info.People[1:7] {
				use(p)
				for _, c := range []*apptest.Client{s.Client(0), s.Client(1), s.Client(2)} {
					r := c.LookupRequest(p)
					wrong := use(app.DemoPerson{PIN: p.PIN[:9] + fmt.Sprintf("9%02d", i), FullName: fmt.Sprintf("Đỗ Thị Người Khác %c", 'A'+i), DateOfBirth: fmt.Sprintf("1903-07-%02d", i+1)})
					for path, body := range map[string]any{
						"/v1/lookup":    r,
						"/v1/household": r,
						"/v1/verify":    c.Base().With("pin", p.PIN).With("claims", map[string]string{"fullName": wrong.FullName, "dateOfBirth": wrong.DateOfBirth}),
						"/v1/search":    c.Base().With("fullName", p.FullName).With("dateOfBirth", p.DateOfBirth).With("fields", c.System.Fields[:3]),
						"/v1/consents":  r,
						"/v1/nothing":   r,
					} {
						see(c.Try(path, body))
					}
					for _, body := range []any{
						c.LookupRequest(wrong),
						r.With("fullName", wrong.FullName),
						r.With("fields", []string{"religion", wrong.FullName}),
						r.With(wrong.FullName, p.PIN),
						r.With("pin", []string{p.PIN}),
						r.With("pin", p.PIN+"\x00"),
						r.With("fullName", wrong.FullName+"\u202e\x00"),
						r.With("dateOfBirth", "ngày "+wrong.DateOfBirth),
						r.With("consent", wrong.PIN),
						r.With("retryOf", wrong.PIN),
						r.With("represented", wrong.FullName),
						r.With("purpose", map[string]string{"procedure": wrong.FullName, "case": wrong.PIN}),
						[]byte(`{"pin":"` + p.PIN + `","pin":"` + wrong.PIN + `"}`),
						[]byte(`{"pin":"` + p.PIN + `","fullName":"` + wrong.FullName + "\xff"),
						[]byte(strings.Repeat(`{"`+wrong.PIN+`":`, 200)),
						[]byte(`"` + strings.Repeat(wrong.FullName, 8000) + `"`),
					} {
						a, err := c.Try("/v1/lookup", body)
						if err != nil && !errors.Is(err, io.EOF) {
							continue // a body too large may end the connection
						}
						see(a, err)
					}
					see(c.TryWithID("/v1/lookup", r, wrong.PIN))
					// Somebody who puts it into the address all the same.
					see(c.Get("/v1/lookup?pin="+p.PIN+"&fullName="+url.QueryEscape(p.FullName)), nil)
					see(c.Get("/v1/people/"+p.PIN+"/"+url.PathEscape(p.FullName)), nil)
					req, err := http.NewRequest(http.MethodPost, s.Info.API+"/v1/lookup", strings.NewReader("{}"))
					if err != nil {
						t.Fatal(err)
					}
					for _, h := range []string{"Dancu-Client", "Dancu-Transaction-Id", "Traceparent", "Tracestate", "User-Agent", "Referer", "X-Request-Id", "Accept-Language"} {
						req.Header.Set(h, p.PIN)
					}
					res, err := c.HTTP.Do(req)
					if err != nil {
						t.Fatal(err)
					}
					if err := res.Header.Write(&headers); err != nil {
						t.Fatal(err)
					}
					_ = res.Body.Close()
				}
			}
			// An import with good rows and bad ones.
			file := filepath.Join(t.TempDir(), "people.jsonl")
			var rows strings.Builder
			for i := range 20 {
				p := use(app.DemoPerson{PIN: fmt.Sprintf("0010907%05d", i), FullName: "Vương Nhập Liệu " + rand.Text()[:6], DateOfBirth: fmt.Sprintf("1907-03-%02d", i+1)})
				fmt.Fprintf(&rows, "{\"pin\":%q,\"fullName\":%q,\"dateOfBirth\":%q,\"sex\":\"male\"%s}\n", p.PIN, p.FullName, p.DateOfBirth,
					[]string{"", `,"religion":7`, `,"` + p.FullName + `":1`, `,"sex":"` + p.FullName + `"`}[i%4])
			}
			if err := os.WriteFile(file, []byte(rows.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			imported, err := exec.Command(apptest.Binary(t), "--config", filepath.Join(s.Dir, app.ConfigFile), "import", file).CombinedOutput()
			if code := (*exec.ExitError)(nil); err == nil || !errors.As(err, &code) || code.ExitCode() != 1 {
				t.Errorf("an import with bad rows ended with %v: %s", err, imported)
			}
			portal := workAtPortal(t, s, found)
			pages := map[string]string{}
			for name, u := range map[string]string{
				"metrics": s.Info.Operations + "/metrics", "readyz": s.Info.Operations + "/readyz",
				"console": s.Info.Console, "checkpoint": s.Info.Log.URL + "/checkpoint", "page of nothing": s.Info.Console + "/nothing",
			} {
				_, pages[name] = s.Read(u)
			}
			s.Stop()

			found.absent(t, "operational log", s.Logs.String())
			for _, line := range []string{`"level":"DEBUG"`, `"route":"POST /v1/lookup"`, `"route":"POST /look-up"`, `"route":"POST /sign-in"`, `"route":"POST /log"`} {
				if !strings.Contains(s.Logs.String(), line) {
					t.Errorf("the operational log has no %s: this test would find nothing there", line)
				}
			}
			if len(found) < 100 {
				t.Error("nothing was looked for")
			}
			found.absent(t, "headers and problems", headers.String())
			found.absent(t, "the console's addresses and headers", portal)
			if !strings.Contains(portal, "POST /look-up\n") || !strings.Contains(portal, "GET /log/") {
				t.Error("of the console's addresses nothing was kept")
			}
			found.absent(t, "import's output", string(imported))
			for name, text := range pages {
				if text == "" {
					t.Errorf("%s is empty", name)
				}
				found.absent(t, name, text)
			}
			if env.Engine == db.Postgres {
				log := env.PostgresLog()
				if !strings.Contains(log, "INSERT INTO entries") && !strings.Contains(log, "insert into entries") {
					t.Error("PostgreSQL did not log our statements: this test would find nothing")
				}
				found.absent(t, "PostgreSQL's log", log)
			}
		})
	}
}
