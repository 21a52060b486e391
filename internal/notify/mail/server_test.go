package mail

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"dancu/internal/notify"
)

const (
	user     = "dancu"
	password = "mật khẩu của máy chủ thư"
)

// server is a mail server that does as it is told.
type server struct {
	t     *testing.T
	addr  string
	roots *x509.CertPool
	smtp  *smtp.Server
	auth  bool
	mechs []string

	mu    sync.Mutex // guards the rest
	got   []taken
	rcpt  func() error // what it says to RCPT
	from  func() error // to MAIL
	data  func(net.Conn) error
	calls int
}

// taken is a mail as it arrived.
type taken struct {
	from, to string
	header   mail.Header
	body     string
}

type how int

const (
	startTLS how = iota
	implicit
	plain
)

// newServer starts a mail server on this machine. With auth it takes mail of
// whoever has signed in only.
func newServer(t *testing.T, h how, change ...func(*server)) *server {
	t.Helper()
	cert, roots := certificate(t)
	s := &server{t: t, roots: roots, mechs: []string{sasl.Plain}}
	for _, c := range change {
		c(s)
	}
	s.smtp = smtp.NewServer(s)
	s.smtp.Domain = "mail.example.vn"
	s.smtp.ErrorLog = quiet{}
	s.smtp.EnableSMTPUTF8 = true
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	if h == startTLS {
		s.smtp.TLSConfig = config
	}
	// What is refused is not refused because the server would not hear it.
	s.smtp.AllowInsecureAuth = true
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = ln.Addr().String()
	if h == implicit {
		ln = tls.NewListener(ln, config)
	}
	go func() { _ = s.smtp.Serve(ln) }()
	t.Cleanup(func() { _ = s.smtp.Close() })
	return s
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// certificate is one for this machine, and the pool that trusts it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// NewSession implements smtp.Backend.
func (s *server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.auth {
		return &guarded{&session{server: s, conn: c}}, nil
	}
	return &session{server: s, conn: c}, nil
}

func (s *server) mails() []taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]taken(nil), s.got...)
}

// says sets what the server does from now on.
func (s *server) says(set func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set()
}

type session struct {
	server   *server
	conn     *smtp.Conn
	signedIn bool
	mail     taken
}

// guarded is a session that asks who is there.
type guarded struct{ *session }

func (s *guarded) AuthMechanisms() []string { return s.server.mechs }

func (s *guarded) Auth(mech string) (sasl.Server, error) {
	check := func(_, u, p string) error {
		if u != user || p != password {
			return smtp.ErrAuthFailed
		}
		s.signedIn = true
		return nil
	}
	if mech == sasl.Login {
		return &login{check: check}, nil
	}
	return sasl.NewPlainServer(check), nil
}

// login is the server's half of LOGIN, which old servers have and nothing else.
type login struct {
	step  int
	user  string
	check func(_, u, p string) error
}

func (l *login) Next(response []byte) ([]byte, bool, error) {
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check("", l.user, string(response))
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.server.auth && !s.signedIn {
		return smtp.ErrAuthRequired
	}
	s.mail = taken{from: from}
	return s.asked(func() func() error { return s.server.from })
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.to = to
	return s.asked(func() func() error { return s.server.rcpt })
}

func (s *session) asked(which func() func() error) error {
	s.server.mu.Lock()
	say := which()
	s.server.mu.Unlock()
	if say == nil {
		return nil
	}
	return say()
}

func (s *session) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	s.mail.header, s.mail.body = m.Header, string(body)
	s.server.mu.Lock()
	say := s.server.data
	s.server.mu.Unlock()
	if say != nil {
		if err := say(s.conn.Conn()); err != nil {
			return err
		}
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.got = append(s.server.got, s.mail)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// sender is one for this server.
func (s *server) sender(way TLS, change ...func(*Config)) *Sender {
	s.t.Helper()
	cfg := Config{Server: s.addr, TLS: way, Roots: s.roots, From: "thong-bao@dancu.example.vn", Name: "Hệ thống dân cư", Time: 5 * time.Second}
	if s.auth {
		cfg.User, cfg.Password = user, func() (string, error) { return password, nil }
	}
	for _, c := range change {
		c(&cfg)
	}
	out, err := New(cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// letter is a message as good as any.
func letter() *notify.Message {
	return &notify.Message{
		ID: "019aae10-7d52-7a31-8f0e-3d2f7c9a4b11", Topic: "task.overdue", Email: "dau-moi@haiduong.example.vn", Name: "Hệ thống dân cư",
		Texts: []notify.Rendered{{Lang: "vi", Subject: "Công việc quá hạn: hồ sơ HS-1", Body: "Đề nghị xử lý ngay."}, {Lang: "en", Subject: "A task is overdue", Body: "Please deal with it."}},
	}
}

func smtpError(code int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "as told"}
}

// refusedWith demands a failure with this code.
func refusedWith(t *testing.T, err error, code string, never bool) {
	t.Helper()
	if err == nil || notify.CodeOf(err) != code || notify.IsRefused(err) != never {
		t.Errorf("got %v (%s, for good: %v), want %s (%v)", err, notify.CodeOf(err), notify.IsRefused(err), code, never)
	}
}

var errCut = errors.New("cut")
