package manual

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"dancu/internal/fault"
)

// BlockKind is what a block of a guide is.
type BlockKind uint8

// The kinds of block.
const (
	Heading   BlockKind = iota // Level 2 to 4, Inline
	Paragraph                  // Inline
	List                       // Items
	Ordered                    // Items
	Table                      // Head, Rows
	Code                       // Text
	Quote                      // Items, one
)

// Block is a block of a guide.
type Block struct {
	Kind   BlockKind
	Level  int
	Inline []Inline
	Items  [][]Block
	Head   [][]Inline
	Rows   [][][]Inline
	Text   string
}

// Inline is a run of text.
type Inline struct {
	Text   string
	Strong bool
	Em     bool
	Code   bool
	Href   string // of a link within the site, or to https; "" for none
	Break  bool   // a line ends after it
}

// maxDepth bounds lists within lists.
const maxDepth = 6

var markdown = goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()

// Parse reads the part of Markdown that guides are written in: headings,
// paragraphs, lists, tables, quotes, code, bold, italics and links. What is
// HTML, a picture, or a link that leads neither within the site nor to https is
// fault.Invalid and says what to write instead: nothing of a guide is dropped
// quietly, and nothing of it is ever markup of ours.
func Parse(source string) ([]Block, error) {
	src := []byte(source)
	p := reader{src: src}
	doc := markdown.Parse(text.NewReader(src))
	blocks := p.blocks(doc, 0)
	return blocks, p.err
}

type reader struct {
	src []byte
	err error
}

// fail keeps the first thing that was wrong.
func (p *reader) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fault.New(fault.Invalid, format, args...)
	}
}

func (p *reader) blocks(parent ast.Node, depth int) (out []Block) {
	if depth > maxDepth {
		p.fail("lists stand at most %d within each other", maxDepth)
		return nil
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			// The page's own title is the one of the first level.
			out = append(out, Block{Kind: Heading, Level: min(max(n.Level, 2), 4), Inline: p.inlines(n)})
		case *ast.Paragraph, *ast.TextBlock:
			out = append(out, Block{Kind: Paragraph, Inline: p.inlines(n)})
		case *ast.List:
			b := Block{Kind: List}
			if n.IsOrdered() {
				b.Kind = Ordered
			}
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				b.Items = append(b.Items, p.blocks(item, depth+1))
			}
			out = append(out, b)
		case *ast.Blockquote:
			out = append(out, Block{Kind: Quote, Items: [][]Block{p.blocks(n, depth+1)}})
		case *ast.FencedCodeBlock, *ast.CodeBlock:
			var b strings.Builder
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				b.Write(line.Value(p.src))
			}
			out = append(out, Block{Kind: Code, Text: b.String()})
		case *extast.Table:
			out = append(out, p.table(n))
		case *ast.ThematicBreak:
		case *ast.HTMLBlock:
			p.fail("a guide takes no HTML: write headings with #, lists with -, tables with |")
		default:
			p.fail("a guide takes no %s", n.Kind().String())
		}
	}
	return out
}

func (p *reader) table(t *extast.Table) Block {
	b := Block{Kind: Table}
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		var cells [][]Inline
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, p.inlines(cell))
		}
		if _, ok := row.(*extast.TableHeader); ok {
			b.Head = cells
		} else {
			b.Rows = append(b.Rows, cells)
		}
	}
	for i := range b.Rows {
		for len(b.Rows[i]) < len(b.Head) {
			b.Rows[i] = append(b.Rows[i], nil)
		}
	}
	return b
}

func (p *reader) inlines(parent ast.Node) (out []Inline) {
	p.walk(parent, Inline{}, &out)
	return out
}

func (p *reader) walk(parent ast.Node, style Inline, out *[]Inline) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			run := style
			run.Text = string(n.Segment.Value(p.src))
			if n.SoftLineBreak() {
				run.Text += " "
			}
			run.Break = n.HardLineBreak()
			*out = append(*out, run)
		case *ast.String:
			run := style
			run.Text = string(n.Value)
			*out = append(*out, run)
		case *ast.CodeSpan:
			next := style
			next.Code = true
			p.walk(n, next, out)
		case *ast.Emphasis:
			next := style
			next.Em, next.Strong = style.Em || n.Level == 1, style.Strong || n.Level == 2
			p.walk(n, next, out)
		case *ast.Link:
			next := style
			next.Href = p.href(string(n.Destination))
			p.walk(n, next, out)
		case *ast.AutoLink:
			run := style
			run.Text, run.Href = string(n.Label(p.src)), p.href(string(n.URL(p.src)))
			*out = append(*out, run)
		case *ast.RawHTML:
			p.fail("a guide takes no HTML: write **bold**, *italics* and [text](address)")
		case *ast.Image:
			p.fail("a guide takes no pictures: describe the step in words")
		default:
			p.fail("a guide takes no %s", n.Kind().String())
		}
	}
}

// href is where a link leads: within the site or to https.
func (p *reader) href(s string) string {
	u, err := url.Parse(s)
	within := err == nil && u.Scheme == "" && u.Host == "" && u.Opaque == "" && strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") && !strings.ContainsAny(s, "\\\n\t")
	outside := err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
	if !within && !outside {
		p.fail("a link leads to a page of this site (/…) or to https://…")
		return ""
	}
	return s
}
