package app

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/notify"
	"dancu/internal/settings"
)

// runTime is a setting that can be changed while the system runs: its name, its
// bounds as values are written, where they come from, and what it is called.
type runTime struct {
	name, low, high, law string
	label                access.Text
}

// atRunTime are the settings that can be changed while the system runs, because
// whoever reads them takes the new value at its next act, on every node. The
// bounds are those of [Config.Check] (TestBoundsOfSettings); what binds a
// listener, opens a file or takes memory at the start is not here, nor what a
// call on the hot path goes by.
var atRunTime = []runTime{
	{"console.draft_term", "1h0m0s", "8784h0m0s", "", access.Text{VI: "Bản nháp đang nhập dở được giữ trong", EN: "How long a form that was not sent is kept"}},

	{"identity.idle", "1m0s", "15m0s", accountRules, access.Text{VI: "Phiên tự kết thúc khi không thao tác", EN: "A session ends without a request after"}},
	{"identity.admin_idle", "1m0s", "5m0s", accountRules, access.Text{VI: "Phiên của người quản trị tự kết thúc khi không thao tác", EN: "An administrator’s session ends without a request after"}},
	{"identity.citizen_idle", "1m0s", "15m0s", accountRules, access.Text{VI: "Phiên của công dân tự kết thúc khi không thao tác", EN: "A citizen’s session ends without a request after"}},
	{"identity.absolute", "1m0s", "24h0m0s", "", access.Text{VI: "Phiên dài nhất", EN: "A session ends in any case after"}},
	{"identity.admin_absolute", "1m0s", "24h0m0s", "", access.Text{VI: "Phiên dài nhất của người quản trị", EN: "An administrator’s session ends in any case after"}},
	{"identity.citizen_absolute", "1m0s", "24h0m0s", "", access.Text{VI: "Phiên dài nhất của công dân", EN: "A citizen’s session ends in any case after"}},
	{"identity.fresh_factor", "30s", "15m0s", "", access.Text{VI: "Xác thực bước hai còn mới trong", EN: "A second step counts as fresh for"}},

	{"identity.failures", "1", "5", accountRules, access.Text{VI: "Số lần sai liên tiếp thì khoá tài khoản", EN: "Failures in a row that lock an account"}},
	{"identity.lock_time", "1m0s", "24h0m0s", "", access.Text{VI: "Lần khoá đầu tiên kéo dài", EN: "The first lock lasts"}},
	{"identity.max_lock_time", "15m0s", "744h0m0s", "", access.Text{VI: "Lần khoá dài nhất", EN: "A lock lasts at most"}},
	{"identity.address_failures", "1", "1000000", "", access.Text{VI: "Số lần sai của một địa chỉ mạng thì bị chặn", EN: "Failures of one address before it is refused"}},
	{"identity.address_attempts", "1", "1000000", "", access.Text{VI: "Số bước đăng nhập dở của một địa chỉ mạng thì bị chặn", EN: "Unfinished sign-in steps of one address before it is refused"}},
	{"identity.address_window", "1m0s", "24h0m0s", "", access.Text{VI: "Khoảng thời gian đếm của một địa chỉ mạng", EN: "The time in which an address is counted"}},

	{"identity.password_length", "8", "64", accountRules, access.Text{VI: "Độ dài mật khẩu tối thiểu (có chữ hoa, chữ thường, số, ký tự đặc biệt)", EN: "Least length of a mixed password"}},
	{"identity.password_length_alone", "14", "128", accountRules, access.Text{VI: "Độ dài tối thiểu của mật khẩu không đủ loại ký tự", EN: "Least length of a password that is not mixed"}},
	{"identity.password_history", "10", "100", accountRules, access.Text{VI: "Số mật khẩu cũ không được dùng lại", EN: "Former passwords that may not come back"}},
	{"identity.admin_password_age", "24h0m0s", "1488h0m0s", accountRules, access.Text{VI: "Mật khẩu của người quản trị phải đổi sau", EN: "An administrator’s password holds for"}},
	{"identity.one_time_password", "1h0m0s", "744h0m0s", "", access.Text{VI: "Mật khẩu một lần dùng được trong", EN: "A one-time password can be used for"}},
	{"identity.inactive", "24h0m0s", "1080h0m0s", accountRules, access.Text{VI: "Tài khoản không đăng nhập thì bị vô hiệu sau", EN: "An account is disabled without a sign-in for"}},
	{"identity.review_every", "24h0m0s", "2208h0m0s", accountRules, access.Text{VI: "Chu kỳ rà soát tài khoản", EN: "Account lists are reviewed every"}},

	{"identity.proposal_time", "1h0m0s", "744h0m0s", "", access.Text{VI: "Việc cần hai người chờ người thứ hai trong", EN: "An act of two people waits for the second for"}},
	{"identity.proposals", "1", "1000", "", access.Text{VI: "Số đề nghị cùng loại một người được để chờ", EN: "Proposals of one kind that one person may have waiting"}},
	{"identity.keys", "1", "50", "", access.Text{VI: "Số khoá API của một tài khoản", EN: "API keys of one account"}},
	{"identity.key_term", "24h0m0s", "2160h0m0s", "", access.Text{VI: "Thời hạn khoá API khi không chọn", EN: "Term of an API key where nothing is said"}},
	{"identity.max_key_term", "720h0m0s", "2160h0m0s", "", access.Text{VI: "Thời hạn dài nhất của khoá API", EN: "Longest term of an API key"}},

	{"notify.attempts", "1", "100", "", access.Text{VI: "Số lần thử gửi một thông báo", EN: "How often a notice is tried"}},
	{"notify.first_wait", "1s", "6h0m0s", "", access.Text{VI: "Chờ sau lần gửi hỏng đầu tiên", EN: "The wait after the first failed attempt"}},
	{"notify.longest_wait", "1m0s", "168h0m0s", "", access.Text{VI: "Chờ lâu nhất giữa hai lần gửi", EN: "The longest wait between attempts"}},
}

// accountRules is where the bounds of the rules of accounts come from.
const accountRules = "QCVN 12:2026/BCA, 3.7.2"

// runOf is what is to know of a setting that can be changed at run time, nil of
// one that cannot.
func runOf(name string) *runTime {
	for i := range atRunTime {
		if atRunTime[i].name == name {
			return &atRunTime[i]
		}
	}
	return nil
}

// field is a setting of a configuration, nil if there is none of that name.
func (c *Config) field(name string) *setting {
	all := settingsOf(c)
	i := slices.IndexFunc(all, func(s setting) bool { return s.key == name })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// written is a setting's value as the configuration has it.
func written(v reflect.Value) string { return fmt.Sprint(v.Interface()) }

// normal writes a value as the configuration would.
func (c *Config) normal(name, value string) (string, error) {
	var scratch Config
	f := scratch.field(name)
	if f == nil {
		return "", fault.New(fault.Invalid, "there is no setting %s", name)
	}
	if err := set(f.value, value); err != nil {
		return "", fault.New(fault.Invalid, "%s %v", name, err)
	}
	return written(f.value), nil
}

// with is the configuration with values that were changed, if they hold
// together.
func (c *Config) with(values map[string]string) (Config, error) {
	out := *c
	for name, value := range values {
		f := out.field(name)
		if f == nil || runOf(name) == nil {
			return out, fault.New(fault.Invalid, "%s cannot be changed at run time", name)
		}
		if err := set(f.value, value); err != nil {
			return out, fault.New(fault.Invalid, "%s %v", name, err)
		}
	}
	return out, out.Check()
}

// items are all settings for the page about them.
func (c *Config) items() (out []settings.Item) {
	def := DefaultConfig()
	for _, s := range settingsOf(c) {
		it := settings.Item{Name: s.key, Value: written(s.value), Default: written(def.field(s.key).value), Origin: string(c.origins[s.key])}
		if it.Origin == "" {
			it.Origin = string(OriginDefault)
			if it.Value != it.Default {
				it.Origin = "program"
			}
		}
		if r := runOf(s.key); r != nil {
			it.Run = &settings.Run{Label: r.label, Low: r.low, High: r.high, Law: r.law}
		}
		out = append(out, it)
	}
	return out
}

// openSettings makes the settings of this node.
func (a *App) openSettings() {
	a.Settings = settings.New(settings.Config{
		Main: a.Main, Log: a.Log, Node: a.Config.Node, Items: a.Config.items(), Normal: a.Config.normal,
		Check: func(values map[string]string) error {
			_, err := a.Config.with(values)
			return err
		},
		Apply: a.applySettings, Logger: a.Logger.With("part", "settings"),
	})
}

// applySettings hands changed values to whoever goes by them.
func (a *App) applySettings(values map[string]string) {
	c, err := a.Config.with(values)
	if err == nil {
		err = a.Identity.SetSettings(c.Identity.settings())
	}
	if err != nil {
		a.Logger.Error("changed settings are not taken", "error", err) // they were checked just now
		return
	}
	a.Notices.SetPace(notify.Pace{Attempts: c.Notify.Attempts, FirstWait: c.Notify.FirstWait, MaxWait: c.Notify.LongestWait})
	a.Drafts.SetTerm(c.Console.DraftTerm)
}

// registerSettings lets two people change a setting.
func registerSettings(accounts *identity.Store, store *settings.Store) {
	read := func(act identity.TwoPersonAct) (p settings.Proposed, err error) {
		if err := json.Unmarshal(act.Payload, &p); err != nil {
			return p, fault.Wrap(fault.Invalid, err, "the proposal cannot be read: make it again")
		}
		if p.Name == "" || p.Name != act.Subject {
			return p, fault.New(fault.Invalid, "the proposal is about something else: make it again")
		}
		return p, nil
	}
	accounts.RegisterTwoPerson(settings.Act, identity.TwoPerson{
		Title:   access.Text{VI: "Đổi thiết lập hệ thống", EN: "Change a setting"},
		Propose: identity.ChangeSettings, Confirm: identity.ChangeSettings,
		Show: func(_ context.Context, _ db.Querier, act identity.TwoPersonAct) (identity.Shown, error) {
			p, err := read(act)
			if err != nil {
				return identity.Shown{}, err
			}
			out := identity.Shown{About: access.Text{VI: p.Name, EN: p.Name}, Path: "/settings/" + p.Name}
			value := access.Text{VI: p.Value, EN: p.Value}
			if p.Value == "" {
				value = access.Text{VI: "như trong cấu hình", EN: "as configured"}
			}
			out.Details = []identity.Detail{
				{Label: access.Text{VI: "Hiện tại", EN: "Now"}, Value: access.Text{VI: p.Was, EN: p.Was}},
				{Label: access.Text{VI: "Đổi thành", EN: "To be"}, Value: value},
			}
			if row, err := store.Find(p.Name); err == nil && row.Run != nil {
				out.About = row.Run.Label
			}
			return out, nil
		},
		Check: func(ctx context.Context, tx *ledger.Tx, act identity.TwoPersonAct) error {
			p, err := read(act)
			if err != nil {
				return err
			}
			_, err = store.Propose(ctx, tx, p.Name, p.Value)
			return err
		},
		Execute: func(ctx context.Context, tx *ledger.Tx, p identity.Proposal, by identity.Actor, _ any) (string, error) {
			x, err := read(p.Act)
			if err != nil {
				return "", err
			}
			account, actor, err := accounts.Acting(ctx, tx, by, tx.Now)
			if err != nil {
				return "", err
			}
			return "", store.Change(ctx, tx, x, settings.By{
				Actor: actor, Proposer: p.ByCode, Confirmer: account.Code, Proposal: p.ID, Reason: p.Act.Reason,
			})
		},
	})
}
