package notify

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Topic is a kind of notice with its text in both languages. Placeholders
// stand in braces and are the names of [Param]s.
type Topic struct {
	// Name is stable: rows, webhooks and metrics have it.
	Name   string
	VI, EN Text
}

// Text is a notice's text in one language.
type Text struct{ Subject, Body string }

// Topics returns all topics, in the order of a connection's life.
func Topics() []Topic {
	return slices.Concat(requestTopics, assessmentTopics, connectionTopics, dutyTopics, lifeTopics, endTopics, citizenTopics, hookTopics)
}

var byName = func() map[string]*Topic {
	m := map[string]*Topic{}
	for _, t := range Topics() {
		m[t.Name] = &t
	}
	return m
}()

func topicOf(name string) *Topic { return byName[name] }

// Find returns the topic of this name, nil if there is none.
func Find(name string) *Topic { return topicOf(name) }

// Pick returns of values those that the topic's text uses: what else an act
// knows of itself, and may have been written by a person, stays out.
func (t *Topic) Pick(values map[string]string) map[string]string {
	out := map[string]string{}
	for _, name := range t.Params() {
		if v, ok := values[name]; ok {
			out[name] = v
		}
	}
	return out
}

// Params returns the names of the topic's placeholders, sorted.
func (t *Topic) Params() []string {
	return names(t.VI.Subject, t.VI.Body, t.EN.Subject, t.EN.Body)
}

// names returns the placeholders of texts, sorted and without repetition.
func names(texts ...string) (out []string) {
	for _, s := range texts {
		split(s, func(string) {}, func(name string) { out = append(out, name) })
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// split takes a text apart into what stands and its placeholders.
func split(s string, text, placeholder func(string)) {
	for {
		before, rest, found := strings.Cut(s, "{")
		text(before)
		if !found {
			return
		}
		name, after, _ := strings.Cut(rest, "}")
		placeholder(name)
		s = after
	}
}

// Render returns the text in Vietnamese and in English with the values in it.
// Values are as [Outbox.Put] takes them.
func (t *Topic) Render(values map[string]string) []Rendered {
	fill := func(lang, s string) string {
		var b strings.Builder
		split(s, func(part string) { b.WriteString(part) }, func(name string) { b.WriteString(show(lang, name, values[name])) })
		return b.String()
	}
	return []Rendered{
		{"vi", fill("vi", t.VI.Subject), fill("vi", t.VI.Body)},
		{"en", fill("en", t.EN.Subject), fill("en", t.EN.Body)},
	}
}

// Sample returns the topic's values as the gallery and the tests have them.
func (t *Topic) Sample() map[string]string {
	out := map[string]string{}
	for _, name := range t.Params() {
		out[name] = params[name].Sample
	}
	return out
}

// ParamKind is what a value looks like.
type ParamKind int

// The kinds.
const (
	Code   ParamKind = iota // an id, a code, a number of a document
	Date                    // 2026-11-25
	Time                    // RFC 3339
	Number                  // a whole number
	Choice                  // one of a few words of the program
)

// Param is a placeholder.
type Param struct {
	Kind    ParamKind
	Sample  string
	Choices map[string]Words // of a Choice
}

// Words is a word of the program in both languages.
type Words struct{ VI, EN string }

// params are all placeholders. None holds what a person wrote.
var params = map[string]Param{
	"agency":      {Kind: Code, Sample: "H30.12"},
	"system":      {Kind: Code, Sample: "MOT-CUA-01"},
	"connection":  {Kind: Code, Sample: "hai-duong-mot-cua"},
	"matter":      {Kind: Code, Sample: "019aae10-7d52-7a31-8f0e-3d2f7c9a4b11"},
	"grant":       {Kind: Code, Sample: "tra-cuu-cu-tru"},
	"template":    {Kind: Code, Sample: "cam-ket/2026"},
	"certificate": {Kind: Code, Sample: "27/2026/XN-ATTT"},
	"credential":  {Kind: Code, Sample: "3fa9c1d2"},
	"hook":        {Kind: Code, Sample: "019aae10-7d52-7a31-8f0e-3d2f7c9a4b12"},
	"due":         {Kind: Date, Sample: "2026-12-02"},
	"until":       {Kind: Date, Sample: "2027-01-31"},
	"since":       {Kind: Time, Sample: "2026-11-25T01:30:00Z"},
	"starts":      {Kind: Time, Sample: "2026-12-12T15:00:00Z"},
	"ends":        {Kind: Time, Sample: "2026-12-12T21:00:00Z"},
	"days":        {Kind: Number, Sample: "30"},
	"open":        {Kind: Number, Sample: "3"},
	"limit":       {Kind: Number, Sample: "10000"},
	"assessment": {Kind: Choice, Sample: "periodic", Choices: map[string]Words{
		"initial":      {"đánh giá trước khi kết nối", "assessment before connecting"},
		"after-change": {"đánh giá lại sau khi thay đổi", "assessment after a change"},
		"periodic":     {"kiểm tra định kỳ hằng năm", "yearly inspection"},
		"unscheduled":  {"kiểm tra đột xuất", "unscheduled inspection"},
	}},
	"change": {Kind: Choice, Sample: "source", Choices: map[string]Words{
		"system":         {"hệ thống", "the system"},
		"application":    {"phần mềm ứng dụng", "the application"},
		"source":         {"mã nguồn", "the source code"},
		"function":       {"chức năng", "functions"},
		"infrastructure": {"hạ tầng", "the infrastructure"},
		"personnel":      {"nhân sự phụ trách", "the personnel in charge"},
		"key":            {"khoá của chứng thư số", "the certificate's key"},
		"build":          {"phiên bản phần mềm kết nối", "the client build"},
		"addresses":      {"địa chỉ mạng", "network addresses"},
	}},
	"inspection": {Kind: Choice, Sample: "planned", Choices: map[string]Words{
		"planned":     {"theo kế hoạch", "planned"},
		"unscheduled": {"đột xuất", "unscheduled"},
	}},
	"hookact": {Kind: Choice, Sample: EventRegistered, Choices: map[string]Words{
		EventRegistered: {"đã đăng ký địa chỉ nhận thông báo mới", "a new address was registered"},
		EventRotated:    {"đã đổi khoá bí mật", "its secret was changed"},
		EventHookEnded:  {"đã chấm dứt, không nhận thông báo nữa", "it was ended and gets no more notices"},
	}},
	"ground": {Kind: Choice, Sample: "violation", Choices: map[string]Words{
		"violation": {"vi phạm quy định về kết nối, khai thác (Điều 43 Nghị định 47/2020/NĐ-CP)", "a violation of the rules of connection and use (Decree 47/2020/NĐ-CP, Article 43)"},
		"danger":    {"kết nối có nguy cơ gây mất an ninh, an toàn thông tin (Điều 43 Nghị định 47/2020/NĐ-CP)", "a connection found able to harm security (Decree 47/2020/NĐ-CP, Article 43)"},
		"request":   {"cơ quan, tổ chức tự đề nghị", "the agency's own request"},
	}},
}

// Params returns every placeholder there is.
func Params() map[string]Param { return params }

// hanoi is the time that people read; Viet Nam has one zone and no summer
// time.
var hanoi = time.FixedZone("ICT", 7*60*60)

// show writes a value for people.
func show(lang, name, v string) string {
	p := params[name]
	switch p.Kind {
	case Date:
		if d, err := time.Parse(time.DateOnly, v); err == nil {
			if lang == "vi" {
				return d.Format("02/01/2006")
			}
			return d.Format("2 January 2006")
		}
	case Time:
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			if lang == "vi" {
				return t.In(hanoi).Format("15:04 ngày 02/01/2006")
			}
			return t.In(hanoi).Format("15:04 on 2 January 2006")
		}
	case Number:
		sep := "."
		if lang == "en" {
			sep = ","
		}
		return group(v, sep)
	case Choice:
		if w, ok := p.Choices[v]; ok {
			if lang == "vi" {
				return w.VI
			}
			return w.EN
		}
	case Code:
	}
	return v
}

// group puts a sign between the thousands.
func group(v, sep string) string {
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 1000 {
		return v
	}
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return s
}
