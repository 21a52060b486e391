package onboarding

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// applicationKind is the request for a connection and what may be exploited
// over it, with all that Decree 47/2020/NĐ-CP Art. 35 and Circular 46/2022 ask
// for. Approval yields grants, which begin to exist when the agency accepts
// them: each a dated, hashed object that both sides agreed to.
var applicationKind = KindInfo{
	Kind:  KindApplication,
	Title: access.Text{VI: "Hồ sơ đề nghị kết nối, khai thác", EN: "Application"}, Many: access.Text{VI: "Hồ sơ đề nghị kết nối", EN: "Applications"},
	Law: "47/2020/NĐ-CP Art. 35", First: Draft, By: []Duty{Agency, Operator}, About: KindAgency,
	Open: Form{{
		Name: "connection", Label: access.Text{VI: "Thay đổi quyền của kết nối", EN: "Change the grants of the connection"}, Type: TypeLine, Max: maxID,
		Help: access.Text{VI: "Để trống nếu là kết nối mới.", EN: "Leave empty for a new connection."},
	}},
	Opening: openApplication, Event: EventApplicationOpened,
	States: []StateInfo{
		{Draft, access.Text{VI: "Đang soạn", EN: "draft"}, false},
		{Submitted, access.Text{VI: "Chờ xem xét", EN: "submitted"}, false},
		{Returned, access.Text{VI: "Yêu cầu bổ sung", EN: "returned for more"}, false},
		{Approved, access.Text{VI: "Đã chấp thuận, chờ cơ quan chấp nhận", EN: "approved, to be accepted"}, false},
		{Accepted, access.Text{VI: "Đã chấp nhận", EN: "accepted"}, true},
		{Refused, access.Text{VI: "Bị từ chối", EN: "refused"}, true},
		{Withdrawn, access.Text{VI: "Đã rút", EN: "withdrawn"}, true},
	},
	Editable: []State{Draft, Returned}, EditBy: []Duty{Agency},
	Sections: applicationSections, Notes: applicationNotes,
}

var applicationSections = []Section{
	{
		Name: "applicant", Title: access.Text{VI: "Đơn vị đề nghị", EN: "Applicant"}, Law: "47/2020/NĐ-CP Art. 35.a; 46/2022/TT-BCA",
		Form: Form{
			{Name: "unit", Label: access.Text{VI: "Đơn vị đăng ký", EN: "Registering unit"}, Type: TypeLine, Required: true},
			{Name: "functions", Label: access.Text{VI: "Chức năng, nhiệm vụ, quyền hạn liên quan", EN: "Functions, duties and powers concerned"}, Type: TypeText, Required: true},
			{Name: "officer", Label: access.Text{VI: "Cán bộ đầu mối kết nối", EN: "Officer in charge of the connection"}, Type: TypeLine, Required: true, Max: 100},
			{Name: "role", Label: access.Text{VI: "Chức vụ", EN: "Role"}, Type: TypeLine, Required: true, Max: 150},
			{Name: "phone", Label: access.Text{VI: "Điện thoại", EN: "Telephone"}, Type: TypePhone, Required: true},
			{Name: "email", Label: access.Text{VI: "Thư điện tử", EN: "E-mail"}, Type: TypeEmail, Required: true},
		},
	},
	{
		Name: "system", Title: access.Text{VI: "Hệ thống kết nối", EN: "Connecting system"}, Law: "47/2020/NĐ-CP Art. 35.b; 46/2022/TT-BCA Art. 6.1",
		Form: append(Form{
			{
				Name: "id", Label: access.Text{VI: "Mã hệ thống", EN: "Id of the system"}, Type: TypeLine, Required: true, Max: maxID, Check: checkID,
				Help: access.Text{VI: "Mã của hệ thống đã đăng ký, hoặc mã mới.", EN: "That of a registered system, or a new one."},
			},
			{
				Name: "via", Label: access.Text{VI: "Kết nối qua nền tảng trung gian", EN: "Connects through the intermediary"}, Law: "47/2020/NĐ-CP Art. 46", Type: TypeChoice, Choices: intermediaryChoices,
				Help: access.Text{VI: "Để trống nếu kết nối trực tiếp; khi đó hãy nêu lý do.", EN: "Empty for a direct connection; then say why."},
			},
			{Name: "whyDirect", Label: access.Text{VI: "Lý do kết nối trực tiếp", EN: "Why it connects directly"}, Law: "47/2020/NĐ-CP Art. 46", Type: TypeText, Max: 1000},
		}, systemForm...),
	},
	{
		Name: "purpose", Title: access.Text{VI: "Mục đích và cách sử dụng", EN: "Purpose and use"}, Law: "47/2020/NĐ-CP Art. 35.c",
		Form: Form{
			{Name: "purpose", Label: access.Text{VI: "Mục đích khai thác", EN: "Purpose"}, Type: TypeText, Required: true, Min: 20},
			{Name: "use", Label: access.Text{VI: "Thông tin sẽ được sử dụng như thế nào", EN: "How the data will be used"}, Type: TypeText, Required: true, Min: 20},
			{Name: "basisVI", Label: access.Text{VI: "Căn cứ pháp lý", EN: "Legal basis (Vietnamese)"}, Type: TypeText, Required: true, Max: maxText},
			{Name: "basisEN", Label: access.Text{VI: "Căn cứ pháp lý (tiếng Anh)", EN: "Legal basis (English)"}, Type: TypeText, Max: maxText},
			{Name: "storage", Label: access.Text{VI: "Lưu trữ và xoá sau khi nhận", EN: "Storage and deletion after receipt"}, Law: "47/2020/NĐ-CP Art. 38, 42", Type: TypeText, Required: true},
		},
	},
	{
		Name: "data", Title: access.Text{VI: "Dữ liệu, dịch vụ và tần suất", EN: "Data, services and frequency"}, Law: "47/2020/NĐ-CP Art. 35.d, đ, e",
		Form: Form{
			{Name: "services", Label: access.Text{VI: "Dịch vụ", EN: "Services"}, Type: TypeMany, Required: true, Choices: serviceChoices},
			{Name: "procedures", Label: access.Text{VI: "Mã thủ tục hành chính", EN: "Procedure codes"}, Type: TypeLines, Required: true, Check: checkProcedures},
			{Name: "fields", Label: access.Text{VI: "Các trường thông tin", EN: "Fields, each by name"}, Law: "26/2023/QH15 Art. 9", Type: TypeMany, Required: true, Choices: fieldChoices, Group: fieldGroup},
			{Name: "daily", Label: access.Text{VI: "Số lượt dự kiến mỗi ngày", EN: "Expected calls a day"}, Type: TypeNumber, Required: true, Min: 1, Max: 10_000_000},
			{Name: "perCase", Label: access.Text{VI: "Số người mỗi hồ sơ", EN: "People per case"}, Type: TypeNumber, Required: true, Min: 1, Max: 1000},
			{
				Name: "provinces", Label: access.Text{VI: "Giới hạn theo tỉnh (mã 3 chữ số)", EN: "Limited to provinces (3-digit codes)"}, Type: TypeLines, Max: 63, Check: checkProvinces,
				Help: access.Text{VI: "Để trống: cả nước.", EN: "Empty: the whole country."},
			},
			{Name: "until", Label: access.Text{VI: "Thời hạn đề nghị", EN: "Until"}, Law: "47/2020/NĐ-CP Art. 38", Type: TypeDate, Required: true},
			{
				Name: "onward", Label: access.Text{VI: "Cung cấp tiếp cho bên thứ ba", EN: "Onward supply to third parties"}, Type: TypeLines, Max: 20, Check: checkOnward,
				Help: access.Text{VI: "Mỗi dòng: tên; căn cứ; đến ngày (2027-12-31). Để trống: không.", EN: "One a line: name; legal basis; until (2027-12-31). Empty: none."},
			},
		},
	},
	{
		Name: "documents", Title: access.Text{VI: "Tài liệu kèm theo", EN: "Documents"},
		Form: Form{
			{Name: "request", Label: access.Text{VI: "Văn bản đề nghị", EN: "Written request"}, Law: "46/2022/TT-BCA", Type: TypeFiles, Required: true, Max: 5},
			{Name: "model", Label: access.Text{VI: "Mô hình kết nối", EN: "Connection model"}, Type: TypeFiles, Max: 5},
			{Name: "other", Label: access.Text{VI: "Tài liệu khác", EN: "Others"}, Type: TypeFiles},
		},
	},
}

func checkProvinces(v any) *access.Text {
	for _, p := range v.([]string) {
		if len(p) != 3 || strings.Trim(p, "0123456789") != "" {
			return textp("“%s” không phải là mã tỉnh 3 chữ số.", "%q is not a 3-digit province code", clip(p))
		}
	}
	return nil
}

func checkOnward(v any) *access.Text {
	for _, line := range v.([]string) {
		if _, err := readOnward(line); err != nil {
			return textp("“%s”: hãy ghi tên; căn cứ; đến ngày (2027-12-31).", "%q: write name; legal basis; until (2027-12-31)", clip(line))
		}
	}
	return nil
}

// readOnward reads a permission to supply what was received to a third party:
// named and dated (Decree 47/2020/NĐ-CP Art. 38).
func readOnward(line string) (access.Onward, error) {
	parts := strings.Split(line, ";")
	if len(parts) != 3 {
		return access.Onward{}, fmt.Errorf("three parts are needed")
	}
	until, err := time.ParseInLocation(time.DateOnly, strings.TrimSpace(parts[2]), access.Zone)
	o := access.Onward{
		Name: access.Text{VI: strings.TrimSpace(parts[0])}, Basis: access.Text{VI: strings.TrimSpace(parts[1])}, Until: until.AddDate(0, 0, 1).UTC(),
	}
	if err == nil && (o.Name.VI == "" || o.Basis.VI == "") {
		err = fmt.Errorf("name and legal basis are needed")
	}
	return o, err
}

// onwardOf reads what the form has checked.
func onwardOf(lines []string) (out []access.Onward) {
	for _, line := range lines {
		if o, err := readOnward(line); err == nil {
			out = append(out, o)
		}
	}
	return out
}

func openApplication(w *work) error {
	id := w.in.text("connection")
	if id == "" {
		w.m.Title = "Kết nối mới"
		return nil
	}
	c := w.dir.Connection(id)
	if c == nil || c.State == access.Ended {
		return refuse(fault.NotFound, "Không có kết nối “%s” đang tồn tại.", "there is no living connection %q", clip(id))
	}
	s := w.dir.System(c.System)
	if s == nil || s.Agency != w.m.Agency {
		return refuse(fault.Forbidden, "Kết nối này thuộc cơ quan khác.", "that connection is another agency's")
	}
	w.m.System, w.m.Connection, w.m.Title = c.System, c.ID, s.Name.VI
	return nil
}

// application reads every section of a request; what is not complete is told
// by section and field.
func (w *work) application() (map[string]Values, error) {
	out := map[string]Values{}
	var wrong []FieldProblem
	for i := range applicationSections {
		s := &applicationSections[i]
		v, problems := w.m.values(s, w.around(), true)
		wrong = append(wrong, problems...)
		out[s.Name] = v
	}
	sys := out["system"]
	if s := w.dir.System(sys.text("id")); s != nil && s.Agency != w.m.Agency {
		wrong = append(wrong, FieldProblem{"system", "id", text("Mã này thuộc hệ thống của cơ quan khác.", "this id is another agency's system")})
	}
	if w.m.System != "" && sys.text("id") != w.m.System {
		wrong = append(wrong, FieldProblem{"system", "id", text("Hồ sơ này về hệ thống “%s”.", "this application is about the system %q", w.m.System)})
	}
	if sys.text("via") == "" && sys.text("whyDirect") == "" && !sys.bool("intermediary") {
		wrong = append(wrong, FieldProblem{"system", "whyDirect", text("Kết nối trực tiếp phải nêu lý do.", "say why it connects directly")})
	}
	if until := out["data"].date("until"); !until.IsZero() && !until.After(w.now) {
		wrong = append(wrong, FieldProblem{"data", "until", text("Thời hạn phải ở tương lai.", "this must lie in the future")})
	}
	return out, wrongForm(wrong)
}

func submitApplication(w *work) error {
	all, err := w.application()
	if err != nil {
		return err
	}
	w.m.Title = all["system"].text("nameVI")
	w.params["system"] = all["system"].text("id")
	return nil
}

var approveForm = Form{
	{Name: "id", Label: access.Text{VI: "Mã kết nối", EN: "Id of the connection"}, Type: TypeLine, Max: maxID, Check: checkID, Help: access.Text{VI: "Bắt buộc với kết nối mới.", EN: "Needed for a new connection."}},
	{Name: "fields", Label: access.Text{VI: "Các trường được chấp thuận", EN: "Fields approved"}, Type: TypeMany, Choices: fieldChoices, Group: fieldGroup, Help: access.Text{VI: "Để trống: như đề nghị.", EN: "Empty: as asked for."}},
	{Name: "from", Label: access.Text{VI: "Từ ngày", EN: "From"}, Type: TypeDate, Help: access.Text{VI: "Để trống: từ khi chấp nhận.", EN: "Empty: from its acceptance."}},
	{Name: "until", Label: access.Text{VI: "Đến ngày", EN: "Until"}, Type: TypeDate, Help: access.Text{VI: "Để trống: như đề nghị.", EN: "Empty: as asked for."}},
	{Name: "calls", Label: access.Text{VI: "Giới hạn lượt mỗi ngày của kết nối", EN: "The connection's limit of calls a day"}, Type: TypeNumber, Min: 1, Max: 10_000_000, Help: access.Text{VI: "Để trống: 10.000.", EN: "Empty: 10,000."}},
	{Name: "perCase", Label: access.Text{VI: "Số người mỗi hồ sơ", EN: "People per case"}, Type: TypeNumber, Min: 1, Max: 1000, Help: access.Text{VI: "Để trống: như đề nghị.", EN: "Empty: as asked for."}},
	authorityField,
}

// offer is what the register has approved and the agency may accept.
type offer struct {
	Connection access.Connection `json:"connection"`
	System     access.System     `json:"system"`
	Grants     []access.Grant    `json:"grants"`
	Authority  string            `json:"authority"` // id, by whose authority
	Permit     permit            `json:"permit,omitzero"`
	Until      time.Time         `json:"until"` // of the offer; zero: until withdrawn
}

// approveApplication makes the grants from the request. They are fixed now,
// dates and hash included: what the agency accepts is exactly this.
func approveApplication(w *work) error {
	all, err := w.application()
	if err != nil {
		return err
	}
	sys, data, purpose := all["system"], all["data"], all["purpose"]
	id := w.m.Connection
	if id == "" {
		if id = w.in.text("id"); id == "" {
			return wrongForm([]FieldProblem{{Field: "id", Text: text("Hãy đặt mã cho kết nối mới.", "give the new connection an id")}})
		}
		if w.dir.Connection(id) != nil {
			return wrongForm([]FieldProblem{{Field: "id", Text: text("Mã này đã có.", "this id is taken")}})
		}
	}
	for c := range w.dir.Connections() {
		if c.ID != id && c.State != access.Ended && c.System == sys.text("id") && c.Via == sys.text("via") {
			return refuse(fault.Conflict, "Hệ thống đã có kết nối “%s”: hãy đề nghị thay đổi quyền của kết nối đó.", "the system has the connection %q already: apply for a change of its grants", c.ID)
		}
	}
	asked, err := access.ParseFields(data.list("fields"))
	if err != nil {
		return err
	}
	fields := asked
	if list := w.in.list("fields"); len(list) > 0 {
		if fields, err = access.ParseFields(list); err != nil {
			return err
		}
		if fields&^asked != 0 {
			return wrongForm([]FieldProblem{{Field: "fields", Text: text("Không thể cấp trường chưa được đề nghị.", "no field can be granted that was not asked for")}})
		}
	}
	from, until := w.now, data.date("until").AddDate(0, 0, 1)
	if d := w.in.date("from"); !d.IsZero() && d.After(w.now) {
		from = d
	}
	if d := w.in.date("until"); !d.IsZero() {
		if d = d.AddDate(0, 0, 1); d.After(until) {
			return wrongForm([]FieldProblem{{Field: "until", Text: text("Không thể dài hơn thời hạn đề nghị.", "it cannot be longer than was asked for")}})
		}
		until = d
	}
	if !until.After(from) {
		return wrongForm([]FieldProblem{{Field: "until", Text: text("Phải sau ngày bắt đầu.", "this must be after the beginning")}})
	}
	perCase := w.in.number("perCase")
	if perCase == 0 {
		perCase = data.number("perCase")
	}
	by, err := w.permittedBy(w.in.text("authority"))
	if err != nil {
		return err
	}
	o := offer{Authority: by.Authority, Permit: by}
	for _, name := range tidied(data.list("services")) {
		service, _ := access.ParseService(name)
		g := access.Grant{
			ID: name, Service: service, Procedures: tidied(data.list("procedures")), Fields: fields, Keys: access.DefaultKeys(service),
			From: from.UTC(), Until: until.UTC(), LegalBasis: access.Text{VI: purpose.text("basisVI"), EN: purpose.text("basisEN")},
			PeoplePerCase: int(perCase), Provinces: tidied(data.list("provinces")), Onward: onwardOf(data.list("onward")),
		}
		switch service {
		case access.Verify:
			g.Claims, g.Fields = access.DefaultClaims, 0
		case access.Search:
			g.SearchCap = DefaultSearchCap
		case access.Lookup, access.Household, access.NoService:
		}
		slices.Sort(g.Keys)
		g.Hash = GrantHash(g)
		o.Grants = append(o.Grants, g)
	}
	if o.System, err = w.offeredSystem(sys); err != nil {
		return err
	}
	o.Connection = access.Connection{
		ID: id, System: o.System.ID, Via: sys.text("via"), State: access.Draft,
		Limit: access.DefaultLimit, Rate: DefaultRate, Mismatches: DefaultMismatches, Grants: []access.Grant{},
	}
	if c := w.dir.Connection(id); c != nil {
		o.Connection.Limit, o.Connection.Rate = c.Limit, c.Rate
	}
	if n := w.in.number("calls"); n > 0 {
		o.Connection.Limit.Calls = n
	}
	w.m.put("offer", o)
	w.params["connection"], w.params["system"] = id, o.System.ID
	hashes := map[string]string{}
	for _, g := range o.Grants {
		hashes[g.ID] = g.Hash
	}
	w.members["grants"] = hashes
	return nil
}

// offeredSystem is the system as it will be when the offer is accepted: a new
// one, or the registered one as it is, whose changes take a change report.
func (w *work) offeredSystem(sys Values) (access.System, error) {
	if s := w.dir.System(sys.text("id")); s != nil {
		return *s, nil
	}
	return access.System{
		ID: sys.text("id"), Agency: w.m.Agency, Name: access.Text{VI: sys.text("nameVI"), EN: sys.text("nameEN")},
		Level: int(sys.number("level")), Intermediary: sys.bool("intermediary"),
		Addresses: networks(sys.list("addresses")), Builds: tidied(sys.list("builds")),
	}, nil
}

var acceptForm = Form{{
	Name: "hashes", Label: access.Text{VI: "Mã băm của các quyền khai thác được chấp nhận", EN: "Hashes of the grants accepted"}, Type: TypeLines, Required: true, Max: 10,
	Help: access.Text{VI: "Như hiển thị trong hồ sơ: cơ quan chấp nhận đúng nội dung này.", EN: "As the application shows them: it is exactly these that are accepted."},
}}

// acceptGrant makes the offer the standing: both sides have agreed to the very
// same hashes. A connection that is new begins as a draft.
func acceptGrant(w *work) error {
	var o offer
	if ok, err := w.m.read("offer", &o); err != nil || !ok {
		return fmt.Errorf("the application %s was approved without an offer: %w", w.m.ID, err)
	}
	var want []string
	for _, g := range o.Grants {
		want = append(want, g.Hash)
	}
	if !slices.Equal(tidied(want), tidied(w.in.list("hashes"))) {
		return wrongForm([]FieldProblem{{Field: "hashes", Text: text("Mã băm không khớp với quyền đã chấp thuận.", "these are not the hashes of what was approved")}})
	}
	next := o.Connection
	old := w.dir.Connection(next.ID)
	switch {
	case old == nil && w.m.Connection != "":
		return refuse(fault.Conflict, "Kết nối này không còn nữa.", "the connection is gone")
	case old != nil && w.m.Connection == "":
		return refuse(fault.Conflict, "Mã kết nối “%s” đã được dùng: hãy yêu cầu chấp thuận lại.", "the id %q was taken since: have it approved again", next.ID)
	case old != nil && old.State == access.Ended:
		return refuse(fault.Conflict, "Kết nối đã chấm dứt.", "the connection has ended")
	case old == nil:
		// What was assessed and signed is the system's.
		for c := range w.dir.Connections() {
			if c.System == next.System && c.State != access.Ended && c.AssessedUntil.After(next.AssessedUntil) {
				next.AssessedFrom, next.AssessedUntil, next.CommittedUntil = c.AssessedFrom, c.AssessedUntil, c.CommittedUntil
			}
		}
	default:
		// Only grants and the limit are the application's.
		limit := next.Limit
		next = *old
		next.Limit = limit
	}
	if s := w.dir.System(o.System.ID); s == nil {
		w.stand(access.ChangeSystem, o.System.ID, &o.System, event{EventSystemRegistered, "", map[string]any{"system": o.System.ID, "after": hash(document(&o.System))}})
	} else if s.Agency != w.m.Agency {
		return refuse(fault.Conflict, "Hệ thống “%s” thuộc cơ quan khác.", "the system %q is another agency's", s.ID)
	}
	grants, events := mergeGrants(next.Grants, o.Grants, next.ID)
	next.Grants = grants
	w.stand(access.ChangeConnection, next.ID, &next, events...)
	w.m.System, w.m.Connection = next.System, next.ID
	return nil
}

// mergeGrants puts the accepted grants in the place of those of the same
// service; the others stay.
func mergeGrants(had, accepted []access.Grant, connection string) ([]access.Grant, []event) {
	next := []access.Grant{}
	var events []event
	for _, g := range had {
		if !slices.ContainsFunc(accepted, func(a access.Grant) bool { return a.ID == g.ID }) {
			next = append(next, g)
		}
	}
	for _, g := range accepted {
		kind, before := EventGrantGiven, ""
		if i := slices.IndexFunc(had, func(h access.Grant) bool { return h.ID == g.ID }); i >= 0 {
			kind, before = EventGrantChanged, had[i].Hash
		}
		events = append(events, event{kind, "", map[string]any{
			"connection": connection, "grant": g.ID, "before": before, "after": g.Hash, "document": json.RawMessage(grantJSON(g)),
		}})
		next = append(next, g)
	}
	slices.SortFunc(next, func(a, b access.Grant) int { return strings.Compare(a.ID, b.ID) })
	return next, events
}
