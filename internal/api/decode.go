package api

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"dancu/internal/access"
	"dancu/internal/register"
	"dancu/internal/web"
)

// request is a decoded body.
type request struct {
	given       member
	keys        register.Keys
	claims      register.Claims
	fields      access.FieldSet
	procedure   string
	caseCode    string
	officer     access.Officer
	represented string
	consent     string
	retryOf     string
	full        bool
	until       time.Time
	evidence    struct{ kind, sha256 string }
}

// decoder reads one body. Every value is a text, a list of texts or an object
// of texts: nothing nests deeper than two, and what is not known is an error
// before it is gone into.
type decoder struct {
	json  jsontext.Decoder
	body  bytes.Reader
	src   string // the body
	name  []byte // scratch for texts with escapes
	names []byte // scratch for the name being read
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// decode reads body as a request of the kind t. It is strict: duplicate and
// unknown members, other types, invalid UTF-8, a lone surrogate, NUL and other
// control characters, and anything after the object are errors. The errors are
// *web.Problem with code request.invalid; they name the member and the rule and
// never a value. See FuzzDecode.
func decode(body []byte, t *takes, out *request) error {
	d := decoders.Get().(*decoder)
	defer func() {
		// Nothing of a person stays behind in the pool.
		d.src = ""
		d.body.Reset(nil)
		clear(d.name[:cap(d.name)])
		clear(d.names[:cap(d.names)])
		decoders.Put(d)
	}()
	d.src = string(body)
	d.body.Reset(body)
	// The defaults reject duplicate names and invalid UTF-8.
	d.json.Reset(&d.body)
	if err := d.top(t, out); err != nil {
		return err
	}
	if missing := t.must &^ out.given; missing != 0 {
		name := missing.names()[0]
		return missingMember("/"+name, name)
	}
	if one := out.given & t.oneOf; t.oneOf != 0 && (one == 0 || one&(one-1) != 0) {
		return invalid("", both(
			"Phải có đúng một trong các mục ", "Exactly one of these members must be there: ", strings.Join(t.oneOf.names(), ", ")))
	}
	return nil
}

func (d *decoder) top(t *takes, out *request) error {
	if err := d.open('{', ""); err != nil {
		return err
	}
	for {
		name, err := d.next("")
		if err != nil {
			return err
		}
		if name == nil {
			break
		}
		m := memberOf(name)
		if m&t.may == 0 {
			return unknownMember("", name)
		}
		out.given |= m
		if err := d.member(m, out); err != nil {
			return err
		}
	}
	if _, err := d.json.ReadToken(); !errors.Is(err, io.EOF) {
		return invalid("", web.Text{
			VI: "Sau đối tượng JSON còn dữ liệu khác: mỗi yêu cầu chỉ gửi một đối tượng.",
			EN: "Something follows the JSON object: send one object and nothing else.",
		})
	}
	return nil
}

func (d *decoder) member(m member, out *request) (err error) {
	switch m {
	case memberPIN:
		out.keys.PIN, err = d.text("", &rulePIN)
	case memberCMND:
		out.keys.CMND, err = d.text("", &ruleCMND)
	case memberFullName:
		out.keys.FullName, err = d.text("", &ruleFullName)
	case memberDateOfBirth:
		out.keys.DateOfBirth, err = d.text("", &ruleDateOfBirth)
	case memberSex:
		out.keys.Sex, err = d.text("", &ruleSex)
	case memberProvince:
		out.keys.Province, err = d.text("", &ruleProvince)
	case memberFields:
		out.fields, err = d.fields()
	case memberClaims:
		out.claims, err = d.claims()
	case memberPurpose:
		err = d.object("/purpose", []pair{{&ruleProcedure, &out.procedure}, {&ruleCase, &out.caseCode}})
	case memberOfficer:
		err = d.object("/officer", []pair{
			{&ruleOfficerID, &out.officer.ID},
			{&ruleOfficerAddress, &out.officer.Address},
			{&ruleOfficerSession, &out.officer.Session},
		})
	case memberRepresented:
		out.represented, err = d.text("", &ruleRepresented)
	case memberConsent:
		out.consent, err = d.text("", &ruleConsent)
	case memberReceipt:
		_, err = d.text("", &ruleReceipt)
		out.full = err == nil
	case memberRetryOf:
		if out.retryOf, err = d.text("", &ruleRetryOf); err == nil {
			out.retryOf, _, _ = web.ParseID(out.retryOf)
		}
	case memberUntil:
		var s string
		if s, err = d.text("", &ruleUntil); err == nil {
			out.until, _ = parseUntil(s)
		}
	case memberEvidence:
		if err = d.object("/evidence", []pair{
			{&ruleEvidenceKind, &out.evidence.kind}, {&ruleEvidenceSHA256, &out.evidence.sha256},
		}); err == nil {
			switch {
			case out.evidence.kind == "":
				return missingMember("/evidence/kind", "kind")
			case out.evidence.sha256 == "":
				return missingMember("/evidence/sha256", "sha256")
			}
			out.evidence.sha256 = strings.ToLower(out.evidence.sha256)
		}
	default: // top takes no other
	}
	return err
}

// open reads the delimiter that begins an object or a list.
func (d *decoder) open(k jsontext.Kind, pointer string) error {
	if d.json.PeekKind() == k {
		if _, err := d.json.ReadToken(); err == nil {
			return nil
		}
	}
	if err := d.broken(pointer); err != nil {
		return err
	}
	if k == '[' {
		return invalid(pointer, web.Text{VI: "Phải là một danh sách các chuỗi.", EN: "It must be a list of texts."})
	}
	return invalid(pointer, web.Text{VI: "Phải là một đối tượng JSON.", EN: "It must be a JSON object."})
}

// broken returns what is wrong with the JSON itself at this place, nil if
// something well formed stands there.
func (d *decoder) broken(pointer string) error {
	if d.json.PeekKind() != 0 {
		return nil
	}
	_, err := d.json.ReadToken()
	if err == nil {
		return nil
	}
	return syntax(pointer, err)
}

// next reads the name of the next member, nil at the object's end. The name is
// good until the next call.
func (d *decoder) next(pointer string) ([]byte, error) {
	if d.json.PeekKind() == '}' {
		_, err := d.json.ReadToken()
		if err != nil {
			return nil, syntax(pointer, err)
		}
		return nil, nil
	}
	raw, err := d.json.ReadValue()
	if err != nil {
		return nil, syntax(pointer, err)
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		// ReadValue's bytes are good only until the next read.
		d.names = append(d.names[:0], raw[1:len(raw)-1]...)
		return d.names, nil
	}
	if d.name, err = jsontext.AppendUnquote(d.name[:0], raw); err != nil {
		return nil, syntax(pointer, err)
	}
	return d.name, nil
}

// read reads a string.
func (d *decoder) read(pointer func() string) (string, error) {
	if d.json.PeekKind() != '"' {
		if err := d.broken(pointer()); err != nil {
			return "", err
		}
		return "", invalid(pointer(), web.Text{VI: "Phải là một chuỗi.", EN: "It must be a text."})
	}
	raw, err := d.json.ReadValue()
	if err != nil {
		return "", syntax(pointer(), err)
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		// One copy of the body serves all of its texts.
		end := d.json.InputOffset()
		return d.src[end-int64(len(raw))+1 : end-1], nil
	}
	if d.name, err = jsontext.AppendUnquote(d.name[:0], raw); err != nil {
		return "", syntax(pointer(), err)
	}
	return string(d.name), nil
}

// text reads a text under the rule r.
func (d *decoder) text(base string, r *rule) (string, error) {
	s, err := d.read(func() string { return base + "/" + r.name })
	if err != nil {
		return "", err
	}
	if !r.fits(s) {
		return "", invalid(base+"/"+r.name, it(r.must))
	}
	return s, nil
}

// pair is a member of an object and where its text goes.
type pair struct {
	rule *rule
	to   *string
}

// object reads an object of texts.
func (d *decoder) object(pointer string, pairs []pair) error {
	if err := d.open('{', pointer); err != nil {
		return err
	}
members:
	for {
		name, err := d.next(pointer)
		if err != nil {
			return err
		}
		if name == nil {
			return nil
		}
		for _, p := range pairs {
			if string(name) == p.rule.name {
				if *p.to, err = d.text(pointer, p.rule); err != nil {
					return err
				}
				continue members
			}
		}
		return unknownMember(pointer, name)
	}
}

// fields reads the list of asked fields: one to all of them, none twice.
func (d *decoder) fields() (set access.FieldSet, err error) {
	if err := d.open('[', "/fields"); err != nil {
		return 0, err
	}
	for i := 0; ; i++ {
		if d.json.PeekKind() == ']' {
			break
		}
		pointer := func() string { return "/fields/" + strconv.Itoa(i) }
		if i >= int(access.NumFields) {
			return 0, invalid("/fields", web.Text{
				VI: "Có nhiều hơn " + strconv.Itoa(int(access.NumFields)) + " trường.",
				EN: "It names more than " + strconv.Itoa(int(access.NumFields)) + " fields.",
			})
		}
		name, err := d.read(pointer)
		if err != nil {
			return 0, err
		}
		f, ok := access.ParseField(name)
		switch {
		case !ok:
			p := invalid(pointer(), web.Text{
				VI: "Không có trường thông tin nào tên như vậy: xem danh sách tại /docs.",
				EN: "There is no field of that name: /docs lists the fields.",
			})
			if plainName(name) {
				p.Names = []string{name}
			}
			return 0, p
		case set.Has(f):
			p := invalid(pointer(), web.Text{VI: "Trường này được nêu hai lần.", EN: "This field is named twice."})
			p.Names = []string{name}
			return 0, p
		}
		set |= access.FieldsOf(f)
	}
	if _, err := d.json.ReadToken(); err != nil {
		return 0, syntax("/fields", err)
	}
	if set == 0 {
		return 0, invalid("/fields", web.Text{
			VI: "Danh sách trống: hãy nêu ít nhất một trường cần cho thủ tục.",
			EN: "The list is empty: name at least one field that the procedure needs.",
		})
	}
	return set, nil
}

// claims reads the claims of a verification.
func (d *decoder) claims() (register.Claims, error) {
	const pointer = "/claims"
	if err := d.open('{', pointer); err != nil {
		return nil, err
	}
	claims := make(register.Claims, 2)
	for {
		name, err := d.next(pointer)
		if err != nil {
			return nil, err
		}
		if name == nil {
			break
		}
		f, ok := access.ParseField(string(name))
		if !ok || !register.Claimable.Has(f) {
			return nil, unknownMember(pointer, name)
		}
		if claims[f], err = d.read(func() string { return pointer + "/" + f.String() }); err != nil {
			return nil, err
		}
	}
	if claims.Validate() == nil {
		return claims, nil
	}
	for f := range claims.Fields().All() {
		if (register.Claims{f: claims[f]}).Validate() != nil {
			return nil, invalid(pointer+"/"+f.String(), it(claimMust(f)))
		}
	}
	return nil, invalid(pointer, web.Text{VI: "Không hợp lệ.", EN: "It is not valid."})
}

// claimMust says what a claim about f must be.
func claimMust(f access.Field) web.Text {
	switch access.Fields[f].Shape {
	case access.ShapeDate:
		return ruleDateOfBirth.must
	case access.ShapeSex:
		return ruleSex.must
	case access.ShapeDigits:
		if f == access.CMND {
			return ruleCMND.must
		}
		return rulePIN.must
	default:
	}
	if f == access.FullName || f == access.OtherName {
		return ruleFullName.must
	}
	n := strconv.Itoa(register.MaxClaim)
	return web.Text{
		VI: "phải có từ 1 đến " + n + " ký tự, không có ký tự điều khiển",
		EN: "must be 1 to " + n + " characters without control characters",
	}
}

// parseUntil reads the end of a consent's term.
func parseUntil(s string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), true
	}
	t, err := time.ParseInLocation(time.DateOnly, s, access.Zone)
	if err != nil {
		return time.Time{}, false
	}
	return t.AddDate(0, 0, 1).UTC(), true // the day counts to its end
}

// plainName reports whether a name may be repeated to the caller: it looks like
// a member's or a field's name, and like no number.
func plainName(name string) bool {
	const longest = 40
	if name == "" || len(name) > longest {
		return false
	}
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

func invalid(pointer string, detail web.Text) *web.Problem {
	p := problem(access.RequestInvalid)
	p.Detail, p.Pointer, p.HasPointer = detail, pointer, true
	return p
}

func missingMember(pointer, name string) *web.Problem {
	return invalid(pointer, both("Thiếu mục ", "This member is missing: ", name))
}

func unknownMember(pointer string, name []byte) *web.Problem {
	detail := web.Text{
		VI: "Có mục không được nhận ở đây: xem các mục tại /docs.",
		EN: "There is a member that is not taken here: /docs lists the members.",
	}
	if !plainName(string(name)) {
		return invalid(pointer, detail)
	}
	return invalid(pointer+"/"+string(name), detail)
}

// syntax is the problem of text that is not JSON as it is taken here. The
// parser's own text may quote the input and is dropped.
func syntax(pointer string, err error) *web.Problem {
	detail := web.Text{
		VI: "Nội dung không phải JSON hợp lệ (RFC 8259, UTF-8).",
		EN: "The body is not valid JSON (RFC 8259, UTF-8).",
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		detail = web.Text{VI: "Có mục được nêu hai lần.", EN: "A member is named twice."}
		var s *jsontext.SyntacticError
		if errors.As(err, &s) {
			if last := s.JSONPointer.LastToken(); plainName(last) {
				pointer += "/" + last
			}
		}
	}
	return invalid(pointer, detail)
}

// both puts the same words at the end of a sentence in both languages.
func both(vi, en, end string) web.Text { return web.Text{VI: vi + end + ".", EN: en + end + "."} }

// it makes a rule a sentence.
func it(must web.Text) web.Text {
	return web.Text{VI: "Mục này " + must.VI + ".", EN: "It " + must.EN + "."}
}
