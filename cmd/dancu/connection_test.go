package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dancu/internal/app"
)

// shell runs command lines against one state folder.
type shell struct {
	t   *testing.T
	dir string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	s := &shell{t, t.TempDir()}
	s.run(0, "init", s.dir, "--origin", "log.example.vn/test")
	return s
}

// run runs a command line, demands its exit status and returns what it said.
func (s *shell) run(want int, args ...string) (stdout, stderr string) {
	s.t.Helper()
	var out, err bytes.Buffer
	status := run(args, &env{
		stdin: strings.NewReader(""), stdout: &out, stderr: &err,
		environ: []string{"DANCU_CONFIG=" + filepath.Join(s.dir, app.ConfigFile)},
	})
	if status != want {
		s.t.Fatalf("dancu %s: exit status %d, want %d\n%s%s", strings.Join(args, " "), status, want, out.String(), err.String())
	}
	return out.String(), err.String()
}

func (s *shell) write(name string, data []byte) string {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

func says(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("this does not say %q:\n%s", w, text)
		}
	}
}

func clientCertificate(t *testing.T) []byte {
	t.Helper()
	now := time.Now()
	ca, err := app.NewCA("test", now, now.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	pair, err := ca.Client("a.sys", now, now.AddDate(0, 6, 0))
	if err != nil {
		t.Fatal(err)
	}
	return pair.Cert
}

const connectionYAML = `
agencies: [{id: a, code: H13, name: {vi: Cơ quan}, group: 1}]
systems: [{id: a.sys, agency: a, name: {vi: Hệ thống}, level: 3, certificates: [{file: a.pem}]}]
connections:
  - id: a.con
    system: a.sys
    assessment: {from: 2026-01-01, until: 2099-12-31}
    grants:
      - {id: g, service: lookup, procedures: ["1.010100"], fields: [fullName], from: 2026-01-01, until: 2099-12-31, legalBasis: {vi: Luật Căn cước, en: Law}}
`

func TestConnectionCommands(t *testing.T) {
	s := newShell(t)
	out, err := s.run(0, "connection", "show")
	if out != "" {
		t.Errorf("on stdout: %s", out)
	}
	says(t, err, "there are no connections yet")

	file := s.write("c.yaml", []byte(connectionYAML))
	_, err = s.run(1, "connection", "apply", file)
	says(t, err, "a.pem", "line 3")
	s.write("a.pem", clientCertificate(t))
	out, _ = s.run(0, "connection", "apply", file, "--dry-run")
	says(t, out, "would write", "grant.given", "grant g of a.con")
	out, _ = s.run(0, "connection", "apply", file)
	says(t, out, "entry ", "connection.activated")
	out, _ = s.run(0, "connection", "apply", file)
	says(t, out, "nothing changed")
	bad := s.write("bad.yaml", []byte(strings.Replace(connectionYAML, "level: 3", "level: 2, speed: 9", 1)))
	out, err = s.run(2, "connection", "apply", bad)
	if out != "" {
		t.Errorf("on stdout: %s", out)
	}
	says(t, err, "2 things are", "line 3", "Art. 6.1", `unknown key "speed"`)

	out, _ = s.run(0, "connection", "show")
	says(t, out, "a.con", "active", "0/10000", "2099-12-31")
	out, _ = s.run(0, "connection", "show", "a.con")
	says(t, out, "Cơ quan (H13)", "lock", "none", "2026-01-01 to 2099-12-31", "0 of 10000 calls this day", "g: lookup", "Luật Căn cước")
	out, _ = s.run(0, "connection", "show", "a.con", "--json")
	var views []app.ConnectionView
	if e := json.Unmarshal([]byte(out), &views); e != nil || len(views) != 1 || views[0].Connection.ID != "a.con" {
		t.Errorf("%v: %s", e, out)
	}
	_, err = s.run(1, "connection", "show", "nobody")
	says(t, err, "no connection")

	_, err = s.run(2, "connection", "suspend", "a.con", "--violation", "wrong purpose")
	says(t, err, "--remedy is needed")
	s.run(0, "connection", "suspend", "a.con", "--violation", "wrong purpose", "--remedy", "a report on the use")
	out, _ = s.run(0, "connection", "show", "a.con")
	says(t, out, "suspended", "wrong purpose", "a report on the use")
	_, err = s.run(1, "connection", "suspend", "a.con", "--violation", "v", "--remedy", "r")
	says(t, err, "it is suspended")

	next := s.write("next.pem", clientCertificate(t))
	_, err = s.run(2, "connection", "rotate-cert", "a.con")
	says(t, err, "--cert is needed")
	s.run(2, "connection", "rotate-cert", "a.con", "--cert", next, "--overlap", "0s")
	out, _ = s.run(0, "connection", "rotate-cert", "a.con", "--cert", next, "--overlap", "24h")
	says(t, out, "the old one ends at")
	out, _ = s.run(0, "connection", "end", "a.con", "--ground", "termination.no-need", "--reason", "agreement expired")
	says(t, out, "has ended")
	s.run(2, "connection", "apply")
	s.run(2, "connection", "pause", "a.con")
	s.run(2, "connection", "show", "--color")
}
