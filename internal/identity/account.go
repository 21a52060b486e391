package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/fold"
	"dancu/internal/ledger"
)

// State is whether an account can be used.
type State string

// The states of an account. There is no deletion: entries name accounts.
const (
	Active   State = "active"
	Disabled State = "disabled"
)

// Account is a person's account, without any secret.
type Account struct {
	ID     string // UUIDv7
	Kind   Kind
	Agency string // id of the agency; "" for staff
	Code   string // the identifier in entries, unique in its agency
	Login  string // what is typed to sign in
	Name   string // the person's name
	Unit   string // where in the agency they work; may be ""
	State  State
	Reason string // why it is in that state; may be ""

	Created     time.Time
	LastSignIn  time.Time // zero: never
	PasswordSet time.Time
	MustChange  bool      // the password is a one-time password
	LockedUntil time.Time // after too many failures; zero or past: not locked

	TOTP     bool // has an authenticator app
	Passkeys int  // passkeys and USB keys
	Recovery int  // recovery codes left

	// Rights are the grants given to an officer. Lists leave them out.
	Rights Rights
}

// Rights are ids of grants by id of the connection.
type Rights map[string][]string

// NewAccount is an account to be made.
type NewAccount struct {
	Kind   Kind
	Agency string // of agencies' accounts; an agency's administrator may leave it out: it is their own
	Code   string // 1 to 20 letters, digits, dots, hyphens, underscores
	Login  string // 3 to 64 small letters, digits, dots, hyphens, underscores, @
	Name   string // 1 to 200 bytes
	Unit   string // up to 200 bytes
}

// Issued is an account with the one-time password to hand over, which must be
// changed at the first sign-in and is nowhere to be had again.
type Issued struct {
	Account  Account
	Password string
}

// Change is what may be changed of an account; nil leaves it as it is.
type Change struct {
	Name, Unit *string
}

// Filter says which accounts to list.
type Filter struct {
	Kind   Kind   // "" for all the actor may see
	Agency string // "" for all; an agency's administrator sees the own one only
	State  State  // "" for all
	Text   string // a part of name, login or code, without regard to case and marks
	After  string // the last id of the previous page
	Limit  int    // 0 means 50, at most 500
}

// oneTimePassword returns a one-time password and its hash, computed before any
// lock.
func (s *Store) oneTimePassword(ctx context.Context) (password, hash string, err error) {
	password = oneTime()
	hash, err = s.hasher.Hash(ctx, password)
	return password, hash, err
}

// managing is the act that changing accounts of a kind is.
func managing(k Kind) Act {
	switch {
	case k.Staff():
		return ManageStaff
	case k == AgencyAdmin:
		return ManageAgencyAdmins
	}
	return ManageOfficers
}

// releasing is the act that unlocking accounts of a kind is.
func releasing(k Kind) Act {
	if k == AgencyAdmin {
		return ReleaseLockouts
	}
	return managing(k)
}

// reach reads an account that who acts may do this to. One out of reach reads
// as one that is not there.
func (s *Store) reach(ctx context.Context, q db.Querier, w *acting, id string, act func(Kind) Act) (*record, error) {
	r, err := accountByID(ctx, q, id)
	if err != nil {
		return nil, err
	}
	if r == nil || !w.may(act(r.Kind)) || r.Kind.OfAgency() && w.account != nil && w.account.Kind.OfAgency() && w.account.Agency != r.Agency {
		return nil, refuse(fault.NotFound, NotThere)
	}
	return r, nil
}

// administering refuses whoever may manage no accounts at all.
func (w *acting) administering(act func(Kind) Act) error {
	for _, k := range Kinds {
		if w.may(act(k)) {
			return nil
		}
	}
	return refuse(fault.Forbidden, NotAllowed)
}

// manage runs fn on an account that by may do this to, and that is not by's
// own.
func (s *Store) manage(ctx context.Context, by Actor, id string, act func(Kind) Act, fn func(tx *ledger.Tx, w *acting, r *record) error) error {
	return s.log.Write(ctx, func(tx *ledger.Tx) error {
		w, err := s.who(ctx, tx, by, tx.Now)
		if err != nil {
			return err
		}
		if err := w.administering(act); err != nil {
			return err
		}
		r, err := s.reach(ctx, tx, w, id, act)
		if err != nil {
			return err
		}
		if w.account != nil && w.account.ID == r.ID {
			return refuse(fault.Forbidden, OwnAccountAct)
		}
		return fn(tx, w, r)
	})
}

// tell writes the entry of an act on somebody's account.
func (s *Store) tell(ctx context.Context, tx *ledger.Tx, w *acting, kind string, r *record, more members) error {
	code, err := s.agencyCode(ctx, tx, r.Agency)
	if err != nil {
		return err
	}
	return w.entry(tx, kind, about(r, code, more))
}

// CreateAccount makes an account. The register's administrators make staff and
// agencies' administrators, an agency's administrator that agency's officers
// (Decree 70/2024/NĐ-CP Art. 10). Another register administrator takes two
// people: [Store.Propose] with [NewAdministrator]. A login or code that is
// taken is fault.Conflict.
func (s *Store) CreateAccount(ctx context.Context, by Actor, a NewAccount) (Issued, error) {
	if err := a.check(); err != nil {
		return Issued{}, err
	}
	if a.Kind == Administrator {
		return Issued{}, refuse(fault.Forbidden, TwoPeople)
	}
	password, hash, err := s.oneTimePassword(ctx)
	if err != nil {
		return Issued{}, err
	}
	var r *record
	err = s.act(ctx, by, managing(a.Kind), func(tx *ledger.Tx, w *acting) (err error) {
		if a.Kind == AgencyOfficer {
			if w.account == nil {
				return refuse(fault.Forbidden, NotAllowed) // the agency's business alone
			}
			if a.Agency != "" && a.Agency != w.account.Agency {
				return refuse(fault.NotFound, AgencyInvalid)
			}
			a.Agency = w.account.Agency
		}
		r, err = s.create(ctx, tx, w, a, hash, nil)
		return err
	})
	if err != nil {
		return Issued{}, err
	}
	return Issued{Account: r.Account, Password: password}, nil
}

// create makes an account under the lock, with its entry.
func (s *Store) create(ctx context.Context, tx *ledger.Tx, w *acting, a NewAccount, hash string, more members) (*record, error) {
	if a.Kind.OfAgency() {
		code, err := s.agencyCode(ctx, tx, a.Agency)
		if err != nil {
			return nil, err
		}
		if code == "" {
			return nil, refuse(fault.Invalid, AgencyInvalid)
		}
	}
	// Asked before, because a statement that fails ends the transaction.
	if o, err := accountByLogin(ctx, tx, a.Login); err != nil {
		return nil, err
	} else if o != nil {
		return nil, refuse(fault.Conflict, LoginTaken)
	}
	if o, err := accountByCode(ctx, tx, a.Agency, a.Code); err != nil {
		return nil, err
	} else if o != nil {
		return nil, refuse(fault.Conflict, CodeTaken)
	}
	r := &record{version: 1, password: hash, enabled: tx.Now}
	r.Account = Account{
		ID: newID(), Kind: a.Kind, Agency: a.Agency, Code: a.Code, Login: a.Login, Name: a.Name, Unit: a.Unit,
		State: Active, Created: tx.Now, PasswordSet: tx.Now, MustChange: true,
	}
	if err := insertAccount(ctx, tx.Tx, r); err != nil {
		return nil, err
	}
	return r, s.tell(ctx, tx, w, EventAccountCreated, r, more)
}

// ChangeAccount changes what is not a right and not a secret.
func (s *Store) ChangeAccount(ctx context.Context, by Actor, id string, c Change) error {
	trim := func(text *string) *string {
		if text == nil {
			return nil
		}
		t := strings.TrimSpace(*text)
		return &t
	}
	c.Name, c.Unit = trim(c.Name), trim(c.Unit)
	return s.manage(ctx, by, id, managing, func(tx *ledger.Tx, w *acting, r *record) error {
		changed := []string{}
		if c.Name != nil && *c.Name != r.Name {
			if !nameFits(*c.Name) {
				return refuse(fault.Invalid, NameInvalid)
			}
			r.Name = *c.Name
			changed = append(changed, "name")
		}
		if c.Unit != nil && *c.Unit != r.Unit {
			if !textFits(*c.Unit, maxName) {
				return refuse(fault.Invalid, TextInvalid)
			}
			r.Unit = *c.Unit
			changed = append(changed, "unit")
		}
		if len(changed) == 0 {
			return nil
		}
		if err := updateAccount(ctx, tx.Tx, r); err != nil {
			return err
		}
		return s.tell(ctx, tx, w, EventAccountChanged, r, members{"changed": changed})
	})
}

// DisableAccount disables an account and ends its sessions and keys: its next request
// fails, and no look-up follows in the log's order. Nobody can disable the own
// account, nor the last active administrator of the register.
func (s *Store) DisableAccount(ctx context.Context, by Actor, id, reason string) error {
	if err := checkReason(&reason); err != nil {
		return err
	}
	return s.manage(ctx, by, id, managing, func(tx *ledger.Tx, w *acting, r *record) error {
		return s.disable(ctx, tx, w, r, reason)
	})
}

func (s *Store) disable(ctx context.Context, tx *ledger.Tx, w *acting, r *record, reason string) error {
	if r.State != Active {
		return refuse(fault.Conflict, WrongState)
	}
	if r.Kind == Administrator {
		n, err := countAdministrators(ctx, tx)
		if err != nil {
			return err
		}
		if n <= 1 {
			return refuse(fault.Conflict, LastAdmin)
		}
	}
	r.State, r.Reason = Disabled, reason
	r.version++
	if err := updateAccount(ctx, tx.Tx, r); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, w, EventAccountDisabled, r, members{"reason": reason}); err != nil {
		return err
	}
	if err := s.endKeys(ctx, tx, w, r, whyDisabled); err != nil {
		return err
	}
	_, err := s.endSessions(ctx, tx, w, r, whyDisabled, reason)
	return err
}

// reissue gives an account a one-time password under a new version: what was
// opened before is over.
func (s *Store) reissue(ctx context.Context, tx *ledger.Tx, r *record, hash string) error {
	if err := keepPassword(ctx, tx.Tx, r, s.rules().PasswordHistory); err != nil {
		return err
	}
	r.password, r.PasswordSet, r.MustChange = hash, tx.Now, true
	r.version++
	if err := updateAccount(ctx, tx.Tx, r); err != nil {
		return err
	}
	return dropAttempt(ctx, tx.Tx, accountSubject(r.ID))
}

// issuing runs fn on an account that by manages, with the hash of a new
// one-time password.
func (s *Store) issuing(ctx context.Context, by Actor, id, reason string, fn func(tx *ledger.Tx, w *acting, r *record, hash, reason string) error) (Issued, error) {
	if err := checkReason(&reason); err != nil {
		return Issued{}, err
	}
	password, hash, err := s.oneTimePassword(ctx)
	if err != nil {
		return Issued{}, err
	}
	var out Issued
	err = s.manage(ctx, by, id, managing, func(tx *ledger.Tx, w *acting, r *record) error {
		if err := fn(tx, w, r, hash, reason); err != nil {
			return err
		}
		out = Issued{Account: r.Account, Password: password}
		return nil
	})
	if err != nil {
		return Issued{}, err
	}
	return out, nil
}

// EnableAccount makes a disabled account usable again, with a new one-time
// password: what was known before may be known to others. For a register
// administrator it takes two people, [Store.Propose] with [EnableAdministrator],
// and for other staff without a second factor, who would be whoever has that
// password, likewise with [EnableStaff].
func (s *Store) EnableAccount(ctx context.Context, by Actor, id, reason string) (Issued, error) {
	return s.issuing(ctx, by, id, reason, func(tx *ledger.Tx, w *acting, r *record, hash, reason string) error {
		switch {
		case r.State != Disabled:
			return refuse(fault.Conflict, WrongState)
		case r.Kind == Administrator && w.local == nil:
			return refuse(fault.Forbidden, TwoPeople)
		}
		if err := s.oneIsEnough(ctx, tx, w, r); err != nil {
			return err
		}
		return s.enable(ctx, tx, w, r, hash, members{"reason": reason})
	})
}

// oneIsEnough refuses to one person alone what makes them somebody else: a
// one-time password of staff without a second factor.
func (s *Store) oneIsEnough(ctx context.Context, tx *ledger.Tx, w *acting, r *record) error {
	if !r.Kind.Staff() || w.local != nil {
		return nil
	}
	has, err := hasFactor(ctx, tx, r.ID)
	if err == nil && !has {
		return refuse(fault.Forbidden, TwoPeople)
	}
	return err
}

func (s *Store) enable(ctx context.Context, tx *ledger.Tx, w *acting, r *record, hash string, m members) error {
	r.State, r.enabled = Active, tx.Now
	r.Reason, _ = m["reason"].(string)
	if err := s.reissue(ctx, tx, r, hash); err != nil {
		return err
	}
	return s.tell(ctx, tx, w, EventAccountEnabled, r, m)
}

// UnlockAccount ends a lock that failures set, before its time.
func (s *Store) UnlockAccount(ctx context.Context, by Actor, id, reason string) error {
	if err := checkReason(&reason); err != nil {
		return err
	}
	return s.manage(ctx, by, id, releasing, func(tx *ledger.Tx, w *acting, r *record) error {
		a, err := readAttempt(ctx, tx, accountSubject(r.ID))
		if err != nil {
			return err
		}
		if !tx.Now.Before(a.lockedUntil) {
			return refuse(fault.Conflict, WrongState)
		}
		if err := dropAttempt(ctx, tx.Tx, accountSubject(r.ID)); err != nil {
			return err
		}
		return s.tell(ctx, tx, w, EventAccountUnlocked, r, members{"reason": reason, "until": moment(a.lockedUntil)})
	})
}

// ResetPassword gives an account a new one-time password and ends its sessions and keys.
// The second factor stays. Who is staff and has none yet would be whoever has
// that password: then it takes two people, [Store.Propose] with [FactorReset].
func (s *Store) ResetPassword(ctx context.Context, by Actor, id, reason string) (Issued, error) {
	return s.issuing(ctx, by, id, reason, func(tx *ledger.Tx, w *acting, r *record, hash, reason string) error {
		if r.State != Active {
			return refuse(fault.Conflict, WrongState)
		}
		if err := s.oneIsEnough(ctx, tx, w, r); err != nil {
			return err
		}
		if err := s.reissue(ctx, tx, r, hash); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, w, EventPasswordReset, r, members{"reason": reason}); err != nil {
			return err
		}
		if err := s.endKeys(ctx, tx, w, r, whyPassword); err != nil {
			return err
		}
		_, err := s.endSessions(ctx, tx, w, r, whyPassword, reason)
		return err
	})
}

// ResetFactors takes all second factors and recovery codes from an account,
// gives it a new one-time password and ends its sessions and keys; the person enrols
// again at the next sign-in. For staff it takes two people: [Store.Propose]
// with [FactorReset].
func (s *Store) ResetFactors(ctx context.Context, by Actor, id, reason string) (Issued, error) {
	return s.issuing(ctx, by, id, reason, func(tx *ledger.Tx, w *acting, r *record, hash, reason string) error {
		if r.Kind.Staff() && w.local == nil {
			return refuse(fault.Forbidden, TwoPeople)
		}
		return s.resetFactors(ctx, tx, w, r, hash, members{"reason": reason})
	})
}

func (s *Store) resetFactors(ctx context.Context, tx *ledger.Tx, w *acting, r *record, hash string, more members) error {
	if r.State != Active {
		return refuse(fault.Conflict, WrongState)
	}
	if err := deleteFactors(ctx, tx.Tx, r.ID); err != nil {
		return err
	}
	if err := s.reissue(ctx, tx, r, hash); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, w, EventFactorsReset, r, more); err != nil {
		return err
	}
	if err := s.endKeys(ctx, tx, w, r, whyFactors); err != nil {
		return err
	}
	_, err := s.endSessions(ctx, tx, w, r, whyFactors, "")
	return err
}

// fill adds to an account what stands in other tables.
func (s *Store) fill(ctx context.Context, q db.Querier, r *record, rights bool) (a Account, err error) {
	a = r.Account
	if a.TOTP, a.Passkeys, a.Recovery, err = s.counts(ctx, q, r.ID); err != nil {
		return a, err
	}
	at, err := readAttempt(ctx, q, accountSubject(r.ID))
	if err != nil {
		return a, err
	}
	a.LockedUntil = at.lockedUntil
	if rights && r.Kind == AgencyOfficer {
		a.Rights, err = rightsOf(ctx, q, r.ID)
	}
	return a, err
}

func (s *Store) counts(ctx context.Context, q db.Querier, account string) (totp bool, passkeys, recovery int, err error) {
	t, p, c, err := factorCounts(ctx, q, account)
	return t > 0, p, c, err
}

// seen are the kinds of account that who acts may see, and of which agency.
func (w *acting) seen() (kinds []Kind, agency string) {
	if w.may(SeeStaff) {
		for _, k := range Kinds {
			if k.Staff() || k == AgencyAdmin || w.local != nil && k == AgencyOfficer {
				kinds = append(kinds, k)
			}
		}
		return kinds, ""
	}
	return []Kind{AgencyAdmin, AgencyOfficer}, w.account.Agency
}

// The most accounts of one page.
const (
	defaultPage = 50
	maxPage     = 500
)

// Accounts lists the accounts the actor may see, by id. next is the After of
// the following page, "" if there is none.
func (s *Store) Accounts(ctx context.Context, by Actor, f Filter) (list []Account, next string, err error) {
	if f.Limit == 0 {
		f.Limit = defaultPage
	}
	if f.Limit < 0 || f.Limit > maxPage || !textFits(f.Text, maxName) || !textFits(f.After, maxName) || !textFits(f.Agency, maxName) {
		return nil, "", refuse(fault.Invalid, TextInvalid)
	}
	err = s.look(ctx, by, []Act{SeeStaff, SeeOfficers}, func(tx *db.Tx, w *acting, _ time.Time) error {
		list, next = nil, ""
		kinds, agency := w.seen()
		if agency == "" {
			agency = f.Agency
		} else if f.Agency != "" && f.Agency != agency {
			return nil
		}
		if f.Kind != "" {
			if !slices.Contains(kinds, f.Kind) {
				return nil
			}
			kinds = []Kind{f.Kind}
		}
		rows, err := accountsAfter(ctx, tx, f.After, kinds, agency, f.State, fold.Text(f.Text), f.Limit+1)
		if err != nil {
			return err
		}
		if len(rows) > f.Limit {
			rows = rows[:f.Limit]
			next = rows[f.Limit-1].ID
		}
		for _, r := range rows {
			a, err := s.fill(ctx, tx, r, false)
			if err != nil {
				return err
			}
			list = append(list, a)
		}
		return nil
	})
	return list, next, err
}

// Account returns one account with its rights. One that the actor may not see
// is fault.NotFound, as one that is not there.
func (s *Store) Account(ctx context.Context, by Actor, id string) (a Account, err error) {
	err = s.look(ctx, by, []Act{SeeStaff, SeeOfficers}, func(tx *db.Tx, w *acting, _ time.Time) error {
		r, err := accountByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if r == nil || !w.sees(r) {
			return refuse(fault.NotFound, NotThere)
		}
		a, err = s.fill(ctx, tx, r, true)
		return err
	})
	return a, err
}

// sees reports whether who acts may see an account.
func (w *acting) sees(r *record) bool {
	kinds, agency := w.seen()
	return slices.Contains(kinds, r.Kind) && (agency == "" || agency == r.Agency)
}

// AccountByLogin is Account for a login name. It is for the command line.
func (s *Store) AccountByLogin(ctx context.Context, by Actor, login string) (a Account, err error) {
	err = s.look(ctx, by, []Act{SeeStaff}, func(tx *db.Tx, w *acting, _ time.Time) error {
		r, err := accountByLogin(ctx, tx, normalLogin(login))
		if err != nil {
			return err
		}
		if r == nil || !w.sees(r) {
			return refuse(fault.NotFound, NotThere)
		}
		a, err = s.fill(ctx, tx, r, true)
		return err
	})
	return a, err
}
