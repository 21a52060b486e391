package app

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/ledger"
)

// DemoAccount is somebody who can sign in to the demonstration's console.
type DemoAccount struct {
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Code     string `json:"code"` // as it stands in the log
	Login    string `json:"login"`
	Password string `json:"password"`
	// TOTP is the secret of the authenticator app, base32.
	TOTP string `json:"totp"`
	// Agency is the id of the agency, "" for the register's own.
	Agency string `json:"agency,omitempty"`
}

// demoAccountsFile keeps them for the next start: what the database has is no
// password.
const demoAccountsFile = "demo-accounts.json"

// demoCitizenCode is the code with which every made-up citizen signs in. It is
// no secret.
const demoCitizenCode = "260260"

// demoPeople are the accounts, in the order in which one makes the next.
var demoPeople = []identity.NewAccount{
	{Kind: identity.Administrator, Code: "QT-0001", Login: "quantri", Name: "Hoàng Minh Quản (minh hoạ)", Unit: "Phòng vận hành"},
	{Kind: identity.Administrator, Code: "QT-0002", Login: "quantri2", Name: "Bùi Thị Trị (minh hoạ)", Unit: "Phòng vận hành"},
	{Kind: identity.Onboarder, Code: "KN-0001", Login: "tiepnhan", Name: "Ngô Văn Tiếp (minh hoạ)", Unit: "Phòng kết nối"},
	{Kind: identity.Assessor, Code: "AN-0001", Login: "danhgia", Name: "Đặng Thị Giá (minh hoạ)", Unit: "Phòng an toàn thông tin"},
	{Kind: identity.Supervisor, Code: "SV-0001", Login: "giamsat", Name: "Phan Văn Giám (minh hoạ)", Unit: "Phòng giám sát"},
	{Kind: identity.Inspector, Code: "KT-0001", Login: "kiemtra", Name: "Đỗ Văn Kiểm (minh hoạ)", Unit: "Phòng kiểm tra"},
	{Kind: identity.AgencyAdmin, Code: "QT-H98", Login: "quantri.songxanh", Name: "Lê Thu Hành (minh hoạ)", Unit: "Văn phòng UBND"},
	{Kind: identity.AgencyOfficer, Code: "CB-0101", Login: "canbo.songxanh", Name: "Trần Văn Cửa (minh hoạ)", Unit: "Bộ phận một cửa"},
}

// accounts makes the demonstration's accounts, or takes those that are there.
func (d *Demo) accounts(ctx context.Context) ([]DemoAccount, error) {
	file := filepath.Join(d.opts.Dir, demoAccountsFile)
	var out []DemoAccount
	b, err := os.ReadFile(file)
	if err == nil {
		if err := json.Unmarshal(b, &out); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s is damaged: name another --dir", file)
		}
		return out, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	m := &demoMaker{store: d.App.Identity, now: d.App.Main.Clock, kinds: map[identity.Kind]identity.Actor{}}
	for _, a := range demoPeople {
		if a.Kind.OfAgency() {
			a.Agency = demoProvince.id
		}
		one, err := m.make(ctx, a)
		if err != nil {
			if identity.CodeOf(err) == identity.HasAdmin {
				fmt.Fprintf(d.opts.Stderr, "the accounts are there, but %s, which has their passwords, is not: use \"dancu account\", or another --dir\n", file)
				return nil, nil
			}
			return nil, fmt.Errorf("couldn't make the account %s: %w", a.Login, err)
		}
		out = append(out, one)
	}
	// Nobody stays signed in.
	for _, token := range m.tokens {
		if err := d.App.Identity.LogOut(ctx, demoDesk, token); err != nil {
			return nil, err
		}
	}
	if b, err = json.MarshalIndent(out, "", "  "); err != nil {
		return nil, err
	}
	return out, writeAtomic(file, append(b, '\n'), 0o600)
}

// demoDesk is where the accounts are made from.
var demoDesk = identity.Client{Address: netip.MustParseAddr("127.0.0.1"), Agent: "dancu demo"}

// demoMaker makes accounts as people do: each is made by who may make it, and
// takes its first sign-in.
type demoMaker struct {
	store  *identity.Store
	now    func() time.Time
	kinds  map[identity.Kind]identity.Actor // who of that kind signed in first
	tokens []string
}

func (m *demoMaker) make(ctx context.Context, a identity.NewAccount) (DemoAccount, error) {
	out := DemoAccount{Kind: string(a.Kind), Name: a.Name, Code: a.Code, Login: a.Login, Agency: a.Agency}
	onetime, id, err := m.issue(ctx, a)
	if err != nil {
		return out, err
	}
	out.Password = "Demo-" + strings.ToLower(rand.Text()[:12]) + "-9A"
	step, err := m.store.Begin(ctx, demoDesk, a.Login, onetime)
	if err == nil {
		step, err = m.store.SetPassword(ctx, demoDesk, step.Token, out.Password)
	}
	if err != nil {
		return out, err
	}
	if step, out.TOTP, err = m.enrol(ctx, step); err != nil {
		return out, err
	}
	m.tokens = append(m.tokens, step.Token)
	if _, ok := m.kinds[a.Kind]; !ok {
		m.kinds[a.Kind] = step.Session.Actor(demoDesk)
	}
	if a.Kind == identity.AgencyOfficer {
		admin := m.kinds[identity.AgencyAdmin]
		rights, err := m.store.AvailableRights(ctx, admin)
		if err != nil {
			return out, err
		}
		return out, m.store.SetRights(ctx, admin, id, rights)
	}
	return out, nil
}

// enrol takes an authenticator app as the second factor.
func (m *demoMaker) enrol(ctx context.Context, step identity.Step) (identity.Step, string, error) {
	for range 5 {
		offer, err := m.store.OfferTOTP(ctx, step.Token)
		if err != nil {
			return step, "", err
		}
		// The code of the step before does as well, and leaves the present one to
		// whoever signs in first. If a new step begins right now it is too old:
		// then anew.
		code, err := demoTOTP(offer.Secret, m.now().Add(-totpStep))
		if err != nil {
			return step, "", err
		}
		next, err := m.store.Enrol(ctx, demoDesk, step.Token, identity.Enrolment{Code: code})
		if identity.CodeOf(err) == identity.FactorInvalid {
			continue
		}
		return next, offer.Secret, err
	}
	return step, "", fault.New(fault.Unavailable, "this machine is too slow to make the demonstration's accounts: try again when less is running")
}

// issue makes the account by whoever may, and returns its one-time password.
func (m *demoMaker) issue(ctx context.Context, a identity.NewAccount) (onetime, id string, err error) {
	machine := identity.Actor{Local: ledger.Actor{Kind: "system", ID: "dancu demo"}}
	switch admin, ok := m.kinds[identity.Administrator]; {
	case !ok || a.Kind == identity.Administrator:
		i, err := m.store.CreateFirstAdministrator(ctx, machine, a)
		return i.Password, i.Account.ID, err
	case a.Kind == identity.AgencyOfficer:
		i, err := m.store.CreateAccount(ctx, m.kinds[identity.AgencyAdmin], a)
		return i.Password, i.Account.ID, err
	default:
		i, err := m.store.CreateAccount(ctx, admin, a)
		return i.Password, i.Account.ID, err
	}
}

// totpStep is how long a code of an authenticator app holds.
const totpStep = 30 * time.Second

// demoTOTP is what an authenticator app shows at a moment (RFC 6238).
func demoTOTP(secret string, at time.Time) (string, error) {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return "", err
	}
	h := hmac.New(sha1.New, key)
	_ = binary.Write(h, binary.BigEndian, uint64(at.Unix())/uint64(totpStep/time.Second)) // never fails
	sum := h.Sum(nil)
	i := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[i:])&0x7fffffff%1_000_000), nil
}

// citizens knows the demonstration's people, all of whom are made up.
func (d *Demo) citizens() identity.EIdentity {
	return identity.DemoEIdentity{Code: demoCitizenCode, Synthetic: func(ctx context.Context, pin string) (bool, error) {
		p, err := d.App.Register.Get(ctx, pin)
		return p != nil, err
	}}
}
