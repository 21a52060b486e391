package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"dancu/internal/console/i18n"
	frontend "dancu/web"
)

// Sending is how a page is sent.
type Sending uint8

const (
	// Private pages are nobody's to keep: no cache has them.
	Private Sending = iota
	// Shared pages are the same for everybody: a browser may keep one and asks
	// whether it still holds.
	Shared
	// Secret pages hold a secret (a one-time password, recovery codes) beside
	// what the visitor sent; compressing them could give the one away by the
	// other's length.
	Secret
)

// Render sends a page of the visitor's own, in one piece and compressed.
func (v *Visit) Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	return Send(w, r, status, v.Lang, Private, c)
}

// RenderSecret sends a page that shows a secret once.
func (v *Visit) RenderSecret(w http.ResponseWriter, r *http.Request, c templ.Component) error {
	return Send(w, r, http.StatusOK, v.Lang, Secret, c)
}

// Send draws the component and sends it in one piece.
func Send(w http.ResponseWriter, r *http.Request, status int, l i18n.Lang, how Sending, c templ.Component) error {
	var page bytes.Buffer
	if err := c.Render(r.Context(), &page); err != nil {
		return err
	}
	body := page.Bytes()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", l.String())
	h.Add("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-store")
	if status == http.StatusOK && how == Shared {
		sum := sha256.Sum256(body)
		tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", tag)
		h.Set("Cache-Control", "private, no-cache")
		if frontend.Fresh(r, tag) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	if how != Secret && frontend.Accepts(r, "gzip") {
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		if _, err := z.Write(body); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		body = zipped.Bytes()
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // an error means that the client is gone
	}
	return nil
}
