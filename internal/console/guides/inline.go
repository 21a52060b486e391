package guides

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"dancu/internal/manual"
)

// inline draws a run of words. It is written by hand since a template would put
// spaces between the parts; every word is escaped, and a link's address was
// checked when the guide was read.
func inline(x manual.Inline) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		before, after := "", ""
		wrap := func(on bool, tag string) {
			if on {
				before, after = before+"<"+tag+">", "</"+tag+">"+after
			}
		}
		switch {
		case x.Href == "":
		case x.Href[0] == '/':
			before, after = `<a href="`+templ.EscapeString(x.Href)+`">`, "</a>"
		default:
			before, after = `<a href="`+templ.EscapeString(x.Href)+`" rel="noreferrer">`, "</a>"
		}
		wrap(x.Strong, "strong")
		wrap(x.Em, "em")
		wrap(x.Code, "code")
		if x.Break {
			after += "<br/>"
		}
		_, err := io.WriteString(w, before+templ.EscapeString(x.Text)+after)
		return err
	})
}

// tableName is what a table is called where it is scrolled: its heads.
func tableName(b *manual.Block) string {
	name := ""
	for i, c := range b.Head {
		if i > 0 {
			name += ", "
		}
		name += plain(c)
	}
	return name
}
