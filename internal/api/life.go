package api

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/notify"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// LifePrefix is where the API of the life cycle is served, on the console's
// listener: agencies that are not connected yet have no client certificate.
const LifePrefix = "/api/v1/life"

// LifeFile is an evidence file.
type LifeFile struct {
	ID    string `json:"id"`
	Owner string `json:"-"` // as [onboarding.Person.FilesOf]
	// Name may name a person: it stands in no URL.
	Name   string    `json:"name"`
	Type   string    `json:"type"`
	Size   int64     `json:"size"`
	SHA256 string    `json:"sha256"`
	Added  time.Time `json:"added"`
	// Scanned is when a scanner found nothing in it; zero: no scanner is set up.
	Scanned time.Time `json:"scanned,omitzero"`
}

// LifeFiles is the vault of evidence files. Put takes a file whole or not at
// all; size is what was announced, 0 if nothing was. Hold keeps files of an
// owner until an act refers to them, and refuses those of others.
type LifeFiles interface {
	Put(ctx context.Context, owner, name string, size int64, r io.Reader) (LifeFile, error)
	Hold(ctx context.Context, owner string, ids ...string) error
	Stat(ctx context.Context, id string) (LifeFile, error)
	Open(ctx context.Context, id string) (LifeFile, io.Reader, error)
	MaxSize() int64
}

// LifeCaller is who calls.
type LifeCaller struct {
	Person onboarding.Person
	// Key names the credential, for its rate; "" has none.
	Key string
	// Propose proposes an act that takes two people, and returns the proposal's
	// id; nil where the caller can be neither of two.
	Propose func(ctx context.Context, kind string, p onboarding.Proposed) (id string, err error)
	// Proposals lists the acts of two people that the caller may propose or
	// confirm; nil where there are none.
	Proposals func(ctx context.Context, f LifeWaitingFilter) (list []LifeWaiting, next string, err error)
	// Decline ends a proposal; nil where the caller ends none.
	Decline func(ctx context.Context, id, note string) error
}

// LifeConfig says what the API of the life cycle is made of.
type LifeConfig struct {
	Office *onboarding.Onboarding
	Files  LifeFiles
	// Notices is what was told to whom, NoticeOffice what people do about it.
	Notices      *notify.Outbox
	NoticeOffice *notify.Office
	// Bear returns whose a key is. Its errors are those of Said.
	Bear func(ctx context.Context, key string, from netip.Addr, agent string) (*LifeCaller, error)
	// Said returns the stable code and the words of an error of the accounts or
	// of the vault; "" for any other error.
	Said func(err error) (code string, words access.Text)
	// Logger, Observe: as in [Config].
	Logger  *slog.Logger
	Observe func(*web.Event)
	// Rate is that of one key; zero means 20 a second and 60 at once.
	Rate web.Rate
	// Now is the clock of rates; nil means time.Now.
	Now func() time.Time
}

// The bounds of a request.
const (
	// maxLifeBody is the longest body but a file's, in bytes: what one form
	// holds.
	maxLifeBody = 128 << 10
	// lifeUpload is how long a file may take to come: 20 MiB over a slow line.
	lifeUpload = 15 * time.Minute
	// maxLifeKeys is how many keys' and addresses' rates are held.
	maxLifeKeys = 1 << 14
)

// addressRate is that of one address, whatever key it shows: looking a key up
// costs a read.
var addressRate = web.Rate{PerSecond: 50, Burst: 200}

// life serves the life cycle to programs.
type life struct {
	cfg       LifeConfig
	now       func() time.Time
	rate      web.Rate
	rates     *web.Limiter
	addresses *web.Limiter
}

// Life is the API of the life cycle: every kind of matter and every act of the
// table of package onboarding, in one shape (list, show, open, save, act). It
// knows no kind: a kind is here by being in the table.
//
// A program shows an API key of an account ("Authorization: Bearer dancu_…") and
// may what its account may (TestLifeRoles), but signs nothing and is never the
// second of two. No cookie is looked at, so no other site can act through
// somebody's browser.
type Life struct {
	api     *life
	handler http.Handler
}

// NewLife returns the API of the life cycle.
func NewLife(cfg LifeConfig) *Life {
	l := &life{cfg: cfg, now: cfg.Now, rate: cfg.Rate, rates: web.NewLimiter(maxLifeKeys), addresses: web.NewLimiter(maxLifeKeys)}
	if l.now == nil {
		l.now = time.Now
	}
	if l.rate == (web.Rate{}) {
		l.rate = web.Rate{PerSecond: 20, Burst: 60}
	}
	kit := &web.Kit{Log: cfg.Logger, Level: slog.LevelDebug, Observe: cfg.Observe}
	return &Life{l, kit.Wrap(l.routes())}
}

// ServeHTTP answers a program.
func (l *Life) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.handler.ServeHTTP(w, r) }

type lifeCallerKey struct{}

// As returns the request as one of a caller who is known already: it shows no
// key. It is for the machine's own command line.
func (l *Life) As(r *http.Request, c *LifeCaller) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), lifeCallerKey{}, c))
}

// lifeHandler answers a request of somebody who is known.
type lifeHandler func(l *life, w http.ResponseWriter, r *http.Request, c *LifeCaller) error

// lifeRoute is one route; the document is made from the same table.
type lifeRoute struct {
	method, path string // under LifePrefix
	handler      lifeHandler
}

// lifeRoutes is the map of the API.
var lifeRoutes = []lifeRoute{
	{"GET", "/kinds", (*life).kinds},
	{"GET", "/tasks", (*life).tasks},
	{"GET", "/notices", (*life).notices},
	{"GET", "/notices/{notice}", (*life).notice},
	{"POST", "/notices/{notice}/retry", (*life).retryNotice},
	{"GET", "/proposals", (*life).proposals},
	{"POST", "/proposals/{proposal}/decline", (*life).decline},
	{"POST", "/files", (*life).putFile},
	{"GET", "/files/{file}", (*life).getFile},
	{"GET", "/{kind}", (*life).list},
	{"POST", "/{kind}", (*life).open},
	{"GET", "/{kind}/{matter}", (*life).show},
	{"PUT", "/{kind}/{matter}/sections/{section}", (*life).save},
	{"POST", "/{kind}/{matter}/acts/{act}", (*life).act},
}

func (l *life) routes() *web.Mux {
	m := web.NewMux()
	m.HandleFunc("GET /api/openapi.json", serveLifeDocument)
	for _, r := range lifeRoutes {
		m.HandleFunc(r.method+" "+LifePrefix+r.path, l.known(r.handler))
	}
	return m
}

// known finds out who calls, and holds them to their rate, before anything of
// the body is read.
func (l *life) known(h lifeHandler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, _ := r.Context().Value(lifeCallerKey{}).(*LifeCaller)
		if c == nil {
			var err error
			if c, err = l.bear(w, r); err != nil {
				return l.problem(err)
			}
		}
		w.Header()["Cache-Control"] = noStore
		if err := h(l, w, r, c); err != nil {
			return l.problem(err)
		}
		return nil
	}
}

// bear reads the key of a request.
func (l *life) bear(w http.ResponseWriter, r *http.Request) (*LifeCaller, error) {
	from := web.RemoteAddr(r)
	if q := l.addresses.Take(web.Group(from).String(), addressRate, l.now()); !q.OK {
		return nil, tooFast(w, addressRate, q)
	}
	text := r.Header["Authorization"]
	if len(text) != 1 {
		return nil, lifeProblem(http.StatusUnauthorized, codeKeyMissing)
	}
	scheme, key, _ := strings.Cut(text[0], " ")
	if !strings.EqualFold(scheme, "Bearer") || key == "" {
		return nil, lifeProblem(http.StatusUnauthorized, codeKeyMissing)
	}
	c, err := l.cfg.Bear(r.Context(), key, from, r.UserAgent())
	if err != nil {
		return nil, err
	}
	if c.Key != "" {
		if q := l.rates.Take(c.Key, l.rate, l.now()); !q.OK {
			return nil, tooFast(w, l.rate, q)
		}
	}
	return c, nil
}

// tooFast is the problem of a rate that was gone over.
func tooFast(w http.ResponseWriter, rate web.Rate, q web.Quota) error {
	window := time.Duration(float64(rate.Burst) / rate.PerSecond * float64(time.Second))
	web.SetRateLimit(w.Header(), "rate", int64(rate.Burst), window, 0, q.Reset)
	p := lifeProblem(http.StatusTooManyRequests, string(access.RateExceeded))
	p.RetryAfter = q.Retry
	return p
}

// sendJSON sends an answer.
func sendJSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	web.Write(w, status, jsonType, body)
	return nil
}

// lifeKind is the kind of matter in a path.
func lifeKind(r *http.Request) (*onboarding.KindInfo, error) {
	name := onboarding.Kind(r.PathValue("kind"))
	all := onboarding.Kinds()
	if i := slices.IndexFunc(all, func(k *onboarding.KindInfo) bool { return k.Kind == name }); i >= 0 {
		return all[i], nil
	}
	return nil, lifeProblem(http.StatusNotFound, codeNoKind)
}

// matter is the matter of a path, as the caller sees it. One of another kind is
// not there.
func (l *life) matter(r *http.Request, c *LifeCaller) (*onboarding.Sight, *onboarding.KindInfo, error) {
	k, err := lifeKind(r)
	if err != nil {
		return nil, nil, err
	}
	s, err := l.cfg.Office.See(r.Context(), c.Person, r.PathValue("matter"))
	if err != nil {
		return nil, nil, err
	}
	if s.Matter.Kind != k.Kind {
		return nil, nil, lifeProblem(http.StatusNotFound, codeNoMatter)
	}
	return s, k, nil
}
