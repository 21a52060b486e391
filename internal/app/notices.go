package app

import (
	"context"
	"crypto/x509"
	"log/slog"
	"maps"
	netmail "net/mail"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/notify"
	"dancu/internal/notify/mail"
	"dancu/internal/notify/webhook"
	"dancu/internal/onboarding"
)

// mailConfig is the mail server as the sender takes it, without what is in
// files.
func (c *NotifyConfig) mailConfig() mail.Config {
	m := mail.Config{Server: c.SMTPServer, TLS: mail.TLS(c.SMTPTLS), User: c.SMTPUser, From: c.From, Name: c.Name, Time: c.SendTime}
	if c.SMTPPasswordFile != "" {
		m.Password = func() (string, error) { return "", nil }
	}
	return m
}

// duties are the mailboxes of the register's own duties.
func (c *NotifyConfig) duties() map[string]string {
	return map[string]string{
		"operator": c.OperatorMail, "assessor": c.AssessorMail, "supervisor": c.SupervisorMail,
		"inspector": c.InspectorMail, "support": c.SupportMail,
	}
}

// check says what is wrong with the settings, each with its name.
func (c *NotifyConfig) check() (errs []error) {
	if c.SMTPServer != "" {
		if from, err := mailboxes(c.From); err != nil || len(from) != 1 {
			errs = append(errs, fault.New(fault.Invalid, "notify.from: must be the mailbox that notices come from, like thong-bao@example.vn"))
		} else if _, err := mail.New(c.mailConfig()); err != nil {
			errs = append(errs, fault.New(fault.Invalid, "notify.smtp_server: %s", fault.Text(err)))
		}
	}
	if c.Name == "" || strings.ContainsAny(c.Name, "\r\n") || len(c.Name) > 200 {
		errs = append(errs, fault.New(fault.Invalid, "notify.name: must be one line of 1 to 200 bytes"))
	}
	if _, err := c.networks(); err != nil {
		errs = append(errs, err)
	}
	duties := c.duties()
	for _, duty := range slices.Sorted(maps.Keys(duties)) {
		if _, err := mailboxes(duties[duty]); err != nil {
			errs = append(errs, fault.New(fault.Invalid, "notify.%s_mail: %s", duty, fault.Text(err)))
		}
	}
	return errs
}

// networks reads webhook_networks.
func (c *NotifyConfig) networks() (out []netip.Prefix, _ error) {
	for _, s := range fields(c.WebhookNetworks) {
		p, err := netip.ParsePrefix(s)
		if err != nil || p != p.Masked() {
			return nil, fault.New(fault.Invalid, "notify.webhook_networks: must be networks like 10.20.0.0/16, parted by commas")
		}
		out = append(out, p)
	}
	return out, nil
}

// mailboxes reads a list of mailboxes.
func mailboxes(list string) (out []string, _ error) {
	for _, s := range fields(list) {
		if a, err := netmail.ParseAddress(s); err != nil || a.Address != s {
			return nil, fault.New(fault.Invalid, "must be mailboxes like ket-noi@example.vn, parted by commas")
		}
		out = append(out, s)
	}
	if len(out) > notify.MaxTargets {
		return nil, fault.New(fault.Invalid, "has more than %d mailboxes", notify.MaxTargets)
	}
	return out, nil
}

// fields parts a list at commas and blanks.
func fields(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// openNotices makes the outbox, what takes notices out, and the office of
// notices.
func (a *App) openNotices(ctx context.Context) (*notify.Outbox, error) {
	c := &a.Config.Notify
	cfg := notify.Config{
		Main: a.Main, Base: strings.TrimSuffix(a.Config.Identity.Origin, "/"), Name: c.Name,
		Attempts: c.Attempts, FirstWait: c.FirstWait, MaxWait: c.LongestWait, SendTime: c.SendTime, Claim: max(5*time.Minute, 4*c.SendTime),
		Workers: c.Workers, Logger: a.Logger.With("part", "notify"),
	}
	book := &recipients{duties: map[string][]string{}, agencies: onboarding.ContactMail}
	for duty, list := range c.duties() {
		var err error
		if book.duties[duty], err = mailboxes(list); err != nil {
			return nil, err
		}
	}
	cfg.Addresses = book
	if c.SMTPServer != "" {
		m := c.mailConfig()
		var err error
		if m.Roots, err = a.pool("notify.smtp_ca_file", c.SMTPCAFile); err != nil {
			return nil, err
		}
		if c.SMTPPasswordFile != "" {
			m.Password = func() (string, error) { return readSecret(a.Config.Path(c.SMTPPasswordFile)) }
			if _, err := m.Password(); err != nil {
				return nil, err // now rather than at the first notice
			}
		}
		if cfg.Mail, err = mail.New(m); err != nil {
			return nil, err
		}
	}
	if c.Webhooks {
		networks, err := c.networks()
		if err != nil {
			return nil, err
		}
		roots, err := a.pool("notify.webhook_ca_file", c.WebhookCAFile)
		if err != nil {
			return nil, err
		}
		a.hooks = webhook.New(webhook.Config{Networks: networks, Roots: roots, Time: c.SendTime, Now: a.Main.Clock})
		cfg.Webhook = a.hooks
	}
	var err error
	if cfg.Box, err = a.Log.Box(ctx, "notify"); err != nil {
		return nil, err
	}
	return notify.New(cfg)
}

// openNoticeOffice makes what people do about notices. The areas it asks are
// there by then.
func (a *App) openNoticeOffice() *notify.Office {
	return notify.NewOffice(notify.OfficeConfig{
		Outbox: a.Notices, Log: a.Log, AgencyCode: (&agencies{office: a.Onboarding}).AgencyCode,
		Check: func(address string) error { return a.hooks.Check(address) },
	})
}

// pool reads authorities from a file; nil stands for the system's.
func (a *App) pool(key, name string) (*x509.CertPool, error) {
	if name == "" {
		return nil, nil
	}
	b, err := os.ReadFile(a.Config.Path(name))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "couldn't read %s", key)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(b) {
		return nil, fault.New(fault.Invalid, "%s: %s holds no certificate", key, a.Config.Path(name))
	}
	return pool, nil
}

// recipients knows where notices go: to the mailboxes of duties from the
// settings, and to agencies as the area that keeps them says.
type recipients struct {
	duties map[string][]string
	// agencies gives an agency's mailboxes, from its contact officer.
	agencies func(ctx context.Context, q db.Querier, agency string) ([]string, error)
}

// Addresses implements notify.Addresses.
func (r *recipients) Addresses(ctx context.Context, q db.Querier, to string) (emails []string, webhooks []notify.Webhook, lang string, err error) {
	if emails, ok := r.duties[to]; ok {
		return emails, nil, "vi", nil
	}
	emails, err = r.agencies(ctx, q, to)
	return emails, nil, "vi", err
}

// lifeNotices hands what the life of connections tells to the outbox.
type lifeNotices struct {
	outbox *notify.Outbox
	logger *slog.Logger
}

// Put implements onboarding.Notices. An act must not fail for the words of its
// notice: what cannot be said as meant is said as "this has changed".
func (l lifeNotices) Put(ctx context.Context, tx *db.Tx, n onboarding.Notice) error {
	out := notify.Notice{Key: n.Key, Topic: n.Topic, To: string(n.Duty), Link: n.Link}
	if n.Duty == onboarding.Agency {
		out.To = n.Agency
	}
	if t := notify.Find(n.Topic); t != nil {
		out.Params = t.Pick(n.Params)
	}
	if err := out.Check(); err != nil {
		l.logger.Warn("a notice cannot be said as meant", "topic", n.Topic, "error", err)
		out.Topic, out.Params = notify.Changed, map[string]string{"matter": n.Params["matter"]}
		if out.Check() != nil {
			out.Params["matter"] = "-"
		}
	}
	return l.outbox.Put(ctx, tx, out)
}

// noticeCounts keeps the counts for a moment: one scrape asks for all three.
type noticeCounts struct {
	outbox *notify.Outbox

	mu     sync.Mutex // guards the rest
	counts notify.Counts
	err    error
	read   time.Time
}

// countsFor is how long they are kept.
const countsFor = 5 * time.Second

func (n *noticeCounts) get() (notify.Counts, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.read.IsZero() || time.Since(n.read) > countsFor {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		n.counts, n.err = n.outbox.Counts(ctx)
		n.read = time.Now()
	}
	return n.counts, n.err
}

// measureNotices registers the metrics of notices.
func (a *App) measureNotices() {
	counts := &noticeCounts{outbox: a.Notices}
	gauge := func(name, help string, of func(notify.Counts) int64) {
		a.Metrics.Gauge(name, help, func() float64 {
			c, err := counts.get()
			if err != nil {
				return -1
			}
			return float64(of(c))
		})
	}
	gauge("dancu_notices_waiting", "Notices to be sent, or being sent; -1: the database did not say.", func(c notify.Counts) int64 { return c.Waiting })
	gauge("dancu_notices_held", "Notices for which there is no sender.", func(c notify.Counts) int64 { return c.Held })
	gauge("dancu_notices_failed", "Notices given up in the last 30 days and not sent since.", func(c notify.Counts) int64 { return c.Failed })
	counter := func(name, help string, of func(notify.Stats) int64) {
		a.Metrics.Counter(name, help, func() float64 { return float64(of(a.Notices.Stats())) })
	}
	counter("dancu_notices_mail_total", "Mails taken by the mail server.", func(s notify.Stats) int64 { return s.MailSent })
	counter("dancu_notices_mail_failed_total", "Attempts at mails that failed.", func(s notify.Stats) int64 { return s.MailFailed })
	counter("dancu_notices_webhook_total", "Webhooks taken by their receivers.", func(s notify.Stats) int64 { return s.WebhookSent })
	counter("dancu_notices_webhook_failed_total", "Attempts at webhooks that failed.", func(s notify.Stats) int64 { return s.WebhookFailed })
}
