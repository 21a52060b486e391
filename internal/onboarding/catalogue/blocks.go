package catalogue

import (
	"strings"
	"unicode/utf8"
)

// BlockKind is what a line of a rendered text is.
type BlockKind string

// The kinds of lines.
const (
	HeadingBlock   BlockKind = "heading"    // "# "
	SubheadBlock   BlockKind = "subheading" // "## "
	ItemBlock      BlockKind = "item"       // "- "
	ParagraphBlock BlockKind = "paragraph"
	QuoteBlock     BlockKind = "quote" // a line of a value of type text
	RuleBlock      BlockKind = "rule"  // "---": what follows names the template
	GapBlock       BlockKind = "gap"   // an empty line
)

// Span is a part of a line.
type Span struct {
	Text  string
	Value bool // it was filled in; otherwise it is the template's own
}

// Block is one line of a rendered text.
type Block struct {
	Kind  BlockKind
	Spans []Span
}

// Blocks takes a rendered text apart, for a page or a printer: every line is
// a block, and in it what was filled in is told from what the template says.
// The text must be one that Render or Translate returned.
func Blocks(text []byte) []Block {
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	out := make([]Block, 0, len(lines))
	for _, line := range lines {
		b := Block{Kind: ParagraphBlock}
		switch {
		case line == "":
			b.Kind = GapBlock
		case line == rule:
			b.Kind = RuleBlock
		case strings.HasPrefix(line, quoteMark):
			b.Kind = QuoteBlock
			b.Spans = []Span{{strings.TrimPrefix(line[len(quoteMark):], " "), true}}
		case strings.HasPrefix(line, "## "):
			b.Kind, b.Spans = SubheadBlock, spans(line[len("## "):])
		case strings.HasPrefix(line, "# "):
			b.Kind, b.Spans = HeadingBlock, spans(line[len("# "):])
		case strings.HasPrefix(line, itemMark):
			b.Kind, b.Spans = ItemBlock, spans(line[len(itemMark):])
		default:
			b.Spans = spans(line)
		}
		out = append(out, b)
	}
	return out
}

// spans parts a line at its values.
func spans(line string) (out []Span) {
	var b strings.Builder
	value := false
	end := func() {
		if value || b.Len() > 0 {
			out = append(out, Span{b.String(), value})
		}
		b.Reset()
		value = !value
	}
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		switch {
		case value && r == '\\' && i+n < len(line):
			i += n
			_, n = utf8.DecodeRuneInString(line[i:])
			b.WriteString(line[i : i+n])
		case !value && r == '«' || value && r == '»':
			end()
		default:
			b.WriteString(line[i : i+n])
		}
		i += n
	}
	end()
	return out
}
