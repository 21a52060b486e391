package api

import (
	"net/http"
	"strings"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/web"
)

var (
	textType  = []string{"text/plain; charset=utf-8"}
	bytesType = []string{"application/octet-stream"}
	nosniff   = []string{"nosniff"}
	// A full tile never changes; a partial one is replaced by a fuller, and
	// the checkpoint by the next.
	cacheForever = []string{"public, max-age=31536000, immutable"}
	cacheShort   = []string{"public, max-age=60"}
	anyOrigin    = []string{"*"}
)

// LogHandler returns the handler of the public, read-only listener of the log:
// the checkpoint and the tiles of C2SP tlog-tiles. They commit to entries and
// hold nothing of them, so anybody may read them, from any page and without
// TLS: what they say is signed.
func LogHandler(log Log, kit *web.Kit) http.Handler {
	if kit == nil {
		kit = &web.Kit{}
	}
	m := web.NewMux()
	m.HandleFunc("GET /checkpoint", func(w http.ResponseWriter, _ *http.Request) error {
		c := log.Checkpoint()
		if len(c) == 0 {
			return problem(access.LogUnavailable)
		}
		writePublic(w, textType, noStore, c)
		return nil
	})
	m.HandleFunc("GET /tile/{path...}", func(w http.ResponseWriter, r *http.Request) error {
		path := r.URL.Path[1:]
		if r.URL.RawQuery != "" {
			return web.NotFound()
		}
		body, err := log.Tile(r.Context(), path)
		switch {
		case err == nil:
		case fault.Is(err, fault.NotFound), fault.Is(err, fault.Invalid):
			return web.NotFound()
		case fault.Is(err, fault.Unavailable):
			p := problem(access.LogUnavailable)
			p.Cause = err
			return p
		default:
			return err
		}
		cache := cacheForever
		if strings.Contains(path, ".p/") {
			cache = cacheShort
		}
		writePublic(w, bytesType, cache, body)
		return nil
	})
	return kit.Wrap(m)
}

func writePublic(w http.ResponseWriter, contentType, cache []string, body []byte) {
	h := w.Header()
	h["Cache-Control"] = cache
	h["X-Content-Type-Options"] = nosniff
	h["Access-Control-Allow-Origin"] = anyOrigin
	web.Write(w, http.StatusOK, contentType, body)
}
