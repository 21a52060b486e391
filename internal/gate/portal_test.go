package gate

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

// endingSession stands in for the area that owns sessions: the session is live
// as often as it says, and then has ended.
type endingSession struct {
	live    atomic.Int64
	officer access.OfficerStanding
}

func (e *endingSession) FindOfficers(_ context.Context, _ db.Querier, sessions []string, _ time.Time) (map[string]*access.OfficerStanding, error) {
	if e.live.Add(-1) < 0 {
		return nil, nil
	}
	return map[string]*access.OfficerStanding{sessions[0]: &e.officer}, nil
}

// TestASessionEndsWhileTheCallWaits ends the session between the first look and
// the commit: no entry says that the officer was verified then, whatever the
// first look had decided.
func TestASessionEndsWhileTheCallWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		sessions := &endingSession{officer: access.OfficerStanding{
			ID: "cb-01", Agency: "a", Grants: map[string][]string{"a": {"lookup"}},
		}}
		w := start(t, env, func(cfg *Config) { cfg.Officers = sessions })
		w.connect("a")
		for _, c := range []struct {
			name     string
			live     int64 // how often the session is found
			fields   access.FieldSet
			want     access.Code
			verified bool
		}{
			{"lives, allowed", 2, access.FieldsOf(access.FullName), access.Allowed, true},
			{"lives, refused", 2, access.FieldsOf(access.Ethnicity), access.GrantField, true},
			{"ended, was allowed", 1, access.FieldsOf(access.FullName), access.UnknownCredential, false},
			{"ended, was refused", 1, access.FieldsOf(access.Ethnicity), access.UnknownCredential, false},
		} {
			t.Run(c.name, func(t *testing.T) {
				w.t = t
				sessions.live.Store(c.live)
				w.expect(w.call("a", 1, func(call *Call) {
					call.Channel, call.Thumbprint, call.Connection = access.ChannelPortal, access.Thumbprint{}, "a"
					call.Fields, call.Officer.Session = c.fields, c.name
				}), c.want)
				var said []string
				for _, b := range w.bodies("call.lookup") {
					if officer := string(b["officer"]); strings.Contains(officer, c.name) {
						said = append(said, officer)
					}
				}
				if len(said) != 1 || strings.Contains(said[0], `"verified":true`) != c.verified {
					t.Errorf("the entries say %q", said)
				}
			})
		}
		w.t = t
	})
}
