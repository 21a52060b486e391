// Package mail sends notices as e-mail over SMTP.
//
// One message goes to one mailbox, in Vietnamese with the English below it, as
// plain text. Its Message-ID and Dancu-Notice-Id are the notice's: whoever gets
// it twice can tell. The password goes over TLS, or to this very machine, and
// nowhere else (TestThePasswordNeedsTLS).
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/mail"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"dancu/internal/fault"
	"dancu/internal/notify"
)

// TLS is how the connection to the mail server is protected.
type TLS string

// The ways.
const (
	// StartTLS begins in the clear and refuses to go on without TLS (587).
	StartTLS TLS = "starttls"
	// Implicit is TLS from the first byte (465).
	Implicit TLS = "tls"
	// None is for a mail server on this very machine.
	None TLS = "none"
)

// Config says how mail leaves.
type Config struct {
	// Server is HOST:PORT.
	Server string
	TLS    TLS
	// Roots are the authorities of the server's certificate; nil means the
	// system's.
	Roots *x509.CertPool
	// User signs in if it is not empty.
	User string
	// Password is asked for at every sign-in, so that a changed file holds at
	// the next.
	Password func() (string, error)
	// From is the mailbox that notices come from.
	From string
	// Name is shown beside it.
	Name string
	// Time bounds the handing over of one message from the first byte to the
	// last; default 20 s.
	Time time.Duration
}

// Sender sends over one mail server. It keeps no connection: notices are few.
type Sender struct {
	cfg        Config
	host, port string
	domain     string // of From
}

// New returns a sender. It does not connect. Errors are of kind fault.Invalid.
func New(cfg Config) (*Sender, error) {
	host, port, err := net.SplitHostPort(cfg.Server)
	if err != nil || host == "" || port == "" {
		return nil, fault.New(fault.Invalid, "the mail server must be HOST:PORT, like mail.example.vn:587")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return nil, fault.New(fault.Invalid, "the mail server's port must be 1 to 65535")
	}
	switch cfg.TLS {
	case StartTLS, Implicit:
	case None:
		if !isLoopback(host) {
			return nil, fault.New(fault.Invalid, "mail without TLS goes to a server on this machine only: use starttls or tls")
		}
	default:
		return nil, fault.New(fault.Invalid, "the mail server's TLS must be starttls, tls or none")
	}
	from, err := mail.ParseAddress(cfg.From)
	if err != nil || from.Address != cfg.From {
		return nil, fault.New(fault.Invalid, "the mailbox that notices come from must be like dancu@example.vn")
	}
	if (cfg.User == "") != (cfg.Password == nil) {
		return nil, fault.New(fault.Invalid, "the mail server's user and password go together: set both or none")
	}
	if cfg.Time == 0 {
		cfg.Time = 20 * time.Second
	}
	return &Sender{cfg: cfg, host: host, port: port, domain: cfg.From[strings.LastIndexByte(cfg.From, '@')+1:]}, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands a message to the mail server. Codes: mail.address (not a
// mailbox), mail.unreachable, mail.tls, mail.auth, mail.refused (5xx for this
// mailbox or message: for good), mail.deferred (4xx), mail.sender (5xx for our
// own mailbox), timeout, mail.broken (anything else; the message may have been
// taken).
func (s *Sender) Send(ctx context.Context, m *notify.Message) error {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Time)
	defer cancel()
	msg, err := s.compose(m)
	if err != nil {
		return err
	}
	d := &dial{sender: s, ctx: ctx}
	client, err := s.client(d)
	if err != nil {
		return notify.Fail("internal", err)
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	defer d.close()
	if err != nil {
		return s.dialFailed(ctx, d, err)
	}
	err = client.SendWithSMTPClient(conn, msg)
	if msg.IsDelivered() {
		_ = conn.Quit() // it has the message; how we part is of no interest
		return nil
	}
	return sendFailed(ctx, err)
}

// compose builds the mail.
func (s *Sender) compose(m *notify.Message) (*gomail.Msg, error) {
	to, err := mail.ParseAddress(m.Email)
	if err != nil || to.Address != m.Email {
		return nil, notify.Refuse("mail.address", err)
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.FromFormat(s.cfg.Name, s.cfg.From), msg.To(m.Email)); err != nil {
		return nil, notify.Refuse("mail.address", err)
	}
	msg.Subject(m.Subject())
	msg.SetMessageIDWithValue(m.ID + "@" + s.domain)
	msg.SetDate()
	msg.SetGenHeader("Dancu-Notice-Id", m.ID)
	msg.SetGenHeader("Dancu-Notice-Topic", m.Topic)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers
	msg.SetGenHeader("Content-Language", m.Texts[0].Lang)
	msg.SetBodyString(gomail.TypeTextPlain, m.Plain())
	return msg, nil
}

// client is a go-mail client for one message. TLS from the first byte is the
// dial's business, so go-mail is told of none.
func (s *Sender) client(d *dial) (*gomail.Client, error) {
	policy := gomail.NoTLS
	if s.cfg.TLS == StartTLS {
		policy = gomail.TLSMandatory
	}
	port, _ := strconv.Atoi(s.port) // New has looked at it
	opts := []gomail.Option{
		gomail.WithPort(port), gomail.WithTimeout(s.cfg.Time), gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(s.tls()),
		gomail.WithDialContextFunc(d.dial), gomail.WithoutNoop(),
	}
	if s.cfg.User != "" {
		password, err := s.cfg.Password()
		if err != nil {
			return nil, err
		}
		d.auth = auth{user: s.cfg.User, password: password, host: s.host}
		opts = append(opts, gomail.WithSMTPAuthCustom(&d.auth))
	}
	return gomail.NewClient(s.host, opts...)
}

func (s *Sender) tls() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, ServerName: s.host, RootCAs: s.cfg.Roots}
}

// auth signs in with what the server offers: PLAIN, or LOGIN where there is
// nothing else. Both refuse to give the password to another machine without
// TLS.
type auth struct {
	user, password, host string
	begun                bool
	chosen               smtp.Auth
}

var errNoAuth = errors.New("the server offers neither PLAIN nor LOGIN")

func (a *auth) Start(server *smtp.ServerInfo) (string, []byte, error) {
	a.begun = true
	switch {
	case slices.Contains(server.Auth, "PLAIN"):
		a.chosen = smtp.PlainAuth("", a.user, a.password, a.host, false)
	case slices.Contains(server.Auth, "LOGIN"):
		a.chosen = smtp.LoginAuth(a.user, a.password, a.host, false)
	default:
		return "", nil, errNoAuth
	}
	return a.chosen.Start(server)
}

func (a *auth) Next(fromServer []byte, more bool) ([]byte, error) {
	return a.chosen.Next(fromServer, more)
}

// dialFailed says why there is no session with the server. To sign in is the
// last step of a session's beginning.
func (s *Sender) dialFailed(ctx context.Context, d *dial, err error) error {
	var reply *textproto.Error
	switch {
	case isOver(ctx):
		return notify.Fail("timeout", err)
	case !d.connected:
		return notify.Fail("mail.unreachable", err)
	case errors.As(err, &reply) && reply.Code/100 == 4:
		return notify.Fail("mail.deferred", err)
	case d.auth.begun && !errors.Is(err, io.EOF):
		return notify.Fail("mail.auth", err)
	case isTLS(err):
		return notify.Fail("mail.tls", err)
	}
	return notify.Fail("mail.broken", err)
}

// isOver reports whether the time is over. The connection's deadline is the
// context's and may be noticed first.
func isOver(ctx context.Context) bool {
	end, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && !time.Now().Before(end)
}

func isTLS(err error) bool {
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &verify) || errors.As(err, &record) || errors.As(err, &alert) || strings.Contains(err.Error(), "STARTTLS")
}

// sendFailed says why a message was not taken. A refusal of the recipient or
// the message is for good; one of our own mailbox is a setting to put right.
func sendFailed(ctx context.Context, err error) error {
	var e *gomail.SendError
	if isOver(ctx) {
		return notify.Fail("timeout", err)
	}
	if !errors.As(err, &e) {
		return notify.Fail("mail.broken", err)
	}
	switch code := e.ErrorCode(); {
	case code/100 == 4:
		return notify.Fail("mail.deferred", err)
	case code/100 == 5 && e.Reason == gomail.ErrSMTPMailFrom:
		return notify.Fail("mail.sender", err)
	case code/100 == 5:
		return notify.Refuse("mail.refused", err)
	}
	return notify.Fail("mail.broken", err)
}
