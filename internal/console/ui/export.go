package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// exportHref adds the format to an address that may have a query.
func exportHref(href, as string) templ.SafeURL {
	sep := "?"
	if strings.Contains(href, "?") {
		sep = "&"
	}
	return templ.SafeURL(href + sep + "as=" + as)
}
