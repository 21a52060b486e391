package e2e

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"testing"
	"time"

	"dancu/internal/apptest"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
)

// onsite is a whole system and the people of both sides.
type onsite struct {
	*house
	operator, assessor, supervisor, agency onboarding.Person
}

func openOnsite(t *testing.T, env *dbtest.Env, limit int64) *onsite {
	t.Helper()
	h := &house{t: t}
	h.System = apptest.Start(t, apptest.Options{Env: env, Limit: limit})
	person := func(d onboarding.Duty) onboarding.Person {
		p := onboarding.Person{
			Actor: ledger.Actor{Kind: "account", ID: string(d)}, Account: string(d), Duty: d,
			Still: func(context.Context, db.Querier, time.Time, bool) error { return nil },
		}
		if d == onboarding.Agency {
			p.Agency = h.Connection("mot-cua").Agency.ID
		}
		return p
	}
	return &onsite{h, person(onboarding.Operator), person(onboarding.Assessor), person(onboarding.Supervisor), person(onboarding.Agency)}
}

func (o *onsite) act(by onboarding.Person, matter, act string, values map[string]any) *onboarding.Matter {
	o.t.Helper()
	raw, err := json.Marshal(values)
	if err != nil {
		o.t.Fatal(err)
	}
	m, err := o.App.Onboarding.Act(o.t.Context(), by, matter, act, onboarding.Input{Reason: "a reason long enough", Values: raw})
	if err != nil {
		o.t.Fatalf("%s of %s: %v", act, matter, err)
	}
	return m
}

// refused makes a call and demands the code, with the entry that the answer
// names.
func (o *onsite) refused(c *apptest.Client, body apptest.Request, header map[string]string, code string) {
	o.t.Helper()
	from := o.next()
	o.answers(c, body, header, code)
	for _, e := range o.entries(from, "call.") {
		if e.Code == code && e.Call.Result == "refused" {
			return
		}
	}
	o.t.Fatalf("no entry tells of the refusal %s", code)
}

// answers makes a call and demands the code.
func (o *onsite) answers(c *apptest.Client, body apptest.Request, header map[string]string, code string) {
	o.t.Helper()
	if a := o.post(c, body, header); a.Status == http.StatusOK || a.Code != code || a.Found() {
		o.t.Fatalf("the call is answered %d %s, want %s", a.Status, a.Body, code)
	}
}

// post makes a look-up with headers of the test's.
func (o *onsite) post(c *apptest.Client, body apptest.Request, header map[string]string) *apptest.Answer {
	o.t.Helper()
	with := *c
	with.HTTP = &http.Client{Transport: headers{c.HTTP.Transport, header}, Timeout: c.HTTP.Timeout}
	return with.Post("/v1/lookup", body)
}

// headers adds headers to every request.
type headers struct {
	http.RoundTripper
	add map[string]string
}

func (h headers) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	for name, value := range h.add {
		r.Header.Set(name, value)
	}
	return h.RoundTripper.RoundTrip(r)
}

// selfMade is a client certificate with a key of its own.
func selfMade(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// incident waits for the open incident of a kind about the connection, and
// demands its task.
func (o *onsite) incident(kind string) *onboarding.Matter {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), 60*time.Second)
	defer cancel()
	for {
		list, err := o.App.Onboarding.List(ctx, o.supervisor, onboarding.Filter{Kind: onboarding.KindIncident, Connection: "mot-cua", Open: true})
		if err != nil {
			o.t.Fatalf("no incident %s was opened: %v", kind, err)
		}
		for _, m := range list.Matters {
			var doc struct{ Report struct{ Kind string } }
			if err := json.Unmarshal(m.Doc, &doc); err != nil {
				o.t.Fatal(err)
			}
			if doc.Report.Kind == kind {
				o.owes(m.ID, onboarding.TaskIncidentTake)
				return m
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// owes demands that a matter has a task that is not done.
func (o *onsite) owes(matter string, kind onboarding.TaskKind) {
	o.t.Helper()
	list, err := o.App.Onboarding.Tasks(o.t.Context(), o.supervisor, onboarding.TaskFilter{Matter: matter, Kind: kind})
	if err != nil || len(list.Tasks) != 1 {
		o.t.Fatalf("the matter %s has %d tasks %s (%v)", matter, len(list.Tasks), kind, err)
	}
}

// told waits until the outbox has a notice of a topic to somebody.
func (o *onsite) told(topic, recipient string) {
	o.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		var n int
		err := o.App.Main.QueryRow(o.t.Context(), "SELECT count(*) FROM notices WHERE topic = $1 AND recipient = $2", topic, recipient).Scan(&n)
		if err != nil {
			o.t.Fatal(err)
		}
		if n > 0 {
			return
		}
		if time.Now().After(deadline) {
			o.t.Fatalf("%s is never told of %s", recipient, topic)
		}
	}
}

// The causes for which provinces were disconnected in 2023: each is refused
// with its code, is in the log, and puts somebody to work.
func TestTheCausesOf2023(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		t.Parallel()
		o := openOnsite(t, env, 0)
		c, person := o.Client(0), o.Info.People[0]
		lookUp := c.LookupRequest(person)
		const system, build = "system.mot-cua", "onestop/2.1"
		if a := o.post(c, lookUp, nil); !a.Found() {
			t.Fatalf("before anything: %d %s", a.Status, a.Body)
		}

		t.Run("a system that is not registered", func(t *testing.T) {
			pair, _ := selfMade(t)
			stranger := *c
			stranger.HTTP = o.HTTP(pair)
			o.answers(&stranger, lookUp, nil, "auth.unknown_credential")
		})

		t.Run("a purpose that is not the registered one", func(t *testing.T) {
			other := lookUp.With("purpose", map[string]string{"procedure": "1.999999", "case": c.System.Case})
			o.refused(c, other, nil, "purpose.not_granted")
		})

		t.Run("a tool that was not assessed", func(t *testing.T) {
			o.act(o.operator, system, "correct", map[string]any{"nameVI": "Hệ thống một cửa", "level": 3, "builds": []string{build}})
			if a := o.post(c, lookUp, map[string]string{"Dancu-Client": build}); !a.Found() {
				t.Fatalf("the assessed build: %d %s", a.Status, a.Body)
			}
			o.refused(c, lookUp, map[string]string{"Dancu-Client": "script/0.1"}, "change.undeclared")
			m := o.incident("undeclared")
			o.owes(m.ID, onboarding.TaskChangeDeclare)
			o.told("incident.opened", string(onboarding.Supervisor))
			o.told("change.undeclared", o.agency.Agency)
			o.act(o.supervisor, m.ID, "take", nil)
			o.act(o.agency, m.ID, "explain", map[string]any{"intended": "no", "text": "một công cụ chạy thử, đã gỡ bỏ"})
			o.act(o.supervisor, m.ID, "resolve", map[string]any{"cause": "một công cụ chạy thử", "measures": "đã gỡ bỏ công cụ"})
		})

		t.Run("a key that nobody declared", func(t *testing.T) {
			pair, pemText := selfMade(t)
			o.act(o.agency, system, "certificate", map[string]any{"certificate": pemText})
			other := *c
			other.HTTP = o.HTTP(pair)
			o.refused(&other, lookUp, map[string]string{"Dancu-Client": build}, "change.undeclared")
			o.incident("undeclared")
		})

		t.Run("changed after it was assessed, and not assessed", func(t *testing.T) {
			m, err := o.App.Onboarding.Open(t.Context(), o.agency, onboarding.KindChange, onboarding.About{System: "mot-cua"}, onboarding.Input{Values: []byte(`{"kind":"application"}`)})
			if err != nil {
				t.Fatal(err)
			}
			change := fmt.Sprintf(`{"what":"Nâng cấp lên phiên bản 3.0","why":"Hết hỗ trợ","from":%q}`, time.Now().AddDate(0, 0, -1).Format(time.DateOnly))
			if _, err := o.App.Onboarding.Save(t.Context(), o.agency, m.ID, "change", onboarding.Input{Values: []byte(change)}); err != nil {
				t.Fatal(err)
			}
			o.act(o.agency, m.ID, "declare", nil)
			o.refused(c, lookUp, map[string]string{"Dancu-Client": build}, "assessment.lapsed")
			list, err := o.App.Onboarding.List(t.Context(), o.assessor, onboarding.Filter{Kind: onboarding.KindAssessment, Parent: m.ID})
			if err != nil || len(list.Matters) != 1 {
				t.Fatalf("the assessment it asks for: %+v, %v", list.Matters, err)
			}
			o.owes(list.Matters[0].ID, onboarding.TaskAssess)
			// Nor does anything but that assessment bring it back.
			o.refused(c, lookUp, map[string]string{"Dancu-Client": build}, "assessment.lapsed")
		})

		// Who is not known at all fills no log: the summary of the minute tells.
		o.Restart()
		var codes []string
		for _, e := range o.entries(0, "calls.refused") {
			codes = append(codes, e.Code)
		}
		if !slices.Contains(codes, "auth.unknown_credential") {
			t.Errorf("no entry tells of the unknown system: %v", codes)
		}
		o.VerifyLog()
	})
}

// More calls than the limit lock the connection at the very call that is too
// many; the agency is told, midnight and restarts change nothing, and two
// people, who say cause, measures and decision, let it go on.
func TestAFloodIsLockedAndUnlockedByTwo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		t.Parallel()
		const limit = 20
		o := openOnsite(t, env, limit)
		c, person := o.Client(0), o.Info.People[0]
		lookUp := c.LookupRequest(person)
		found := 0
		for range limit {
			if a := o.post(c, lookUp, nil); a.Found() {
				found++
			}
		}
		if found != limit {
			t.Fatalf("%d of %d calls within the limit are answered", found, limit)
		}
		from := o.next()
		for range 3 {
			if a := o.post(c, lookUp, nil); a.Code != "connection.locked_volume" && a.Code != "quota.exceeded" || a.Found() {
				t.Fatalf("beyond the limit: %d %s", a.Status, a.Body)
			}
		}
		if n := len(o.entries(0, "connection.locked")); n != 1 {
			t.Errorf("%d entries tell of the lock", n)
		}
		o.told("connection.locked", o.agency.Agency)
		o.incident("lock")

		o.Restart()
		c = o.Client(0)
		if a := o.post(c, lookUp, nil); a.Code != "connection.locked_volume" {
			t.Fatalf("after a restart: %d %s", a.Status, a.Body)
		}
		// One person alone, or two without a decision, do not lift it.
		whole := onboarding.Input{Reason: "checked with the agency", Values: []byte(`{"cause":"a loop in the client","measures":"the loop was mended","decision":"12/QĐ"}`)}
		if _, err := o.App.Onboarding.Act(t.Context(), o.supervisor, "connection.mot-cua", "unlock", whole); err == nil {
			t.Fatal("one person lifted the lock")
		}
		for _, in := range []onboarding.Input{
			{Values: whole.Values},
			{Reason: whole.Reason, Values: []byte(`{"cause":"a loop in the client","measures":"the loop was mended"}`)},
			{Reason: whole.Reason, Values: []byte(`{"cause":"a loop in the client","decision":"12/QĐ"}`)},
		} {
			err := o.App.Log.Write(t.Context(), func(tx *ledger.Tx) error {
				_, err := o.App.Onboarding.ActOfTwo(t.Context(), tx, o.supervisor, o.operator, "connection.mot-cua", "unlock", in)
				return err
			})
			if err == nil {
				t.Fatalf("the lock was lifted with %s", in.Values)
			}
		}
		if a := o.post(c, lookUp, nil); a.Code != "connection.locked_volume" {
			t.Fatalf("after what was refused: %d %s", a.Status, a.Body)
		}
		o.Unlock("mot-cua")
		if n := len(o.entries(from, onboarding.EventConnectionUnlocked)); n != 1 {
			t.Errorf("%d entries tell of the unlocking", n)
		}
		o.told("connection.unlocked", o.agency.Agency)
		if a := o.post(c, lookUp, nil); !a.Found() {
			t.Fatalf("unlocked: %d %s", a.Status, a.Body)
		}
		o.VerifyLog()
	})
}
