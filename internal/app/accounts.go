package app

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
)

// defaultIdentity are the rules of accounts where nothing else is said.
func defaultIdentity() IdentityConfig {
	s := identity.DefaultSettings()
	return IdentityConfig{
		Origin: s.Origin, Name: s.Issuer,
		PasswordLength: s.PasswordLength, PasswordLengthAlone: s.PasswordLengthAlone, PasswordHistory: s.PasswordHistory,
		AdminPasswordAge: s.AdminPasswordAge, PasswordAge: s.PasswordAge,
		HashMemory: Size(s.HashMemory) << 10, HashTime: int(s.HashTime), Hashes: s.Hashes,
		Failures: s.Failures, LockTime: s.LockTime, MaxLockTime: s.MaxLockTime,
		AddressFailures: s.AddressFailures, AddressAttempts: s.AddressAttempts, AddressWindow: s.AddressWindow,
		LoopbackProviders: s.LoopbackProviders, SigninTime: s.SignInTime, OneTimePassword: s.OneTimePassword,
		Idle: s.Idle, AdminIdle: s.AdminIdle, CitizenIdle: s.CitizenIdle,
		Absolute: s.Absolute, AdminAbsolute: s.AdminAbsolute, CitizenAbsolute: s.CitizenAbsolute,
		FreshFactor: s.FreshFactor, Inactive: s.Inactive, ReviewEvery: s.ReviewEvery, ProposalTime: s.ProposalTime,
		Proposals: s.Proposals, Keys: s.Keys, KeyTerm: s.KeyTerm, MaxKeyTerm: s.MaxKeyTerm,
	}
}

// settings are the rules as the area takes them.
func (c *IdentityConfig) settings() identity.Settings {
	small := func(v int64) uint32 { return uint32(min(max(v, 0), math.MaxUint32)) }
	return identity.Settings{
		Origin: c.Origin, Issuer: c.Name,
		PasswordLength: c.PasswordLength, PasswordLengthAlone: c.PasswordLengthAlone, PasswordHistory: c.PasswordHistory,
		AdminPasswordAge: c.AdminPasswordAge, PasswordAge: c.PasswordAge,
		HashMemory: small(int64(c.HashMemory) >> 10), HashTime: small(int64(c.HashTime)), HashThreads: 1, Hashes: c.Hashes,
		Failures: c.Failures, LockTime: c.LockTime, MaxLockTime: c.MaxLockTime,
		AddressFailures: c.AddressFailures, AddressAttempts: c.AddressAttempts, AddressWindow: c.AddressWindow,
		LoopbackProviders: c.LoopbackProviders, SignInTime: c.SigninTime, OneTimePassword: c.OneTimePassword,
		Idle: c.Idle, AdminIdle: c.AdminIdle, CitizenIdle: c.CitizenIdle,
		Absolute: c.Absolute, AdminAbsolute: c.AdminAbsolute, CitizenAbsolute: c.CitizenAbsolute,
		FreshFactor: c.FreshFactor, Inactive: c.Inactive, ReviewEvery: c.ReviewEvery, ProposalTime: c.ProposalTime,
		Proposals: c.Proposals, Keys: c.Keys, KeyTerm: c.KeyTerm, MaxKeyTerm: c.MaxKeyTerm,
	}
}

// check says what is wrong with the rules, each with its setting's name.
func (c *IdentityConfig) check() (errs []error) {
	set := c.settings()
	err := set.Check()
	if err == nil {
		return nil
	}
	for _, line := range strings.Split(errors.Unwrap(err).Error(), "\n") {
		errs = append(errs, fault.New(fault.Invalid, "identity.%s", line))
	}
	return errs
}

// agencies tells the accounts what onboarding knows of agencies.
type agencies struct {
	office *onboarding.Onboarding
	// seen is the newest picture read: never more than was committed.
	seen atomic.Pointer[access.Directory]
}

func (a *agencies) directory(ctx context.Context, q db.Querier) (*access.Directory, error) {
	d, err := a.office.Load(ctx, q, a.seen.Load())
	if err == nil {
		a.seen.Store(d)
	}
	return d, err
}

// AgencyCode returns the code of an agency, "" if there is none.
func (a *agencies) AgencyCode(ctx context.Context, q db.Querier, agency string) (string, error) {
	d, err := a.directory(ctx, q)
	if err != nil {
		return "", err
	}
	if o := d.Agency(agency); o != nil {
		return o.Code, nil
	}
	return "", nil
}

// GrantsOf returns the grants of the agency's connections that are not ended.
func (a *agencies) GrantsOf(ctx context.Context, q db.Querier, agency string) (map[string][]string, error) {
	d, err := a.directory(ctx, q)
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for c := range d.Connections() {
		if s := d.System(c.System); c.State == access.Ended || s == nil || s.Agency != agency {
			continue
		}
		for _, g := range c.Grants {
			out[c.ID] = append(out[c.ID], g.ID)
		}
	}
	return out, nil
}

// sweepEvery is how soon what time brings about is done.
const sweepEvery = 5 * time.Second

// sweep does what time brings about in the accounts, until ctx ends.
func (a *App) sweep(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			// The minute that is not over has its summaries, too.
			return a.Identity.Flush(context.WithoutCancel(ctx))
		case <-tick.C:
			if err := a.Identity.Sweep(ctx); err != nil && ctx.Err() == nil {
				// It is tried again: sessions are over by the clock all the same.
				a.Logger.Warn("couldn't sweep the accounts", "error", err)
			}
		}
	}
}
