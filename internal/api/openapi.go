package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"dancu/internal/access"
	"dancu/internal/register"
	"dancu/internal/web"
)

// Version is the version of the published document. It follows semantic
// versioning: whatever changes in the document, the version moves (a test
// holds that), and what could break a caller moves its first number.
const Version = "1.1.0"

// object is a JSON object of the document; its members are written in the
// order of their names, so that the document is the same every time.
type object map[string]any

// operation is one route as it is documented. The rest of an operation is made
// from the tables.
type operation struct {
	method, path string
	id           string
	summary      web.Text
	description  web.Text
	takes        *takes
	service      access.Service
	answer       string // name of the answer's schema
	codes        []access.Code
}

// codesOf are the codes a call can get, in the published order: every code but
// those left out.
func codesOf(without ...access.Code) []access.Code {
	return slices.DeleteFunc(slices.Clone(access.Precedence), func(c access.Code) bool { return slices.Contains(without, c) })
}

var (
	getCodes = []access.Code{
		access.UnknownCredential, access.RequestInvalid, access.RequestTooLarge, access.RateExceeded,
		access.LogUnavailable, access.ServiceBusy, access.InternalError,
	}
	operations = []operation{
		{
			method: "post", path: "/v1/lookup", id: "lookup", takes: &takesLookup, service: access.Lookup, answer: "LookupAnswer",
			summary: web.Text{VI: "Tra cứu thông tin một người", EN: "Look one person up"},
			description: web.Text{
				VI: "Trả về đúng các trường được hỏi và được cấp quyền của một người, tìm theo số định danh (hoặc số CMND 9 số) cùng họ tên và ngày sinh. Không có ai, hoặc họ tên hay ngày sinh không khớp: person là null.",
				EN: "Returns exactly the asked and granted fields of one person, found by PIN (or old nine-digit number) with name and date of birth. Nobody there, or name or date not matching: person is null.",
			},
			codes: codesOf(access.SearchTooMany, access.VerifyMismatches),
		},
		{
			method: "post", path: "/v1/verify", id: "verify", takes: &takesVerify, service: access.Verify, answer: "VerifyAnswer",
			summary: web.Text{VI: "Xác minh thông tin về một người", EN: "Verify claims about one person"},
			description: web.Text{
				VI: "Chỉ trả lời có hay không cho toàn bộ thông tin nêu ra, không cho biết thông tin nào sai. Phải nêu các thông tin mà quyền khai thác yêu cầu, mặc định là họ tên và ngày sinh.",
				EN: "Answers yes or no to all claims together and never says which one fails. The claims that the grant requires must be there: by default full name and date of birth.",
			},
			codes: codesOf(access.SearchTooMany),
		},
		{
			method: "post", path: "/v1/search", id: "search", takes: &takesSearch, service: access.Search, answer: "SearchAnswer",
			summary: web.Text{VI: "Tìm người theo họ tên và ngày sinh", EN: "Search people by name and date of birth"},
			description: web.Text{
				VI: "Trả về những người khớp. Nhiều hơn mức của quyền khai thác thì báo lỗi search.too_many, không cắt bớt danh sách.",
				EN: "Returns the people that fit. More of them than the grant's cap is search.too_many, never a cut list.",
			},
			codes: codesOf(access.VerifyMismatches),
		},
		{
			method: "post", path: "/v1/household", id: "household", takes: &takesHousehold, service: access.Household, answer: "HouseholdAnswer",
			summary: web.Text{VI: "Tra cứu hộ gia đình của một người", EN: "Look up a person's household"},
			description: web.Text{
				VI: "Trả về các thành viên hộ của người được hỏi, kể cả người đó. Không có ai: members rỗng.",
				EN: "Returns the members of the person's household, the person among them. Nobody there: members is empty.",
			},
			codes: codesOf(access.VerifyMismatches),
		},
		{
			method: "post", path: "/v1/consents", id: "giveConsent", takes: &takesConsent, answer: "ConsentAnswer",
			summary: web.Text{VI: "Ghi nhận sự đồng ý của chủ thể dữ liệu", EN: "Record a subject's consent"},
			description: web.Text{
				VI: "Ghi sự đồng ý mà cơ quan đã có được từ một người, cho một thủ tục, các trường và một thời hạn. Mã trả về được nêu trong `consent` của các yêu cầu sau. purpose.case bỏ trống thì áp dụng cho mọi hồ sơ của thủ tục.",
				EN: "Records the consent an agency has from a person for a procedure, fields and a term. Later calls name the id in `consent`. Without purpose.case it covers every dossier of the procedure.",
			},
			codes: codesOf(access.SearchTooMany, access.VerifyMismatches, access.OfficerMissing, access.OfficerForbidden, access.ConsentMissing, access.GrantKey, access.CaseExhausted, access.QuotaExceeded),
		},
		{
			method: "get", path: "/v1/me", id: "me", answer: "Me",
			summary: web.Text{VI: "Tình trạng, quyền và giới hạn của chính hệ thống gọi", EN: "Own standing, grants and limits"},
			description: web.Text{
				VI: "Trả lời cả khi kết nối bị khoá hoặc tạm ngừng. Không tính vào giới hạn.",
				EN: "Answers even while the connection is locked or suspended. It is not counted.",
			},
			codes: getCodes,
		},
		{
			method: "get", path: "/v1/log/proof", id: "proof", answer: "text",
			summary: web.Text{VI: "Bằng chứng một bản ghi nằm trong nhật ký", EN: "Proof that an entry is in the log"},
			description: web.Text{
				VI: "Bằng chứng dạng C2SP tlog-proof của bản ghi có số thứ tự index, kiểm tra được ngoại tuyến.",
				EN: "The C2SP tlog-proof of the entry with that index, to be verified offline.",
			},
			codes: getCodes,
		},
	}
)

// document makes the OpenAPI 3.1 document.
func document() object {
	paths := object{}
	for i := range operations {
		o := &operations[i]
		paths[o.path] = object{o.method: o.document()}
	}
	return object{
		"openapi":           "3.1.0",
		"jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
		"info": object{
			"title":   "dancu",
			"version": Version,
			"summary": "The access gateway of a national population register",
			"description": "Every call needs a client certificate that is registered for the calling system (TLS 1.3), a purpose and a named officer. " +
				"Every decided call has its entry in a tamper-evident log, and every answer a receipt that proves it. " +
				"HTTP/1.1, JSON in UTF-8. Problems follow RFC 9457.",
			"x-summary-vi": "Cổng khai thác Cơ sở dữ liệu quốc gia về dân cư",
			"x-description-vi": "Mỗi yêu cầu cần chứng thư máy khách đã đăng ký cho hệ thống gọi (TLS 1.3), mục đích và cán bộ thực hiện. " +
				"Mỗi yêu cầu đã được quyết định có một bản ghi trong nhật ký không thể sửa lén, và mỗi câu trả lời có biên nhận chứng minh điều đó. " +
				"HTTP/1.1, JSON mã UTF-8. Lỗi theo RFC 9457.",
		},
		"security": []any{object{"mutualTLS": []any{}}},
		"paths":    paths,
		"x-codes":  codeTable(),
		"x-limits": limitTable(),
		"components": object{
			"securitySchemes": object{"mutualTLS": object{
				"type": "mutualTLS", "description": "A client certificate registered for the calling system, identified by its SHA-256.",
			}},
			"schemas":    schemas(),
			"headers":    responseHeaders(),
			"parameters": parameters(),
		},
	}
}

func ref(kind, name string) object { return object{"$ref": "#/components/" + kind + "/" + name} }

func (o *operation) document() object {
	d := object{
		"operationId": o.id, "summary": o.summary.EN, "description": o.description.EN,
		"x-summary-vi": o.summary.VI, "x-description-vi": o.description.VI,
		"responses": o.responses(),
	}
	switch {
	case o.takes != nil:
		d["parameters"] = []any{
			ref("parameters", "Transaction"), ref("parameters", "Client"),
			ref("parameters", "Traceparent"), ref("parameters", "AcceptLanguage"),
		}
		d["requestBody"] = object{
			"required": true,
			"content":  object{"application/json": object{"schema": o.takes.schema()}},
		}
	case o.id == "me":
		d["parameters"] = []any{ref("parameters", "Represented"), ref("parameters", "Traceparent"), ref("parameters", "AcceptLanguage")}
	default:
		d["parameters"] = []any{ref("parameters", "Index"), ref("parameters", "Traceparent"), ref("parameters", "AcceptLanguage")}
	}
	return d
}

// responses are the answers by status; each problem lists the codes that come
// with it.
func (o *operation) responses() object {
	ok := object{
		"description": "The answer.",
		"headers":     object{"Dancu-Request-Id": ref("headers", "RequestID"), "Traceparent": ref("headers", "Traceparent")},
	}
	headers := ok["headers"].(object)
	if o.answer == "text" {
		ok["content"] = object{"text/plain": object{"schema": object{"type": "string"}}}
	} else {
		ok["content"] = object{"application/json": object{"schema": ref("schemas", o.answer)}}
	}
	if o.service != access.NoService || o.id == "me" {
		headers["RateLimit"] = ref("headers", "RateLimit")
		headers["RateLimit-Policy"] = ref("headers", "RateLimitPolicy")
	}
	out := object{"200": ok}
	byStatus := map[int][]string{}
	for _, c := range o.codes {
		for _, s := range statusesOf(c, o) {
			byStatus[s] = append(byStatus[s], string(c))
		}
	}
	for status, codes := range byStatus {
		h := object{"Dancu-Request-Id": ref("headers", "RequestID")}
		switch status {
		case http.StatusServiceUnavailable:
			h["Retry-After"] = ref("headers", "RetryAfter")
		case http.StatusTooManyRequests:
			h["Retry-After"] = ref("headers", "RetryAfter")
			h["RateLimit"] = ref("headers", "RateLimit")
			h["RateLimit-Policy"] = ref("headers", "RateLimitPolicy")
		}
		out[strconv.Itoa(status)] = object{
			"description": http.StatusText(status) + ": " + strings.Join(codes, ", "),
			"headers":     h,
			"content": object{"application/problem+json": object{"schema": object{
				"allOf": []any{ref("schemas", "Problem"), object{"properties": object{
					"status": object{"const": status}, "code": object{"enum": anys(codes)},
				}}},
			}}},
		}
	}
	return out
}

// statusesOf are the statuses a code can come with: its own and, for the form
// of a request, those that HTTP has for one way of being wrong.
func statusesOf(c access.Code, o *operation) []int {
	out := []int{statuses[c]}
	switch c {
	case access.RequestInvalid:
		if o.takes != nil {
			out = append(out, http.StatusRequestTimeout, http.StatusUnsupportedMediaType)
		}
		if o.id == "proof" {
			out = append(out, http.StatusNotFound)
		}
	case access.RequestTooLarge:
		if o.takes == nil {
			out = nil
		}
		out = append(out, http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge)
	default:
	}
	return out
}

// schema is that of a request's body.
func (t *takes) schema() object {
	props, required := object{}, []any{}
	for _, n := range t.may.names() {
		props[n] = memberSchema(n)
	}
	for _, n := range t.must.names() {
		required = append(required, n)
	}
	s := object{"type": "object", "properties": props, "required": required, "additionalProperties": false}
	if t.oneOf != 0 {
		var one []any
		for _, n := range t.oneOf.names() {
			one = append(one, object{"required": []any{n}})
		}
		s["oneOf"] = one
	}
	if t == &takesConsent {
		// The decision wants a procedure; only the case may be left open.
		props["purpose"] = ref("schemas", "Purpose")
	}
	return s
}

func memberSchema(name string) object {
	switch name {
	case "fields":
		return object{
			"type": "array", "minItems": 1, "maxItems": int(access.NumFields), "uniqueItems": true,
			"items":            ref("schemas", "FieldName"),
			"description":      "The fields to be returned; only those that are needed. None may be named twice.",
			"x-description-vi": "Các trường cần trả về; chỉ hỏi những trường cần thiết. Không nêu trường nào hai lần.",
		}
	case "claims":
		return ref("schemas", "Claims")
	case "purpose":
		return ref("schemas", "Purpose")
	case "officer":
		return ref("schemas", "Officer")
	case "evidence":
		return ref("schemas", "Evidence")
	}
	for _, r := range []*rule{
		&rulePIN, &ruleCMND, &ruleFullName, &ruleDateOfBirth, &ruleSex, &ruleProvince,
		&ruleRepresented, &ruleConsent, &ruleReceipt, &ruleRetryOf, &ruleUntil,
	} {
		if r.name == name {
			return r.schema()
		}
	}
	panic("api: no schema for the member " + name)
}

func (r *rule) schema() object {
	s := object{
		"type": "string", "maxLength": r.max,
		"description": r.about.EN + "; " + r.must.EN + ".", "x-description-vi": r.about.VI + "; " + r.must.VI + ".",
	}
	if !r.empty {
		s["minLength"] = 1
	}
	if r.pattern != "" {
		s["pattern"] = r.pattern
	}
	return s
}

// texts is the schema of an object of texts.
func texts(description web.Text, required []any, rules ...*rule) object {
	props := object{}
	for _, r := range rules {
		props[r.name] = r.schema()
	}
	s := object{
		"type": "object", "properties": props, "additionalProperties": false,
		"description": description.EN, "x-description-vi": description.VI,
	}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func schemas() object {
	people := func(name string) object {
		return answer(name, object{"type": "array", "items": ref("schemas", "Person")})
	}
	s := object{
		"Purpose": texts(web.Text{
			EN: "Why: both members are needed. What is missing is told as purpose.missing and has its entry in the log.",
			VI: "Mục đích: cần cả hai mục. Thiếu thì trả lời purpose.missing và có bản ghi trong nhật ký.",
		}, nil, &ruleProcedure, &ruleCase),
		"Officer": texts(web.Text{
			EN: "On whose behalf: all three members are needed. What is missing is told as officer.missing and has its entry in the log.",
			VI: "Cán bộ thực hiện: cần cả ba mục. Thiếu thì trả lời officer.missing và có bản ghi trong nhật ký.",
		}, nil, &ruleOfficerID, &ruleOfficerAddress, &ruleOfficerSession),
		"Evidence": texts(web.Text{
			EN: "What shows that the consent was given.", VI: "Chứng cứ của sự đồng ý.",
		}, []any{"kind", "sha256"}, &ruleEvidenceKind, &ruleEvidenceSHA256),
		"Claims":          claimsSchema(),
		"FieldName":       object{"type": "string", "enum": anys(access.AllFields.Names())},
		"Person":          personSchema(),
		"Receipt":         receiptSchema(),
		"Problem":         problemSchema(),
		"Text":            object{"type": "object", "properties": object{"vi": object{"type": "string"}, "en": object{"type": "string"}}, "required": []any{"vi"}},
		"LookupAnswer":    answer("person", object{"oneOf": []any{ref("schemas", "Person"), object{"type": "null"}}}),
		"VerifyAnswer":    answer("match", object{"type": "boolean"}),
		"SearchAnswer":    people("people"),
		"HouseholdAnswer": people("members"),
		"ConsentAnswer": object{
			"type": "object", "properties": object{"consent": object{"type": "string"}}, "required": []any{"consent"}, "additionalProperties": false,
		},
		"Me": meSchema(),
	}
	return s
}

func answer(name string, value object) object {
	return object{
		"type": "object", "properties": object{name: value, "receipt": ref("schemas", "Receipt")},
		"required": []any{name, "receipt"}, "additionalProperties": false,
	}
}

func claimsSchema() object {
	props := object{}
	for f := range register.Claimable.All() {
		s := object{"type": "string", "minLength": 1, "maxLength": register.MaxClaim, "description": access.Fields[f].EN, "x-description-vi": access.Fields[f].VI}
		switch must := claimMust(f); must {
		case ruleDateOfBirth.must:
			s["pattern"], s["maxLength"] = ruleDateOfBirth.pattern, ruleDateOfBirth.max
		case ruleSex.must:
			s["pattern"], s["maxLength"] = ruleSex.pattern, ruleSex.max
		case rulePIN.must:
			s["pattern"], s["maxLength"] = rulePIN.pattern, rulePIN.max
		case ruleCMND.must:
			s["pattern"], s["maxLength"] = ruleCMND.pattern, ruleCMND.max
		case ruleFullName.must:
			s["maxLength"] = ruleFullName.max
		}
		props[f.String()] = s
	}
	return object{
		"type": "object", "properties": props, "additionalProperties": false,
		"description": "What is claimed. A text is compared without case, diacritics and spacing; an address by its unit's code, " +
			"an ethnicity, religion or marital status by code or name, a card by its number.",
		"x-description-vi": "Các thông tin cần xác minh. Chuỗi được so không phân biệt hoa thường, dấu và khoảng trắng; địa chỉ so theo mã đơn vị hành chính, " +
			"dân tộc, tôn giáo, tình trạng hôn nhân theo mã hoặc tên, thẻ theo số.",
	}
}

// personSchema is made from the table of fields.
func personSchema() object {
	props := object{}
	for _, f := range access.Fields {
		s := shapeSchema(f.Shape)
		s["description"] = f.EN + " (Law on Identification 26/2023/QH15 Art. 9, item " + strconv.Itoa(f.Item) + ")"
		s["x-description-vi"] = f.VI
		if f.Wire != "" {
			s["x-qcvn109"] = f.Wire
		}
		props[f.JSON] = s
	}
	return object{
		"type": "object", "properties": props, "additionalProperties": false,
		"description": "Exactly the asked fields; one that the register does not have is null.",
	}
}

// shapeSchema is the schema of a field's value; every value may be null. A
// member of an object that the record does not have is left out.
func shapeSchema(s access.Shape) object {
	str, date := object{"type": "string"}, object{"type": "string", "pattern": ruleDateOfBirth.pattern}
	record := func(required []any, props object) object {
		o := object{"type": []any{"object", "null"}, "properties": props, "additionalProperties": false}
		if len(required) > 0 {
			o["required"] = required
		}
		return o
	}
	switch s {
	case access.ShapeText:
		return object{"type": []any{"string", "null"}}
	case access.ShapeDigits:
		return object{"type": []any{"string", "null"}, "pattern": `^[0-9]+$`}
	case access.ShapeDate:
		return object{"type": []any{"string", "null"}, "pattern": ruleDateOfBirth.pattern}
	case access.ShapeSex:
		return object{"enum": []any{"male", "female", "unknown", nil}}
	case access.ShapeCode:
		return record([]any{"code"}, object{"code": str, "name": str})
	case access.ShapeAddress:
		return record(nil, object{"unit": str, "detail": str, "country": str})
	case access.ShapeCard:
		return record(nil, object{"number": str, "issued": date, "place": str, "expires": date})
	case access.ShapePeople:
		person := record([]any{"relation"}, object{
			"relation": str, "pin": object{"type": "string", "pattern": rulePIN.pattern}, "cmnd": object{"type": "string", "pattern": ruleCMND.pattern},
			"fullName": str, "nationality": str,
		})
		person["type"] = "object"
		return object{"type": []any{"array", "null"}, "items": person}
	case access.ShapeAbsence:
		return record(nil, object{"from": date, "until": date, "destination": str})
	case access.ShapePassing:
		return record([]any{"status"}, object{"status": object{"enum": []any{"dead", "missing"}}, "date": date})
	case access.ShapeContact:
		return record(nil, object{"mobile": str, "email": str})
	case access.ShapeFreeForm:
	}
	return object{"type": []any{"object", "null"}}
}

func receiptSchema() object {
	str := object{"type": "string"}
	return object{
		"type":        "object",
		"description": "What proves that this call's entry is in the log. Keep it.",
		"properties": object{
			"origin":    object{"type": "string", "description": "Name of the log."},
			"index":     object{"type": "integer", "minimum": 0, "description": "Of the entry."},
			"requestId": object{"type": "string", "description": "Our own id of the request."},
			"time":      object{"type": "string", "format": "date-time"},
			"parts": object{
				"type": "array", "minItems": 1,
				"description": "The caller's own parts with their salts, and the digests of the others, so that the leaf can be computed.",
				"items": object{"oneOf": []any{
					object{
						"type": "object", "required": []any{"name", "data", "salt"}, "additionalProperties": false,
						"properties": object{"name": str, "salt": str, "data": object{"type": "object"}},
					},
					object{
						"type": "object", "required": []any{"name", "digest"}, "additionalProperties": false,
						"properties": object{"name": str, "digest": str},
					},
				}},
			},
			"proof": object{"type": "string", "description": `C2SP tlog-proof; with "receipt":"full".`},
		},
		"required": []any{"origin", "index", "requestId", "time", "parts"},
	}
}

func problemSchema() object {
	str := object{"type": "string"}
	return object{
		"type": "object", "description": "RFC 9457, with the members after `instance` of our own.",
		"properties": object{
			"type":     object{"type": "string", "pattern": `^urn:dancu:problem:`},
			"title":    object{"type": "string", "description": "In the language of Accept-Language; Vietnamese by default."},
			"titles":   object{"type": "object", "properties": object{"vi": str, "en": str}, "required": []any{"vi", "en"}, "additionalProperties": false},
			"status":   object{"type": "integer"},
			"detail":   str,
			"instance": object{"type": "string", "description": "urn:dancu:entry:ORIGIN:INDEX where the refusal has an entry of its own, else urn:uuid: and the request's id."},
			"code":     object{"type": "string", "enum": codeNames()},
			"pointer":  object{"type": "string", "description": "JSON pointer of the member that is wrong; never its value."},
			"index":    object{"type": "integer", "minimum": 0, "description": "Of the entry; for request.replayed, of the first call's."},
			"names":    object{"type": "array", "items": str, "description": "What was not granted, is missing, or is wrong: fields, keys, members, headers, ids; and where a code has several rules, which of them (the table of codes lists those names)."},
			"reasons":  object{"type": "array", "items": str, "description": "All codes that applied, in the published order."},
			"result":   object{"type": "string", "description": "request.replayed: the result of the first call."},
		},
		"required": []any{"type", "title", "titles", "status", "instance", "code"}, "additionalProperties": false,
	}
}

func meSchema() object {
	str, num, at := object{"type": "string"}, object{"type": "integer"}, object{"type": "string", "format": "date-time"}
	list := func(items object) object { return object{"type": "array", "items": items} }
	null := func(s object) object { return object{"oneOf": []any{s, object{"type": "null"}}} }
	maybe := object{"type": []any{"integer", "null"}}
	service := object{"enum": []any{"verify", "lookup", "search", "household"}}
	certificate := object{
		"type": "object", "required": []any{"sha256", "notBefore", "notAfter", "declared"},
		"properties": object{
			"sha256": str, "notBefore": at, "notAfter": at, "represents": str,
			"declared": object{"type": "boolean", "description": "Whether its key is one of those declared; otherwise its calls are refused as change.undeclared."},
		},
	}
	return object{
		"type": "object",
		"properties": object{
			"system": object{
				"type": "object", "required": []any{"id", "name", "level", "intermediary"},
				"properties": object{"id": str, "name": ref("schemas", "Text"), "level": num, "intermediary": object{"type": "boolean"}},
			},
			"agency": null(object{
				"type": "object", "required": []any{"id", "code", "name", "group"},
				"properties": object{"id": str, "code": str, "name": ref("schemas", "Text"), "group": num},
			}),
			"certificate":  certificate,
			"certificates": object{"type": "array", "items": certificate, "description": "Those of the calling system that have not ended, in the order of their ends."},
			"maintenance": object{
				"type": "array", "description": "The times without service that run or are announced; services is empty for all of them.",
				"items": object{
					"type": "object", "required": []any{"id", "from", "until", "services", "running", "text"},
					"properties": object{"id": str, "from": at, "until": at, "services": list(service), "running": object{"type": "boolean"}, "text": ref("schemas", "Text")},
				},
			},
			"connection": null(object{
				"type":     "object",
				"required": []any{"id", "system", "state", "lock", "assessedFrom", "assessedUntil", "committedUntil", "limit", "rate", "mismatches"},
				"properties": object{
					"id": str, "system": str, "via": str, "state": str, "violation": str, "remedy": str,
					"suspendedBy":    object{"enum": []any{"register", "agency"}, "description": "Who suspended the connection, while it is; the register resumes it."},
					"committedUntil": object{"type": []any{"string", "null"}, "format": "date-time", "description": "End of the signed undertaking."},
					"lock": null(object{
						"type": "object", "required": []any{"by", "since"},
						"properties": object{"by": object{"enum": []any{"volume", "pattern"}}, "since": at, "reason": str},
					}),
					"assessedFrom": at, "assessedUntil": at, "mismatches": num,
					"limit": object{
						"type":     "object",
						"required": []any{"calls", "callsUsed", "callsLeft", "people", "peopleUsed", "peopleLeft", "window", "scope", "warnAt", "reset"},
						"properties": object{
							"calls": num, "callsUsed": num, "callsLeft": num, "people": maybe, "peopleUsed": num, "peopleLeft": maybe,
							"window": str, "scope": str, "warnAt": num, "reset": at,
						},
					},
					"rate": object{
						"type": "object", "required": []any{"perSecond", "burst"},
						"properties": object{"perSecond": object{"type": "number"}, "burst": num},
					},
				},
			}),
			"refused": object{"type": []any{"string", "null"}, "description": "The code that any call would get now."},
			"grants": list(object{
				"type":     "object",
				"required": []any{"id", "hash", "service", "procedures", "fields", "keys", "from", "until", "inForce", "legalBasis", "onward"},
				"properties": object{
					"id": str, "service": service,
					"hash": object{"type": "string", "description": "SHA-256 of the grant's canonical JSON (RFC 8785) without this member; it stands in every entry made under the grant."},
					"onward": list(object{
						"type": "object", "required": []any{"name", "basis", "until", "inForce"}, "description": "Permission to supply to a third party.",
						"properties": object{"name": ref("schemas", "Text"), "basis": ref("schemas", "Text"), "until": at, "inForce": object{"type": "boolean"}},
					}),
					"procedures": list(str), "fields": list(ref("schemas", "FieldName")), "claims": list(ref("schemas", "FieldName")),
					"keys": list(list(str)), "from": at, "until": at, "inForce": object{"type": "boolean"}, "legalBasis": ref("schemas", "Text"),
					"peoplePerCase": num, "quota": num, "quotaWindow": str, "provinces": list(str), "searchCap": num,
				},
			}),
		},
		"required": []any{"system", "agency", "connection", "certificate", "certificates", "refused", "grants", "maintenance"},
	}
}

func responseHeaders() object {
	h := func(description string) object {
		return object{"description": description, "schema": object{"type": "string"}}
	}
	return object{
		"RequestID":       h("Our own id of the request, a UUIDv7; it is in the entry, too."),
		"Traceparent":     h("The caller's own, if it was well formed (W3C Trace Context)."),
		"RateLimit":       h(`What is left: "volume" of the connection's volume limit, "rate" of its rate (429).`),
		"RateLimitPolicy": h("The quota and its window in seconds."),
		"RetryAfter":      h("Seconds until it makes sense to call again."),
	}
}

func parameters() object {
	header := func(name string, about web.Text, required bool, schema object) object {
		return object{
			"name": name, "in": "header", "required": required, "schema": schema,
			"description": about.EN, "x-description-vi": about.VI,
		}
	}
	return object{
		"Transaction": header("Dancu-Transaction-Id",
			web.Text{
				EN: "A UUIDv7 made for this request, unique per system for 48 hours. A repeat is refused as request.replayed with the first call's entry; " +
					"to ask again, send a new id and name the old one in retryOf.",
				VI: "UUIDv7 tạo riêng cho yêu cầu này, không trùng trong cùng hệ thống trong 48 giờ. Gửi lại cùng mã bị từ chối (request.replayed) kèm bản ghi của lần đầu; " +
					"muốn hỏi lại thì dùng mã mới và nêu mã cũ trong retryOf.",
			},
			true, object{"type": "string", "pattern": ruleRetryOf.pattern}),
		"Client": header("Dancu-Client", web.Text{
			EN: "The build of the calling program, as it was declared.", VI: "Phiên bản chương trình gọi, như đã khai báo.",
		}, false,
			object{"type": "string", "minLength": 0, "maxLength": maxClient, "pattern": `^[ -~]*$`}),
		"Traceparent": header("traceparent", web.Text{
			EN: "W3C Trace Context; given back. A malformed one is ignored.", VI: "W3C Trace Context; được gửi trả lại. Sai định dạng thì bỏ qua.",
		}, false, object{"type": "string"}),
		"AcceptLanguage": header("Accept-Language", web.Text{
			EN: "vi (default) or en: the language of problems.", VI: "vi (mặc định) hoặc en: ngôn ngữ của thông báo lỗi.",
		}, false, object{"type": "string"}),
		"Represented": object{
			"name": "represented", "in": "query", "required": false, "schema": ruleRepresented.schema(),
			"description": "For an intermediary: the system whose standing is asked for.",
		},
		"Index": object{
			"name": "index", "in": "query", "required": true, "description": "Of the entry.",
			"schema": object{"type": "integer", "minimum": 0},
		},
	}
}

// codeTable publishes the codes in their order of precedence.
func codeTable() []any {
	var out []any
	for _, i := range access.Codes {
		t := func(x access.Text) object { return object{"vi": x.VI, "en": x.EN} }
		row := object{
			"code": string(i.Code), "status": statuses[i.Code], "title": t(i.Title), "retryable": i.Retryable,
			"program": t(i.Program), "officer": t(i.Officer), "citizen": t(i.Citizen), "cause": t(i.Cause),
		}
		var names []any
		for _, d := range access.Details {
			if d.Code == i.Code {
				names = append(names, object{"name": d.Name, "detail": t(d.Text)})
			}
		}
		if names != nil {
			row["names"] = names
		}
		out = append(out, row)
	}
	return out
}

// limitTable publishes the limits of a request, as they are by default.
func limitTable() object {
	l := web.Limits{}.Defaults()
	return object{
		"bodyBytes": l.BodyBytes, "headerBytes": l.HeaderBytes, "headerFields": l.Headers, "targetBytes": l.URIBytes,
		"fields": int(access.NumFields), "nameCharacters": register.MaxName, "claimCharacters": register.MaxClaim,
		"idCharacters": maxID, "codeCharacters": maxCode, "sessionCharacters": maxSession, "clientBytes": maxClient,
		"transactionAgeSeconds": int(TransactionAge.Seconds()), "transactionAheadSeconds": int(TransactionAhead.Seconds()),
		"readSeconds": int(l.Read.Seconds()), "idleSeconds": int(l.Idle.Seconds()),
	}
}

func codeNames() []any {
	out := make([]any, len(access.Precedence))
	for i, c := range access.Precedence {
		out[i] = string(c)
	}
	return out
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// documentJSON is the document as it is served.
var documentJSON = sync.OnceValues(func() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(document()); err != nil {
		return nil, fmt.Errorf("couldn't write the document: %w", err)
	}
	return b.Bytes(), nil
})

// serveDocument answers with the document. Anybody may read it.
func serveDocument(w http.ResponseWriter, _ *http.Request) error {
	body, err := documentJSON()
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	web.Write(w, http.StatusOK, jsonType, body)
	return nil
}

// sorted returns the names of an object's members in order.
func sorted(o object) []string {
	out := make([]string, 0, len(o))
	for k := range o {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
