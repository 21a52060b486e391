package app

import (
	"os"
	"slices"
	"strings"
	"testing"

	"dancu/internal/db"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/notify"
)

// waits demands that a proposal is seen over the API by whoever may propose or
// confirm it, and that a key withdraws nothing but its own account's.
func (d *door) waits(id string) {
	d.t.Helper()
	const path = "/proposals?subject=connection.a.con&state=proposed"
	for who, sees := range map[string]bool{"onboarder": true, "supervisor": true} {
		list := d.want(d.ask(who, "GET", path, nil), 200)
		if strings.Contains(string(list.Raw), id) != sees || sees && !strings.Contains(string(list.Raw), longReason) {
			d.t.Errorf("%s sees %s", who, list.Raw)
		}
	}
	for _, who := range []string{"assessor", "inspector", "support", "agency:ha-noi"} {
		d.want(d.ask(who, "GET", path, nil), 403)
		if a := d.ask(who, "POST", "/proposals/"+id+"/decline", values{"reason": longReason}); a.Status != 403 && a.Status != 404 {
			d.t.Errorf("%s declines: %d", who, a.Status)
		}
	}
	d.want(d.ask("onboarder", "POST", "/proposals/"+id+"/decline", values{"reason": longReason}), 403, string(identity.NotByKey))
	d.want(d.ask("supervisor", "POST", "/proposals/"+id+"/decline", values{"reason": "ngắn"}), 400, "matter.form")
	d.want(d.ask("supervisor", "POST", "/proposals/nothing/decline", values{"reason": longReason}), 404)

	// Another one is withdrawn by who proposed it, and the next at the machine.
	propose := func() string {
		return d.want(d.ask("supervisor", "POST", "/connection/connection.a.con/acts/resume", values{"reason": longReason}), 202).text("proposal")
	}
	other := propose()
	d.want(d.ask("supervisor", "POST", "/proposals/"+other+"/decline", values{"reason": longReason}), 200)
	d.want(d.ask("supervisor", "POST", "/proposals/"+other+"/decline", values{"reason": longReason}), 409, string(identity.ProposalGone))
	other = propose()
	machine := &direct{app: d.app, actor: account(os.Getuid())}
	ask := func(method, path, body string) LifeAnswer {
		a, err := machine.Life(d.t.Context(), LifeRequest{Method: method, Path: path, Body: []byte(body)})
		d.must(err)
		return a
	}
	if a := ask("GET", "/proposals?state=proposed", ""); a.Status != 200 || !strings.Contains(string(a.Body), other) {
		d.t.Errorf("at the machine: %d %s", a.Status, a.Body)
	}
	if a := ask("POST", "/proposals/"+other+"/decline", `{"reason":"`+longReason+`"}`); a.Status != 200 {
		d.t.Errorf("declined at the machine: %d %s", a.Status, a.Body)
	}
	list := d.ask("supervisor", "GET", "/proposals?state=declined", nil)
	if n := strings.Count(string(list.Raw), `"state":"declined"`); n != 2 {
		d.t.Errorf("%d are declined: %s", n, list.Raw)
	}
}

// Notices over the API: the register's people see all and send one again, an
// agency its own, and the rest nothing.
func TestLifeNotices(t *testing.T) {
	d := openDoor(t, nil)
	d.staff()
	ids := map[string]string{}
	for _, to := range []string{"operator", "ha-noi", "can-tho"} {
		d.must(d.app.Main.Write(t.Context(), func(tx *db.Tx) error {
			return d.app.Notices.Put(t.Context(), tx, notify.Notice{Key: to, Topic: "task.overdue", To: to, Params: map[string]string{"matter": "HS-1", "due": "2026-12-02"}})
		}))
		var id string
		d.must(d.app.Main.QueryRow(t.Context(), "SELECT id FROM notices WHERE key = $1", to).Scan(&id))
		ids[to] = id
	}
	sees := map[string][]string{
		"onboarder": {"operator", "ha-noi", "can-tho"}, "supervisor": {"operator", "ha-noi", "can-tho"}, "support": {"operator", "ha-noi", "can-tho"},
		"agency:ha-noi": {"ha-noi"}, "agency:can-tho": {"can-tho"}, "assessor": nil, "inspector": nil,
	}
	for who, may := range sees {
		list := d.ask(who, "GET", "/notices", nil)
		if len(may) == 0 {
			d.want(list, 403, "act.not_allowed")
		}
		for to, id := range ids {
			in := slices.Contains(may, to)
			if strings.Contains(string(list.Raw), id) != in {
				t.Errorf("%s: the notice to %s is listed: %v", who, to, !in)
			}
			one := d.ask(who, "GET", "/notices/"+id, nil)
			if (one.Status == 200) != in || in && !strings.Contains(string(one.Raw), "HS-1") {
				t.Errorf("%s: the notice to %s: %d %s", who, to, one.Status, one.Raw)
			}
			retry := d.ask(who, "POST", "/notices/"+id+"/retry", nil)
			if (retry.Status == 200) != (len(may) == 3) {
				t.Errorf("%s sends the notice to %s again: %d", who, to, retry.Status)
			}
		}
		if len(may) == 1 { // what it asks for besides does not widen it
			other := d.ask(who, "GET", "/notices?to=operator", nil)
			if strings.Contains(string(other.Raw), ids["operator"]) {
				t.Errorf("%s sees the register's", who)
			}
		}
	}
	d.want(d.ask("support", "GET", "/notices/nothing", nil), 404, "notice.not_found")
	d.want(d.ask("support", "GET", "/notices?limit=200", nil), 400, "request.invalid")
	page := d.want(d.ask("support", "GET", "/notices?limit=2", nil), 200)
	next := d.want(d.ask("support", "GET", "/notices?limit=2&after="+page.text("next"), nil), 200)
	if len(page.m["notices"].([]any)) != 2 || len(next.m["notices"].([]any)) != 1 || next.text("next") != "" {
		t.Errorf("pages: %s %s", page.Raw, next.Raw)
	}
	d.must(d.app.Main.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE notices SET state = 'sent' WHERE id = $1", ids["operator"])
		return err
	}))
	d.want(d.ask("support", "POST", "/notices/"+ids["operator"]+"/retry", nil), 409, "notice.state")
	found, err := d.app.Log.Search(t.Context(), ledger.Reader{Actor: ledger.Actor{Kind: "cli", ID: "test"}, Reason: "what the test left"}, ledger.Query{Kind: notify.EventRetried})
	d.must(err)
	if len(found.Records) != 9 {
		t.Errorf("%d entries tell of notices sent again, want 9", len(found.Records))
	}
}
