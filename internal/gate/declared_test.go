package gate

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
)

// certify gives a system certificates of its own, with the keys named; the
// first one is that of thumb(system).
func (w *world) certify(system string, keys []string, declared ...string) []access.Thumbprint {
	w.t.Helper()
	now := w.main.Clock()
	s := access.System{ID: system, Agency: system, Level: 3, Keys: declared}
	var thumbs []access.Thumbprint
	for i, k := range keys {
		t := thumb(system)
		t[0] += byte(i)
		thumbs = append(thumbs, t)
		s.Credentials = append(s.Credentials, access.Credential{
			SHA256: hex.EncodeToString(t[:]), Key: k, NotBefore: now.AddDate(0, -1, 0), NotAfter: now.AddDate(1, 0, 0),
		})
	}
	w.put(access.ChangeSystem, system, s)
	return thumbs
}

// TestAnUndeclaredKeyIsRefusedUntilItIsDeclared: a certificate with another
// key than those declared is known and refused; once its key is declared its
// calls are answered.
func TestAnUndeclaredKeyIsRefusedUntilItIsDeclared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a")
		one, two := strings.Repeat("11", 32), strings.Repeat("22", 32)
		thumbs := w.certify("a", []string{one, two}, one)
		w.expect(w.call("a", 1), access.Allowed)
		with := func(c *Call) { c.Thumbprint = thumbs[1] }
		_, r := w.expect(w.call("a", 1, with), access.ChangeUndeclared)
		if r.Index < 0 || !slices.Equal(r.Reasons[0].Names, []string{access.NameKey}) {
			t.Errorf("refused with %+v", r)
		}
		me, err := w.gate.Me(context.Background(), thumbs[1], "")
		if err != nil || me.Decided != access.ChangeUndeclared {
			t.Errorf("me: %+v, %v", me, err)
		}
		if me, err = w.gate.Me(context.Background(), thumbs[0], ""); err != nil || me.Decided != access.Allowed {
			t.Errorf("me: %+v, %v", me, err)
		}
		consent := &ConsentCall{
			Thumbprint: thumbs[1], Address: w.call("a", 1).Address, Transaction: uuid.Must(uuid.NewV7()).String(),
			RequestID: uuid.Must(uuid.NewV7()).String(), PIN: pin(1), Procedure: procedure, Fields: access.FieldsOf(access.Sex),
			Until: w.main.Clock().Add(time.Hour), EvidenceKind: "paper", EvidenceSHA256: strings.Repeat("ab", 32),
		}
		var refused *Refusal
		if _, err := w.gate.GiveConsent(context.Background(), consent); !errors.As(err, &refused) || refused.Code != access.ChangeUndeclared {
			t.Errorf("a consent under the undeclared key: %v", err)
		}
		w.certify("a", []string{one, two}, one, two)
		w.expect(w.call("a", 1, with), access.Allowed)
		w.expect(w.call("a", 1), access.Allowed)
		// No key is checked while none is declared.
		w.certify("a", []string{one, two})
		w.expect(w.call("a", 1, with), access.Allowed)
	})
}

// TestSummariesNameUndeclaredChanges: what is refused beyond the entries of
// its own still tells which build came with which certificate.
func TestSummariesNameUndeclaredChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env, func(c *Config) { c.RefusalsPerMinute = 1 })
		w.connect("a")
		one := strings.Repeat("11", 32)
		thumbs := w.certify("a", []string{one}, strings.Repeat("22", 32))
		for _, build := range []string{"a/1", "a/3", "a/2", "a/3", ""} {
			w.expect(w.call("a", 1, func(c *Call) { c.Build = build }), access.ChangeUndeclared)
		}
		for i := range 40 {
			w.expect(w.call("a", 1, func(c *Call) { c.Build = strings.Repeat("x", i+1) }), access.ChangeUndeclared)
		}
		w.restart()
		var builds []string
		more := false
		for _, e := range w.bodies("calls.refused") {
			var m struct {
				Changes     []struct{ Build, Credential string }
				MoreChanges bool
			}
			if err := json.Unmarshal(e[ledger.PartEvent], &m); err != nil {
				t.Fatal(err)
			}
			more = more || m.MoreChanges
			for _, c := range m.Changes {
				builds = append(builds, c.Build)
				if c.Credential != thumbs[0].String() {
					t.Errorf("credential %q", c.Credential)
				}
			}
		}
		for _, want := range []string{"", "a/2", "a/3", "x"} {
			if !slices.Contains(builds, want) {
				t.Errorf("the build %q is in no summary: %q", want, builds)
			}
		}
		if !more || len(builds) > 2*maxSummaryChanges {
			t.Errorf("more: %t, builds: %d", more, len(builds))
		}
	})
}

// TestAnEntryKeepsTheHashOfItsGrant: a grant that is changed is another grant
// with another hash; what was given under the old one goes on saying so.
func TestAnEntryKeepsTheHashOfItsGrant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		before, after := strings.Repeat("1", 64), strings.Repeat("2", 64)
		w.connect("a", func(c *access.Connection) { c.Grants[0].Hash = before })
		w.expect(w.call("a", 1), access.Allowed)
		w.alter("a", func(c *access.Connection) {
			c.Grants = slices.Clone(c.Grants)
			c.Grants[0].Hash = after
			c.Grants[0].Onward = []access.Onward{{Name: access.Text{VI: "Kho bạc"}, Basis: access.Text{VI: "Luật"}, Until: w.main.Clock().Add(time.Hour)}}
		})
		w.expect(w.call("a", 1), access.Allowed)
		var got []string
		for _, e := range w.bodies("call.lookup") {
			var m struct{ GrantHash string }
			if err := json.Unmarshal(e[ledger.PartAccess], &m); err != nil {
				t.Fatal(err)
			}
			got = append(got, m.GrantHash)
		}
		slices.Sort(got)
		if diff := cmp.Diff([]string{before, after}, got); diff != "" {
			t.Errorf("hashes (-want +got):\n%s", diff)
		}
	})
}
