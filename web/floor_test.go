package web

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tooNew lists what style sheets must not use because the oldest browsers we
// support do not know it (Chrome 109, the last for Windows 7 and 8.1; Firefox
// 115, its counterpart), each with the first version that does.
var tooNew = []struct {
	what string
	re   *regexp.Regexp
}{
	{"oklch(), oklab(): Chrome 111", regexp.MustCompile(`\bokl(ch|ab)\(`)},
	{"lch(), lab(): Chrome 111", regexp.MustCompile(`[:\s,(]l(ch|ab)\(`)},
	{"color(): Chrome 111", regexp.MustCompile(`[:\s,(]color\(`)},
	{"color-mix(): Chrome 111", regexp.MustCompile(`\bcolor-mix\(`)},
	{"relative colours: Chrome 119", regexp.MustCompile(`\b(rgba?|hsla?|hwb)\(\s*from\b`)},
	{"light-dark(): Chrome 123", regexp.MustCompile(`\blight-dark\(`)},
	{"contrast-color(): newer than any floor", regexp.MustCompile(`\bcontrast-color\(`)},
	{"@scope: Chrome 118", regexp.MustCompile(`@scope\b`)},
	{"@starting-style: Chrome 117", regexp.MustCompile(`@starting-style\b`)},
	{"@view-transition: Chrome 126", regexp.MustCompile(`@view-transition\b`)},
	{"@position-try: Chrome 125", regexp.MustCompile(`@position-try\b`)},
	{"@function: Chrome 139", regexp.MustCompile(`@function\b`)},
	{"@custom-media: no browser", regexp.MustCompile(`@custom-media\b`)},
	{"if(): Chrome 137", regexp.MustCompile(`[:\s,(]if\(`)},
	{"style(), scroll-state() queries: Chrome 111", regexp.MustCompile(`@container[^{]*\b(style|scroll-state)\(`)},
	{"@media (scripting), (update): Chrome 113, 120", regexp.MustCompile(`@media[^{]*\((scripting|update)\b`)},
	{"subgrid: Chrome 117", regexp.MustCompile(`\bsubgrid\b`)},
	{"masonry: no browser", regexp.MustCompile(`\bmasonry\b`)},
	{"trigonometry: Chrome 111", regexp.MustCompile(`[:\s,(+*/-](sin|cos|tan|asin|acos|atan|atan2)\(`)},
	{"round(), mod(), rem(): Chrome 125", regexp.MustCompile(`[:\s,(](round|mod|rem)\(`)},
	{"pow(), sqrt(), hypot(), log(), exp(): Chrome 120", regexp.MustCompile(`[:\s,(](pow|sqrt|hypot|log|exp)\(`)},
	{"abs(), sign(): Chrome 138", regexp.MustCompile(`[:\s,(](abs|sign)\(`)},
	{"calc-size(), interpolate-size: Chrome 129", regexp.MustCompile(`\bcalc-size\(|\binterpolate-size\s*:`)},
	{"linear(): Chrome 113", regexp.MustCompile(`[:\s,]linear\(`)},
	{"image-set() without prefix: Chrome 113", regexp.MustCompile(`[:\s,]image-set\(`)},
	{"anchor positioning: Chrome 125", regexp.MustCompile(`\b(anchor|anchor-size)\(|\b(anchor-name|position-anchor|position-area|inset-area)\s*:`)},
	{"scroll-driven animation: Chrome 115", regexp.MustCompile(`\b(animation-timeline|scroll-timeline|view-timeline|animation-range)[a-z-]*\s*:`)},
	{"view transitions: Chrome 111", regexp.MustCompile(`\bview-transition-[a-z]+\s*:|::view-transition`)},
	{"text-wrap: Chrome 114", regexp.MustCompile(`\btext-wrap(-[a-z]+)?\s*:`)},
	{"white-space-collapse: Chrome 114", regexp.MustCompile(`\bwhite-space-collapse\s*:`)},
	{"text-box: Chrome 133", regexp.MustCompile(`\btext-box(-[a-z]+)?\s*:`)},
	{"initial-letter: Chrome 110", regexp.MustCompile(`\binitial-letter\s*:`)},
	{"field-sizing: Chrome 123", regexp.MustCompile(`\bfield-sizing\s*:`)},
	{"transition-behavior: Chrome 117", regexp.MustCompile(`\btransition-behavior\s*:|\ballow-discrete\b`)},
	{"scrollbar-width, -color: Chrome 121", regexp.MustCompile(`\bscrollbar-(width|color|gutter)\s*:`)},
	{"rlh, rcap, rex, ric, cap units: Chrome 111, 118", regexp.MustCompile(`\d(rlh|rcap|rex|ric|rch|cap)\b`)},
	{":has(): Firefox 121", regexp.MustCompile(`:has\(`)},
	{":user-valid, :user-invalid: Chrome 119", regexp.MustCompile(`:user-(in)?valid\b`)},
	{":dir(): Chrome 120", regexp.MustCompile(`:dir\(`)},
	{":popover-open, :open, :modal parts: Chrome 114 and later", regexp.MustCompile(`:(popover-open|open)\b`)},
	{":state(): Chrome 125", regexp.MustCompile(`:state\(`)},
	{"::details-content, ::target-text, ::checkmark, ::picker: newer", regexp.MustCompile(`::(details-content|checkmark|picker)\b`)},
}

// tooNewScript lists what scripts must not use, or only where they ask first
// whether it is there ("?." and "typeof", and the names in asked).
var tooNewScript = []struct {
	what string
	re   *regexp.Regexp
}{
	{"toSorted, toReversed, toSpliced, with: Chrome 110", regexp.MustCompile(`\.(toSorted|toReversed|toSpliced)\(`)},
	{"Array.fromAsync: Chrome 121", regexp.MustCompile(`\bArray\.fromAsync\b`)},
	{"Object.groupBy, Map.groupBy: Chrome 117", regexp.MustCompile(`\b(Object|Map)\.groupBy\b`)},
	{"Promise.withResolvers, Promise.try: Chrome 119", regexp.MustCompile(`\bPromise\.(withResolvers|try)\b`)},
	{"URL.canParse, URL.parse: Chrome 120", regexp.MustCompile(`\bURL\.(canParse|parse)\b`)},
	{"AbortSignal.any: Chrome 116", regexp.MustCompile(`\bAbortSignal\.any\b`)},
	{"set methods: Chrome 122", regexp.MustCompile(`\.(isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference|intersection)\(`)},
	{"iterator helpers: Chrome 122", regexp.MustCompile(`\bIterator\.from\b|\.(keys|values|entries)\(\)\.(map|filter|take|drop|toArray|some|every|find|reduce)\(`)},
	{"isWellFormed, toWellFormed: Chrome 111", regexp.MustCompile(`\.(isWellFormed|toWellFormed)\(`)},
	{"setHTML, setHTMLUnsafe: Chrome 124", regexp.MustCompile(`\.setHTML(Unsafe)?\(`)},
	{"parseHTMLUnsafe: Chrome 124", regexp.MustCompile(`\.parseHTMLUnsafe\(`)},
	{"popover: Chrome 114", regexp.MustCompile(`\.(showPopover|hidePopover|togglePopover)\(`)},
	{"closedBy, requestClose on dialogs: Chrome 134", regexp.MustCompile(`\.(requestClose|closedBy)\b`)},
	{"RegExp.escape: Chrome 136", regexp.MustCompile(`\bRegExp\.escape\b`)},
	{"regular expressions with the v flag: Chrome 112", regexp.MustCompile(`/[dgimsuy]*v[dgimsuy]*\.(test|exec)\(`)},
	{"parseCreationOptionsFromJSON, toJSON of passkeys: Chrome 129", regexp.MustCompile(`\bparse(Creation|Request)OptionsFromJSON\b`)},
	{"using declarations: Chrome 134", regexp.MustCompile(`\bSymbol\.(asyncD|d)ispose\b`)},
	{"text made code, which the pages' policy forbids", regexp.MustCompile(`\beval\(|\bnew Function\(`)},
}

// asked are the places where a script asks whether something newer is there
// before it uses it, and has another way if not.
var asked = regexp.MustCompile(`\.parseHTMLUnsafe\?\.\(`)

// beyondFloorScript says what a script uses that is too new.
func beyondFloorScript(js string) (found []string) {
	js = asked.ReplaceAllString(js, ".asked(")
	for _, n := range tooNewScript {
		if m := n.re.FindString(js); m != "" {
			found = append(found, fmt.Sprintf("%s (%q)", n.what, m))
		}
	}
	return found
}

// Every script, ours and the one built of the packages, stays within what
// Chrome 109 and Firefox 115 know; what they lack in syntax the build lowers.
func TestScriptsStayWithinFloor(t *testing.T) {
	seen := 0
	for _, dir := range []string{"src", "dist"} {
		files := os.DirFS(dir)
		names, err := fs.Glob(files, "*.js")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			js, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			seen++
			for _, f := range beyondFloorScript(string(js)) {
				t.Errorf("%s uses %s", path.Join(dir, name), f)
			}
		}
	}
	if seen < 5 {
		t.Errorf("only %d scripts were looked at", seen)
	}
}

// The scan of scripts finds what it is there for, and leaves alone what asks
// first.
func TestScriptScanFinds(t *testing.T) {
	for _, js := range []string{
		"a.toSorted()", "Array.fromAsync(x)", "Object.groupBy(a,f)", "Promise.withResolvers()", "URL.canParse(u)",
		"AbortSignal.any([a])", "a.isSubsetOf(b)", "m.keys().map(f)", "e.setHTMLUnsafe(t)", "Document.parseHTMLUnsafe(t)",
		"e.showPopover()", "RegExp.escape(s)", "eval(s)", "new Function(s)", "PublicKeyCredential.parseCreationOptionsFromJSON(o)",
	} {
		if len(beyondFloorScript(js)) == 0 {
			t.Errorf("%s passes", js)
		}
	}
	for _, js := range []string{
		"a.sort()", "[...m.keys()].map(f)", "Document.parseHTMLUnsafe?.(t)", "navigator.credentials.get(o)", "d.showModal()", "evaluate(x)",
	} {
		if got := beyondFloorScript(js); len(got) > 0 {
			t.Errorf("%s is refused: %v", js, got)
		}
	}
}

var (
	comments = regexp.MustCompile(`(?s)/\*.*?\*/`)
	quoted   = regexp.MustCompile(`"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'`)
	urls     = regexp.MustCompile(`url\([^)]*\)`)
)

// beyondFloor says what a style sheet uses that is too new.
func beyondFloor(css string) (found []string) {
	css = comments.ReplaceAllString(css, " ")
	css = quoted.ReplaceAllString(css, `""`)
	css = urls.ReplaceAllString(css, "url()")
	css = strings.ToLower(css)
	for _, n := range tooNew {
		if m := n.re.FindString(css); m != "" {
			found = append(found, fmt.Sprintf("%s (%q)", n.what, strings.TrimSpace(m)))
		}
	}
	if n := nested(css); n != "" {
		found = append(found, fmt.Sprintf("nesting: Chrome 112 (%q)", n))
	}
	return found
}

// nested returns the selector of a rule that stands inside another style rule,
// "" if there is none. Strings and comments must have been taken out.
func nested(css string) string {
	var in []bool // for each open block, whether it is a style rule's
	start := 0
	for i := range len(css) {
		switch css[i] {
		case ';':
			start = i + 1
		case '{':
			head := strings.TrimSpace(css[start:i])
			rule := !strings.HasPrefix(head, "@")
			if slices.Contains(in, true) {
				return head
			}
			in = append(in, rule)
			start = i + 1
		case '}':
			if len(in) > 0 {
				in = in[:len(in)-1]
			}
			start = i + 1
		}
	}
	return ""
}

// Every style sheet, ours and the one built of the packages, stays within what
// Chrome 109 and Firefox 115 know.
func TestStylesStayWithinFloor(t *testing.T) {
	seen := 0
	for _, dir := range []string{"static", "src", "dist"} {
		files := os.DirFS(dir)
		names, err := fs.Glob(files, "*.css")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			css, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			seen++
			for _, f := range beyondFloor(string(css)) {
				t.Errorf("%s uses %s", path.Join(dir, name), f)
			}
		}
	}
	if seen < 4 {
		t.Errorf("only %d style sheets were looked at", seen)
	}
}

// The scan itself finds each thing it is there for, and leaves alone what only
// looks like it.
func TestFloorScanFinds(t *testing.T) {
	for _, css := range []string{
		"a{color:oklch(0.5 0.1 20)}", "a{color:oklab(1 0 0)}", "a{color:lab(50% 1 1)}", "a{color: color(display-p3 1 1 1)}",
		"a{color:color-mix(in srgb,red,blue)}", "a{color:rgb(from red r g b)}", "a{color:light-dark(red,blue)}",
		"@scope (.a){b{c:d}}", "@starting-style{a{b:c}}", "@view-transition{navigation:auto}", "a{width:round(1px,2px)}",
		"a{grid-template-rows:subgrid}", "a{width:calc(1px*sin(1))}", "a{text-wrap:balance}", "a:has(b){c:d}",
		"a{color:red;b{color:blue}}", "a{&:hover{color:blue}}", "a{@media print{color:red}}",
		"@media print{a{b:c;d{e:f}}}", "a{anchor-name:--x}", "a{animation-timeline:scroll()}", "a:user-invalid{b:c}",
		"@media (scripting:none){a{b:c}}", "a{field-sizing:content}", "a{transition:x 1s linear(0,1)}", "a{width:2rlh}",
	} {
		if len(beyondFloor(css)) == 0 {
			t.Errorf("%s passes", css)
		}
	}
	for _, css := range []string{
		"a{color:#fff;background-color:rgb(1 2 3/50%)}", "/* oklch( */a{b:c}", `a::before{content:"oklch("}`,
		"@media print{a{b:c}}", "@supports (a:b){@media print{a{b:c}}}", "@keyframes x{from{a:b}50%{a:c}}",
		"@layer a{b{c:d}}", "a{background:linear-gradient(red,blue)}", ".text-wrap{white-space:normal}", "@font-face{src:url(a{b})}",
		"a{transform:scale(.5)}", ".open{a:b}",
	} {
		if got := beyondFloor(css); len(got) > 0 {
			t.Errorf("%s is refused: %v", css, got)
		}
	}
}
