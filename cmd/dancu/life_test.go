package main

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"dancu/internal/apptest"
	"dancu/internal/db"
	"dancu/internal/identity"
	"dancu/internal/notify"
)

// TestLifeOfAServer works with the key of an agency's administrator, and, on the
// same server, as the machine.
func TestLifeOfAServer(t *testing.T) {
	sys := apptest.Start(t)
	var admin apptest.Account
	for _, a := range sys.Info.Accounts {
		if a.Kind == string(identity.AgencyAdmin) {
			admin = a
		}
	}
	ids, from := sys.App.Identity, identity.Client{Address: netip.MustParseAddr("127.0.0.1")}
	code, err := totp.GenerateCode(admin.TOTP, sys.App.Main.Clock())
	if err != nil {
		t.Fatal(err)
	}
	step, err := ids.Begin(t.Context(), from, admin.Login, admin.Password)
	if err == nil {
		step, err = ids.GiveFactor(t.Context(), from, step.Token, identity.Proof{Code: code})
	}
	if err != nil {
		t.Fatal(err)
	}
	key, err := ids.NewKey(t.Context(), step.Session.Actor(from), identity.NewKey{Name: "life"})
	if err != nil {
		t.Fatal(err)
	}
	s := &shell{t, sys.Dir}
	file := s.write("key", []byte(key.Text+"\n"))
	at := func(want int, args ...string) (string, string) {
		t.Helper()
		return s.run(want, append([]string{"life", "--server", sys.Info.Console, "--key-file", file}, args...)...)
	}
	out, _ := at(0, "kinds")
	says(t, out, "application", "commitment")
	doc := s.write("văn bản.txt", []byte("Kính gửi: cơ quan quản lý.\n"))
	out, _ = at(0, "open", "application", "--json")
	var m lifeMatter
	if err := json.Unmarshal([]byte(out), &m); err != nil || m.State != "draft" || m.Agency != admin.Agency {
		t.Fatalf("%v: %s", err, out)
	}
	out, _ = at(0, "save", "application", m.ID, "documents", "--file", "request="+doc, "--version", "1")
	says(t, out, "version 2")
	_, errs := at(1, "save", "application", m.ID, "documents", "--version", "1")
	says(t, errs, "matter.version")
	_, errs = at(2, "save", "application", m.ID, "data", "--set", "daily=-4")
	says(t, errs, "data.daily: give a number")
	_, errs = at(1, "act", "application", m.ID, "approve", "--reason", "we approve it ourselves")
	says(t, errs, "act.not_allowed")
	out, _ = at(0, "show", "application", m.ID)
	says(t, out, "missing", "can", "submit, withdraw")
	out, _ = at(0, "act", "application", m.ID, "withdraw", "--reason", "another one will be made")
	says(t, out, "is withdrawn")

	// At the machine the server is asked through its socket.
	out, _ = s.run(0, "life", "list", "application", "--closed")
	says(t, out, m.ID, "withdrawn")
	out, _ = s.run(0, "life", "attach", doc)
	if id, _, _ := strings.Cut(out, " "); len(id) != 36 {
		t.Errorf("attached: %s", out)
	}

	// Notices and proposals: a key sees its agency's, the machine all.
	out, _ = s.run(0, "notice", "list", "--server", sys.Info.Console, "--key-file", file, "--json")
	says(t, out, `"notices": []`)
	err = sys.App.Main.Write(t.Context(), func(tx *db.Tx) error {
		return sys.App.Notices.Put(t.Context(), tx, notify.Notice{Key: "a", Topic: "task.overdue", To: "operator", Params: map[string]string{"matter": "HS-1", "due": "2026-12-02"}})
	})
	if err != nil {
		t.Fatal(err)
	}
	out, _ = s.run(0, "notice", "list", "--topic", "task.", "--to", "operator")
	says(t, out, "A task is overdue", "held")
	fields := strings.Fields(strings.Split(out, "\n")[1])
	out, _ = s.run(0, "notice", "retry", fields[0])
	says(t, out, "held", "topic")
	_, errs = s.run(1, "notice", "show", "nothing")
	says(t, errs, "notice.not_found")
	_, errs = s.run(1, "notice", "show", fields[0], "--server", sys.Info.Console, "--key-file", file)
	says(t, errs, "notice.not_found")
	out, _ = s.run(0, "proposal", "list")
	says(t, out, "PROPOSAL")
	_, errs = s.run(1, "proposal", "decline", "nothing", "--reason", "nobody proposed this")
	says(t, errs, "account.not_found")
	_, errs = s.run(1, "proposal", "list", "--server", sys.Info.Console, "--key-file", file)
	says(t, errs, "act.not_allowed")

	// A key that others may read is not sent, and one that ended opens nothing.
	loose := filepath.Join(sys.Dir, "loose")
	if err := os.WriteFile(loose, []byte(key.Text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, errs = s.run(2, "life", "list", "application", "--server", sys.Info.Console, "--key-file", loose)
	says(t, errs, "chmod 600")
	if err := ids.EndKey(t.Context(), step.Session.Actor(from), key.Key.ID); err != nil {
		t.Fatal(err)
	}
	_, errs = at(1, "list", "application")
	says(t, errs, "key.refused")
}
