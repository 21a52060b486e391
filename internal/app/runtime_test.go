package app

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/settings"
)

// The bounds that the page shows are those that bind: at each the configuration
// holds, and one step beyond it does not.
func TestBoundsOfSettings(t *testing.T) {
	base := DefaultConfig()
	base.State = t.TempDir()
	step := func(value string, by int) string {
		if n, err := strconv.Atoi(value); err == nil {
			return strconv.Itoa(n + by)
		}
		d, err := time.ParseDuration(value)
		if err != nil {
			t.Fatal(err)
		}
		return (d + time.Duration(by)*time.Second).String()
	}
	for _, r := range atRunTime {
		if r.label.VI == "" || r.label.EN == "" || base.field(r.name) == nil {
			t.Errorf("%s has no name, or there is no such setting", r.name)
			continue
		}
		for value, holds := range map[string]bool{r.low: true, r.high: true, step(r.low, -1): false, step(r.high, 1): false} {
			if normal, err := base.normal(r.name, value); err != nil || holds && normal != value {
				t.Errorf("%s: %s is written %q, %v", r.name, value, normal, err)
			}
			if _, err := base.with(map[string]string{r.name: value}); (err == nil) != holds || err != nil && !fault.Is(err, fault.Invalid) {
				t.Errorf("%s = %s: %v", r.name, value, err)
			}
		}
	}
	for _, name := range []string{"state", "node", "api.listen", "identity.origin", "identity.hash_memory", "database.address_file", "nothing"} {
		if _, err := base.with(map[string]string{name: "x"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s can be changed at run time: %v", name, err)
		}
	}
	if base.Identity.Idle != DefaultConfig().Identity.Idle {
		t.Error("trying a value changed the configuration")
	}
}

// Every setting is on the page, with its value, and none is a secret: those stand
// in files.
func TestEverySettingIsShown(t *testing.T) {
	c := DefaultConfig()
	items := c.items()
	if len(items) != len(settingsOf(&c)) {
		t.Fatalf("%d of %d settings", len(items), len(settingsOf(&c)))
	}
	for _, it := range items {
		last := it.Name[strings.LastIndexByte(it.Name, '.')+1:]
		for _, word := range []string{"password", "secret", "token"} {
			if (last == word || strings.HasSuffix(last, "_"+word)) && it.Name != "identity.one_time_password" {
				t.Errorf("%s looks like a secret", it.Name)
			}
		}
	}
}

// A change takes two people who may; then every rule of accounts goes by it, and
// what one alone does changes nothing.
func TestASettingTakesTwoPeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := openDoor(t, env)
		d.staff()
		propose := func(who, name, value string) (identity.Proposal, error) {
			x, err := d.app.Settings.Draft(t.Context(), name, value)
			if err != nil {
				return identity.Proposal{}, err
			}
			raw, err := json.Marshal(x)
			d.must(err)
			return d.app.Identity.Propose(t.Context(), d.people[who], identity.TwoPersonAct{Kind: settings.Act, Subject: name, Payload: raw, Reason: longReason})
		}
		for _, who := range []string{"onboarder", "assessor", "inspector", "support", "agency:ha-noi"} {
			if _, err := propose(who, "identity.idle", "5m"); !fault.Is(err, fault.Forbidden) {
				t.Errorf("the %s proposes: %v", who, err)
			}
		}
		if _, err := propose("administrator", "identity.idle", "16m"); !fault.Is(err, fault.Invalid) {
			t.Errorf("beyond the bounds: %v", err)
		}
		p, err := propose("administrator", "identity.idle", "5m")
		d.must(err)
		confirm := func(who string) error {
			_, err := d.app.Identity.Confirm(t.Context(), d.people[who], p.ID)
			return err
		}
		for _, who := range []string{"administrator", "onboarder", "inspector", "agency:ha-noi"} {
			if err := confirm(who); !fault.Is(err, fault.Forbidden) {
				t.Errorf("the %s confirms: %v", who, err)
			}
		}
		time.Sleep(700 * time.Millisecond) // longer than a change takes to be seen
		if got := d.app.Identity.Settings().Idle; got != 15*time.Minute {
			t.Fatalf("one person changed it to %v", got)
		}
		d.must(confirm("supervisor"))
		for end := time.Now().Add(20 * time.Second); d.app.Identity.Settings().Idle != 5*time.Minute; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("two people changed it, and nothing goes by it")
			}
		}
		// A payload that is not what its subject says is no proposal.
		forged, _ := json.Marshal(settings.Proposed{Name: "identity.failures", Value: "1", Was: "5"})
		_, err = d.app.Identity.Propose(t.Context(), d.people["administrator"], identity.TwoPersonAct{Kind: settings.Act, Subject: "identity.idle", Payload: forged, Reason: longReason})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("a forged payload: %v", err)
		}
		var n int
		d.must(d.app.Main.QueryRow(t.Context(), "SELECT count(*) FROM entries WHERE kind = $1", settings.EventChanged).Scan(&n))
		if n != 1 {
			t.Errorf("%d entries tell of a change", n)
		}
		if env != nil && env.Engine == db.Postgres {
			return
		}
		row, err := d.app.Settings.Find("identity.idle")
		if err != nil || row.InForce != "5m0s" || row.Changed == nil || row.Changed.Proposer != "TK-0" || row.Changed.Confirmer != "TK-3" {
			t.Errorf("it stands as %+v, %v", row, err)
		}
	})
}
