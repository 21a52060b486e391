package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"dancu/internal/db"
	"dancu/internal/evidence"
	"dancu/internal/fault"
	"dancu/web"
)

// Grade is how bad a finding is.
type Grade string

// The grades.
const (
	Good    Grade = "good"
	Unknown Grade = "unknown" // could not be looked at now
	Warning Grade = "warning" // works, and will not for long or not safely
	Problem Grade = "problem" // does not work
)

// Finding is what the doctor says of one thing.
type Finding struct {
	Check string `json:"check"`
	Grade Grade  `json:"grade"`
	Text  string `json:"text"`
	// Way says what to do; "" when there is nothing to do.
	Way string `json:"way,omitempty"`
}

// Doctor looks at everything an operator can get wrong, without changing
// anything. It may run beside a server.
func Doctor(ctx context.Context, cfg Config) []Finding {
	d := &doctor{cfg: cfg, now: time.Now()}
	d.state()
	d.secrets()
	d.notices()
	d.scanner(ctx)
	d.disk()
	d.certificates()
	d.life()
	d.assets()
	running := d.lock()
	d.database(ctx)
	d.server(ctx, running)
	return d.findings
}

type doctor struct {
	cfg      Config
	now      time.Time
	findings []Finding
}

func (d *doctor) say(check string, g Grade, way, format string, args ...any) {
	d.findings = append(d.findings, Finding{Check: check, Grade: g, Text: fmt.Sprintf(format, args...), Way: way})
}

// state looks at the state folder.
func (d *doctor) state() {
	const check = "state folder"
	fi, err := os.Stat(d.cfg.State)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.say(check, Problem, "run dancu init "+d.cfg.State, "%s is not there", d.cfg.State)
	case err != nil:
		d.say(check, Problem, "run the doctor as the service's account", "%s cannot be looked at: %v", d.cfg.State, err)
	case !fi.IsDir():
		d.say(check, Problem, "name a folder in the setting state", "%s is not a folder", d.cfg.State)
	case fi.Mode().Perm()&0o022 != 0:
		d.say(check, Problem, "run chmod go-w "+d.cfg.State, "%s may be written by others (mode %04o): they could replace databases and keys", d.cfg.State, fi.Mode().Perm())
	case unix.Access(d.cfg.State, unix.W_OK) != nil:
		d.say(check, Problem, "run the doctor as the service's account, or give the folder to that account", "%s cannot be written", d.cfg.State)
	default:
		d.say(check, Good, "", "%s", d.cfg.State)
	}
	for _, name := range []string{fileMain, fileRegister, fileDerived, fileEvidence} {
		path := d.cfg.Path(name)
		if fi, err := os.Stat(path); err == nil && fi.Mode().Perm()&0o077 != 0 {
			d.say("file modes", Warning, "run chmod 600 "+path, "%s may be touched by other accounts (mode %04o)", path, fi.Mode().Perm())
		}
	}
}

// secrets looks at the keys.
func (d *doctor) secrets() {
	const check = "keys"
	if _, origin, err := d.cfg.signingKey(); err != nil {
		d.say(check, Problem, "put the key back from its safe copy; only for a new log, run dancu init", "%s", explain(err))
	} else {
		d.say(check, Good, "", "the log is signed as %s", origin)
	}
	if _, err := d.cfg.sealingKey(); err != nil {
		d.say(check, Problem, "put the key back from its safe copy: without it the log's contents cannot be read", "%s", explain(err))
	} else {
		d.say(check, Good, "", "the sealing key is there")
	}
	for _, file := range []string{d.cfg.API.KeyFile, d.cfg.Console.KeyFile} {
		path := d.cfg.Path(file)
		if path == "" {
			continue
		}
		if fi, err := os.Stat(path); err == nil {
			if err := checkSecretMode(path, fi); err != nil {
				d.say(check, Problem, "run chmod 600 "+path, "%s", explain(err))
			}
		}
	}
	if f := d.cfg.Database.AddressFile; f != "" {
		if _, err := readSecret(d.cfg.Path(f)); err != nil {
			d.say(check, Problem, "write the PostgreSQL address into the file, mode 600", "%s", explain(err))
		}
	}
}

// notices looks at how notices leave.
func (d *doctor) notices() {
	const check = "notices"
	n := &d.cfg.Notify
	if n.SMTPServer == "" && !n.Webhooks {
		d.say(check, Warning, "set notify.smtp_server and notify.from", "nobody is told of anything: notices are kept until there is a mail server")
		return
	}
	if n.SMTPServer != "" && n.SMTPPasswordFile != "" {
		if _, err := readSecret(d.cfg.Path(n.SMTPPasswordFile)); err != nil {
			d.say(check, Problem, "write the mail server's password into the file, mode 600", "%s", explain(err))
			return
		}
	}
	if n.OperatorMail == "" {
		d.say(check, Warning, "set notify.operator_mail", "the register's own staff get no notices")
		return
	}
	d.say(check, Good, "", "they leave this node")
}

// scanner asks the malware scanner of uploads whether it answers.
func (d *doctor) scanner(ctx context.Context) {
	const check = "evidence files"
	address := d.cfg.Evidence.Scanner
	if address == "" {
		d.say(check, Warning, "set evidence.scanner to a ClamAV daemon on this machine", "uploaded files are taken and not scanned for malware")
		return
	}
	s, err := evidence.NewClamd(address, scannerPatience)
	if err != nil {
		d.say(check, Problem, "write evidence.scanner like unix:/run/clamav/clamd.ctl", "%s", explain(err))
		return
	}
	if _, err := s.Scan(ctx, strings.NewReader("dancu doctor")); err != nil {
		d.say(check, Problem, "start the scanner at "+address+", or mend evidence.scanner: no file is taken until then", "the malware scanner does not answer: %v", err)
		return
	}
	d.say(check, Good, "", "the malware scanner answers")
}

// scannerPatience is how long the doctor waits for the scanner.
const scannerPatience = 5 * time.Second

// explain is an error's text for the person at the machine.
func explain(err error) string {
	if t := fault.Text(err); t != "" {
		var e *fault.Error
		if errors.As(err, &e) && e.Unwrap() != nil {
			return t + " (" + e.Unwrap().Error() + ")"
		}
		return t
	}
	return err.Error()
}

// Room below these is a finding: at 500 look-ups a second the log grows by
// about 1 MB a second.
const (
	roomWarning = 10 << 30
	roomProblem = 1 << 30
)

func (d *doctor) disk() {
	var s unix.Statfs_t
	if err := unix.Statfs(d.cfg.State, &s); err != nil {
		return // the state folder's own finding says more
	}
	room := uint64(s.Bavail) * uint64(s.Bsize)
	text := fmt.Sprintf("%d MiB free under %s", room>>20, d.cfg.State)
	switch {
	case room < roomProblem:
		d.say("disk", Problem, "make room now: without it every call is refused (log.unavailable)", "%s", text)
	case room < roomWarning:
		d.say("disk", Warning, "make room: an entry takes up to 2 KiB, and two years of them must stay", "%s", text)
	default:
		d.say("disk", Good, "", "%s", text)
	}
}

// certificateSoon is when a certificate's end is a finding.
const certificateSoon = 30 * 24 * time.Hour

func (d *doctor) certificates() {
	for _, c := range []struct{ name, cert, key string }{
		{"API certificate", d.cfg.API.CertificateFile, d.cfg.API.KeyFile},
		{"console certificate", d.cfg.Console.CertificateFile, d.cfg.Console.KeyFile},
	} {
		if c.cert == "" {
			continue
		}
		cert, key := d.cfg.Path(c.cert), d.cfg.Path(c.key)
		if _, err := tls.LoadX509KeyPair(cert, key); err != nil {
			d.say(c.name, Problem, "put a certificate and its private key there, both PEM", "%s and %s cannot be used: %v", cert, key, err)
			continue
		}
		x, err := ReadCertificate(cert)
		if err != nil {
			d.say(c.name, Problem, "put a PEM certificate there", "%v", err)
			continue
		}
		until := x.NotAfter.Format(time.DateOnly)
		switch {
		case d.now.Before(x.NotBefore):
			d.say(c.name, Problem, "check this machine's clock", "valid only from %s on", x.NotBefore.Format(time.DateTime))
		case d.now.After(x.NotAfter):
			d.say(c.name, Problem, "renew it: the server takes up the new files without a restart", "ended on %s", until)
		case x.NotAfter.Sub(d.now) < certificateSoon:
			d.say(c.name, Warning, "renew it: the server takes up the new files without a restart", "ends on %s", until)
		case len(x.DNSNames)+len(x.IPAddresses) == 0:
			d.say(c.name, Problem, "have it issued with the host's names", "has no host names: clients refuse it")
		default:
			names := append([]string{}, x.DNSNames...)
			for _, ip := range x.IPAddresses {
				names = append(names, ip.String())
			}
			d.say(c.name, Good, "", "for %s until %s", strings.Join(names, ", "), until)
		}
	}
	if f := d.cfg.Path(d.cfg.API.ClientCAFile); f != "" {
		if _, err := ReadCertificate(f); err != nil {
			d.say("client authorities", Problem, "put PEM certificates there, or leave api.client_ca_file empty", "%v", err)
		}
	}
}

// life reads the files that the life of connections goes by.
func (d *doctor) life() {
	const check = "life cycle"
	if _, err := d.cfg.office(); err != nil {
		d.say(check, Problem, "mend the file, or take the setting out: the server does not start with it", "%s", explain(err))
		return
	}
	cal, err := d.cfg.calendar()
	if err != nil {
		return // said already
	}
	if cal.Estimated(d.now, d.now.Add(calendarAhead)) {
		d.say(check, Warning, "confirm the year's public holidays in a file, and name it in life.calendar_file",
			"the calendar of the coming weeks is an estimate, and terms in working days depend on it")
		return
	}
	d.say(check, Good, "", "catalogues, calendar and authorities can be read")
}

// calendarAhead is how far ahead the calendar should be confirmed: the longest
// of the law's terms in working days end within it.
const calendarAhead = 60 * 24 * time.Hour

func (d *doctor) assets() {
	a, err := web.Embedded()
	switch {
	case err != nil:
		d.say("pages", Problem, "build again with make build", "the pages' assets in this program are damaged: %v", err)
	case !a.Built():
		d.say("pages", Warning, "build with make build, which makes the stylesheet first", "this program was built without its stylesheet: pages are plain")
	default:
		d.say("pages", Good, "", "the assets are built in")
	}
}

// lock says whether a server uses the state folder.
func (d *doctor) lock() (running bool) {
	if _, err := os.Stat(d.cfg.Path(fileLock)); err != nil {
		return false // nobody ever did
	}
	unlock, err := d.cfg.LockState()
	if err != nil {
		return errors.Is(err, ErrInUse)
	}
	unlock()
	return false
}

// database looks into the databases, as far as that changes nothing.
func (d *doctor) database(ctx context.Context) {
	const check = "database"
	cfg, err := d.cfg.DB(db.Main)
	if err != nil {
		d.say(check, Problem, "set database.address or database.address_file", "%s", explain(err))
		return
	}
	if file, ok := strings.CutPrefix(cfg.DSN, "sqlite:"); ok {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			d.say(check, Good, "", "%s does not exist yet: the first start makes it", file)
			return
		}
	}
	cfg.AsIs = true
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	open, err := db.Open(ctx, cfg)
	if err == nil {
		defer func() { _ = open.Close() }()
		err = open.Ping(ctx)
	}
	if err != nil {
		d.say(check, Problem, "check that the database runs, that its address is right and that this account may use it", "%s: %s", describe(cfg.DSN), explain(err))
		return
	}
	d.say(check, Good, "", "%s answers", describe(cfg.DSN))
	d.clock(ctx, open)
	d.parameters(ctx, open)
}

// clockGap is how far the clocks may be apart before the log refuses to go on.
const clockGap = 2 * time.Second

func (d *doctor) clock(ctx context.Context, open *db.DB) {
	const check = "clock"
	var theirs time.Time
	var before, after time.Time
	err := open.Write(ctx, func(tx *db.Tx) (err error) {
		before = time.Now()
		theirs, err = tx.Lock(ctx) // the one place where the database's clock is read
		after = time.Now()
		return err
	})
	if err != nil {
		d.say(check, Unknown, "", "the database's clock could not be read: %s", explain(err))
		return
	}
	// Somewhere between before and after it was read.
	gap := max(before.Sub(theirs), theirs.Sub(after), 0)
	switch {
	case gap > clockGap:
		d.say(check, Problem, "synchronise both machines with the same time source (NTP): the law's terms end by the clock", "the database's clock and this machine's are %v apart", gap.Round(time.Millisecond))
	case gap > clockGap/4:
		d.say(check, Warning, "synchronise both machines with the same time source (NTP)", "the database's clock and this machine's are %v apart", gap.Round(time.Millisecond))
	default:
		d.say(check, Good, "", "the database's clock and this machine's agree")
	}
}

// parameters looks at what PostgreSQL would write of our statements' values.
func (d *doctor) parameters(ctx context.Context, open *db.DB) {
	const check = "database log"
	settings, err := open.LogsValues(ctx)
	switch {
	case err != nil:
		d.say(check, Problem, "set fsync, full_page_writes and synchronous_commit to on", "%s", explain(err))
	case len(settings) > 0:
		d.say(check, Problem,
			"as a superuser of PostgreSQL: GRANT SET ON PARAMETER log_error_verbosity, log_parameter_max_length TO the role dancu uses, or set them so in postgresql.conf",
			"PostgreSQL would write personal data to its own log (%s)", strings.Join(settings, ", "))
	case open.Engine() == db.Postgres:
		d.say(check, Good, "", "PostgreSQL keeps the values of statements out of its own log")
	}
}

// describe names a database without what may be secret.
func describe(dsn string) string {
	if file, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		return "SQLite in " + filepath.Dir(file)
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "PostgreSQL"
	}
	host := u.Host
	if host == "" {
		host = u.Query().Get("host")
	}
	return "PostgreSQL at " + host + u.Path
}

// server asks a running server whether it is ready, and says whether the
// addresses are free if none runs.
func (d *doctor) server(ctx context.Context, running bool) {
	const check = "server"
	if !running {
		for _, l := range []struct{ key, address string }{
			{"api.listen", d.cfg.API.Listen},
			{"log.listen", d.cfg.Log.Listen},
			{"console.listen", d.cfg.Console.Listen},
			{"operations.listen", d.cfg.Operations.Listen},
		} {
			if l.address == "" {
				continue
			}
			var lc net.ListenConfig
			ln, err := lc.Listen(ctx, "tcp", l.address)
			if err != nil {
				d.say(check, Problem, "set "+l.key+" to a free address of this machine", "%v", err)
				continue
			}
			_ = ln.Close()
		}
		d.say(check, Unknown, "", "no server runs on this state folder")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r := newRemote(d.cfg.Socket())
	defer func() { _ = r.Close() }()
	status, err := r.Status(ctx)
	switch {
	case errors.Is(err, fs.ErrPermission):
		d.say(check, Unknown, "run the doctor as the service's account", "a server runs, and its control socket is another account's")
	case err != nil:
		d.say(check, Problem, "look at the server's log; it may be starting or stopping", "a process holds the state folder and does not answer on %s", d.cfg.Socket())
	case status.Trouble != "":
		d.say(check, Problem, "every call is refused (log.unavailable) until this is put right", "a server runs, and its log takes no entries: %s", status.Trouble)
	default:
		d.say(check, Good, "", "a server runs, version %s, and its log of %d entries takes more", status.Version, status.Size)
	}
}
