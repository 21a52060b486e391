package web

import (
	"cmp"
	"errors"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"dancu/internal/fault"
)

// Problem is an answer that something is wrong (RFC 9457), in both languages.
// It is an error.
type Problem struct {
	Status int
	Code   string // stable; also the end of the type URI
	Title  Text   // the same for every problem of a code
	Detail Text   // what is wrong here and what to do next; may be empty
	// Instance is a URI of this very occurrence; empty means the request's id.
	Instance string
	// Pointer is the JSON pointer of the member that is wrong (RFC 6901), or
	// the name of a header in its place; HasPointer tells "" from none.
	Pointer    string
	HasPointer bool
	Index      int64 // of the entry in the log; used if HasIndex
	HasIndex   bool
	Names      []string // what was not granted, or is missing
	Reasons    []string // every code that applied
	Result     string   // of the first call, where this one repeats it
	// Errors is what is wrong with the fields of a form.
	Errors []FieldError
	// Challenge is what a 401 asks for; "" means a client certificate.
	Challenge string
	// RetryAfter is when it makes sense to try again; 0 for no such header.
	RetryAfter time.Duration
	// Allow lists the methods a path does have.
	Allow string
	// Close ends the connection after the answer.
	Close bool
	// Cause is for the log alone.
	Cause error
}

// FieldError is what is wrong with one field of a form.
type FieldError struct {
	Section string // "" where there is but one form
	Field   string
	Text    Text
}

// Error names the code and the cause; it is for logs.
func (p *Problem) Error() string {
	if p.Cause == nil {
		return "problem: " + p.Code
	}
	return "problem: " + p.Code + ": " + p.Cause.Error()
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// The codes this package gives by itself.
const (
	codeInvalid  = "request.invalid"
	codeTooLarge = "request.too_large"
	codeUnknown  = "auth.unknown_credential"
	codeRefused  = "grant.none"
	codeRate     = "rate.exceeded"
	codeBusy     = "service.busy"
	codeInternal = "internal"
)

// kinds is where an error's kind becomes a status and a code.
var kinds = map[fault.Kind]struct {
	status int
	code   string
}{
	fault.Internal:        {http.StatusInternalServerError, codeInternal},
	fault.Invalid:         {http.StatusBadRequest, codeInvalid},
	fault.Unauthenticated: {http.StatusUnauthorized, codeUnknown},
	fault.Forbidden:       {http.StatusForbidden, codeRefused},
	fault.NotFound:        {http.StatusNotFound, codeInvalid},
	fault.Conflict:        {http.StatusConflict, codeInvalid},
	fault.Exhausted:       {http.StatusTooManyRequests, codeRate},
	fault.Unavailable:     {http.StatusServiceUnavailable, codeBusy},
}

// Titles are the titles of the codes this package gives. They are those of the
// published table of codes; a test of package api compares them.
var Titles = map[string]Text{
	codeInvalid:  {"Yêu cầu không hợp lệ", "Request not valid"},
	codeTooLarge: {"Yêu cầu quá lớn", "Request too large"},
	codeUnknown:  {"Chứng thư không được công nhận", "Credential not recognised"},
	codeRefused:  {"Chưa được cấp quyền dùng dịch vụ này", "No grant for this service"},
	codeRate:     {"Gọi quá nhanh", "Too many requests"},
	codeBusy:     {"Hệ thống đang bận hoặc bảo trì", "Service busy or under maintenance"},
	codeInternal: {"Lỗi bên trong hệ thống", "Internal error"},
}

func titleOf(code string) Text { return Titles[code] }

// busyRetry is the Retry-After of an answer that says nothing better.
const busyRetry = time.Second

// ProblemOf returns the problem that err is, or the one its kind makes of it.
// The text of an internal error is not in it.
func ProblemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return TooLarge(large.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return tooSlow()
	}
	k := fault.KindOf(err)
	row, ok := kinds[k]
	if !ok {
		row = kinds[fault.Internal]
	}
	p = &Problem{Status: row.status, Code: row.code, Title: titleOf(row.code)}
	if text := fault.Text(err); text != "" {
		p.Detail = Text{VI: text, EN: text}
	}
	switch {
	case row.status >= 500:
		p.Cause = err
		if k == fault.Unavailable {
			p.RetryAfter = busyRetry
		}
	case k == fault.Exhausted:
		p.RetryAfter = busyRetry
	}
	return p
}

// TooLarge is the problem of a body of more than limit bytes.
func TooLarge(limit int64) *Problem {
	n := strconv.FormatInt(limit, 10)
	return &Problem{
		Status: http.StatusRequestEntityTooLarge, Code: codeTooLarge, Title: titleOf(codeTooLarge), Close: true,
		Detail: Text{
			VI: "Nội dung yêu cầu vượt quá " + n + " byte: hãy hỏi ít hơn trong một yêu cầu.",
			EN: "The request's body is larger than " + n + " bytes: ask for less in one request.",
		},
	}
}

func tooSlow() *Problem {
	return &Problem{
		Status: http.StatusRequestTimeout, Code: codeInvalid, Title: titleOf(codeInvalid), Close: true,
		Detail: Text{
			VI: "Nội dung yêu cầu đến quá chậm: hãy gửi trọn yêu cầu ngay sau khi mở.",
			EN: "The request's body came too slowly: send a request whole once it is begun.",
		},
	}
}

// NotFound is the problem of a path that there is not.
func NotFound() *Problem {
	return &Problem{
		Status: http.StatusNotFound, Code: codeInvalid, Title: titleOf(codeInvalid),
		Detail: Text{
			VI: "Không có địa chỉ này: xem danh sách tại /docs.",
			EN: "There is nothing at this path: /docs lists what there is.",
		},
	}
}

// MethodNotAllowed is the problem of a path that has other methods only.
func MethodNotAllowed(allow string) *Problem {
	return &Problem{
		Status: http.StatusMethodNotAllowed, Code: codeInvalid, Title: titleOf(codeInvalid), Allow: allow,
		Detail: Text{
			VI: "Địa chỉ này chỉ nhận phương thức " + allow + ".",
			EN: "This path takes " + allow + " only.",
		},
	}
}

// Fail answers with the problem that err is. http.ErrAbortHandler breaks the
// connection instead.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	p := ProblemOf(err)
	rw := under(w)
	if rw != nil {
		if rw.event.Status != 0 {
			// The answer has begun; all that is left is to break it off.
			rw.event.Err = err
			panic(http.ErrAbortHandler)
		}
		rw.event.Code = p.Code
		if p.Status >= 500 {
			rw.event.Err = p.Cause
		}
	}
	if rw != nil && rw.kit.Render != nil {
		rw.kit.Render(w, r, p)
		return
	}
	WriteProblem(w, r, p)
}

var (
	problemType = []string{"application/problem+json"}
	noStore     = []string{"no-store"}
	nosniff     = []string{"nosniff"}
	closeConn   = []string{"close"}
	langVI      = []string{"vi"}
	langEN      = []string{"en"}
)

// SetHeaders writes the headers that a problem calls for, whatever its body
// will be: Retry-After, Allow, Connection and Cache-Control.
func (p *Problem) SetHeaders(h http.Header) {
	h["Cache-Control"] = noStore
	if p.RetryAfter > 0 {
		h["Retry-After"] = []string{seconds(p.RetryAfter)}
	}
	if p.Allow != "" {
		h["Allow"] = []string{p.Allow}
	}
	if p.Close {
		h["Connection"] = closeConn
	}
	if p.Status == http.StatusUnauthorized {
		// RFC 9110 section 11.6.1 wants a challenge; a client certificate has
		// no scheme of its own.
		h["Www-Authenticate"] = []string{cmp.Or(p.Challenge, `Mutual-TLS realm="dancu"`)}
	}
}

// seconds rounds d up to whole seconds.
func seconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

// WriteProblem writes p as application/problem+json, its title and detail in
// the language of Accept-Language.
func WriteProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	l := AcceptLanguage(r.Header.Get("Accept-Language"))
	body := p.AppendJSON(make([]byte, 0, 1024), l, RequestID(w))
	h := w.Header()
	p.SetHeaders(h)
	h["Content-Language"] = langVI
	if l == English {
		h["Content-Language"] = langEN
	}
	h["X-Content-Type-Options"] = nosniff
	Write(w, p.Status, problemType, body)
}

// Write sends an answer in one piece with its length. contentType is kept by
// the header map, so that a shared slice costs nothing.
func Write(w http.ResponseWriter, status int, contentType []string, body []byte) {
	h := w.Header()
	h["Content-Type"] = contentType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	// An error here means that the client is gone, which nobody can be told.
	_, _ = w.Write(body)
}

// AppendJSON appends the problem as a JSON object.
func (p *Problem) AppendJSON(b []byte, l Lang, requestID string) []byte {
	b = append(b, `{"type":"urn:dancu:problem:`...)
	b = append(b, p.Code...)
	b = append(b, `","title":`...)
	b = quote(b, p.Title.In(l))
	b = append(b, `,"titles":{"vi":`...)
	b = quote(b, p.Title.In(Vietnamese))
	b = append(b, `,"en":`...)
	b = quote(b, p.Title.In(English))
	b = append(b, `},"status":`...)
	b = strconv.AppendInt(b, int64(p.Status), 10)
	if d := p.Detail.In(l); d != "" {
		b = append(b, `,"detail":`...)
		b = quote(b, d)
	}
	instance := p.Instance
	if instance == "" && requestID != "" {
		instance = "urn:uuid:" + requestID
	}
	if instance != "" {
		b = append(b, `,"instance":`...)
		b = quote(b, instance)
	}
	b = append(b, `,"code":`...)
	b = quote(b, p.Code)
	if p.HasPointer {
		b = append(b, `,"pointer":`...)
		b = quote(b, p.Pointer)
	}
	if p.HasIndex {
		b = append(b, `,"index":`...)
		b = strconv.AppendInt(b, p.Index, 10)
	}
	if len(p.Names) > 0 {
		b = append(b, `,"names":`...)
		b = quoteList(b, p.Names)
	}
	if len(p.Reasons) > 0 {
		b = append(b, `,"reasons":`...)
		b = quoteList(b, p.Reasons)
	}
	if p.Result != "" {
		b = append(b, `,"result":`...)
		b = quote(b, p.Result)
	}
	if len(p.Errors) > 0 {
		b = appendErrors(b, p.Errors)
	}
	return append(b, '}')
}

// appendErrors appends the member of field errors.
func appendErrors(b []byte, list []FieldError) []byte {
	b = append(b, `,"errors":[`...)
	for i, e := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		if e.Section != "" {
			b = append(b, `"section":`...)
			b = append(quote(b, e.Section), ',')
		}
		b = append(b, `"field":`...)
		b = quote(b, e.Field)
		b = append(b, `,"vi":`...)
		b = quote(b, e.Text.VI)
		b = append(b, `,"en":`...)
		b = quote(b, e.Text.EN)
		b = append(b, '}')
	}
	return append(b, ']')
}

// quote appends s as a JSON string. Invalid UTF-8 becomes U+FFFD, which is the
// only error AppendQuote has.
func quote(b []byte, s string) []byte {
	out, _ := jsontext.AppendQuote(b, s)
	return out
}

func quoteList(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = quote(b, s)
	}
	return append(b, ']')
}
