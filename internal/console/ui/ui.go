// Package ui holds the components that the console's pages are made of: the
// shell around every page, tables, badges, pictures, lists of facts and empty
// states.
//
// A component is a typed function: what a page forgets to say does not
// compile. All are plain HTML and SVG drawn on the server, need no script and
// no style attribute (the content security policy allows neither), say in
// words what a colour says, and take their looks from web/static/base.css.
package ui

import (
	"cmp"
	"context"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"dancu/internal/console/i18n"
	frontend "dancu/web"
)

// Tone is how good or bad something is. It repeats a word, it never replaces
// one.
type Tone string

// The tones.
const (
	Plain Tone = ""
	OK    Tone = "ok"
	Warn  Tone = "warn"
	Bad   Tone = "bad"
)

// Page is what the shell needs to know of a page.
type Page struct {
	Lang  i18n.Lang
	Title string // also the one H1
	// Lead stands below the title; "" for none.
	Lead string
	// URL is the page's own, with its query, for the language switch and the
	// reload link.
	URL *url.URL
	// Reload adds a link that reads the page again.
	Reload bool
	// Refresh reads the page again every so many seconds where there is no script;
	// 0 does not.
	Refresh int
	// Up leads to the page above this one; the zero Entry is none.
	Up Entry
	// Act is the page's one main act, if it is a page of its own; the zero Entry
	// is none.
	Act    Entry
	Assets *frontend.Assets

	// Menu is the navigation at the side, at most nine; nil for none.
	Menu []Entry
	// Account is the name of who is signed in, and Role their kind of account;
	// "" while nobody is.
	Account, Role string
	// SignIn offers the way in to those who are not signed in.
	SignIn bool
	// Quiet says in the foot that the page names nobody.
	Quiet bool
	// Scripted lets the page carry the script, where there is one.
	Scripted bool
}

// Entry is one entry of a menu.
type Entry struct {
	Label, Href string
	// Key is the letter that goes there after g; "" for none.
	Key string
	// Here marks the entry although the page's own address is another.
	Here bool
}

// leadsTo says whether the menu leads to an address: what is not there is not
// offered elsewhere on the page either.
func (p Page) leadsTo(href string) bool {
	return slices.ContainsFunc(p.Menu, func(e Entry) bool { return e.Href == href })
}

// here is the page itself; the language is remembered, so it is not named.
func (p Page) here() templ.SafeURL {
	q := p.query()
	q.Del(languageParameter)
	return link(p.URL.Path, q)
}

// in is the page in another language.
func (p Page) in(l i18n.Lang) templ.SafeURL {
	q := p.query()
	q.Set(languageParameter, l.String())
	return link(p.URL.Path, q)
}

// languageParameter is the parameter that web.Language reads.
const languageParameter = "lang"

func (p Page) query() url.Values { return p.URL.Query() }

// link makes a link within the site. A path is never taken for another host's:
// "//evil.example" stays a path.
func link(path string, q url.Values) templ.SafeURL {
	u := url.URL{Path: "/" + strings.TrimLeft(path, "/\\"), RawQuery: q.Encode()}
	return templ.SafeURL(u.String())
}

// Column is a column of a [Table].
type Column struct {
	Head  string
	Right bool // numbers
	Wide  bool // holds a picture
}

// Row is a row of a [Table]: one cell for each column. The first cell is the
// row's heading.
type Row []templ.Component

// TableOf is the content of a [Table].
type TableOf struct {
	Caption string // for those who do not see the heading above it
	Columns []Column
	Rows    []Row
	// Empty is said in place of a table without rows: that there is nothing,
	// and what to do; "" draws the table all the same.
	Empty string
	// Count says above the table how many there are; "" for nothing.
	Count string
}

// Step is one line of [Steps].
type Step struct {
	Label, Href string
	// Note stands below the label; "" for none.
	Note string
	// Word is where it stands.
	Word string
	Tone Tone
}

// Fact is a term and what there is to say about it, in a list of [Facts].
type Fact struct {
	Term string
	Is   templ.Component
}

// Figure is a number at the top of a page.
type Figure struct {
	Term, Value, Note string
}

// GaugeOf is the content of a [Gauge].
type GaugeOf struct {
	Used, Limit int64 // Limit 0: nothing may pass, so it is full
	WarnAt      int   // per cent of Limit; outside 1 to 100 there is no mark
	// Text says in words what the picture shows.
	Text string
}

// gaugeWidth is the width of a gauge in its own units; its limit line stands
// at the end.
const gaugeWidth = 200

// fill is how much of the width is used. Something used always shows.
func (g GaugeOf) fill() string {
	if g.Limit <= 0 || g.Used >= g.Limit {
		return strconv.Itoa(gaugeWidth)
	}
	if g.Used <= 0 {
		return "0"
	}
	return strconv.FormatFloat(max(float64(g.Used)/float64(g.Limit)*gaugeWidth, 1), 'f', 1, 64)
}

// mark is where the warning mark stands; ok is false if there is none.
func (g GaugeOf) mark() (x string, ok bool) {
	if g.WarnAt < 1 || g.WarnAt > 100 || g.Limit <= 0 {
		return "", false
	}
	return strconv.Itoa(g.WarnAt * gaugeWidth / 100), true
}

// Tone says how close to the limit the gauge is: Warn from the warning level,
// Bad when nothing more may pass.
func (g GaugeOf) Tone() Tone {
	switch {
	case g.Used >= g.Limit:
		return Bad
	case g.WarnAt >= 1 && g.WarnAt <= 100 && float64(g.Used) >= float64(g.Limit)*float64(g.WarnAt)/100:
		return Warn
	}
	return OK
}

// Code is a word of the machine's; it may break after its dots and underscores
// where the line is too short. An empty one is a dash. It is written by hand,
// since a template would put spaces between the parts, and people copy codes.
func Code(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<code>"+strings.Join(breakable(s), "<wbr>")+"</code>")
		return err
	})
}

// Key is a hash or key: it may break anywhere, and holds nothing but itself.
func Key(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<code>"+templ.EscapeString(cmp.Or(s, "–"))+"</code>")
		return err
	})
}

// breakable cuts s after its dots and underscores, and escapes the parts.
func breakable(s string) (parts []string) {
	for {
		i := strings.IndexAny(s, "._")
		if i < 0 || i == len(s)-1 {
			return append(parts, templ.EscapeString(cmp.Or(s, "–")))
		}
		parts = append(parts, templ.EscapeString(s[:i+1]))
		s = s[i+1:]
	}
}

// BarsOf is the content of [Bars]: a number for each of a few steps, such as
// the hours of a day.
type BarsOf struct {
	// Title and Describe say in words what the picture shows.
	Title, Describe string
	// ID is that of the picture on its page.
	ID string
	// Bars are the steps in order.
	Bars []Bar
	// Head names the two columns of the table beside the picture.
	Head [2]string
	// Fold keeps the table behind this heading below the picture: for many bars.
	// "" leaves it beside.
	Fold string
}

// Bar is one step.
type Bar struct {
	Label string
	// Full is the label in the table, where there is room; "" means Label.
	Full string
	N    int64
	// Number is N as people write it.
	Number string
}

// The picture's own units: a step's width, the room for bars, and below them.
const (
	barStep  = 24
	barRoom  = 96
	barLabel = 16
)

func (b BarsOf) viewBox() string {
	return "0 0 " + strconv.Itoa(max(1, len(b.Bars))*barStep) + " " + strconv.Itoa(barRoom+barLabel)
}

// most is the largest number, at least one.
func (b BarsOf) most() int64 {
	most := int64(1)
	for _, x := range b.Bars {
		most = max(most, x.N)
	}
	return most
}

// height is how high a bar stands; something always shows.
func (b BarsOf) height(n int64) int {
	if n <= 0 {
		return 0
	}
	return max(2, int(float64(n)/float64(b.most())*barRoom))
}

// full is the label in the table.
func (b Bar) full() string { return cmp.Or(b.Full, b.Label) }

// some are the steps that have a number, for the table beside the picture.
func (b BarsOf) some() (out []Bar) {
	for _, x := range b.Bars {
		if x.N > 0 {
			out = append(out, x)
		}
	}
	return out
}
