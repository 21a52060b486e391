package e2e

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/apptest"
	"dancu/internal/console/site"
	"dancu/internal/db/dbtest"
	"dancu/internal/identity"
	"dancu/internal/ledger"
)

// house is a whole running system in which people work, with a clock that the
// test can put forward.
type house struct {
	*apptest.System
	t *testing.T
	// url is the console's public address: the one passkeys are bound to.
	url    string
	offset atomic.Int64

	mu   sync.Mutex
	used map[string]int64 // the last step of each authenticator app's secret
}

// openHouse starts a system; env nil means SQLite.
func openHouse(t *testing.T, env *dbtest.Env) *house {
	t.Helper()
	h := &house{t: t, used: map[string]int64{}}
	h.System = apptest.Start(t, apptest.Options{
		Env: env, ClockOffset: func() time.Duration { return time.Duration(h.offset.Load()) },
		// Everybody is at one address here, and hashing passwords is no matter.
		Settings: "identity:\n  address_attempts: 5000\n  address_failures: 5000\n  hash_memory: 64KiB\n",
	})
	h.url = strings.Replace(h.Info.Console, "127.0.0.1", "localhost", 1)
	return h
}

// pass lets time go by. The log sees a step of the clock and writes nothing
// until it is sure that the new time stays.
func (h *house) pass(d time.Duration) {
	h.t.Helper()
	h.offset.Add(int64(d))
	ctx, cancel := context.WithTimeout(h.t.Context(), 60*time.Second)
	defer cancel()
	for h.App.Log.Write(ctx, func(*ledger.Tx) error { return nil }) != nil {
		if ctx.Err() != nil {
			h.t.Fatal("the log does not take to the new time")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// now is the system's time; one in a process of its own has this machine's.
func (h *house) now() time.Time {
	if h.App == nil {
		return time.Now()
	}
	return h.App.Main.Clock()
}

// account is the demonstration's account of that login.
func (h *house) account(login string) apptest.Account {
	h.t.Helper()
	for _, a := range h.Info.Accounts {
		if a.Login == login {
			return a
		}
	}
	h.t.Fatalf("there is no account %s", login)
	return apptest.Account{}
}

// code is what an authenticator app shows: one that was not used yet. If that
// is too soon, time goes by.
func (h *house) code(secret string) string {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	const step = 30
	at := h.now().Unix() / step
	if last, ok := h.used[secret]; ok && last >= at {
		h.pass(time.Duration(last+1-at) * step * time.Second)
		at = last + 1
	}
	h.used[secret] = at
	return totp(h.t, secret, at)
}

// totp is the code of a step (RFC 6238).
func totp(t *testing.T, secret string, step int64) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, step) // never fails
	sum := mac.Sum(nil)
	i := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[i:])&0x7fffffff%1_000_000)
}

// onetime gives an account up, as an operator does at the machine, and returns
// the one-time password with which its owner begins anew.
func (h *house) onetime(login string) string {
	h.t.Helper()
	c := h.Control()
	defer func() { _ = c.Close() }()
	i, err := c.ResetFactors(h.t.Context(), login, "điện thoại và khoá bị mất, theo biên bản số 3")
	if err != nil {
		h.t.Fatal(err)
	}
	return i.Password
}

// local is the test itself, as who acts at the machine.
var local = ledger.Actor{Kind: "cli", ID: "test"}

// id is the id of an account.
func (h *house) id(login string) string {
	h.t.Helper()
	a, err := h.App.Identity.AccountByLogin(h.t.Context(), identity.Actor{Local: local}, login)
	if err != nil {
		h.t.Fatal(err)
	}
	return a.ID
}

// entry is an entry of the log, as far as tests look.
type entry struct {
	Index int64
	Kind  string
	Code  string
	Time  time.Time
	Event struct {
		Session, Why, Agent, Address, Method, Started, Ended, Officer, Reason string
	}
	Officer struct {
		ID, Address, Session string
		Verified             bool
	}
	Call site.Call
}

// call reports whether the entry is of a call that was answered.
func (e *entry) answered() bool {
	return strings.HasPrefix(e.Kind, "call.") && (e.Call.Result == "answered" || e.Call.Result == "empty")
}

// entries are the log's entries of these kinds from an index on, oldest first;
// a kind that ends in a dot stands for all that begin so.
func (h *house) entries(from int64, kinds ...string) (out []entry) {
	h.t.Helper()
	for before := int64(0); ; {
		res, err := h.App.Log.Search(h.t.Context(), ledger.Reader{Actor: local, Reason: "kiểm thử"}, ledger.Query{Limit: 1000, Before: before})
		if err != nil {
			h.t.Fatal(err)
		}
		for i := range res.Records {
			r := &res.Records[i]
			if r.Index < from || !slices.ContainsFunc(kinds, func(k string) bool {
				return r.Kind == k || strings.HasSuffix(k, ".") && strings.HasPrefix(r.Kind, k)
			}) {
				continue
			}
			e := entry{Index: r.Index, Kind: r.Kind, Code: r.Code, Time: r.Time, Call: site.CallOf(r)}
			for name, to := range map[string]any{ledger.PartEvent: &e.Event, ledger.PartOfficer: &e.Officer} {
				if p := r.Part(name); p != nil {
					if err := json.Unmarshal(p.Data, to); err != nil {
						h.t.Fatalf("entry %d, part %s: %v in %s", r.Index, name, err, p.Data)
					}
				}
			}
			out = append(out, e)
		}
		if before = res.Next; before == 0 || before <= from {
			break
		}
	}
	slices.Reverse(out)
	return out
}

// next is the index that the log's next entry will have, or a later one.
func (h *house) next() int64 {
	h.t.Helper()
	lines, err := h.App.Log.Recent(h.t.Context(), 1)
	if err != nil {
		h.t.Fatal(err)
	}
	return lines[0].Index + 1
}

// until waits until the log has n entries of a kind from an index on.
func (h *house) until(from int64, n int, kind string) []entry {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 60*time.Second)
	defer cancel()
	for {
		if es := h.entries(from, kind); len(es) >= n {
			return es
		}
		select {
		case <-ctx.Done():
			h.t.Fatalf("the log never has %d of %s", n, kind)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// caseCode is a dossier of the one-stop office.
func (h *house) caseCode() string { return h.Info.Systems[0].Case }

// typedDay is a date of birth as people type it.
func typedDay(iso string) string {
	if d, err := time.Parse(time.DateOnly, iso); err == nil {
		return d.Format("02/01/2006")
	}
	return iso
}
