package site

import (
	"context"
	"errors"
	"net/http"
)

// Searches keeps what people look for by an id, so that what names a person,
// an officer, a case or an address stands in no address (guarantee G10).
type Searches interface {
	// Save keeps what an account looks for, as JSON; kind says which page's it
	// is. Every node has it from then on, for a working day.
	Save(ctx context.Context, account, kind string, what any) (id string, err error)
	// Find reads it into what; another's, another kind's and one whose time is
	// over are not there.
	Find(ctx context.Context, account, kind, id string, what any) (there bool, err error)
}

// SaveSearch keeps what the visitor looks for and returns its id.
func (v *Visit) SaveSearch(r *http.Request, kind string, what any) (string, error) {
	if v.Searches == nil {
		return "", errors.New("site: Site.Searches is missing")
	}
	return v.Searches.Save(r.Context(), v.Session.Account.ID, kind, what)
}

// FindSearch reads what the visitor looked for into what, and reports whether it
// is there.
func (v *Visit) FindSearch(r *http.Request, kind, id string, what any) (bool, error) {
	if id == "" || v.Searches == nil {
		return false, nil
	}
	return v.Searches.Find(r.Context(), v.Session.Account.ID, kind, id, what)
}
