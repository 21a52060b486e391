package desk

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// world is a desk with a real log, and verbs.
type world struct {
	*Desk
	t      *testing.T
	offset atomic.Int64
	told   []Notice
	fail   error // of notices
}

func (w *world) Put(_ context.Context, _ *db.Tx, n Notice) error {
	w.told = append(w.told, n)
	return w.fail
}

func start(t *testing.T, env *dbtest.Env, set Settings) *world {
	t.Helper()
	w := &world{t: t}
	signer, _, err := note.GenerateKey(rand.Reader, "log.example/test")
	if err != nil {
		t.Fatal(err)
	}
	clock := func(c *db.Config) { c.ClockOffset = func() time.Duration { return time.Duration(w.offset.Load()) } }
	main := env.Open(db.Main, clock)
	log, err := ledger.Open(t.Context(), ledger.Config{
		Main: main, Derived: env.Open(db.Derived, func(c *db.Config) { c.Relaxed = true }), Origin: "log.example/test", SigningKey: signer,
		SealingKey: make([]byte, ledger.KeySize), Node: "test", Version: "test", ClockHold: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() { defer close(done); _ = log.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done; _ = log.Close() })
	for deadline := time.Now().Add(30 * time.Second); log.Ready() != nil; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the log does not come up")
		}
	}
	w.Desk, err = New(t.Context(), Config{
		Main: main, Log: log, Notices: w, Settings: set,
		AgencyOf: func(code string) string { return map[string]string{"H98": "tinh-mau", "G98": "bo-mau"}[code] },
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

const ann, ben = "001190000001", "001090000002"

func citizen(pin string) Asker {
	return Asker{Actor: ledger.Actor{Kind: "citizen", ID: "citizen", Session: "s-" + pin}, PIN: pin}
}

func about(entry int64, agency string) About {
	return About{Entry: entry, Time: time.Now(), Agency: agency, Procedure: "1.900101.H98", Call: "call", Transaction: "transaction"}
}

const words = "Vì sao cơ quan này xem dữ liệu của tôi?"

func (w *world) ask(pin string, entry int64, agency string) string {
	w.t.Helper()
	id, err := w.Open(w.t.Context(), citizen(pin), Draft{Kind: Question, About: about(entry, agency), Text: words})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

var (
	register = Worker{Actor: ledger.Actor{Kind: "support", ID: "HT-1"}, Side: Register, Account: "a-support"}
	agency   = Worker{Actor: ledger.Actor{Kind: "agency-admin", ID: "QT-1"}, Side: Agency, Of: "tinh-mau", Account: "a-admin"}
	other    = Worker{Actor: ledger.Actor{Kind: "agency-admin", ID: "QT-2"}, Side: Agency, Of: "bo-mau", Account: "a-other"}
	nobodys  = Worker{Actor: ledger.Actor{Kind: "agency-admin", ID: "QT-3"}, Side: Agency}
)

// entries are the log's entries of a kind, newest first.
func (w *world) entries(kind string, terms ...ledger.Term) []ledger.Record {
	w.t.Helper()
	r, err := w.log.Search(w.t.Context(), ledger.Reader{Actor: ledger.Actor{Kind: "test", ID: "test"}, Reason: "test"}, ledger.Query{Kind: kind, Terms: terms})
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Records
}

// refused demands a refusal.
func (w *world) refused(err error, kind fault.Kind, code Code) {
	w.t.Helper()
	if !fault.Is(err, kind) || CodeOf(err) != code || TextOf(err).VI == "" || TextOf(err).EN == "" {
		w.t.Errorf("error %v (code %q), want %q", err, CodeOf(err), code)
	}
}

// TestARequestHasItsEntry: a request, its entry and its notices are one; without
// one there is none of them, and what was written stands nowhere in the open.
func TestARequestHasItsEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env, Settings{})
		id, err := w.Open(t.Context(), citizen(ann), Draft{Kind: Complaint, About: about(7, "H98"), Text: "  " + words + "\r\n ", Person: ben})
		if err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{ann, ben} {
			e := w.entries(EventOpened, ledger.Term{Kind: ledger.TermPerson, Value: who})
			if len(e) != 1 || !strings.Contains(string(e[0].Part(ledger.PartEvent).Data), id) {
				t.Errorf("by %s: %d entries", who, len(e))
			}
		}
		if len(w.told) != 2 || w.told[0].Agency != "" || w.told[1].Agency != "tinh-mau" || w.told[0].Key == w.told[1].Key {
			t.Errorf("told: %+v", w.told)
		}
		if s := fmt.Sprint(w.told); strings.Contains(s, ann) || strings.Contains(s, ben) || strings.Contains(s, words) {
			t.Errorf("a notice names somebody: %s", s)
		}
		r, err := w.Mine(t.Context(), ann, id)
		if err != nil || r.Text != words || !r.OnBehalf || r.About.Call != "call" || r.Kind != Complaint || r.State != Received || len(r.Steps) != 1 {
			t.Errorf("mine: %+v, %v", r, err)
		}
		raw, err := selectRequest(t.Context(), w.main, id)
		if err != nil || bytes.Contains(raw.body, []byte("quan")) || bytes.Contains(raw.asker, []byte(ann)) {
			t.Errorf("stored in the open: %q, %v", raw.body, err)
		}
		// A text bound to one place does not open in another.
		if err := w.open("another", raw.body, &body{}); !fault.Is(err, fault.Internal) {
			t.Errorf("it opens elsewhere: %v", err)
		}

		// Whoever may no longer, or whose notice cannot be kept, has asked nothing.
		no := errors.New("no")
		shut := citizen(ben)
		shut.Still = func(context.Context, db.Querier, time.Time) error { return no }
		if _, err := w.Open(t.Context(), shut, Draft{Kind: Question, About: about(8, "H98"), Text: words}); !errors.Is(err, no) {
			t.Errorf("signed out: %v", err)
		}
		w.fail = no
		if _, err := w.Open(t.Context(), citizen(ben), Draft{Kind: Question, About: about(8, "H98"), Text: words}); !errors.Is(err, no) {
			t.Errorf("no notice: %v", err)
		}
		if l, err := w.ListMine(t.Context(), ben, Filter{Limit: 9}); err != nil || len(l.Requests) != 0 || len(w.entries(EventOpened)) != 1 {
			t.Errorf("something is left: %+v, %v", l, err)
		}
	})
}

// TestALifeOfARequest: what may be done about a request, by whom; every step is
// an entry and the asker sees it.
func TestALifeOfARequest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env, Settings{PerDay: 100, Open: 100})
		ctx := t.Context()
		id := w.ask(ann, 1, "H98")
		w.refused(w.Settle(ctx, register, id), fault.Conflict, NotNow) // nobody answered
		if err := w.See(ctx, agency, id); err != nil {
			t.Fatal(err)
		}
		w.refused(w.See(ctx, register, id), fault.Conflict, NotNow)
		w.refused(w.Answer(ctx, agency, id, "  "), fault.Invalid, TextShort)
		if err := w.Answer(ctx, agency, id, "Chúng tôi tra cứu để giải quyết hồ sơ."); err != nil {
			t.Fatal(err)
		}
		if err := w.Answer(ctx, register, id, "Lượt tra cứu đúng với quyền được cấp."); err != nil {
			t.Fatal(err)
		}
		w.refused(w.Settle(ctx, agency, id), fault.Conflict, NotNow) // an agency does not close what is about itself
		if err := w.Close(ctx, citizen(ann), id); err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{w.See(ctx, register, id), w.Answer(ctx, agency, id, words), w.Settle(ctx, register, id), w.Close(ctx, citizen(ann), id)} {
			w.refused(err, fault.Conflict, NotNow)
		}
		r, err := w.Mine(ctx, ann, id)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range r.Steps {
			got = append(got, string(s.Side)+" "+string(s.Act)+" "+s.Text)
		}
		want := []string{
			"citizen received ", "agency seen ", "agency answered Chúng tôi tra cứu để giải quyết hồ sơ.",
			"register answered Lượt tra cứu đúng với quyền được cấp.", "citizen closed ",
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || r.State != Closed {
			t.Errorf("steps %q, state %s", got, r.State)
		}
		if n := len(w.entries(EventSeen)) + len(w.entries(EventAnswered)) + len(w.entries(EventClosed)); n != 4 {
			t.Errorf("%d entries", n)
		}
		id = w.ask(ann, 2, "H98")
		if err := errors.Join(w.Answer(ctx, register, id, words), w.Settle(ctx, register, id)); err != nil {
			t.Error(err)
		}
		id = w.ask(ann, 2, "H98") // the one before is closed
		if err := w.Close(ctx, citizen(ann), id); err != nil {
			t.Error(err)
		}
	})
}

// TestAnothersRequestIsNotThere: for people, for agencies, whatever they try.
// Reading what somebody wrote is an entry.
func TestAnothersRequestIsNotThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env, Settings{PerDay: 100, Open: 100})
		ctx := t.Context()
		id := w.ask(ann, 1, "H98")
		nowhere := w.ask(ann, 2, "X99") // of an agency nobody knows: the register's alone
		w.ask(ben, 3, "G98")
		_, err := w.Mine(ctx, ben, id)
		w.refused(err, fault.NotFound, NotThere)
		w.refused(w.Close(ctx, citizen(ben), id), fault.NotFound, NotThere)
		for _, by := range []Worker{other, nobodys} {
			for _, x := range []string{id, nowhere, "nothing"} {
				_, err := w.Find(ctx, by, x)
				w.refused(err, fault.NotFound, NotThere)
				w.refused(w.See(ctx, by, x), fault.NotFound, NotThere)
				w.refused(w.Answer(ctx, by, x, words), fault.NotFound, NotThere)
			}
		}
		if n := len(w.entries(EventRead)); n != 0 {
			t.Errorf("%d entries of readings that gave nothing", n)
		}
		if _, err := w.ListWork(ctx, nobodys, Filter{Limit: 9}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an agency without an id lists: %v", err)
		}
		for _, c := range []struct {
			by   Worker
			want int
		}{{register, 3}, {agency, 1}, {other, 1}} {
			if l, err := w.ListWork(ctx, c.by, Filter{Limit: 9}); err != nil || len(l.Requests) != c.want {
				t.Errorf("%s lists %d, %v; want %d", c.by.Actor.ID, len(l.Requests), err, c.want)
			}
		}
		if l, err := w.ListMine(ctx, ann, Filter{Limit: 1}); err != nil || len(l.Requests) != 1 || l.Next == "" {
			t.Errorf("a page: %+v, %v", l, err)
		} else if l, err = w.ListMine(ctx, ann, Filter{Limit: 1, Before: l.Next}); err != nil || len(l.Requests) != 1 || l.Next != "" || l.Requests[0].ID != id {
			t.Errorf("the next: %+v, %v", l, err)
		}
		r, err := w.Find(ctx, agency, id)
		if err != nil || r.Text != words || len(w.entries(EventRead)) != 1 {
			t.Errorf("found %+v, %v", r, err)
		}
	})
}

// TestLimitsOfOnePerson: the last request within a limit passes and the first
// beyond does not, on both sides of the day; another's do not count.
func TestLimitsOfOnePerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env, Settings{PerDay: 2, Open: 3})
		open := func(pin string, entry int64) error {
			_, err := w.Open(t.Context(), citizen(pin), Draft{Kind: Question, About: about(entry, "H98"), Text: words})
			return err
		}
		w.ask(ann, 1, "H98")
		w.refused(open(ann, 1), fault.Conflict, OpenAlready)
		w.ask(ann, 2, "H98")
		w.refused(open(ann, 3), fault.Exhausted, TooManyToday)
		w.ask(ben, 3, "H98")
		tomorrow := func(d time.Duration) {
			t.Helper()
			w.offset.Store(int64(d))
			_ = w.log.Write(t.Context(), func(*ledger.Tx) error { return nil }) // it sees the step, and waits
			for deadline := time.Now().Add(30 * time.Second); w.log.Ready() != nil; time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the log does not come up again")
				}
			}
		}
		tomorrow(23 * time.Hour)
		w.refused(open(ann, 3), fault.Exhausted, TooManyToday)
		tomorrow(24*time.Hour + time.Minute)
		if err := open(ann, 3); err != nil { // the third open one
			t.Fatal(err)
		}
		w.refused(open(ann, 4), fault.Exhausted, TooManyOpen)
		l, err := w.ListMine(t.Context(), ann, Filter{Open: true, Limit: 9})
		if err != nil || len(l.Requests) != 3 {
			t.Fatalf("open: %+v, %v", l, err)
		}
		if err := w.Close(t.Context(), citizen(ann), l.Requests[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := open(ann, 4); err != nil {
			t.Error(err)
		}
		for _, c := range []struct {
			x    Draft
			want Code
		}{
			{Draft{Text: words}, KindMissing},
			{Draft{Kind: Question, Text: "  123456789 \n"}, TextShort},
			{Draft{Kind: Question, Text: strings.Repeat("ư", MaxText+1)}, TextLong},
			{Draft{Kind: Question, Text: words + "\x00"}, TextOdd},
		} {
			_, err := w.Open(t.Context(), citizen(ben), c.x)
			w.refused(err, fault.Invalid, c.want)
		}
		if s, err := checkText(strings.Repeat("ư", MaxText)); err != nil || len(s) == 0 {
			t.Errorf("the longest text: %v", err)
		}
	})
}
