package app

//go:generate go test -run ^TestConfigurationDocument$ . -update

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"dancu/internal/draft"
	"dancu/internal/evidence"
	"dancu/internal/fault"
	"dancu/internal/job"
	"dancu/internal/notify/mail"
	"dancu/internal/onboarding"
)

// Config is every setting. The comment of a field is its documentation:
// docs/operations/configuration.md is made from this file.
//
// Durations are written like "10s" or "2m", sizes like "64KiB". File names are
// relative to the state folder. Secrets are never settings: they stand in
// files that only the service's account may read.
type Config struct {
	// State is the folder of everything that must survive: databases, keys,
	// lock and socket. Relative to the folder of the configuration file.
	State string `koanf:"state"`
	// Node names this process in the log and in metrics. Several nodes over one
	// PostgreSQL need different names.
	Node       string           `koanf:"node"`
	Database   DatabaseConfig   `koanf:"database"`
	Log        LogConfig        `koanf:"log"`
	API        APIConfig        `koanf:"api"`
	Console    ConsoleConfig    `koanf:"console"`
	Operations OperationsConfig `koanf:"operations"`
	Gate       GateConfig       `koanf:"gate"`
	Identity   IdentityConfig   `koanf:"identity"`
	Notify     NotifyConfig     `koanf:"notify"`
	Evidence   EvidenceConfig   `koanf:"evidence"`
	Life       LifeConfig       `koanf:"life"`
	Citizen    CitizenConfig    `koanf:"citizen"`
	Jobs       JobsConfig       `koanf:"jobs"`
	Telemetry  TelemetryConfig  `koanf:"telemetry"`
	// Drain is how long a stop waits for calls under way before it ends them.
	Drain time.Duration `koanf:"drain"`
	// DrainDelay is how long, before that, new calls are told to go elsewhere
	// (503) while load balancers take notice.
	DrainDelay time.Duration `koanf:"drain_delay"`
	// origins says where each setting comes from; nil: the program made it.
	origins map[string]Origin
}

// DatabaseConfig says where the data is.
type DatabaseConfig struct {
	// Address is a PostgreSQL address without a password
	// ("postgres://dancu@db.example:5432/dancu?sslmode=verify-full"). Empty
	// means SQLite files in the state folder.
	Address string `koanf:"address"`
	// AddressFile is a file that holds the address, for one with a password.
	AddressFile string `koanf:"address_file"`
	// Readers is how many connections read at once; 0 leaves it to the engine
	// (SQLite 4, PostgreSQL 16).
	Readers int `koanf:"readers"`
}

// LogConfig is about the access log and its public listener.
type LogConfig struct {
	// KeyFile holds the log's signing key, as "dancu init" writes it. Its name
	// in there is the log's origin.
	KeyFile string `koanf:"key_file"`
	// SealingKeyFile holds the key from which the keys that seal the entries'
	// bodies come.
	SealingKeyFile string `koanf:"sealing_key_file"`
	// Listen is the address of the public log: checkpoint and tiles;
	// commitments only, plain HTTP, read-only. Empty turns it off.
	Listen string `koanf:"listen"`
}

// APIConfig is about the machine API.
type APIConfig struct {
	// Listen is the address of the API: HTTPS with client certificates, TLS
	// 1.3 only.
	Listen string `koanf:"listen"`
	// CertificateFile holds the server's certificate and what it needs of its
	// chain, PEM.
	CertificateFile string `koanf:"certificate_file"`
	// KeyFile holds the certificate's private key, PEM.
	KeyFile string `koanf:"key_file"`
	// ClientCAFile holds the authorities that client certificates must come
	// from, PEM. Empty accepts any authority: a system is known by its
	// registered certificate itself, not by who issued it.
	ClientCAFile string `koanf:"client_ca_file"`
	// MaxBody is the longest request body.
	MaxBody Size `koanf:"max_body"`
	// MaxHeader is the longest request header.
	MaxHeader Size `koanf:"max_header"`
	// MaxConnections is how many client connections may be open at once; one
	// more is closed as soon as it is accepted.
	MaxConnections int `koanf:"max_connections"`
	// MaxConnectionsPerAddress is the same for one client address (IPv6: one
	// /64). An intermediary carries the calls of many systems from one address.
	MaxConnectionsPerAddress int `koanf:"max_connections_per_address"`
	// HeaderTimeout bounds the TLS handshake and, after it, the time a client
	// may take to send a request's header.
	HeaderTimeout time.Duration `koanf:"header_timeout"`
	// ReadTimeout bounds the time a client may take to send a whole request.
	ReadTimeout time.Duration `koanf:"read_timeout"`
	// WriteTimeout bounds a call from the end of its header to the end of its
	// answer.
	WriteTimeout time.Duration `koanf:"write_timeout"`
	// IdleTimeout is how long a connection without a call is kept.
	IdleTimeout time.Duration `koanf:"idle_timeout"`
}

// ConsoleConfig is about the pages that people use.
type ConsoleConfig struct {
	// Listen is the address of the console. People sign in to it: outside this
	// machine give it a certificate, or put a proxy in front that has one. Empty
	// turns it off.
	Listen string `koanf:"listen"`
	// CertificateFile makes it HTTPS. Empty means plain HTTP.
	CertificateFile string `koanf:"certificate_file"`
	// KeyFile holds the certificate's private key, PEM.
	KeyFile string `koanf:"key_file"`
	// DraftTerm is how long what somebody typed into a form and did not send is
	// kept for them.
	DraftTerm time.Duration `koanf:"draft_term"`
	// Guides is a folder of user guides (Markdown files, each version in
	// Vietnamese and English) that add to those in the program, or take their
	// place. Empty means those in the program.
	Guides string `koanf:"guides"`
}

// OperationsConfig is about health and metrics.
type OperationsConfig struct {
	// Listen is the address of /healthz, /readyz and /metrics, plain HTTP.
	// Empty turns it off.
	Listen string `koanf:"listen"`
}

// GateConfig bounds the hot path.
type GateConfig struct {
	// Queue is how many calls wait for the log at most; the next one is told to
	// come back later (service.busy).
	Queue int `koanf:"queue"`
	// QueueShare is how many of them one connection may have; 0 means half.
	QueueShare int `koanf:"queue_share"`
	// Batch is how many calls one commit takes at most.
	Batch int `koanf:"batch"`
	// RefusalsPerMinute is how many refusals of one connection with one code get
	// an entry of their own each minute; more are counted in a summary entry.
	RefusalsPerMinute int `koanf:"refusals_per_minute"`
}

// IdentityConfig is the rules of accounts. They may be stricter than what QCVN
// 12:2026/BCA 3.7.2 and TCVN 14423:2026 say, not laxer.
type IdentityConfig struct {
	// Origin is the console's public address. Passkeys and sign-in through
	// agencies' own providers are bound to it.
	Origin string `koanf:"origin"`
	// Name is what authenticator apps and keys show.
	Name string `koanf:"name"`
	// PasswordLength is the least number of characters of a password that has
	// letters of both cases, digits and signs.
	PasswordLength int `koanf:"password_length"`
	// PasswordLengthAlone is the least number of characters of one that has
	// not.
	PasswordLengthAlone int `koanf:"password_length_alone"`
	// PasswordHistory is how many former passwords may not come back.
	PasswordHistory int `koanf:"password_history"`
	// AdminPasswordAge is how long the password of somebody who administers
	// accounts holds.
	AdminPasswordAge time.Duration `koanf:"admin_password_age"`
	// PasswordAge is the same for everybody else; 0 means for ever.
	PasswordAge time.Duration `koanf:"password_age"`
	// HashMemory is the memory of one password hash (argon2id).
	HashMemory Size `koanf:"hash_memory"`
	// HashTime is its number of passes.
	HashTime int `koanf:"hash_time"`
	// Hashes is how many are computed at once.
	Hashes int `koanf:"hashes"`
	// Failures is after how many failed proofs in a row an account is locked.
	Failures int `koanf:"failures"`
	// LockTime is how long the first lock lasts; each further one lasts twice
	// as long as the one before.
	LockTime time.Duration `koanf:"lock_time"`
	// MaxLockTime is how long a lock lasts at most.
	MaxLockTime time.Duration `koanf:"max_lock_time"`
	// AddressFailures is how many failed proofs one address (IPv6: one /64) has
	// in address_window before it is refused unheard.
	AddressFailures int `koanf:"address_failures"`
	// AddressAttempts is the same for proofs of sign-ins that did not end in a session.
	AddressAttempts int `koanf:"address_attempts"`
	// AddressWindow is the time in which they are counted.
	AddressWindow time.Duration `koanf:"address_window"`
	// LoopbackProviders lets an agency's own sign-in provider be on this very machine without TLS: for demonstrations.
	LoopbackProviders bool `koanf:"loopback_providers"`
	// SigninTime is how long a sign-in may take.
	SigninTime time.Duration `koanf:"signin_time"`
	// OneTimePassword is how long a one-time password can be used.
	OneTimePassword time.Duration `koanf:"one_time_password"`
	// Idle is how long a session lives without a request.
	Idle time.Duration `koanf:"idle"`
	// AdminIdle is the same for those who administer accounts.
	AdminIdle time.Duration `koanf:"admin_idle"`
	// CitizenIdle is the same for citizens.
	CitizenIdle time.Duration `koanf:"citizen_idle"`
	// Absolute is how long a session lives at all.
	Absolute time.Duration `koanf:"absolute"`
	// AdminAbsolute is the same for those who administer accounts.
	AdminAbsolute time.Duration `koanf:"admin_absolute"`
	// CitizenAbsolute is the same for citizens.
	CitizenAbsolute time.Duration `koanf:"citizen_absolute"`
	// FreshFactor is how old the second factor may be for acts that ask for a
	// fresh one.
	FreshFactor time.Duration `koanf:"fresh_factor"`
	// Inactive is after how long without a sign-in an account is disabled.
	Inactive time.Duration `koanf:"inactive"`
	// ReviewEvery is how often account lists are to be reviewed.
	ReviewEvery time.Duration `koanf:"review_every"`
	// ProposalTime is how long an act that takes two people waits for the
	// second.
	ProposalTime time.Duration `koanf:"proposal_time"`
	// Proposals is how many acts of one kind that take two people one person may
	// have waiting.
	Proposals int `koanf:"proposals"`
	// Keys is how many live API keys an account has at most.
	Keys int `koanf:"keys"`
	// KeyTerm is how long an API key holds where its owner says nothing.
	KeyTerm time.Duration `koanf:"key_term"`
	// MaxKeyTerm is the longest term of an API key.
	MaxKeyTerm time.Duration `koanf:"max_key_term"`
}

// NotifyConfig is how agencies and staff are told of what concerns them.
// Without smtp_server and webhooks notices are kept and not sent.
type NotifyConfig struct {
	// SMTPServer is the mail server that takes the notices, HOST:PORT. Empty
	// means that no mail is sent.
	SMTPServer string `koanf:"smtp_server"`
	// SMTPTLS is starttls (port 587), tls (port 465), or none, which only a
	// server on this very machine may have.
	SMTPTLS string `koanf:"smtp_tls"`
	// SMTPUser signs in to the mail server. Empty means without.
	SMTPUser string `koanf:"smtp_user"`
	// SMTPPasswordFile holds the password; it is read at every sign-in.
	SMTPPasswordFile string `koanf:"smtp_password_file"`
	// SMTPCAFile holds the authorities of the mail server's certificate, PEM.
	// Empty means those of the system.
	SMTPCAFile string `koanf:"smtp_ca_file"`
	// From is the mailbox that notices come from.
	From string `koanf:"from"`
	// Name is who signs them.
	Name string `koanf:"name"`
	// Webhooks turns on the signed webhooks that agencies have asked for.
	Webhooks bool `koanf:"webhooks"`
	// WebhookNetworks are the private networks in which receivers may be, like
	// "10.20.0.0/16, 10.21.0.0/16". Without it only public addresses are
	// reached.
	WebhookNetworks string `koanf:"webhook_networks"`
	// WebhookCAFile holds the authorities of the receivers' certificates, PEM.
	// Empty means those of the system.
	WebhookCAFile string `koanf:"webhook_ca_file"`
	// OperatorMail are the mailboxes of those who handle requests and
	// connections, parted by commas.
	OperatorMail string `koanf:"operator_mail"`
	// AssessorMail is the same for those who assess.
	AssessorMail string `koanf:"assessor_mail"`
	// SupervisorMail is the same for those who decide as the second.
	SupervisorMail string `koanf:"supervisor_mail"`
	// InspectorMail is the same for those who inspect.
	InspectorMail string `koanf:"inspector_mail"`
	// SupportMail is the same for those who help agencies.
	SupportMail string `koanf:"support_mail"`
	// Attempts is how often a notice is tried.
	Attempts int `koanf:"attempts"`
	// FirstWait is the wait after the first failed attempt; each further one
	// lasts twice as long.
	FirstWait time.Duration `koanf:"first_wait"`
	// LongestWait is how long a wait lasts at most.
	LongestWait time.Duration `koanf:"longest_wait"`
	// SendTime bounds one delivery.
	SendTime time.Duration `koanf:"send_time"`
	// Workers is how many notices are sent at once.
	Workers int `koanf:"workers"`
}

// EvidenceConfig is about the files that people hand in.
type EvidenceConfig struct {
	// MaxSize is the largest file taken, at most 256 MiB. An upload is in memory
	// while it is looked at.
	MaxSize Size `koanf:"max_size"`
	// Scanner is the ClamAV daemon that looks for malware in uploads, like
	// unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310. Contents go there
	// unsealed. While it cannot be asked no file is taken. Empty means that
	// files are taken and shown as not scanned.
	Scanner string `koanf:"scanner"`
}

// CitizenConfig is what people may see of the log, and ask.
type CitizenConfig struct {
	// ChildAge is the age from which parents no longer see who looked at their
	// child's data, by the register; 0: they never do (Civil Code 2015 Art. 20 and
	// 136: a minor is under 18 and is represented by the parents).
	ChildAge int `koanf:"child_age"`
	// Representatives says whether legal representatives and guardians whom the
	// register records see it for those they represent.
	Representatives bool `koanf:"representatives"`
	// RequestsPerDay is how many questions and complaints one person may send in
	// 24 hours.
	RequestsPerDay int `koanf:"requests_per_day"`
	// RequestsOpen is how many of one person's may be open at once.
	RequestsOpen int `koanf:"requests_open"`
}

// LifeConfig is what the life of connections goes by: rules, dates and
// authorities that change without the program changing. Its files are read at
// the start; after a change restart every node. "dancu doctor" reads them, too.
type LifeConfig struct {
	// CatalogueFolder holds the operator's own checklists, texts to be signed,
	// procedures, rules of change and of who permits whom, grounds and terms: .yaml
	// files that replace or add to the shipped ones. Empty means the shipped ones
	// alone.
	CatalogueFolder string `koanf:"catalogue_folder"`
	// CalendarFile holds public holidays and exchanged working days, year by year;
	// a year in it takes the place of the shipped one. Many days of the shipped
	// calendar are estimates until a file confirms them.
	CalendarFile string `koanf:"calendar_file"`
	// ClientAuthoritiesFile holds the recognised authorities, PEM: only client
	// certificates that they issued are registered. Empty takes any certificate:
	// a system is known by its registered certificate itself.
	ClientAuthoritiesFile string `koanf:"client_authorities_file"`
	// SignatureRootsFile holds the root authorities of signed documents, PEM: a
	// file with a signature that leads to none of them is refused. Empty shows who
	// signed and who vouches for them, and trusts nobody.
	SignatureRootsFile string `koanf:"signature_roots_file"`
	// OpenMatters is how many matters an agency may have open at once.
	OpenMatters int `koanf:"open_matters"`
	// TellSubjects are the kinds of data, parted by commas, of whose breach the
	// people concerned must be told.
	TellSubjects string `koanf:"tell_subjects"`
}

// JobsConfig is about long work: exports, checks, imports.
type JobsConfig struct {
	// Keep is how long a job that ended and its result stay.
	Keep time.Duration `koanf:"keep"`
	// Parallel is how many jobs a node does at once.
	Parallel int `koanf:"parallel"`
	// Attempts is how often a job is begun whose node ended in the middle.
	Attempts int `koanf:"attempts"`
	// Waiting is how many jobs of one account may wait or be under way.
	Waiting int `koanf:"waiting"`
}

// TelemetryConfig is about operational logs, which go to stderr as JSON.
type TelemetryConfig struct {
	// Level is the least level logged: debug, info, warn or error.
	Level string `koanf:"level"`
}

// DefaultConfig returns the settings that hold where nothing else is said.
// Nothing listens outside the machine by default.
func DefaultConfig() Config {
	return Config{
		Node: "node-1",
		Log:  LogConfig{KeyFile: "keys/log.key", SealingKeyFile: "keys/sealing.key", Listen: "127.0.0.1:8444"},
		API: APIConfig{
			Listen:          "127.0.0.1:8443",
			CertificateFile: "keys/server.crt", KeyFile: "keys/server.key",
			MaxBody: 64 << 10, MaxHeader: 16 << 10, MaxConnections: 4096, MaxConnectionsPerAddress: 512,
			HeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
			WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		},
		Console:    ConsoleConfig{Listen: "127.0.0.1:8445", DraftTerm: draft.DefaultTerm},
		Operations: OperationsConfig{Listen: "127.0.0.1:8446"},
		Gate:       GateConfig{Queue: 2048, Batch: 256, RefusalsPerMinute: 100},
		Identity:   defaultIdentity(),
		Notify: NotifyConfig{
			SMTPTLS: string(mail.StartTLS), Name: "dancu", Attempts: 20, Workers: 4,
			FirstWait: time.Minute, LongestWait: 6 * time.Hour, SendTime: 30 * time.Second,
		},
		Evidence:  EvidenceConfig{MaxSize: evidence.DefaultMaxSize},
		Life:      LifeConfig{OpenMatters: 200, TellSubjects: onboarding.DataBiometrics + ", " + onboarding.DataLocation},
		Citizen:   CitizenConfig{ChildAge: 18, Representatives: true, RequestsPerDay: 5, RequestsOpen: 20},
		Jobs:      JobsConfig{Keep: job.DefaultKeep, Parallel: job.DefaultParallel, Attempts: job.DefaultAttempts, Waiting: job.DefaultWaiting},
		Telemetry: TelemetryConfig{Level: "info"},
		Drain:     15 * time.Second,
	}
}

// Path returns a file name of the configuration as a path: relative ones lie
// in the state folder. "" stays "".
func (c *Config) Path(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.State, name)
}

// The files of the state folder that are not settings.
const (
	fileMain     = "dancu.db"
	fileRegister = "register.db"
	fileDerived  = "derived.db"
	fileEvidence = "evidence.db"
	fileLock     = "dancu.lock"
	fileSocket   = "dancu.sock"
)

// Socket is the path of the control socket.
func (c *Config) Socket() string { return c.Path(fileSocket) }

// Check says everything that is wrong with the settings themselves, without
// looking at any file. The error is of kind fault.Invalid.
func (c *Config) Check() error {
	var errs []error
	bad := func(key, format string, args ...any) {
		errs = append(errs, fault.New(fault.Invalid, "%s: %s", key, fmt.Sprintf(format, args...)))
	}
	if c.State == "" {
		bad("state", "is missing: name the state folder; \"dancu init DIR\" makes one")
	}
	if c.Node == "" || len(c.Node) > 64 || strings.ContainsFunc(c.Node, func(r rune) bool {
		return r != '-' && r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		bad("node", "must be 1 to 64 letters, digits, dots, hyphens or underscores")
	}
	if c.Database.Address != "" && c.Database.AddressFile != "" {
		bad("database.address_file", "database.address is set as well: keep one of them")
	}
	if a := c.Database.Address; a != "" {
		u, err := url.Parse(a)
		switch {
		case err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql":
			bad("database.address", "must be like postgres://user@host:5432/name, or empty for SQLite")
		case hasPassword(u):
			bad("database.address", "holds a password: put the whole address into a file of mode 0600 and name that in database.address_file")
		}
	}
	for _, l := range []struct {
		key, value string
		off        bool
	}{
		{"api.listen", c.API.Listen, false},
		{"log.listen", c.Log.Listen, true},
		{"console.listen", c.Console.Listen, true},
		{"operations.listen", c.Operations.Listen, true},
	} {
		if l.value == "" && l.off {
			continue
		}
		if _, port, err := net.SplitHostPort(l.value); err != nil || port == "" {
			bad(l.key, "must be HOST:PORT, like 127.0.0.1:8443")
		}
	}
	for _, f := range [][2]string{
		{"log.key_file", c.Log.KeyFile},
		{"log.sealing_key_file", c.Log.SealingKeyFile},
		{"api.certificate_file", c.API.CertificateFile},
		{"api.key_file", c.API.KeyFile},
	} {
		if f[1] == "" {
			bad(f[0], "is missing: name a file, relative to the state folder")
		}
	}
	if (c.Console.CertificateFile == "") != (c.Console.KeyFile == "") {
		bad("console.key_file", "console.certificate_file and console.key_file go together: set both or none")
	}
	inRange := func(key string, v, low, high int64) {
		if v < low || v > high {
			bad(key, "must be between %d and %d", low, high)
		}
	}
	inRange("database.readers", int64(c.Database.Readers), 0, 1000)
	inRange("api.max_body", int64(c.API.MaxBody), 1<<10, 16<<20)
	inRange("api.max_header", int64(c.API.MaxHeader), 4<<10, 1<<20)
	inRange("api.max_connections", int64(c.API.MaxConnections), 1, 1_000_000)
	inRange("api.max_connections_per_address", int64(c.API.MaxConnectionsPerAddress), 1, 1_000_000)
	inRange("gate.queue", int64(c.Gate.Queue), 1, 1_000_000)
	inRange("gate.queue_share", int64(c.Gate.QueueShare), 0, int64(max(c.Gate.Queue, 0)))
	inRange("gate.batch", int64(c.Gate.Batch), 1, 10_000)
	inRange("gate.refusals_per_minute", int64(c.Gate.RefusalsPerMinute), 1, 1_000_000)
	for _, d := range []struct {
		key       string
		v         time.Duration
		low, high time.Duration
	}{
		{"api.header_timeout", c.API.HeaderTimeout, 100 * time.Millisecond, time.Minute},
		{"api.read_timeout", c.API.ReadTimeout, 100 * time.Millisecond, 10 * time.Minute},
		{"api.write_timeout", c.API.WriteTimeout, time.Second, 10 * time.Minute},
		{"api.idle_timeout", c.API.IdleTimeout, time.Second, time.Hour},
		{"drain", c.Drain, time.Second, 10 * time.Minute},
		{"drain_delay", c.DrainDelay, 0, 10 * time.Minute},
		{"console.draft_term", c.Console.DraftTerm, time.Hour, 366 * 24 * time.Hour},
		{"notify.first_wait", c.Notify.FirstWait, time.Second, 24 * time.Hour},
		{"notify.longest_wait", c.Notify.LongestWait, c.Notify.FirstWait, 7 * 24 * time.Hour},
		{"notify.send_time", c.Notify.SendTime, time.Second, 2 * time.Minute},
	} {
		if d.v < d.low || d.v > d.high {
			bad(d.key, "must be between %s and %s", d.low, d.high)
		}
	}
	inRange("citizen.child_age", int64(c.Citizen.ChildAge), 0, 18)
	inRange("citizen.requests_per_day", int64(c.Citizen.RequestsPerDay), 1, 1000)
	inRange("citizen.requests_open", int64(c.Citizen.RequestsOpen), 1, 1000)
	inRange("notify.attempts", int64(c.Notify.Attempts), 1, 100)
	inRange("notify.workers", int64(c.Notify.Workers), 1, 32)
	errs = append(errs, c.Identity.check()...)
	errs = append(errs, c.Notify.check()...)
	errs = append(errs, c.Life.check()...)
	inRange("evidence.max_size", int64(c.Evidence.MaxSize), 1<<10, evidence.MaxMaxSize)
	if c.Evidence.Scanner != "" {
		if _, err := evidence.NewClamd(c.Evidence.Scanner, 0); err != nil {
			bad("evidence.scanner", "%s", fault.Text(err))
		}
	}
	if c.Jobs.Keep < time.Hour || c.Jobs.Keep > 90*24*time.Hour {
		bad("jobs.keep", "must be between 1h and 2160h")
	}
	inRange("jobs.parallel", int64(c.Jobs.Parallel), 1, 16)
	inRange("jobs.attempts", int64(c.Jobs.Attempts), 1, 10)
	inRange("jobs.waiting", int64(c.Jobs.Waiting), 1, 100)
	switch c.Telemetry.Level {
	case "debug", "info", "warn", "error":
	default:
		bad("telemetry.level", "must be debug, info, warn or error")
	}
	if len(errs) == 0 {
		return nil
	}
	return fault.Wrap(fault.Invalid, errors.Join(errs...), "the configuration does not hold together")
}

// hasPassword reports whether a PostgreSQL address carries a password, in
// either of the places it may stand.
func hasPassword(u *url.URL) bool {
	_, has := u.User.Password()
	return has || u.Query().Has("password") || u.Query().Has("sslpassword")
}
