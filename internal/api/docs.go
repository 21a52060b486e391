package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"dancu/internal/access"
	"dancu/internal/web"
)

//go:embed docs.html
var docsTemplate string

//go:embed docs.css
var docsStyle []byte

// docsPage is what the page of the API shows, in one language: the published
// document, laid out to be read.
type docsPage struct {
	Lang, Other        web.Lang
	Title, Description string
	Version            string
	Headers            []docsMember
	Calls              []docsCall
	Objects            []docsObject
	Fields             []docsField
	Codes              []docsCode
	Limits             []docsLimit
	Words              map[string]string
}

type docsCall struct {
	ID, Method, Path     string
	Summary, Description string
	Members              []docsMember
	Problems             []docsProblem
	Answer               string
}

type docsMember struct{ Name, About, Need string }

type docsProblem struct {
	Status string
	Codes  []string
}

type docsObject struct {
	Name, About string
	Members     []docsMember
}

type docsField struct {
	Name, Shape, Wire, About string
	Item                     int
}

type docsCode struct {
	Code                                    string
	Status                                  int
	Title, Program, Officer, Citizen, Cause string
}

type docsLimit struct {
	Name, About string
	Value       int64
}

// words are the page's own texts.
var words = map[string]web.Text{
	"skip":       {VI: "Tới nội dung", EN: "Skip to content"},
	"other":      {VI: "English", EN: "Tiếng Việt"},
	"document":   {VI: "Tài liệu OpenAPI 3.1", EN: "OpenAPI 3.1 document"},
	"version":    {VI: "Phiên bản", EN: "Version"},
	"calls":      {VI: "Các lời gọi", EN: "Calls"},
	"objects":    {VI: "Các đối tượng trong yêu cầu", EN: "Objects in a request"},
	"fields":     {VI: "Các trường thông tin", EN: "Fields"},
	"codes":      {VI: "Mã lỗi, theo thứ tự ưu tiên", EN: "Codes, in their order of precedence"},
	"limits":     {VI: "Giới hạn", EN: "Limits"},
	"headers":    {VI: "Tiêu đề của một POST", EN: "Headers of a POST"},
	"name":       {VI: "Tên", EN: "Name"},
	"about":      {VI: "Ý nghĩa", EN: "Meaning"},
	"required":   {VI: "bắt buộc", EN: "required"},
	"optional":   {VI: "tuỳ chọn", EN: "optional"},
	"one":        {VI: "một trong các mục này", EN: "one of these"},
	"decided":    {VI: "cần có: thiếu thì bị từ chối", EN: "needed: refused without it"},
	"keys":       {VI: "theo quyền khai thác, mặc định cần", EN: "as the grant says, by default needed"},
	"need":       {VI: "Bắt buộc", EN: "Needed"},
	"member":     {VI: "Mục", EN: "Member"},
	"status":     {VI: "Trạng thái", EN: "Status"},
	"answer":     {VI: "Trả lời", EN: "Answer"},
	"problems":   {VI: "Lỗi có thể gặp", EN: "Problems"},
	"item":       {VI: "Mục trong luật", EN: "Item in the law"},
	"shape":      {VI: "Dạng", EN: "Shape"},
	"wire":       {VI: "Tên theo QCVN 109", EN: "Name in QCVN 109"},
	"program":    {VI: "Chương trình", EN: "The program"},
	"officer":    {VI: "Cán bộ", EN: "The officer"},
	"citizen":    {VI: "Công dân", EN: "The citizen"},
	"cause":      {VI: "Nguyên nhân thường gặp", EN: "Likely cause"},
	"value":      {VI: "Giá trị", EN: "Value"},
	"shapes":     {VI: "Mỗi trường trả về đúng dạng dưới đây, hoặc null khi cơ sở dữ liệu không có.", EN: "Every field comes in this shape, or is null where the register does not have it."},
	"noidentity": {VI: "Trang này không chứa dữ liệu cá nhân.", EN: "This page holds no personal data."},
}

var limitWords = map[string]web.Text{
	"bodyBytes":               {VI: "Nội dung yêu cầu, byte", EN: "Request body, bytes"},
	"headerBytes":             {VI: "Toàn bộ tiêu đề, byte", EN: "All headers, bytes"},
	"headerFields":            {VI: "Số tiêu đề", EN: "Header fields"},
	"targetBytes":             {VI: "Địa chỉ yêu cầu, byte", EN: "Request target, bytes"},
	"fields":                  {VI: "Số trường trong một yêu cầu", EN: "Fields in one request"},
	"nameCharacters":          {VI: "Họ tên, ký tự", EN: "Name, characters"},
	"claimCharacters":         {VI: "Thông tin cần xác minh khác, ký tự", EN: "Any other claim, characters"},
	"idCharacters":            {VI: "Mã định danh, ký tự", EN: "Ids, characters"},
	"codeCharacters":          {VI: "Mã thủ tục, mã hồ sơ, ký tự", EN: "Procedure and case, characters"},
	"sessionCharacters":       {VI: "Phiên của cán bộ, ký tự", EN: "Officer's session, characters"},
	"clientBytes":             {VI: "Dancu-Client, byte", EN: "Dancu-Client, bytes"},
	"transactionAgeSeconds":   {VI: "Tuổi của mã giao dịch, giây", EN: "Age of a transaction id, seconds"},
	"transactionAheadSeconds": {VI: "Mã giao dịch đi trước đồng hồ, giây", EN: "Transaction id ahead of the clock, seconds"},
	"readSeconds":             {VI: "Thời gian nhận trọn một yêu cầu, giây", EN: "Time for a whole request to come, seconds"},
	"idleSeconds":             {VI: "Thời gian giữ kết nối không dùng, giây", EN: "Time a connection may be idle, seconds"},
}

// docsHTML is the page in both languages.
var docsHTML = sync.OnceValues(func() (map[web.Lang][]byte, error) {
	t, err := template.New("docs").Parse(docsTemplate)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the page's template: %w", err)
	}
	doc, out := document(), map[web.Lang][]byte{}
	for _, l := range []web.Lang{web.Vietnamese, web.English} {
		var b bytes.Buffer
		if err := t.Execute(&b, pageOf(doc, l)); err != nil {
			return nil, fmt.Errorf("couldn't write the page: %w", err)
		}
		out[l] = b.Bytes()
	}
	return out, nil
})

// pageOf lays the document out in language l.
func pageOf(doc object, l web.Lang) *docsPage {
	info := doc["info"].(object)
	p := &docsPage{
		Lang: l, Other: web.English, Title: tr(info, "summary", l), Description: tr(info, "description", l),
		Version: Version, Words: map[string]string{},
	}
	if l == web.English {
		p.Other = web.Vietnamese
	}
	for k, w := range words {
		p.Words[k] = w.In(l)
	}
	params := doc["components"].(object)["parameters"].(object)
	for _, name := range []string{"Transaction", "Client", "AcceptLanguage", "Traceparent"} {
		h := params[name].(object)
		p.Headers = append(p.Headers, docsMember{Name: h["name"].(string), About: tr(h, "description", l), Need: needWord(h["required"] == true, l)})
	}
	paths := doc["paths"].(object)
	for i := range operations {
		o := &operations[i]
		d := paths[o.path].(object)[o.method].(object)
		c := docsCall{
			ID: o.id, Method: strings.ToUpper(o.method), Path: o.path,
			Summary: tr(d, "summary", l), Description: tr(d, "description", l), Answer: o.answer,
		}
		if b, ok := d["requestBody"].(object); ok {
			c.Members = membersOf(doc, b["content"].(object)["application/json"].(object)["schema"].(object), l)
			for i := range c.Members {
				if w := needOf(o, c.Members[i].Name); w != "" {
					c.Members[i].Need = words[w].In(l)
				}
			}
		}
		responses := d["responses"].(object)
		for _, status := range sorted(responses) {
			if status == "200" {
				continue
			}
			content := responses[status].(object)["content"].(object)["application/problem+json"].(object)
			enum := content["schema"].(object)["allOf"].([]any)[1].(object)["properties"].(object)["code"].(object)["enum"].([]any)
			var codes []string
			for _, e := range enum {
				codes = append(codes, e.(string))
			}
			c.Problems = append(c.Problems, docsProblem{Status: status, Codes: codes})
		}
		p.Calls = append(p.Calls, c)
	}
	all := doc["components"].(object)["schemas"].(object)
	for _, name := range []string{"Purpose", "Officer", "Claims", "Evidence"} {
		s := all[name].(object)
		p.Objects = append(p.Objects, docsObject{Name: name, About: tr(s, "description", l), Members: membersOf(doc, s, l)})
	}
	for _, f := range access.Fields {
		p.Fields = append(p.Fields, docsField{
			Name: f.JSON, Shape: shapeForm(f.Shape), Wire: f.Wire, Item: f.Item, About: web.Text{VI: f.VI, EN: f.EN}.In(l),
		})
	}
	for _, e := range doc["x-codes"].([]any) {
		c := e.(object)
		t := func(name string) string { return c[name].(object)[string(l)].(string) }
		p.Codes = append(p.Codes, docsCode{
			Code: c["code"].(string), Status: c["status"].(int), Title: t("title"), Program: t("program"),
			Officer: t("officer"), Citizen: t("citizen"), Cause: t("cause"),
		})
	}
	limits := doc["x-limits"].(object)
	for _, name := range sorted(limits) {
		v, _ := strconv.ParseInt(fmt.Sprint(limits[name]), 10, 64)
		p.Limits = append(p.Limits, docsLimit{Name: name, About: limitWords[name].In(l), Value: v})
	}
	return p
}

// needWord says whether the form of a request requires a member.
func needWord(required bool, l web.Lang) string {
	if required {
		return words["required"].In(l)
	}
	return words["optional"].In(l)
}

// needOf is the word for a member whose absence the form bears and the decision
// may not; "" for any other.
func needOf(o *operation, name string) string {
	switch name {
	case "purpose", "officer":
		return "decided"
	case "fullName", "dateOfBirth":
		return "keys"
	}
	if slices.Contains(o.takes.oneOf.names(), name) {
		return "one"
	}
	return ""
}

// shapeForm is how a shape looks in JSON.
func shapeForm(s access.Shape) string {
	for _, i := range access.Shapes {
		if i.Shape == s {
			return i.JSON
		}
	}
	return string(s)
}

// tr is a text of the document in l.
func tr(o object, name string, l web.Lang) string {
	if l != web.English {
		if s, ok := o["x-"+name+"-vi"].(string); ok {
			return s
		}
	}
	s, _ := o[name].(string)
	return s
}

// membersOf lists the members of an object's schema.
func membersOf(doc, s object, l web.Lang) (out []docsMember) {
	required := map[string]bool{}
	list, _ := s["required"].([]any)
	for _, n := range list {
		required[n.(string)] = true
	}
	props := s["properties"].(object)
	for _, name := range sorted(props) {
		m := props[name].(object)
		if r, ok := m["$ref"].(string); ok {
			m = doc["components"].(object)["schemas"].(object)[r[strings.LastIndexByte(r, '/')+1:]].(object)
		}
		out = append(out, docsMember{Name: name, About: tr(m, "description", l), Need: needWord(required[name], l)})
	}
	return out
}

var htmlType = []string{"text/html; charset=utf-8"}

// serveDocs answers with the page of the API. Anybody may read it.
func serveDocs(w http.ResponseWriter, r *http.Request) error {
	pages, err := docsHTML()
	if err != nil {
		return err
	}
	l := web.Language(r)
	w.Header().Set("Content-Language", string(l))
	web.Write(w, http.StatusOK, htmlType, pages[l])
	return nil
}

func serveStyle(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "public, max-age=3600")
	web.Write(w, http.StatusOK, []string{"text/css; charset=utf-8"}, docsStyle)
	return nil
}
