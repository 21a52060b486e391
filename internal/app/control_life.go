package app

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"
	"strings"

	"dancu/internal/api"
	"dancu/internal/fault"
	"dancu/internal/onboarding"
)

// LifeRequest is a request of the API of the life cycle.
type LifeRequest struct {
	Method string `json:"method"`
	// Path is what follows [api.LifePrefix], with its query.
	Path string `json:"path"`
	Body []byte `json:"body,omitempty"` // base64 in JSON
	// File is the name of the file that Body is; "": it is JSON.
	File string `json:"file,omitempty"`
}

// LifeAnswer is its answer: JSON, or the problem that there is.
type LifeAnswer struct {
	Status int    `json:"status"`
	Body   []byte `json:"body"`
}

// maxLifeAnswer is the longest answer that is read, in bytes.
const maxLifeAnswer = 64 << 20

// HTTP makes an HTTP request of it, at the address of a server's console.
func (q *LifeRequest) HTTP(ctx context.Context, server string) (*http.Request, error) {
	if !strings.HasPrefix(q.Path, "/") {
		return nil, fault.New(fault.Invalid, "a path of the life cycle's API begins with a slash")
	}
	r, err := http.NewRequestWithContext(ctx, q.Method, strings.TrimSuffix(server, "/")+api.LifePrefix+q.Path, bytes.NewReader(q.Body))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the request cannot be made")
	}
	// What was asked is done once or not at all: net/http must not repeat it.
	r.GetBody = nil
	r.Header.Set("Accept-Language", "en")
	switch {
	case q.File != "":
		r.Header.Set("Content-Type", "application/octet-stream")
		r.Header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": q.File}))
	case len(q.Body) > 0:
		r.Header.Set("Content-Type", "application/json")
	}
	return r, nil
}

// Life asks the API of the life cycle as the machine.
func (d *direct) Life(ctx context.Context, q LifeRequest) (LifeAnswer, error) {
	r, err := q.HTTP(ctx, "http://dancu")
	if err != nil {
		return LifeAnswer{}, err
	}
	r.RequestURI = r.URL.RequestURI()
	cfg := d.app.lifeConfig()
	cfg.Logger = d.app.Logger.With("part", "control")
	door := api.NewLife(cfg)
	w := &kept{header: http.Header{}, status: http.StatusOK}
	c := &api.LifeCaller{Person: onboarding.Person{Actor: d.actor, Duty: onboarding.Machine}}
	d.app.two(c, d.by())
	door.ServeHTTP(w, door.As(r, c))
	return LifeAnswer{w.status, w.body.Bytes()}, nil
}

// kept keeps an answer.
type kept struct {
	header http.Header
	status int
	begun  bool
	body   bytes.Buffer
}

func (k *kept) Header() http.Header { return k.header }

func (k *kept) WriteHeader(status int) {
	if !k.begun {
		k.status, k.begun = status, true
	}
}

func (k *kept) Write(p []byte) (int, error) {
	k.begun = true
	return k.body.Write(p)
}

func (r *remote) Life(ctx context.Context, q LifeRequest) (a LifeAnswer, err error) {
	err = r.ask(ctx, "life", q, &a)
	return a, err
}

// AskLife asks a server's API of the life cycle with a key.
func AskLife(ctx context.Context, client *http.Client, server, key string, q LifeRequest) (LifeAnswer, error) {
	r, err := q.HTTP(ctx, server)
	if err != nil {
		return LifeAnswer{}, err
	}
	r.Header.Set("Authorization", "Bearer "+key)
	resp, err := client.Do(r)
	if err != nil {
		return LifeAnswer{}, fault.Wrap(fault.Unavailable, err, "the server did not answer; it is not known whether it did anything: look, then try again")
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxLifeAnswer))
	if err != nil {
		return LifeAnswer{}, fault.Wrap(fault.Unavailable, err, "the server's answer broke off; it may have done what was asked: look, then try again")
	}
	return LifeAnswer{resp.StatusCode, body}, nil
}

// ReadSecret reads a file that nobody but its owner (and, for reading, its
// group) may touch.
func ReadSecret(path string) (string, error) { return readSecret(path) }

// lifeOperations are what the socket can be asked about the life cycle.
var lifeOperations = map[string]operation{
	"life": answering(func(ctx context.Context, c *direct, q *LifeRequest) (LifeAnswer, error) { return c.Life(ctx, *q) }),
}
