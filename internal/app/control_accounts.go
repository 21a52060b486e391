package app

import (
	"context"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/identity"
)

// Accounts is what the command line can ask of a system's accounts. Accounts
// are named by their login. What gives a password gives it once.
type Accounts interface {
	// CreateAdmin makes the first administrator.
	CreateAdmin(ctx context.Context, a NewAccount) (Issued, error)
	// Accounts lists all accounts.
	Accounts(ctx context.Context) ([]Account, error)
	DisableAccount(ctx context.Context, login, reason string) error
	EnableAccount(ctx context.Context, login, reason string) (Issued, error)
	UnlockAccount(ctx context.Context, login, reason string) error
	ResetFactors(ctx context.Context, login, reason string) (Issued, error)
}

// The words of the accounts, under this package's name.
type (
	Account    = identity.Account
	NewAccount = identity.NewAccount
	Issued     = identity.Issued
)

// by is whoever gives the command.
func (d *direct) by() identity.Actor { return identity.Actor{Local: d.actor} }

func (d *direct) CreateAdmin(ctx context.Context, a NewAccount) (Issued, error) {
	i, err := d.app.Identity.CreateFirstAdministrator(ctx, d.by(), a)
	return i, settledAccount(err)
}

func (d *direct) Accounts(ctx context.Context) (all []Account, err error) {
	for f := (identity.Filter{Limit: 500}); ; {
		page, next, err := d.app.Identity.Accounts(ctx, d.by(), f)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if f.After = next; next == "" {
			return all, nil
		}
	}
}

// onAccount does something to the account with this login.
func (d *direct) onAccount(ctx context.Context, login string, do func(id string) error) error {
	a, err := d.app.Identity.AccountByLogin(ctx, d.by(), login)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "there is no account with this login: \"dancu account list\" shows them")
	}
	if err != nil {
		return err
	}
	return settledAccount(do(a.ID))
}

func (d *direct) DisableAccount(ctx context.Context, login, reason string) error {
	return d.onAccount(ctx, login, func(id string) error { return d.app.Identity.DisableAccount(ctx, d.by(), id, reason) })
}

func (d *direct) EnableAccount(ctx context.Context, login, reason string) (i Issued, err error) {
	err = d.onAccount(ctx, login, func(id string) (err error) {
		i, err = d.app.Identity.EnableAccount(ctx, d.by(), id, reason)
		return err
	})
	return i, err
}

func (d *direct) UnlockAccount(ctx context.Context, login, reason string) error {
	return d.onAccount(ctx, login, func(id string) error { return d.app.Identity.UnlockAccount(ctx, d.by(), id, reason) })
}

func (d *direct) ResetFactors(ctx context.Context, login, reason string) (i Issued, err error) {
	err = d.onAccount(ctx, login, func(id string) (err error) {
		i, err = d.app.Identity.ResetFactors(ctx, d.by(), id, reason)
		return err
	})
	return i, err
}

// settledAccount says what to do about an act of which nobody knows whether it
// took effect.
func settledAccount(err error) error {
	if db.IsUnknown(err) {
		return fault.Wrap(fault.Unavailable, err, "it is not known whether this took effect: look with \"dancu account list\", and repeat it if it did not")
	}
	return err
}

// The requests about accounts.
type (
	createAdminRequest struct {
		Account NewAccount `json:"account"`
	}
	accountRequest struct {
		Login  string `json:"login"`
		Reason string `json:"reason"`
	}
)

// accountOperations are what the socket can be asked about accounts.
var accountOperations = map[string]operation{
	"account-create-admin": answering(func(ctx context.Context, c *direct, q *createAdminRequest) (Issued, error) {
		return c.CreateAdmin(ctx, q.Account)
	}),
	"accounts": answering(func(ctx context.Context, c *direct, _ *emptyRequest) ([]Account, error) { return c.Accounts(ctx) }),
	"account-disable": answering(func(ctx context.Context, c *direct, q *accountRequest) (emptyRequest, error) {
		return emptyRequest{}, c.DisableAccount(ctx, q.Login, q.Reason)
	}),
	"account-enable": answering(func(ctx context.Context, c *direct, q *accountRequest) (Issued, error) {
		return c.EnableAccount(ctx, q.Login, q.Reason)
	}),
	"account-unlock": answering(func(ctx context.Context, c *direct, q *accountRequest) (emptyRequest, error) {
		return emptyRequest{}, c.UnlockAccount(ctx, q.Login, q.Reason)
	}),
	"account-reset-factors": answering(func(ctx context.Context, c *direct, q *accountRequest) (Issued, error) {
		return c.ResetFactors(ctx, q.Login, q.Reason)
	}),
}

func (r *remote) CreateAdmin(ctx context.Context, a NewAccount) (i Issued, err error) {
	err = r.ask(ctx, "account-create-admin", createAdminRequest{a}, &i)
	return i, err
}

func (r *remote) Accounts(ctx context.Context) (all []Account, err error) {
	err = r.ask(ctx, "accounts", emptyRequest{}, &all)
	return all, err
}

func (r *remote) DisableAccount(ctx context.Context, login, reason string) error {
	return r.ask(ctx, "account-disable", accountRequest{login, reason}, &emptyRequest{})
}

func (r *remote) EnableAccount(ctx context.Context, login, reason string) (i Issued, err error) {
	err = r.ask(ctx, "account-enable", accountRequest{login, reason}, &i)
	return i, err
}

func (r *remote) UnlockAccount(ctx context.Context, login, reason string) error {
	return r.ask(ctx, "account-unlock", accountRequest{login, reason}, &emptyRequest{})
}

func (r *remote) ResetFactors(ctx context.Context, login, reason string) (i Issued, err error) {
	err = r.ask(ctx, "account-reset-factors", accountRequest{login, reason}, &i)
	return i, err
}
