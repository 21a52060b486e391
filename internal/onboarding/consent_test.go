package onboarding

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// store stores a consent the way the gate does, with an entry.
func (o *office) store(c *access.Consent, kind, sha string) error {
	return o.log.Write(o.ctx, func(tx *ledger.Tx) error {
		e, err := ledger.EventEntry("consent.given", clerk, map[string]any{"consent": c.ID})
		if err != nil {
			return err
		}
		tx.Append(e, ledger.Outcome{})
		return o.StoreConsent(o.ctx, tx.Tx, c, kind, sha)
	})
}

func newConsent() *access.Consent {
	now := time.Now().UTC().Truncate(time.Microsecond)
	return &access.Consent{
		ID: uuid.Must(uuid.NewV7()).String(), Agency: "bank", Person: "001099000001", Procedure: "1.010100",
		Case: "0000000019-260101-0001", Fields: access.FieldsOf(access.FullName, access.Sex),
		From: now, Until: now.AddDate(1, 0, 0),
	}
}

var sha = strings.Repeat("0a", 32)

func TestConsentsAreFoundAsTheyWereGiven(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		claimed, verified := newConsent(), newConsent()
		verified.Verified, verified.Case = true, ""
		withdrawn := newConsent()
		withdrawn.Withdrawn = withdrawn.From.Add(time.Hour)
		want := map[string]*access.Consent{}
		ids := []string{}
		for _, c := range []*access.Consent{claimed, verified, withdrawn} {
			o.must(o.store(c, "form", strings.ToUpper(sha)))
			want[c.ID] = c
			ids = append(ids, c.ID)
		}
		got, err := o.FindConsents(o.ctx, o.main, ids)
		o.must(err)
		if d := cmp.Diff(got, want); d != "" {
			t.Error(d)
		}
		// Within a transaction it sees what that one stored.
		o.must(o.main.Write(o.ctx, func(tx *db.Tx) error {
			c := newConsent()
			o.must(o.StoreConsent(o.ctx, tx, c, "form", sha))
			got, err := o.FindConsents(o.ctx, tx, []string{c.ID})
			if len(got) != 1 {
				t.Error("not seen by its own transaction")
			}
			return err
		}))
		// Whatever else is asked for is nobody's, and does no harm.
		many := []string{claimed.ID, "", "nobody", "'; DROP TABLE consents; --", "\x00", "\xff", strings.ToUpper(claimed.ID), "{" + claimed.ID + "}", strings.Repeat("x", 1<<20)}
		for range 1000 {
			many = append(many, uuid.Must(uuid.NewV7()).String())
		}
		got, err = o.FindConsents(o.ctx, o.main, many)
		o.must(err)
		if len(got) != 1 || got[claimed.ID] == nil {
			t.Errorf("found %d", len(got))
		}
		got, err = o.FindConsents(o.ctx, o.main, nil)
		if len(got) != 0 || err != nil {
			t.Errorf("found %d, %v", len(got), err)
		}
	})
}

// A consent that cannot be used is refused, and the refusal names no value:
// one of them is the person's number.
func TestConsentsThatCannotBeUsedAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		for name, tt := range map[string]struct {
			change    func(*access.Consent)
			kind, sha string
			want      string
		}{
			"id":            {func(c *access.Consent) { c.ID = "1" }, "form", sha, "id"},
			"random id":     {func(c *access.Consent) { c.ID = uuid.NewString() }, "form", sha, "UUIDv7"},
			"agency":        {func(c *access.Consent) { c.Agency = "" }, "form", sha, "agency"},
			"person":        {func(c *access.Consent) { c.Person = "" }, "form", sha, "pin"},
			"long person":   {func(c *access.Consent) { c.Person += "1" }, "form", sha, "pin"},
			"person text":   {func(c *access.Consent) { c.Person = "00109900000x" }, "form", sha, "pin"},
			"procedure":     {func(c *access.Consent) { c.Procedure = "x" }, "form", sha, "purpose.procedure"},
			"case":          {func(c *access.Consent) { c.Case = "x" }, "form", sha, "purpose.case"},
			"fields":        {func(c *access.Consent) { c.Fields = 0 }, "form", sha, "fields"},
			"term":          {func(c *access.Consent) { c.Until = c.From }, "form", sha, "until"},
			"kind":          {func(*access.Consent) {}, "", sha, "evidence.kind"},
			"long kind":     {func(*access.Consent) {}, strings.Repeat("x", MaxEvidenceKind+1), sha, "evidence.kind"},
			"kind with NUL": {func(*access.Consent) {}, "a\x00", sha, "evidence.kind"},
			"hash":          {func(*access.Consent) {}, "form", sha[1:], "evidence.sha256"},
			"hash text":     {func(*access.Consent) {}, "form", "x" + sha[1:], "evidence.sha256"},
		} {
			t.Run(name, func(t *testing.T) {
				c := newConsent()
				tt.change(c)
				err := o.store(c, tt.kind, tt.sha)
				refusedWith(t, err, fault.Invalid, tt.want)
				if c.Person != "" && strings.Contains(err.Error(), c.Person) {
					t.Errorf("the error names the person: %v", err)
				}
			})
		}
		c := newConsent()
		o.must(o.store(c, strings.Repeat("ớ", MaxEvidenceKind), sha))
		err := o.store(c, "form", sha)
		refusedWith(t, err, fault.Conflict, "there already")
		if strings.Contains(err.Error(), c.Person) {
			t.Errorf("the error names the person: %v", err)
		}
		if err := o.log.Ready(); err != nil {
			t.Errorf("the log is down: %v", err)
		}
	})
}
