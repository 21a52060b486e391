package access

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var update = flag.Bool("update", false, "write the documents made from this package")

func TestEveryCodeIsPublishedWhole(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+(\.[a-z_]+)?$`)
	seen := map[Code]bool{}
	if len(Codes) != len(Precedence) {
		t.Fatalf("%d codes in the table, %d in the published order", len(Codes), len(Precedence))
	}
	for i, c := range Codes {
		if c.Code != Precedence[i] {
			t.Errorf("row %d is %s, the published order has %s", i, c.Code, Precedence[i])
		}
		if !form.MatchString(string(c.Code)) || seen[c.Code] {
			t.Errorf("%q is malformed or comes twice", c.Code)
		}
		seen[c.Code] = true
		if info, ok := c.Code.Info(); !ok || info != c {
			t.Errorf("%s.Info() = %+v, %t", c.Code, info, ok)
		}
		for name, text := range map[string]Text{"title": c.Title, "program": c.Program, "officer": c.Officer, "citizen": c.Citizen, "cause": c.Cause} {
			checkText(t, fmt.Sprintf("%s: %s", c.Code, name), text)
			if stop := strings.HasSuffix(text.VI, ".") && strings.HasSuffix(text.EN, "."); stop == (name == "title") {
				t.Errorf("%s: %s: readings are sentences, titles are not", c.Code, name)
			}
		}
		if strings.Count(c.Citizen.EN, ". ") > 0 || strings.Count(c.Citizen.VI, ". ") > 0 {
			t.Errorf("%s: the citizen is told more than one sentence", c.Code)
		}
		if c.Legal != (Text{}) {
			checkText(t, string(c.Code)+": legal", c.Legal)
		}
	}
	for i, d := range Details {
		checkText(t, fmt.Sprintf("%s: %s", d.Code, d.Name), d.Text)
		if i > 0 && d.Code.rank() < Details[i-1].Code.rank() || d.Name == "" || !seen[d.Code] {
			t.Errorf("the detail %s of %s is out of order, or of no code", d.Name, d.Code)
		}
		r := Reason{d.Code, []string{"conn", d.Name}}
		if got, ok := r.Detail(); !ok || got != d.Text {
			t.Errorf("%v.Detail() = %+v, %t", r, got, ok)
		}
	}
	for _, r := range []Reason{{ConnectionNotActive, []string{"conn"}}, {ServiceBusy, nil}, {GrantNone, []string{NameKey}}} {
		if got, ok := r.Detail(); ok {
			t.Errorf("%v.Detail() = %+v", r, got)
		}
	}
	for _, c := range []Code{Allowed, "grant.unknown"} {
		if _, ok := c.Info(); ok {
			t.Errorf("%q is in the table", c)
		}
	}
}

// checkText checks that both languages are there and that the Vietnamese one
// is Vietnamese, in composed form.
func checkText(t *testing.T, name string, text Text) {
	t.Helper()
	marked := strings.ContainsFunc(text.VI, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) })
	if text.EN == "" || !marked || text.VI == text.EN || !norm.NFC.IsNormalString(text.VI) {
		t.Errorf("%s is not there in both languages: %+v", name, text)
	}
	for _, s := range []string{text.VI, text.EN} {
		if strings.ContainsAny(s, "|\n\r\t") || strings.TrimSpace(s) != s || strings.Contains(s, "  ") || strings.Count(s, "`")%2 != 0 {
			t.Errorf("%s cannot stand in a table: %q", name, s)
		}
	}
}

// TestDocuments fails when the documents are not what this package says; run
// it with -update to write them.
func TestDocuments(t *testing.T) {
	for name, want := range map[string][]byte{"codes.md": codesDocument(), "fields.md": fieldsDocument()} {
		path := filepath.Join("..", "..", "docs", "api", name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("docs/api/%s is stale: run go generate ./internal/access", name)
		}
	}
}

const generated = "<!-- Made from internal/access by `go generate ./internal/access`. Do not edit. -->\n\n"

func codesDocument() []byte {
	var b bytes.Buffer
	b.WriteString("# Mã từ chối · Refusal codes\n\n" + generated)
	b.WriteString(`Mọi lỗi của API là một tài liệu ` + "`application/problem+json`" + ` (RFC 9457) có thành phần ` + "`code`" + ` là một trong các mã dưới đây. Mã không
bao giờ đổi tên; mã mới có thể được thêm, nên chương trình phải coi mã lạ là từ chối. Khi có nhiều lý do, mã được trả lời là mã
đứng trước trong bảng. Các trường, khoá hoặc thành phần chưa được cấp quyền được nêu tên trong lỗi. Gửi lại luôn dùng
` + "`Dancu-Transaction-Id`" + ` mới.

Every error of the API is an ` + "`application/problem+json`" + ` document (RFC 9457) whose member ` + "`code`" + ` is one of these codes. Codes are
never renamed; new ones may be added, so a program takes a code it does not know for a refusal. Of several reasons the one that
stands first in the table is the answer. Fields, keys or members that are not granted are named in the problem. A retry always
carries a new ` + "`Dancu-Transaction-Id`" + `.

`)
	b.WriteString("| # | Mã · Code | Tiếng Việt | English | Gửi lại · Retry |\n|---:|---|---|---|---|\n")
	for i, c := range Codes {
		retry := "không · no"
		if c.Retryable {
			retry = "sau khi chờ · after a wait"
		}
		fmt.Fprintf(&b, "| %d | [`%s`](#%s) | %s | %s | %s |\n", i+1, c.Code, anchor(c.Code), c.Title.VI, c.Title.EN, retry)
	}
	b.WriteString(`
"Gửi lại: sau khi chờ" nghĩa là cùng nội dung đó có thể được trả lời về sau dù không ai thay đổi gì; còn "không" nghĩa là phải sửa
yêu cầu hoặc phải có người xử lý trước.

"Retry: after a wait" means that the same call may be answered later although nobody changes anything; "no" means that the call
must be corrected, or that a person must act first.

Điều khoản được dẫn: Nghị định 47/2020/NĐ-CP là căn cứ của Thông tư 46/2022/TT-BCA; theo nguồn thứ cấp, Nghị định này được thay
bằng Nghị định 278/2025 từ ngày 22/10/2025.

Provisions cited: Decree 47/2020/NĐ-CP is what Circular 46/2022/TT-BCA rests on; according to secondary sources it was replaced
by Decree 278/2025 on 22 October 2025.
`)
	for _, c := range Codes {
		fmt.Fprintf(&b, "\n<a id=\"%s\"></a>\n\n## `%s`\n\n", anchor(c.Code), c.Code)
		fmt.Fprintf(&b, "| | Tiếng Việt | English |\n|---|---|---|\n")
		for _, row := range []struct {
			name string
			text Text
		}{
			{"", Text{"**" + c.Title.VI + "**", "**" + c.Title.EN + "**"}},
			{"Chương trình · Program", c.Program},
			{"Cán bộ · Officer", c.Officer},
			{"Công dân · Citizen", c.Citizen},
			{"Nguyên nhân · Cause", c.Cause},
			{"Căn cứ · Provision", c.Legal},
		} {
			if row.text != (Text{}) {
				fmt.Fprintf(&b, "| %s | %s | %s |\n", row.name, row.text.VI, row.text.EN)
			}
		}
		for _, d := range Details {
			if d.Code == c.Code {
				fmt.Fprintf(&b, "| `names`: `%s` | %s | %s |\n", d.Name, d.Text.VI, d.Text.EN)
			}
		}
	}
	return b.Bytes()
}

func anchor(c Code) string { return strings.NewReplacer(".", "-", "_", "-").Replace(string(c)) }

func fieldsDocument() []byte {
	var b bytes.Buffer
	b.WriteString("# Các trường thông tin · Fields\n\n" + generated)
	b.WriteString(`Các trường là 26 mục của Luật Căn cước 26/2023/QH15, Điều 9. Cột "QCVN 109" là tên trong QCVN 109:2017/BTTTT; để trống khi quy
chuẩn không có.

The fields are the 26 items of the Law on Identification 26/2023/QH15, Article 9. The column "QCVN 109" has the name in
QCVN 109:2017/BTTTT; it is empty where the standard has none.

| Mục · Item | JSON | Tiếng Việt | English | QCVN 109 | Dạng · Shape |
|---:|---|---|---|---|---|
`)
	for _, f := range Fields {
		wire := f.Wire
		if wire != "" {
			wire = "`" + wire + "`"
		}
		fmt.Fprintf(&b, "| %d | `%s` | %s | %s | %s | %s |\n", f.Item, f.JSON, f.VI, f.EN, wire, f.Shape)
	}
	b.WriteString("\n## Dạng dữ liệu · Shapes\n\n| Dạng · Shape | JSON | Tiếng Việt | English |\n|---|---|---|---|\n")
	for _, s := range Shapes {
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", s.Shape, strings.ReplaceAll(s.JSON, "|", `\|`), s.Text.VI, s.Text.EN)
	}
	return b.Bytes()
}
