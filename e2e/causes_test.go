package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
)

// The causes for which provinces were disconnected in 2023, tried on the program
// itself over TLS: each is refused with its code, is in the log, and puts
// somebody to work.
func TestTheCausesOf2023(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		t.Parallel()
		y := openYard(t, env, 0)
		c, person := y.Client(0), y.Info.People[0]
		lookUp := c.LookupRequest(person)
		const system, build = "system/system.mot-cua", "onestop/2.1"
		if a := y.post(c, lookUp, nil); !a.Found() {
			t.Fatalf("before anything: %d %s", a.Status, a.Body)
		}

		t.Run("a system that is not registered", func(t *testing.T) {
			pair, _ := selfMade(t)
			stranger := *c
			stranger.HTTP = y.HTTP(pair)
			y.answers(&stranger, lookUp, nil, "auth.unknown_credential")
		})

		t.Run("a system that was not assessed", func(t *testing.T) {
			pair, pem := selfMade(t)
			y.applies(fmt.Sprintf(`
agencies: [{id: moi, code: H26, name: {vi: Cơ quan mới}, group: 1}]
systems: [{id: moi.sys, agency: moi, name: {vi: Hệ thống mới}, level: 3, certificates: [{pem: %q}]}]
connections:
  - id: moi.con
    system: moi.sys
    assessment: {from: 2098-01-01, until: 2099-12-31}
    grants: [{id: g, service: lookup, procedures: ["1.900101.H26"], fields: [fullName], from: 2026-01-01, until: 2099-12-31, legalBasis: {vi: Luật, en: Law}}]
`, pem))
			early := *c
			early.HTTP = y.HTTP(pair)
			y.refused(&early, lookUp.With("purpose", map[string]string{"procedure": "1.900101.H26", "case": c.System.Case}), nil, "assessment.lapsed")
		})

		t.Run("a purpose that is not the registered one", func(t *testing.T) {
			other := lookUp.With("purpose", map[string]string{"procedure": "1.999999", "case": c.System.Case})
			y.refused(c, other, nil, "purpose.not_granted")
		})

		t.Run("a tool that was not assessed", func(t *testing.T) {
			y.does("operator", system, "correct", form{"nameVI": "Hệ thống một cửa", "level": 3, "builds": []string{build}})
			if a := y.post(c, lookUp, map[string]string{"Dancu-Client": build}); !a.Found() {
				t.Fatalf("the assessed build: %d %s", a.Status, a.Body)
			}
			y.refused(c, lookUp, map[string]string{"Dancu-Client": "script/0.1"}, "change.undeclared")
			id := y.incident("undeclared")
			y.owes(id, "change.declare")
			y.told("incident.opened", "supervisor")
			y.told("change.undeclared", y.agency)
			y.does("supervisor", "incident/"+id, "take", nil)
			y.does("agency", "incident/"+id, "explain", form{"intended": "no", "text": "một công cụ chạy thử, đã gỡ bỏ"})
			y.does("supervisor", "incident/"+id, "resolve", form{"cause": "một công cụ chạy thử", "measures": "đã gỡ bỏ công cụ"})
		})

		t.Run("a key that nobody declared", func(t *testing.T) {
			pair, pem := selfMade(t)
			y.does("agency", system, "certificate", form{"certificate": pem})
			other := *c
			other.HTTP = y.HTTP(pair)
			y.refused(&other, lookUp, map[string]string{"Dancu-Client": build}, "change.undeclared")
			y.incident("undeclared")
		})

		t.Run("changed after it was assessed, and not assessed again", func(t *testing.T) {
			m := y.asks("agency", http.MethodPost, "/change", form{"system": "mot-cua", "values": form{"kind": "application"}})
			id := m.text("id")
			if m.status != http.StatusCreated || id == "" {
				t.Fatalf("a change report: %d %s", m.status, m.raw)
			}
			said := y.asks("agency", http.MethodPut, "/change/"+id+"/sections/change", form{"values": form{
				"what": "Nâng cấp lên phiên bản 3.0", "why": "Hết hỗ trợ", "from": time.Now().AddDate(0, 0, -1).Format(time.DateOnly),
			}})
			if said.status != http.StatusOK {
				t.Fatalf("its section: %d %s", said.status, said.raw)
			}
			y.does("agency", "change/"+id, "declare", nil)
			y.refused(c, lookUp, map[string]string{"Dancu-Client": build}, "assessment.lapsed")
			list := y.items("assessor", "/assessment?parent="+id, "matters")
			if len(list) != 1 {
				t.Fatalf("the assessment it asks for: %v", list)
			}
			y.owes(list[0]["id"].(string), "assessment.assess")
			// Nor does anything but that assessment bring it back.
			y.refused(c, lookUp, map[string]string{"Dancu-Client": build}, "assessment.lapsed")
		})

		// Who is not known at all fills no log: the summary of the minute tells.
		y.Restart()
		if y.logged("calls.refused", "auth.unknown_credential") == 0 {
			t.Error("no entry tells of the unknown system")
		}
		y.VerifyLog()
	})
}

// More calls than the limit lock the connection at the very call that is too
// many; the agency is told, a restart changes nothing, and two people, who say
// cause, measures and decision, let it go on.
func TestAFloodIsLockedAndUnlockedByTwo(t *testing.T) {
	t.Parallel()
	const limit = 10_000
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		t.Parallel()
		y := openYard(t, env, limit)
		c, person := y.Client(0), y.Info.People[0]
		lookUp := c.LookupRequest(person)
		const connection = "connection/connection.mot-cua"
		var sent, found, locked atomic.Int64
		var callers sync.WaitGroup
		for range 32 {
			callers.Go(func() {
				for sent.Add(1) <= limit+64 {
					a, err := c.Try("/v1/lookup", lookUp)
					switch {
					case err != nil:
						t.Error(err)
					case a.Found():
						found.Add(1)
					case a.Code == "connection.locked_volume":
						locked.Add(1)
					case a.Code == "service.busy" || a.Code == "rate.exceeded": // not decided: once more
						sent.Add(-1)
						time.Sleep(20 * time.Millisecond)
					default:
						t.Errorf("a call of the flood: %d %s", a.Status, a.Body)
					}
				}
			})
		}
		callers.Wait()
		if found.Load() != limit || locked.Load() != 64 {
			t.Fatalf("%d calls are answered and %d find it locked; the limit is %d", found.Load(), locked.Load(), limit)
		}
		if n := y.logged("connection.locked", ""); n != 1 {
			t.Errorf("%d entries tell of the lock", n)
		}
		y.told("connection.locked", y.agency)
		y.incident("lock")

		y.Restart()
		y.moves()
		c = y.Client(0)
		if a := y.post(c, lookUp, nil); a.Code != "connection.locked_volume" {
			t.Fatalf("after a restart: %d %s", a.Status, a.Body)
		}
		// Not without cause, measures, decision and reason; and one person proposes
		// it and never confirms it.
		whole := form{"cause": "a loop in the client", "measures": "the loop was mended", "decision": "12/QĐ"}
		for _, body := range []form{
			{"values": whole}, {"reason": "checked with the agency", "values": form{"cause": "a loop", "measures": "mended"}},
			{"reason": "checked with the agency", "values": form{"cause": "a loop", "decision": "12/QĐ"}},
		} {
			if a := y.asks("supervisor", http.MethodPost, "/"+connection+"/acts/unlock", body); a.status != http.StatusBadRequest {
				t.Fatalf("proposed with %v: %d %s", body, a.status, a.raw)
			}
		}
		proposal := y.does("supervisor", connection, "unlock", whole).text("proposal")
		first, second := y.people["supervisor"], y.people["supervisor2"]
		if s := first.post("/acts/" + proposal + "/confirm"); s.status == http.StatusOK || !strings.Contains(s.body, "another person") {
			t.Fatalf("one person lifted the lock: %d at %s", s.status, s.at)
		}
		if a := y.post(c, lookUp, nil); a.Code != "connection.locked_volume" {
			t.Fatalf("after what was refused: %d %s", a.Status, a.Body)
		}
		second.must(second.get("/life/connection.mot-cua"), "Waits for a second person", "SUPERVISOR", "a reason long enough")
		second.must(second.post("/acts/"+proposal+"/confirm"), "Done")
		if n := y.logged("connection.unlocked", ""); n != 1 {
			t.Errorf("%d entries tell of the unlocking", n)
		}
		y.told("connection.unlocked", y.agency)
		if a := y.post(c, lookUp, nil); !a.Found() {
			t.Fatalf("unlocked: %d %s", a.Status, a.Body)
		}
		y.VerifyLog()
	})
}
