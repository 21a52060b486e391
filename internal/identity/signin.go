package identity

import (
	"context"
	"net/netip"
	"time"

	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Need is what a sign-in still lacks. The order is that of the constants.
type Need string

// The needs.
const (
	NeedFactor   Need = "factor"   // [Store.GiveFactor]
	NeedPassword Need = "password" // [Store.SetPassword]: the first, or one too old
	NeedEnrol    Need = "enrol"    // [Store.Enrol]: there is no second factor yet
	NeedNothing  Need = ""         // signed in
)

// Step is where a sign-in is after a step. Every step has a new token, and the
// one before is worth nothing any more: nobody who knew it comes along.
type Step struct {
	// Token is the browser's secret: of the pending sign-in, which has no
	// rights whatever, or when Need is NeedNothing of the session.
	Token string
	Need  Need
	// Expires is when the pending sign-in lapses.
	Expires time.Time
	// Session is set when signed in.
	Session *Session
	// Recovery are the recovery codes, once, after the first factor was enrolled.
	Recovery []string

	// When and whence the sign-in began that ended in Session; zero if it was
	// of one step.
	begun  time.Time
	origin netip.Addr
}

// Pending is what may be shown of a sign-in that has not ended.
type Pending struct {
	Need     Need
	Expires  time.Time
	Kind     Kind
	Login    string
	TOTP     bool // an authenticator app can answer
	Passkey  bool // a passkey can answer
	Recovery bool // recovery codes are left
}

// Proof is a second factor shown: one of the two.
type Proof struct {
	Code    string // of the authenticator app, or a recovery code
	Passkey []byte // the browser's answer to PasskeyChallenge, JSON
}

// Enrolment is a new second factor: a code that shows that the app has the
// secret, or a passkey.
type Enrolment struct {
	Name    string // the person's name for it, like "key on my ring"; may be ""
	Code    string // of the app, to the secret of OfferTOTP
	Passkey []byte // the browser's answer to OfferPasskey, JSON
}

// TOTPOffer is a secret for an authenticator app. It is offered once: the next
// offer is another secret.
type TOTPOffer struct {
	Secret string // base32, to type
	URL    string // otpauth://
	PNG    []byte // the same as a picture, 256 × 256
}

// hashPatience is how long a sign-in waits for its turn to be hashed.
const hashPatience = 5 * time.Second

// Begin takes login and password. An unknown login, a wrong password, a locked
// and a disabled account cost the same and read alike ([SignInFailed]): two
// transactions and one hash.
func (s *Store) Begin(ctx context.Context, from Client, login, password string) (Step, error) {
	now := s.main.Clock()
	if !s.flood.admit(from.Address, now) {
		s.flood.note(from, "address", now)
		return Step{}, refuse(fault.Exhausted, SignInBusy)
	}
	login = normalLogin(login)
	if len(login) > maxLogin {
		login = login[:maxLogin] // longer than any
	}
	if len(password) > 4*maxPassword {
		password = password[:4*maxPassword]
	}

	// 1. A proof is reserved, before anything is computed.
	var r *record
	var subject, stored string
	var heard bool
	err := s.log.Write(ctx, func(tx *ledger.Tx) (err error) {
		if r, err = accountByLogin(ctx, tx, login); err != nil {
			return err
		}
		if r == nil {
			if subject, err = s.nobodySubject(login); err != nil {
				return err
			}
		} else {
			subject = accountSubject(r.ID)
		}
		if heard, err = s.reserve(ctx, tx, subject); err == nil && heard && r != nil && s.usable(r, tx.Now) {
			stored = r.password
		}
		return err
	})
	if err != nil {
		return Step{}, err
	}

	// 2. The hash: nobody's, where nobody is to be proved.
	hashing, cancel := context.WithTimeout(ctx, hashPatience)
	defer cancel()
	ok, old, err := s.hasher.Match(hashing, stored, password)
	// Whoever goes away now has made a proof all the same: it is settled, and
	// told.
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		s.flood.note(from, "busy", now)
		return Step{}, s.unheard(ctx, subject, heard, err)
	}
	var rehash string
	if ok && old {
		if rehash, err = s.hasher.Hash(hashing, password); err != nil {
			rehash = "" // the next time, then
		}
	}

	// 3. What it comes to.
	var step Step
	var noted string
	err = s.log.Write(ctx, func(tx *ledger.Tx) error {
		var err error
		switch {
		case !heard:
			step, noted, err = Step{}, "locked", s.touch(ctx, tx, subject)
		case r == nil:
			step, noted = Step{}, "unknown"
			_, _, err = s.failed(ctx, tx, subject)
		default:
			step, noted, err = s.proved(ctx, tx, r, from, ok, rehash)
		}
		return err
	})
	if err != nil {
		return Step{}, err
	}
	if step.Token == "" {
		if noted != "" {
			s.flood.note(from, noted, now)
		}
		return Step{}, refuse(fault.Unauthenticated, SignInFailed)
	}
	s.flood.forgive(from.Address, now)
	return step, nil
}

// usable reports whether an account's password can open anything: it is active,
// was used lately, and a one-time password has not lapsed.
func (s *Store) usable(r *record, now time.Time) bool {
	return r.State == Active && r.password != "" && !s.inactive(r, now) &&
		!(r.MustChange && now.Sub(r.PasswordSet) >= s.rules().OneTimePassword)
}

// inactive reports whether an account was not used for too long.
func (s *Store) inactive(r *record, now time.Time) bool {
	last := r.enabled
	if r.LastSignIn.After(last) {
		last = r.LastSignIn
	}
	return now.Sub(last) >= s.rules().Inactive
}

// proved settles the password of a known account whose proof was heard. A step
// without a token is a failure; noted is why, if it has no entry of its own.
func (s *Store) proved(ctx context.Context, tx *ledger.Tx, seen *record, from Client, ok bool, rehash string) (step Step, noted string, err error) {
	r, err := accountByID(ctx, tx, seen.ID)
	if err != nil {
		return step, "", err
	}
	w := &acting{account: r, from: from}
	if w.agency, err = s.agencyCode(ctx, tx, r.Agency); err != nil {
		return step, "", err
	}
	// What was compared must be what holds now.
	if !ok || r.password != seen.password || !s.usable(r, tx.Now) {
		_, err := s.failure(ctx, tx, w, "password")
		return step, "", err
	}
	locked, err := s.forgive(ctx, tx, accountSubject(r.ID))
	if err != nil || locked {
		return step, "locked", err
	}
	if rehash != "" {
		r.password = rehash
		if err := updateAccount(ctx, tx.Tx, r); err != nil {
			return step, "", err
		}
	}
	if err := s.giveUp(ctx, tx, r.ID); err != nil {
		return step, "", err
	}
	step, err = s.advance(ctx, tx, w, &signinRow{account: r.ID, method: methodPassword, expires: tx.Now.Add(s.rules().SignInTime)})
	return step, "", err
}

// The ways to sign in.
const (
	methodPassword = "password"
	methodProvider = "provider"
	methodCitizen  = "e-identity"
)

// advance takes a sign-in on to what it needs next, under a new token, or opens
// the session.
func (s *Store) advance(ctx context.Context, tx *ledger.Tx, w *acting, in *signinRow) (Step, error) {
	has, err := hasFactor(ctx, tx, w.account.ID)
	if err != nil {
		return Step{}, err
	}
	in.version = w.account.version
	switch {
	case has && in.factor.IsZero():
		in.need = NeedFactor
	case in.method == methodPassword && s.mustChange(w.account, tx.Now):
		in.need = NeedPassword
	case !has && in.factor.IsZero():
		in.need = NeedEnrol
	default:
		return s.openSession(ctx, tx, w, in)
	}
	in.address, in.agent = w.from.address(), w.from.agent()
	token, hash := newToken()
	if err := insertSignin(ctx, tx.Tx, in, hash); err != nil {
		return Step{}, err
	}
	return Step{Token: token, Need: in.need, Expires: in.expires}, nil
}

// openSession ends a sign-in with a session.
func (s *Store) openSession(ctx context.Context, tx *ledger.Tx, w *acting, in *signinRow) (Step, error) {
	r := w.account
	r.LastSignIn = tx.Now
	if err := updateAccount(ctx, tx.Tx, r); err != nil {
		return Step{}, err
	}
	if err := dropAttempt(ctx, tx.Tx, accountSubject(r.ID)); err != nil {
		return Step{}, err
	}
	row := &sessionRow{
		id: newID(), account: r.ID, kind: r.Kind, version: r.version, method: in.method,
		started: tx.Now, seen: tx.Now, factor: in.factor,
		idleUntil: tx.Now.Add(s.idle(r.Kind)), endsBy: tx.Now.Add(s.absolute(r.Kind)),
		address: w.from.address(), agent: w.from.agent(),
	}
	token, hash := newToken()
	if err := insertSession(ctx, tx.Tx, row, hash); err != nil {
		return Step{}, err
	}
	w.session = row
	if err := w.entry(tx, EventSessionOpened, members{"method": in.method, "endsBy": moment(row.endsBy)}); err != nil {
		return Step{}, err
	}
	session, err := s.session(ctx, tx, row, r, tx.Now)
	step := Step{Token: token, Session: session}
	if in.need != NeedNothing { // it was pending, at the address of its last step
		step.begun = in.expires.Add(-s.rules().SignInTime)
		step.origin, _ = netip.ParseAddr(in.address) // none: unknown, as it was counted
	}
	return step, err
}

// holder is whose token it is: of a pending sign-in or of a session.
type holder struct {
	*acting
	signin *signinRow // nil for a session
	owner  string     // of ceremonies
	hash   []byte     // of the token
}

// holder runs fn for whoever holds a token of either kind. A token that is none
// is SignInGone or SessionEnded.
func (s *Store) holder(ctx context.Context, token string, from Client, fn func(tx *ledger.Tx, h *holder) error) error {
	hash := tokenHash(token)
	// What was never given out locks nothing: anybody can send it.
	if known, err := tokenKnown(ctx, s.main, hash); err != nil || !known {
		return orElse(err, refuse(fault.Unauthenticated, SessionEnded))
	}
	return s.log.Write(ctx, func(tx *ledger.Tx) error {
		in, err := signinByToken(ctx, tx, hash)
		if err != nil {
			return err
		}
		if in == nil {
			row, err := sessionByToken(ctx, tx, hash)
			if err != nil {
				return err
			}
			w, err := s.whoIn(ctx, tx, row, from, tx.Now)
			if err != nil {
				return err
			}
			if w.account == nil {
				return refuse(fault.Forbidden, NotAllowed) // a citizen has no factors here
			}
			return fn(tx, &holder{acting: w, owner: row.id, hash: hash})
		}
		w, err := s.signingIn(ctx, tx, in, from)
		if err != nil {
			return err
		}
		return fn(tx, &holder{acting: w, signin: in, owner: "signin/" + encodeHash(hash), hash: hash})
	})
}

// signingIn is who signs in, as long as that can go on.
func (s *Store) signingIn(ctx context.Context, tx *ledger.Tx, in *signinRow, from Client) (*acting, error) {
	gone := refuse(fault.Unauthenticated, SignInGone)
	if !tx.Now.Before(in.expires) {
		return nil, gone
	}
	r, err := accountByID(ctx, tx, in.account)
	if err != nil {
		return nil, err
	}
	if r == nil || r.State != Active || r.version != in.version {
		return nil, gone
	}
	w := &acting{account: r, from: from}
	w.agency, err = s.agencyCode(ctx, tx, r.Agency)
	return w, err
}

// pendingStep runs fn for a pending sign-in that needs this, and ends its token.
func (s *Store) pendingStep(ctx context.Context, token string, from Client, need Need, fn func(tx *ledger.Tx, h *holder) error) error {
	err := s.holder(ctx, token, from, func(tx *ledger.Tx, h *holder) error {
		if h.signin == nil || h.signin.need != need {
			return refuse(fault.Unauthenticated, SignInGone)
		}
		return fn(tx, h)
	})
	if c := CodeOf(err); c == SessionEnded || c == SessionTimedOut {
		return refuse(fault.Unauthenticated, SignInGone) // a token of neither kind
	}
	return err
}

// Pending returns what a pending sign-in needs; a token that is none is
// [SignInGone].
func (s *Store) Pending(ctx context.Context, token string) (Pending, error) {
	in, err := signinByToken(ctx, s.main, tokenHash(token))
	if err != nil {
		return Pending{}, err
	}
	if in == nil || !s.main.Clock().Before(in.expires) {
		return Pending{}, refuse(fault.Unauthenticated, SignInGone)
	}
	r, err := accountByID(ctx, s.main, in.account)
	if err != nil {
		return Pending{}, err
	}
	if r == nil || r.State != Active || r.version != in.version {
		return Pending{}, refuse(fault.Unauthenticated, SignInGone)
	}
	totp, passkeys, recovery, err := factorCounts(ctx, s.main, r.ID)
	if err != nil {
		return Pending{}, err
	}
	return Pending{
		Need: in.need, Expires: in.expires, Kind: r.Kind, Login: r.Login,
		TOTP: totp > 0, Passkey: passkeys > 0, Recovery: recovery > 0,
	}, nil
}

// GiveFactor takes the second factor of a pending sign-in. A wrong one counts
// as a wrong password does, and the sign-in goes on until the account is locked.
func (s *Store) GiveFactor(ctx context.Context, from Client, token string, p Proof) (Step, error) {
	now := s.main.Clock()
	if !s.flood.admit(from.Address, now) {
		s.flood.note(from, "address", now)
		return Step{}, refuse(fault.Exhausted, SignInBusy)
	}
	parsed := parseProof(p)
	var step Step
	var refused error
	err := s.pendingStep(ctx, token, from, NeedFactor, func(tx *ledger.Tx, h *holder) error {
		step, refused = Step{}, nil
		how, err := s.prove(ctx, tx, h, parsed)
		if err != nil {
			return err
		}
		if how == notShown {
			refused = refuse(fault.Unauthenticated, FactorWrong)
			return nil
		}
		h.signin.factor = tx.Now
		step, err = s.nextStep(ctx, tx, h)
		return err
	})
	if err == nil {
		err = refused
	}
	if err == nil {
		s.flood.succeed(from.Address, now)
		s.flood.opened(step)
	}
	return step, err
}

// prove takes a second factor with all that hangs on it: the account's count of
// failures, the lock, the entry of a recovery code used. notShown is a refusal
// whose entry is staged.
func (s *Store) prove(ctx context.Context, tx *ledger.Tx, h *holder, p *parsedProof) (shown, error) {
	subject := accountSubject(h.account.ID)
	heard, err := s.reserve(ctx, tx, subject)
	if err != nil {
		return notShown, err
	}
	if !heard {
		return notShown, nil // locked: nothing was looked at
	}
	how, err := s.verifyFactor(ctx, tx, h.account, h.owner, p)
	if err != nil {
		return notShown, err
	}
	if how == notShown {
		_, err := s.failure(ctx, tx, h.acting, "factor")
		return notShown, err
	}
	if _, err := s.forgive(ctx, tx, subject); err != nil {
		return notShown, err
	}
	if how == shownRecovery {
		_, _, left, err := factorCounts(ctx, tx, h.account.ID)
		if err != nil {
			return notShown, err
		}
		return how, h.entry(tx, EventRecoveryUsed, members{"left": left})
	}
	return how, nil
}

// nextStep ends a step of a pending sign-in: its token goes, the next comes.
func (s *Store) nextStep(ctx context.Context, tx *ledger.Tx, h *holder) (Step, error) {
	if err := dropSignins(ctx, tx.Tx, h.account.ID); err != nil {
		return Step{}, err
	}
	return s.advance(ctx, tx, h.acting, h.signin)
}

// SetPassword sets the new password that a pending sign-in needs.
func (s *Store) SetPassword(ctx context.Context, from Client, token, password string) (Step, error) {
	// The hashes are computed before the lock, on what holds now.
	in, err := signinByToken(ctx, s.main, tokenHash(token))
	if err != nil {
		return Step{}, err
	}
	if in == nil || in.need != NeedPassword || !s.main.Clock().Before(in.expires) {
		return Step{}, refuse(fault.Unauthenticated, SignInGone)
	}
	seen, hash, err := s.acceptPassword(ctx, in.account, password)
	if err != nil {
		return Step{}, err
	}
	var step Step
	err = s.pendingStep(ctx, token, from, NeedPassword, func(tx *ledger.Tx, h *holder) error {
		if h.account.password != seen.password {
			return refuse(fault.Unauthenticated, SignInGone)
		}
		if err := s.storePassword(ctx, tx, h.acting, hash, "signin"); err != nil {
			return err
		}
		var err error
		step, err = s.nextStep(ctx, tx, h)
		return err
	})
	if err == nil {
		s.flood.opened(step)
	}
	return step, err
}

// acceptPassword checks a new password of an account against all rules and
// hashes it. It returns the account as it was seen.
func (s *Store) acceptPassword(ctx context.Context, account, password string) (*record, string, error) {
	r, err := accountByID(ctx, s.main, account)
	if err != nil {
		return nil, "", err
	}
	if r == nil {
		return nil, "", refuse(fault.NotFound, NotThere)
	}
	if err := s.checkPassword(r.Login, password); err != nil {
		return nil, "", err
	}
	if err := s.checkHistory(ctx, r, password); err != nil {
		return nil, "", err
	}
	hash, err := s.hasher.Hash(ctx, password)
	return r, hash, err
}

// storePassword makes a password the account's own, with its entry, and ends
// the sessions opened under the old one.
func (s *Store) storePassword(ctx context.Context, tx *ledger.Tx, w *acting, hash, where string) error {
	r := w.account
	if err := keepPassword(ctx, tx.Tx, r, s.rules().PasswordHistory); err != nil {
		return err
	}
	r.password, r.PasswordSet, r.MustChange = hash, tx.Now, false
	r.version++
	if err := updateAccount(ctx, tx.Tx, r); err != nil {
		return err
	}
	if err := w.entry(tx, EventPasswordChanged, members{"where": where}); err != nil {
		return err
	}
	_, err := s.endSessions(ctx, tx, w, r, whyPassword, "")
	return err
}

// OfferTOTP begins the enrolment of an authenticator app, for a pending sign-in
// that needs one or for a session with a fresh factor.
func (s *Store) OfferTOTP(ctx context.Context, token string) (TOTPOffer, error) {
	secret := newSecret()
	var login string
	err := s.holder(ctx, token, Client{}, func(tx *ledger.Tx, h *holder) error {
		if err := s.mayEnrol(tx, h); err != nil {
			return err
		}
		login = h.account.Login
		return s.putCeremony(ctx, tx, h.owner, ceremonyTOTP, secret)
	})
	if err != nil {
		return TOTPOffer{}, err
	}
	return totpOffer(s.rules().Issuer, login, secret)
}

// mayEnrol refuses a new factor to whoever has not shown the old one just now.
func (s *Store) mayEnrol(tx *ledger.Tx, h *holder) error {
	switch {
	case h.signin != nil && h.signin.need != NeedEnrol:
		return refuse(fault.Unauthenticated, SignInGone)
	case h.signin == nil && !s.fresh(h.session, tx.Now):
		return refuse(fault.Forbidden, FactorStale)
	}
	return nil
}

// Enrol enrols what was offered. For a pending sign-in it is the last step; for
// a session it adds a factor, and the step has the session's new token.
func (s *Store) Enrol(ctx context.Context, from Client, token string, e Enrolment) (Step, error) {
	if !textFits(e.Name, maxFactorName) {
		return Step{}, refuse(fault.Invalid, TextInvalid)
	}
	parsed := parseEnrolment(e)
	var step Step
	var refused error
	err := s.holder(ctx, token, from, func(tx *ledger.Tx, h *holder) error {
		step, refused = Step{}, nil
		if err := s.mayEnrol(tx, h); err != nil {
			return err
		}
		factors, err := factorsOf(ctx, tx, h.account.ID)
		if err != nil {
			return err
		}
		if len(factors) >= maxFactors {
			return refuse(fault.Exhausted, FactorMany)
		}
		f, err := s.newFactor(ctx, tx, h, factors, parsed)
		if err != nil {
			return err
		}
		if f == nil {
			refused = refuse(fault.Invalid, FactorInvalid)
			return nil // the offer is used up
		}
		step, err = s.enrolled(ctx, tx, h, f)
		return err
	})
	if err == nil {
		err = refused
	}
	if err == nil {
		s.flood.opened(step)
	}
	return step, err
}

// newFactor returns the factor that was enrolled, nil if it did not prove
// itself.
func (s *Store) newFactor(ctx context.Context, tx *ledger.Tx, h *holder, factors []*factorRow, e *parsedEnrolment) (f *factorRow, err error) {
	if len(e.Passkey) > 0 {
		f, err = s.newPasskey(ctx, tx, h, factors, e)
	} else {
		f, err = s.newTOTP(ctx, tx, h, e.Code)
	}
	if f != nil {
		f.ID, f.Name, f.Created = newID(), e.Name, tx.Now
		if f.handle == "" {
			f.handle = f.ID
		}
	}
	return f, err
}

// newTOTP returns the factor whose secret was offered, if the code is its own.
// A wrong code leaves the offer: people mistype.
func (s *Store) newTOTP(ctx context.Context, tx *ledger.Tx, h *holder, code string) (*factorRow, error) {
	data, err := s.takeCeremony(ctx, tx, h.owner, ceremonyTOTP)
	if err != nil || data == nil {
		return nil, err
	}
	var secret []byte
	if err := unmarshal(data, &secret); err != nil {
		return nil, err
	}
	step, ok := totpStep(secret, code, tx.Now, 0)
	if !ok {
		return nil, s.putCeremony(ctx, tx, h.owner, ceremonyTOTP, secret)
	}
	f := &factorRow{account: h.account.ID, secret: s.Seal(totpPurpose(h.account.ID), secret), lastStep: step}
	f.Kind = factorTOTP
	return f, nil
}

// enrolled stores a factor that proved itself and goes on.
func (s *Store) enrolled(ctx context.Context, tx *ledger.Tx, h *holder, f *factorRow) (step Step, err error) {
	if err := insertFactor(ctx, tx.Tx, f); err != nil {
		return step, err
	}
	if err := h.entry(tx, EventFactorAdded, members{"factor": f.Kind, "factorId": f.ID}); err != nil {
		return step, err
	}
	var codes []string
	if _, _, left, err := factorCounts(ctx, tx, h.account.ID); err != nil {
		return step, err
	} else if left == 0 {
		if codes, err = s.makeRecovery(ctx, tx, h.acting); err != nil {
			return step, err
		}
	}
	if h.signin != nil {
		h.signin.factor = tx.Now
		step, err = s.nextStep(ctx, tx, h)
	} else {
		step, err = s.renew(ctx, tx, h.acting)
	}
	step.Recovery = codes
	return step, err
}

// makeRecovery gives the account new recovery codes, with the entry.
func (s *Store) makeRecovery(ctx context.Context, tx *ledger.Tx, w *acting) ([]string, error) {
	codes, hashes := newRecovery(w.account.ID)
	if err := replaceRecovery(ctx, tx.Tx, w.account.ID, hashes); err != nil {
		return nil, err
	}
	return codes, w.entry(tx, EventRecoveryMade, members{"codes": len(codes)})
}

// Abandon gives a pending sign-in up. A token that is none is no error.
func (s *Store) Abandon(ctx context.Context, token string) error {
	hash := tokenHash(token)
	if in, err := signinByToken(ctx, s.main, hash); err != nil || in == nil {
		return err
	}
	return s.log.Write(ctx, func(tx *ledger.Tx) error {
		in, err := signinByToken(ctx, tx, hash)
		if err != nil || in == nil {
			return err
		}
		return s.giveUp(ctx, tx, in.account)
	})
}

// giveUp ends the pending sign-ins of an account that nobody goes on with. Each
// has its entry, as one that lapses has: that somebody knew the password is
// told, however they left.
func (s *Store) giveUp(ctx context.Context, tx *ledger.Tx, account string) error {
	rows, err := takeSignins(ctx, tx.Tx, account)
	if err != nil {
		return err
	}
	for _, in := range rows {
		if err := s.abandoned(ctx, tx, in); err != nil {
			return err
		}
	}
	return nil
}

// abandoned writes the entry of a sign-in that was not finished. Its address
// and browser are those of its last step.
func (s *Store) abandoned(ctx context.Context, tx *ledger.Tx, in *signinRow) error {
	w, err := s.owner(ctx, tx, &sessionRow{account: in.account}, Client{Address: parseAddress(in.address), Agent: in.agent})
	if err != nil || w.account == nil {
		return err
	}
	w.session = nil
	return w.entry(tx, EventSignInAbandoned, members{"lacked": string(in.need), "method": in.method})
}
