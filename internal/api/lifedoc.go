package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"dancu/internal/access"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// LifeVersion is the version of the published document of the life cycle; it
// moves as [Version] does.
const LifeVersion = "1.2.0"

// documented is what the examples of choices depend on: the shipped catalogues
// as they stood on a day, so that the published document is always the same.
var documented = onboarding.Around{On: access.Date{Year: 2026, Month: 1, Day: 1}}

// fieldSchema is the JSON Schema of a field's value. What is empty counts as not
// given.
func fieldSchema(f *onboarding.Field) object {
	s := object{"type": "string"}
	list := func(items object) {
		s["type"], s["items"], s["uniqueItems"] = "array", items, true
		if f.Min > 0 {
			s["minItems"] = f.Min
		}
		if f.Max > 0 {
			s["maxItems"] = f.Max
		}
	}
	text := object{"type": "string"}
	switch f.Type {
	case onboarding.TypeNumber:
		s["type"] = "integer"
		if f.Min != 0 || f.Max != 0 {
			s["minimum"], s["maximum"] = f.Min, cmp.Or(f.Max, f.Min)
		}
		if f.Max == 0 {
			delete(s, "maximum")
		}
		return s
	case onboarding.TypeBool:
		s["type"] = "boolean"
		return s
	case onboarding.TypeMany, onboarding.TypeLines, onboarding.TypeCIDRs:
		list(text)
		return s
	case onboarding.TypeFiles:
		list(object{"type": "string", "format": "uuid"})
		return s
	case onboarding.TypeDate:
		s["format"] = "date"
		return s
	case onboarding.TypeMoment:
		s["description"] = "RFC 3339; without a zone it is Vietnam's"
		return s
	case onboarding.TypeEmail:
		s["format"] = "email"
	case onboarding.TypeChoice:
		if f.Choices != nil {
			if c := f.Choices(documented); len(c) > 0 {
				var values []any
				for _, x := range c {
					values = append(values, x.Value)
				}
				s["examples"] = values
			}
		}
		return s
	default:
	}
	if f.Min > 0 {
		s["minLength"] = f.Min
	}
	if f.Max > 0 {
		s["maxLength"] = f.Max
	}
	return s
}

// formSchema is the JSON Schema of the answers to a form. With complete, what is
// required must be there.
func formSchema(f onboarding.Form, complete bool) object {
	props, required := object{}, []any{}
	for i := range f {
		x := fieldSchema(&f[i])
		x["title"], x["x-title-vi"] = f[i].Label.EN, f[i].Label.VI
		if f[i].Help != (access.Text{}) {
			x["description"], x["x-description-vi"] = f[i].Help.EN, f[i].Help.VI
		}
		if f[i].Law != "" {
			x["x-law"] = f[i].Law
		}
		props[f[i].Name] = x
		if f[i].Required && complete {
			required = append(required, f[i].Name)
		}
	}
	out := object{"type": "object", "properties": props, "additionalProperties": false}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// lifeDocument makes the OpenAPI document of the life cycle out of its tables.
func lifeDocument() object {
	schemas := lifeSchemas()
	paths := object{
		LifePrefix + "/kinds": object{"get": lifeGet("kinds", web.Text{
			VI: "Các loại hồ sơ, trạng thái, phần, việc và biểu mẫu", EN: "Kinds of matters, states, sections, acts and forms",
		}, "Kinds", nil)},
		LifePrefix + "/tasks": object{"get": lifeGet("tasks", web.Text{
			VI: "Việc cần làm, việc đến hạn trước đứng trước", EN: "What is to be done, what is due first",
		}, "Tasks", parametersOf(asked))},
		LifePrefix + "/notices": object{"get": lifeGet("notices", web.Text{
			VI: "Thông báo đã lập, mới nhất trước; cơ quan thấy thông báo của mình", EN: "Notices, the newest first; an agency sees its own",
		}, "Notices", parametersOf(noticed))},
		LifePrefix + "/notices/{notice}": object{"get": lifeGet("notice", web.Text{
			VI: "Một thông báo và nơi đã nhận", EN: "One notice and what became of it",
		}, "Notice", []any{pathParameter("notice")})},
		LifePrefix + "/notices/{notice}/retry": object{"post": lifePost("notice.retry", web.Text{
			VI: "Gửi lại một thông báo chưa gửi được", EN: "Send a notice again that was not sent",
		}, []any{pathParameter("notice")}, "200", "Notice", object{"type": "object", "additionalProperties": false})},
		LifePrefix + "/proposals": object{"get": lifeGet("proposals", web.Text{
			VI: "Việc cần hai người đã đề xuất, mới nhất trước", EN: "Acts of two people that were proposed, the newest first",
		}, "Proposals", parametersOf(proposed))},
		LifePrefix + "/proposals/{proposal}/decline": object{"post": lifePost("proposal.decline", web.Text{
			VI: "Rút đề xuất của tài khoản này", EN: "Withdraw a proposal of this account",
		}, []any{pathParameter("proposal")}, "200", "Declined", object{
			"type": "object", "additionalProperties": false, "required": []any{"reason"},
			"properties": object{"reason": object{"type": "string", "minLength": onboarding.MinReason}},
		})},
		LifePrefix + "/files": object{"post": lifeUploadDoc()}, LifePrefix + "/files/{file}": object{"get": lifeDownloadDoc()},
	}
	for _, k := range onboarding.Kinds() {
		documentKind(paths, schemas, k)
	}
	return object{
		"openapi": "3.1.0", "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
		"info": object{
			"title": "dancu: the life of connections", "version": LifeVersion,
			"summary": "Requests, undertakings, assessments, changes, inspections and the acts on them, for programs",
			"description": "Served on the console's address, without client certificates. A program shows an API key of an account and may what the " +
				"account may; it signs nothing and is never the second of two people. Problems follow RFC 9457; `errors` says what is wrong with each field.",
			"x-summary-vi": "Hồ sơ kết nối, cam kết, đánh giá, thay đổi, kiểm tra và các việc trên hồ sơ, dành cho chương trình",
			"x-description-vi": "Phục vụ tại địa chỉ của trang quản trị, không cần chứng thư máy khách. Chương trình dùng khoá API của một tài khoản và làm được những gì " +
				"tài khoản được làm; không ký và không bao giờ là người thứ hai. Lỗi theo RFC 9457; `errors` nêu lỗi của từng mục.",
		},
		"security": []any{object{"apiKey": []any{}}},
		"paths":    paths, "x-codes": lifeCodeTable(),
		"components": object{
			"securitySchemes": object{"apiKey": object{"type": "http", "scheme": "bearer", "bearerFormat": "dancu_…"}},
			"schemas":         schemas, "headers": responseHeaders(), "responses": lifeProblems(),
		},
	}
}

// documentKind adds the paths and schemas of one kind.
func documentKind(paths, schemas object, k *onboarding.KindInfo) {
	kind := string(k.Kind)
	base := LifePrefix + "/" + kind
	all := object{"get": lifeGet("list."+kind, web.Text{VI: "Danh sách: " + k.Many.VI, EN: "List: " + k.Many.EN}, "List", parametersOf(listed))}
	if len(k.By) > 0 {
		schemas["open."+kind] = formSchema(k.Open, true)
		all["post"] = lifePost("open."+kind, web.Text{VI: "Lập: " + k.Title.VI, EN: "Open: " + k.Title.EN}, nil, "201", "Matter", object{
			"type": "object", "additionalProperties": false, "properties": object{
				"agency": object{"type": "string"}, "system": object{"type": "string"}, "connection": object{"type": "string"}, "parent": object{"type": "string"},
				"reason": object{"type": "string"}, "values": ref("schemas", "open."+kind),
			},
		})
	}
	paths[base] = all
	matter := []any{pathParameter("matter")}
	paths[base+"/{matter}"] = object{"get": lifeGet("show."+kind, web.Text{VI: "Xem: " + k.Title.VI, EN: "Show: " + k.Title.EN}, "Sight", matter)}
	for i := range k.Sections {
		s := &k.Sections[i]
		id := "section." + kind + "." + s.Name
		schemas[id] = formSchema(s.Form, false)
		paths[base+"/{matter}/sections/"+s.Name] = object{"put": lifePost(id, web.Text{VI: s.Title.VI, EN: s.Title.EN}, matter, "200", "Matter", inputSchema(id, false))}
	}
	if k.Own != nil {
		// What sections these are is told with each matter.
		paths[base+"/{matter}/sections/{section}"] = object{"put": lifePost("section."+kind+".own", web.Text{
			VI: "Phần riêng của hồ sơ này", EN: "A section of this very matter",
		}, append(slices.Clone(matter), pathParameter("section")), "200", "Matter", inputSchema("", false))}
	}
	rows := onboarding.Lifecycle()
	for i := range rows {
		if r := &rows[i]; r.Kind == k.Kind {
			documentAct(paths, schemas, base, r)
		}
	}
}

// documentAct adds an act. One with several rows has the forms of all of them.
func documentAct(paths, schemas object, base string, r *onboarding.Row) {
	if !slices.ContainsFunc(r.By, func(d onboarding.Duty) bool { return d != onboarding.Itself }) {
		return // time does it
	}
	id := "act." + string(r.Kind) + "." + r.Name
	path := base + "/{matter}/acts/" + r.Name
	form := formSchema(r.Form, true)
	if there, ok := schemas[id].(object); ok {
		one, _ := there["anyOf"].([]any)
		if one == nil {
			one = []any{there}
		}
		schemas[id] = object{"anyOf": append(one, form)}
	} else {
		schemas[id] = form
	}
	status, answer := "200", "Matter"
	if r.Two() {
		status, answer = "202", "Proposal"
	}
	d := lifePost(id, web.Text{VI: r.Label.VI, EN: r.Label.EN}, []any{pathParameter("matter")}, status, answer, inputSchema(id, r.Reason || r.Two()))
	var by []string
	for _, duty := range r.By {
		by = append(by, string(duty))
	}
	about := "By " + strings.Join(by, ", ") + "."
	aboutVI := "Thẩm quyền: " + strings.Join(by, ", ") + "."
	if r.Fresh {
		about += " It binds like a signature: a key cannot do it (`act.not_by_key`); it is done in the console."
		aboutVI += " Việc này có giá trị như chữ ký: khoá API không làm được (`act.not_by_key`), chỉ làm trên trang."
	}
	if r.Two() {
		about += " It takes two people: this proposes it, and another confirms it in the console."
		aboutVI += " Việc này cần hai người: lời gọi này là đề xuất, người khác xác nhận trên trang."
	}
	d["description"], d["x-description-vi"] = about, aboutVI
	if r.Law != "" {
		d["x-law"] = r.Law
	}
	paths[path] = object{"post": d}
}

// inputSchema is that of the body of a section or an act.
func inputSchema(values string, reason bool) object {
	v := object{"type": "object"}
	if values != "" {
		v = ref("schemas", values)
	}
	why := object{"type": "string", "description": "Why; it stands in the log.", "x-description-vi": "Lý do; được ghi vào nhật ký."}
	out := object{"type": "object", "additionalProperties": false, "properties": object{
		"reason": why, "values": v, "version": object{
			"type": "integer", "minimum": 0,
			"description":      "The matter's version that was seen; another one is 409 matter.version. 0 or none: any.",
			"x-description-vi": "Phiên bản hồ sơ đã xem; khác thì 409 matter.version. 0 hoặc bỏ trống: bất kỳ.",
		},
	}}
	if reason {
		why["minLength"] = onboarding.MinReason
		out["required"] = []any{"reason"}
	}
	return out
}

func pathParameter(name string) object {
	return object{"name": name, "in": "path", "required": true, "schema": object{"type": "string"}}
}

// parametersOf are the parameters of a list.
func parametersOf(names []string) (out []any) {
	for _, n := range names {
		s := object{"type": "string"}
		switch n {
		case "limit":
			s = object{"type": "integer", "minimum": 1, "maximum": onboarding.MaxPage}
		case "open", "closed", "done":
			s = object{"type": "boolean"}
		case "dueBy":
			s["format"] = "date-time"
		}
		out = append(out, object{"name": n, "in": "query", "required": false, "schema": s})
	}
	return out
}

func lifeGet(id string, summary web.Text, answer string, parameters []any) object {
	d := object{
		"operationId": "life." + id, "summary": summary.EN, "x-summary-vi": summary.VI,
		"responses": lifeResponses("200", object{"application/json": object{"schema": ref("schemas", answer)}}),
	}
	if parameters != nil {
		d["parameters"] = parameters
	}
	return d
}

func lifePost(id string, summary web.Text, parameters []any, status, answer string, body object) object {
	d := lifeGet(id, summary, answer, parameters)
	d["responses"] = lifeResponses(status, object{"application/json": object{"schema": ref("schemas", answer)}})
	d["requestBody"] = object{"required": false, "content": object{"application/json": object{"schema": body}}}
	return d
}

func lifeUploadDoc() object {
	d := lifePost("upload", web.Text{VI: "Tải một tệp minh chứng lên", EN: "Upload an evidence file"}, []any{object{
		"name": "Content-Disposition", "in": "header", "required": true, "schema": object{"type": "string"},
		"description": `attachment with the file's name: filename="…", or filename*=UTF-8''… (RFC 8187)`,
	}}, "201", "File", object{})
	d["requestBody"] = object{"required": true, "content": object{"application/octet-stream": object{"schema": object{"type": "string", "format": "binary"}}}}
	return d
}

func lifeDownloadDoc() object {
	d := lifeGet("download", web.Text{VI: "Lấy một tệp minh chứng", EN: "Fetch an evidence file"}, "File", []any{
		pathParameter("file"),
		object{
			"name": "of", "in": "query", "required": false, "schema": object{"type": "string"},
			"description": "A matter that refers to the file; without it, one's own uploads alone.",
		},
	})
	d["responses"] = lifeResponses("200", object{"application/octet-stream": object{"schema": object{"type": "string", "format": "binary"}}})
	return d
}

// lifeStatuses are those of problems.
var lifeStatuses = []int{400, 401, 403, 404, 408, 409, 413, 415, 429, 500, 503}

func lifeResponses(status string, content object) object {
	out := object{status: object{
		"description": "Done.", "content": content, "headers": object{"Dancu-Request-Id": ref("headers", "RequestID")},
	}}
	for _, s := range lifeStatuses {
		out[strconv.Itoa(s)] = ref("responses", strconv.Itoa(s))
	}
	return out
}

// lifeProblems are the answers of problems, by status.
func lifeProblems() object {
	out := object{}
	for _, s := range lifeStatuses {
		h := object{"Dancu-Request-Id": ref("headers", "RequestID")}
		if s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable {
			h["Retry-After"] = ref("headers", "RetryAfter")
		}
		out[strconv.Itoa(s)] = object{
			"description": http.StatusText(s), "headers": h,
			"content": object{"application/problem+json": object{"schema": ref("schemas", "Problem")}},
		}
	}
	return out
}

// lifeSchemas are the schemas of answers.
func lifeSchemas() object {
	text := object{"type": "string"}
	moment := object{"type": "string", "format": "date-time"}
	list := func(of object) object { return object{"type": "array", "items": of} }
	anything := func() object { return object{"type": "object"} }
	two := object{"type": "object", "properties": object{"vi": text, "en": text}, "required": []any{"vi"}}
	var kinds, duties []any
	for _, k := range onboarding.Kinds() {
		kinds = append(kinds, string(k.Kind))
	}
	for _, d := range onboarding.Duties {
		duties = append(duties, string(d))
	}
	matter := object{
		"id": text, "kind": object{"type": "string", "enum": kinds}, "agency": text, "system": text, "connection": text, "parent": text,
		"state": text, "title": text, "doc": object{"type": "object", "description": "The sections as they are saved, and what the acts keep."},
		"version": object{"type": "integer"}, "opened": moment, "changed": moment, "closed": moment,
	}
	must := func(props object, required ...any) object {
		return object{"type": "object", "properties": props, "required": required}
	}
	return object{
		"Text": two, "Matter": must(matter, "id", "kind", "state", "doc", "version"),
		"List":  must(object{"matters": list(ref("schemas", "Matter")), "next": text}, "matters"),
		"Kinds": must(object{"kinds": list(anything()), "duty": object{"type": "string", "enum": duties}}, "kinds", "duty"),
		"Task": must(object{
			"id": text, "kind": text, "matter": text, "owner": object{"type": "string", "enum": duties}, "agency": text,
			"opened": moment, "due": moment, "done": moment, "by": text,
		}, "id", "kind", "matter", "owner", "opened"),
		"Tasks": must(object{"now": moment, "tasks": list(ref("schemas", "Task")), "next": text}, "now", "tasks"),
		"File": must(object{"id": text, "name": text, "type": text, "size": object{"type": "integer"}, "sha256": text, "added": moment, "scanned": moment},
			"id", "name", "type", "size", "sha256", "added"),
		"Proposal": must(object{"proposal": text, "kind": text, "matter": text, "act": text, "confirm": list(text)}, "proposal", "kind", "matter", "act", "confirm"),
		"Notice": must(object{
			"id": text, "topic": text, "to": text, "title": ref("schemas", "Text"), "state": object{"type": "string", "enum": []any{"waiting", "held", "sent", "failed"}},
			"created": moment, "attempts": object{"type": "integer"}, "next": moment, "sending": object{"type": "boolean"}, "cause": text, "settled": moment,
			"text": ref("schemas", "Text"), "params": object{"type": "object", "additionalProperties": text}, "link": text,
			"deliveries": list(must(object{
				"channel": object{"type": "string", "enum": []any{"mail", "webhook"}}, "target": text, "state": object{"type": "string", "enum": []any{"waiting", "sent", "refused"}},
				"attempts": object{"type": "integer"}, "last": moment, "cause": text,
			}, "channel", "target", "state", "attempts")),
		}, "id", "topic", "to", "title", "state", "created", "attempts"),
		"Notices": must(object{"notices": list(ref("schemas", "Notice")), "next": text}, "notices"),
		"Waiting": must(object{
			"id": text, "kind": text, "title": ref("schemas", "Text"), "subject": text, "about": ref("schemas", "Text"),
			"details": list(must(object{"label": ref("schemas", "Text"), "value": ref("schemas", "Text")}, "label", "value")), "reason": text,
			"state":    object{"type": "string", "enum": []any{"proposed", "executed", "declined", "lapsed", "failed"}},
			"proposer": text, "created": moment, "expires": moment, "confirmers": list(text), "own": object{"type": "boolean"}, "note": text, "settled": moment,
		}, "id", "kind", "title", "about", "details", "reason", "state", "proposer", "created", "expires", "confirmers", "own"),
		"Proposals": must(object{"proposals": list(ref("schemas", "Waiting")), "next": text}, "proposals"),
		"Declined":  must(object{"proposal": text, "state": object{"const": "declined"}}, "proposal", "state"),
		"Field": must(object{
			"name": text, "type": text, "label": ref("schemas", "Text"), "help": ref("schemas", "Text"), "law": text, "required": object{"type": "boolean"},
			"choices": list(must(object{"value": text, "label": ref("schemas", "Text")}, "value", "label")), "schema": anything(),
		}, "name", "type", "label", "required", "schema"),
		"Section": must(object{"name": text, "title": ref("schemas", "Text"), "help": ref("schemas", "Text"), "law": text, "form": list(ref("schemas", "Field"))}, "name", "title", "form"),
		"Sight": must(object{
			"now": moment, "matter": ref("schemas", "Matter"), "edit": object{"type": "boolean"}, "sections": list(ref("schemas", "Section")),
			"missing": list(anything()), "gates": list(anything()), "notes": list(ref("schemas", "Text")), "done": list(anything()), "tasks": list(ref("schemas", "Task")),
			"related": list(ref("schemas", "Matter")), "agency": anything(), "system": anything(), "connection": anything(), "can": list(text), "acts": list(anything()),
		}, "now", "matter", "edit", "sections", "done", "tasks", "can", "acts"),
		"Problem": must(object{
			"type": text, "title": text, "titles": ref("schemas", "Text"), "status": object{"type": "integer"}, "detail": text, "instance": text, "code": text,
			"names": list(text), "errors": list(must(object{"section": text, "field": text, "vi": text, "en": text}, "field", "vi", "en")),
		}, "type", "title", "titles", "status", "code"),
	}
}

// lifeCodeTable publishes the codes of this door.
func lifeCodeTable() object {
	out := object{}
	for code, c := range lifeCodes {
		row := object{"title": object{"vi": c.title.VI, "en": c.title.EN}}
		if c.detail != (web.Text{}) {
			row["detail"] = object{"vi": c.detail.VI, "en": c.detail.EN}
		}
		out[code] = row
	}
	return out
}

// lifeDocumentJSON is the document as it is served.
var lifeDocumentJSON = sync.OnceValues(func() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(lifeDocument()); err != nil {
		return nil, fmt.Errorf("couldn't write the document: %w", err)
	}
	return b.Bytes(), nil
})

// serveLifeDocument answers with the document. Anybody may read it.
func serveLifeDocument(w http.ResponseWriter, _ *http.Request) error {
	body, err := lifeDocumentJSON()
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	web.Write(w, http.StatusOK, jsonType, body)
	return nil
}
