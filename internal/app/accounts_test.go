package app

import (
	"strings"
	"testing"

	"dancu/internal/fault"
	"dancu/internal/identity"
)

const accountReason = "a change in the office"

// The commands about accounts do the same through the socket as without a
// server.
func TestAccountsFromTheCommandLine(t *testing.T) {
	for name, server := range map[string]bool{"alone": false, "served": true} {
		t.Run(name, func(t *testing.T) {
			cfg := stateFolder(t)
			if server {
				served(t, cfg)
			}
			c := opened(t, cfg)
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			ctx := t.Context()
			i, err := c.CreateAdmin(ctx, NewAccount{Login: "quantri", Code: "QT-1", Name: "Trần Một"})
			must(err)
			if i.Account.Kind != identity.Administrator || len(i.Password) != 19 {
				t.Fatalf("issued %+v", i.Account)
			}
			// A second is made like the first: one alone could confirm nothing.
			_, err = c.CreateAdmin(ctx, NewAccount{Login: "hai", Code: "QT-2", Name: "Hai"})
			must(err)
			if _, err := c.CreateAdmin(ctx, NewAccount{Login: "bathu", Code: "QT-3", Name: "Ba"}); !fault.Is(err, fault.Conflict) {
				t.Errorf("a third administrator: %v", err)
			}
			must(c.DisableAccount(ctx, "hai", accountReason))
			all, err := c.Accounts(ctx)
			must(err)
			if len(all) != 2 || all[0].Login != "quantri" || all[0].State != identity.Active {
				t.Errorf("accounts: %+v", all)
			}
			if err := c.DisableAccount(ctx, "quantri", accountReason); !fault.Is(err, fault.Conflict) {
				t.Errorf("the last administrator: %v", err)
			}
			if err := c.DisableAccount(ctx, "nobody", accountReason); !fault.Is(err, fault.NotFound) {
				t.Errorf("nobody: %v", err)
			}
			if err := c.UnlockAccount(ctx, "quantri", accountReason); !fault.Is(err, fault.Conflict) {
				t.Errorf("one that is not locked: %v", err)
			}
			if _, err := c.EnableAccount(ctx, "quantri", accountReason); !fault.Is(err, fault.Conflict) {
				t.Errorf("one that is active: %v", err)
			}
			again, err := c.ResetFactors(ctx, "QuanTri", accountReason)
			must(err)
			if again.Password == i.Password {
				t.Error("the same one-time password again")
			}
			if _, err := c.ResetFactors(ctx, "quantri", "short"); !fault.Is(err, fault.Invalid) {
				t.Errorf("without a reason: %v", err)
			}
		})
	}
}

// An agency's rights are those of its connections that are not ended, as the
// standing has them now.
func TestAgenciesFollowTheStanding(t *testing.T) {
	cfg := stateFolder(t)
	d, _ := served(t, cfg)
	a := &agencies{office: d.app.Onboarding}
	ctx := t.Context()
	if code, err := a.AgencyCode(ctx, d.app.Main, "a"); err != nil || code != "" {
		t.Fatalf("an agency before it is there: %q, %v", code, err)
	}
	if _, err := d.Apply(ctx, connectionFile(t), ApplyOptions{}); err != nil {
		t.Fatal(err)
	}
	views, err := d.Connections(ctx)
	if err != nil || len(views) == 0 {
		t.Fatalf("connections: %v, %v", views, err)
	}
	v := views[0]
	code, err := a.AgencyCode(ctx, d.app.Main, v.Agency.ID)
	if err != nil || code != v.Agency.Code {
		t.Errorf("the agency's code: %q, %v, want %q", code, err, v.Agency.Code)
	}
	got, err := a.GrantsOf(ctx, d.app.Main, v.Agency.ID)
	if err != nil || len(got[v.Connection.ID]) != len(v.Connection.Grants) || len(v.Connection.Grants) == 0 || got[v.Connection.ID][0] != v.Connection.Grants[0].ID {
		t.Errorf("the agency's grants: %v, %v", got, err)
	}
	if got, err := a.GrantsOf(ctx, d.app.Main, "another"); err != nil || len(got) != 0 {
		t.Errorf("another agency's grants: %v, %v", got, err)
	}
	if err := d.End(ctx, v.Connection.ID, "termination.no-need", "the project is over"); err != nil {
		t.Fatal(err)
	}
	if got, err = a.GrantsOf(ctx, d.app.Main, v.Agency.ID); err != nil || len(got) != 0 {
		t.Errorf("after the end: %v, %v", got, err)
	}
}

func TestRulesOfAccountsAreChecked(t *testing.T) {
	cfg := DefaultConfig()
	cfg.State = "state"
	if err := cfg.Check(); err != nil {
		t.Fatal(err)
	}
	if got, want := cfg.Identity.settings(), identity.DefaultSettings(); got != want {
		t.Errorf("the defaults are %+v, want %+v", got, want)
	}
	cfg.Identity.Failures, cfg.Identity.AdminIdle = 6, 0
	err := cfg.Check()
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "identity.failures: must be between 1 and 5") || !strings.Contains(err.Error(), "identity.admin_idle:") {
		t.Errorf("lax rules: %v", err)
	}
}
