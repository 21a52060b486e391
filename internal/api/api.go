// Package api is the machine API: agencies' systems call it over HTTPS with
// mutual TLS, in JSON.
//
// It decodes strictly, asks the gate, and writes what the gate gives; it
// decides nothing. What is malformed is told which member is wrong and never
// which value (TestProblemsHoldNoValue), a call over its connection's rate
// costs no decoding (TestRateBeforeBody), and no number or name of a person
// gets into a URL, a log record or a problem (TestNothingOfAPersonLeaks,
// guarantee G10). What it promises is published as OpenAPI 3.1, made from the
// tables in this package and in package access (TestDocument,
// TestAnswersFollowTheDocument).
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/gate"
	"dancu/internal/web"
)

// Gate is what the API needs of the gate.
type Gate interface {
	// Do answers one call, or refuses it. An answer means that its entry is
	// durable. The error is a *gate.Refusal, or a fault.
	Do(ctx context.Context, c *gate.Call) (*gate.Answer, error)
	// GiveConsent records a consent and returns its id; errors as in Do.
	GiveConsent(ctx context.Context, c *gate.ConsentCall) (id string, err error)
	// Me returns the caller's own standing; errors as in Do.
	Me(ctx context.Context, t access.Thumbprint, represented string) (*gate.Me, error)
	// Note counts a call that never reached a decision.
	Note(u gate.Undecided)
	// Directory returns the present picture of everybody's standing.
	Directory() *access.Directory
}

// Log is what the API needs of the log; all of it is public but for proofs,
// which it gives to known systems. Errors of kind NotFound and Invalid mean
// that there is no such thing.
type Log interface {
	Origin() string
	// Checkpoint returns the newest signed checkpoint.
	Checkpoint() []byte
	// Tile returns the tile or bundle of leaves at a path "tile/…".
	Tile(ctx context.Context, path string) ([]byte, error)
	// Proof returns the proof of an entry.
	Proof(ctx context.Context, index int64) ([]byte, error)
}

// Config says what an API is made of.
type Config struct {
	Gate Gate
	Log  Log
	// Logger takes one record per request and the errors that are ours; nil
	// for none.
	Logger *slog.Logger
	// Level is the level of the records of requests that did not fail on our
	// side.
	Level slog.Level
	// Limits bound a request; zero members mean their defaults. Those on time
	// and connections are the server's.
	Limits web.Limits
	// Rate is that of connections which name none; zero means 100 a second
	// and 200 at once.
	Rate access.Rate
	// Observe is told of every request, for metrics; nil for nobody.
	Observe func(*web.Event)
	// Now is the clock that transaction ids are held against; nil means
	// time.Now.
	Now func() time.Time
}

// Terms of transaction ids.
const (
	// TransactionAge is how old a transaction id may be: as long as ids are
	// kept apart.
	TransactionAge = 48 * time.Hour
	// TransactionAhead is how far the caller's clock may be ahead.
	TransactionAhead = 5 * time.Minute
)

// maxRateKeys is how many connections' rates are held at a time.
const maxRateKeys = 1 << 16

type api struct {
	gate  Gate
	log   Log
	now   func() time.Time
	body  int64
	rate  access.Rate
	rates *web.Limiter
	// origin begins the URI of an entry.
	origin string
}

// New returns the handler of the machine API. It must be served over TLS with
// [TLSConfig].
func New(cfg Config) http.Handler {
	a := &api{
		gate: cfg.Gate, log: cfg.Log, now: cfg.Now, body: cfg.Limits.Defaults().BodyBytes,
		rate: cfg.Rate, rates: web.NewLimiter(maxRateKeys),
		origin: "urn:dancu:entry:" + cfg.Log.Origin() + ":",
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.rate == (access.Rate{}) {
		a.rate = access.Rate{PerSecond: 100, Burst: 200}
	}
	kit := &web.Kit{Log: cfg.Logger, Level: cfg.Level, Limits: cfg.Limits, Observe: cfg.Observe}
	return kit.Wrap(a.routes())
}

// routes is the map of the API.
func (a *api) routes() *web.Mux {
	m := web.NewMux()
	m.HandleFunc("POST /v1/lookup", a.service(access.Lookup, &takesLookup))
	m.HandleFunc("POST /v1/verify", a.service(access.Verify, &takesVerify))
	m.HandleFunc("POST /v1/search", a.service(access.Search, &takesSearch))
	m.HandleFunc("POST /v1/household", a.service(access.Household, &takesHousehold))
	m.HandleFunc("POST /v1/consents", a.consents)
	m.HandleFunc("GET /v1/me", a.me)
	m.HandleFunc("GET /v1/log/proof", a.proof)
	m.HandleFunc("GET /openapi.json", serveDocument)
	m.Handle("GET /docs", web.Page(web.Handler(serveDocs), web.PageOptions{}))
	m.Handle("GET /docs/style.css", web.Page(web.Handler(serveStyle), web.PageOptions{}))
	return m
}

// caller is who calls, as far as it is known before the body is read.
type caller struct {
	thumbprint access.Thumbprint
	address    netip.Addr
	// connection is the one of the certificate by itself: an intermediary's
	// own, or the one a bound certificate stands for; nil if there is none.
	connection *access.Connection
}

// who finds the caller by its certificate and holds it to its rate. It does
// not read the body.
func (a *api) who(w http.ResponseWriter, r *http.Request, now time.Time) (c caller, err error) {
	c.address = web.RemoteAddr(r)
	traceparent(w, r)
	t, shown := web.Thumbprint(r)
	c.thumbprint = t
	s := a.gate.Directory().Standing(c.thumbprint, "")
	if !shown || s.System == nil || s.Credential == nil ||
		now.Before(s.Credential.NotBefore) || !now.Before(s.Credential.NotAfter) {
		a.gate.Note(gate.Undecided{Code: access.UnknownCredential, Address: c.address})
		return c, problem(access.UnknownCredential)
	}
	key, rate := "system:"+s.System.ID, a.rate
	if c.connection = s.Connection; c.connection == nil {
		// An intermediary that may not call for itself is held to the rate of
		// its own connection all the same.
		c.connection = s.Carrier
	}
	if c.connection != nil {
		key, rate = c.connection.ID, a.rateOf(c.connection)
	}
	return c, a.hold(w, &c, key, rate, now)
}

func (a *api) rateOf(c *access.Connection) access.Rate {
	if c.Rate == (access.Rate{}) {
		return a.rate
	}
	return c.Rate
}

// hold takes one call of the rate, or says to wait.
func (a *api) hold(w http.ResponseWriter, c *caller, key string, rate access.Rate, now time.Time) error {
	if c.connection != nil {
		web.EventOf(w).Connection = c.connection.ID
	}
	q := a.rates.Take(key, web.Rate{PerSecond: rate.PerSecond, Burst: rate.Burst}, now)
	if q.OK {
		return nil
	}
	u := gate.Undecided{Code: access.RateExceeded, Address: c.address}
	if c.connection != nil {
		u.Connection = c.connection.ID
	}
	a.gate.Note(u)
	window := time.Second
	if rate.PerSecond > 0 {
		window = time.Duration(float64(rate.Burst) / rate.PerSecond * float64(time.Second))
	}
	web.SetRateLimit(w.Header(), "rate", int64(rate.Burst), window, 0, q.Reset)
	p := problem(access.RateExceeded)
	p.RetryAfter = q.Retry
	return p
}

// malformed counts a call whose form is wrong and returns err.
func (a *api) malformed(c *caller, err error) error {
	u := gate.Undecided{Code: access.RequestInvalid, Address: c.address}
	var p *web.Problem
	if errors.As(err, &p) {
		u.Code = access.Code(p.Code)
	}
	if c.connection != nil {
		u.Connection = c.connection.ID
	}
	a.gate.Note(u)
	return err
}

// head is what the headers of a POST say.
type head struct{ transaction, client string }

// readHead reads the headers of a POST.
func readHead(r *http.Request, now time.Time) (h head, err error) {
	if r.URL.RawQuery != "" || r.URL.ForceQuery {
		return h, badHeader("", web.Text{
			VI: "Địa chỉ yêu cầu không được có phần truy vấn: mọi thông tin về người phải nằm trong nội dung JSON.",
			EN: "The request's target must have no query: whatever is about a person belongs into the JSON body.",
		})
	}
	if ct := r.Header["Content-Type"]; len(ct) != 1 || !jsonContent(ct[0]) {
		p := badHeader("Content-Type", web.Text{
			VI: "Content-Type phải là application/json.",
			EN: "Content-Type must be application/json.",
		})
		p.Status = http.StatusUnsupportedMediaType
		return h, p
	}
	if len(r.Header["Content-Encoding"]) > 0 {
		p := badHeader("Content-Encoding", web.Text{
			VI: "Nội dung phải gửi nguyên dạng, không nén.",
			EN: "The body must be sent as it is, not compressed.",
		})
		p.Status = http.StatusUnsupportedMediaType
		return h, p
	}
	const transaction = "Dancu-Transaction-Id"
	ids := r.Header[transaction]
	if len(ids) != 1 {
		return h, badHeader(transaction, web.Text{
			VI: "Phải có đúng một tiêu đề Dancu-Transaction-Id: một UUIDv7 mới cho mỗi yêu cầu.",
			EN: "There must be one Dancu-Transaction-Id header: a new UUIDv7 for every request.",
		})
	}
	id, at, ok := web.ParseID(ids[0])
	switch {
	case !ok:
		return h, badHeader(transaction, web.Text{
			VI: "Dancu-Transaction-Id phải là một UUIDv7 (RFC 9562).",
			EN: "Dancu-Transaction-Id must be a UUIDv7 (RFC 9562).",
		})
	case now.Sub(at) > TransactionAge:
		return h, badHeader(transaction, web.Text{
			VI: "Dancu-Transaction-Id đã quá 48 giờ: hãy tạo mã mới, và ghi mã cũ vào retryOf nếu hỏi lại.",
			EN: "Dancu-Transaction-Id is older than 48 hours: make a new one, and name the old one in retryOf if you ask again.",
		})
	case at.Sub(now) > TransactionAhead:
		return h, badHeader(transaction, web.Text{
			VI: "Dancu-Transaction-Id ở tương lai hơn 5 phút: hãy chỉnh đồng hồ của máy.",
			EN: "Dancu-Transaction-Id is more than 5 minutes in the future: set your clock.",
		})
	}
	h.transaction = id
	switch clients := r.Header["Dancu-Client"]; {
	case len(clients) == 0:
	case len(clients) > 1 || len(clients[0]) > maxClient || !printable(clients[0]):
		return h, badHeader("Dancu-Client", web.Text{
			VI: "Dancu-Client phải là một dòng nhiều nhất 200 ký tự ASCII in được.",
			EN: "Dancu-Client must be one line of at most 200 printable ASCII characters.",
		})
	default:
		h.client = clients[0]
	}
	return h, nil
}

// badHeader is the problem of a header, or of the target.
func badHeader(name string, detail web.Text) *web.Problem {
	p := problem(access.RequestInvalid)
	p.Detail = detail
	if name != "" {
		p.Names = []string{name}
	}
	return p
}

// jsonContent reports whether a Content-Type is JSON in UTF-8.
func jsonContent(s string) bool {
	if s == "application/json" {
		return true
	}
	kind, params, _ := strings.Cut(s, ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		return false
	}
	params = strings.TrimSpace(params)
	return params == "" || strings.EqualFold(params, "charset=utf-8") || strings.EqualFold(params, `charset="utf-8"`)
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// traceparent gives a well-formed traceparent header (W3C Trace Context) back
// and into the request's record; another is ignored, as the rule is.
func traceparent(w http.ResponseWriter, r *http.Request) {
	v := r.Header["Traceparent"]
	if len(v) != 1 || !validTrace(v[0]) {
		return
	}
	w.Header()["Traceparent"] = v
	web.EventOf(w).Trace = v[0][3:35]
}

func validTrace(s string) bool {
	const form = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	if len(s) < len(form) || s[:2] == "ff" || s[:2] == "00" && len(s) != len(form) || len(s) > len(form) && s[len(form)] != '-' {
		return false
	}
	for i := range len(form) {
		c := s[i]
		if form[i] == '-' {
			if c != '-' {
				return false
			}
			continue
		}
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return strings.Trim(s[3:35], "0") != "" && strings.Trim(s[36:52], "0") != ""
}
