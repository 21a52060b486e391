package onboarding

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"net/netip"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
)

// systemKind: an agency's information system, with what is known of it. What
// the path of a call checks (addresses, client builds, keys) is changed by
// change reports only.
var systemKind = KindInfo{
	Kind:  KindSystem,
	Title: access.Text{VI: "Hệ thống thông tin", EN: "System"}, Many: access.Text{VI: "Hệ thống thông tin", EN: "Systems"},
	First: Registered, By: []Duty{Operator, Machine}, About: KindAgency,
	Open: append(Form{idField}, systemForm...), Opening: openSystem, Event: EventSystemRegistered,
	States:   []StateInfo{{Registered, access.Text{VI: "Đã đăng ký", EN: "registered"}, false}},
	Editable: []State{Registered}, EditBy: []Duty{Agency, Operator},
	Sections: []Section{levelSection, supplySection},
}

// levelSection is the dossier of the system's security level (Decree
// 85/2016/NĐ-CP); the level must be 3 or higher (Circular 46/2022 Art. 6.1).
var levelSection = Section{
	Name: "level", Title: access.Text{VI: "Hồ sơ cấp độ an toàn", EN: "Dossier of the security level"}, Law: "46/2022/TT-BCA Art. 6.1; 85/2016/NĐ-CP",
	Form: Form{
		{
			Name: "level", Label: access.Text{VI: "Cấp độ", EN: "Level"}, Type: TypeNumber, Required: true, Min: 1, Max: 5,
			Check: func(v any) *access.Text {
				if v.(int64) < minLevel {
					return textp("Hệ thống kết nối phải từ cấp độ %d trở lên.", "a connecting system must be of level %d or higher", minLevel)
				}
				return nil
			},
		},
		{Name: "decision", Label: access.Text{VI: "Số quyết định phê duyệt cấp độ", EN: "Number of the approval"}, Type: TypeLine, Required: true, Max: 100},
		{Name: "appraised", Label: access.Text{VI: "Ngày thẩm định", EN: "Date of appraisal"}, Type: TypeDate, Required: true},
		{Name: "approved", Label: access.Text{VI: "Ngày phê duyệt", EN: "Date of approval"}, Type: TypeDate, Required: true},
		{Name: "authority", Label: access.Text{VI: "Cơ quan phê duyệt", EN: "Approved by"}, Type: TypeLine, Required: true, Max: 200},
		{Name: "documents", Label: access.Text{VI: "Tài liệu", EN: "Documents"}, Type: TypeFiles},
	},
}

const minLevel = 3

var supplySection = Section{
	Name: "supply", Title: access.Text{VI: "Chủ quản, vận hành và cung cấp", EN: "Owner, operation and supply"}, Law: "46/2022/TT-BCA Art. 6.2.đ",
	Form: Form{
		{Name: "owner", Label: access.Text{VI: "Đơn vị chủ quản", EN: "Owner"}, Type: TypeLine, Required: true},
		{Name: "operator", Label: access.Text{VI: "Đơn vị vận hành", EN: "Operated by"}, Type: TypeLine, Required: true},
		{Name: "vendor", Label: access.Text{VI: "Nhà cung cấp phần mềm", EN: "Software vendor"}, Type: TypeLine, Required: true},
		{Name: "product", Label: access.Text{VI: "Tên sản phẩm", EN: "Product"}, Type: TypeLine, Max: 150},
		{Name: "hosting", Label: access.Text{VI: "Nơi đặt máy chủ", EN: "Where it runs"}, Type: TypeLine, Max: 200},
	},
}

var systemForm = Form{
	{Name: "nameVI", Label: access.Text{VI: "Tên hệ thống (tiếng Việt)", EN: "Name (Vietnamese)"}, Type: TypeLine, Required: true},
	{Name: "nameEN", Label: access.Text{VI: "Tên hệ thống (tiếng Anh)", EN: "Name (English)"}, Type: TypeLine},
	{Name: "level", Label: access.Text{VI: "Cấp độ an toàn", EN: "Security level"}, Law: "46/2022/TT-BCA Art. 6.1", Type: TypeNumber, Required: true, Min: minLevel, Max: 5},
	{Name: "intermediary", Label: access.Text{VI: "Là nền tảng trung gian (LGSP, NDXP)", EN: "Is an intermediary (LGSP, NDXP)"}, Law: "47/2020/NĐ-CP Art. 46", Type: TypeBool},
	{
		Name: "addresses", Label: access.Text{VI: "Địa chỉ mạng", EN: "Networks"}, Type: TypeCIDRs,
		Help: access.Text{VI: "Mỗi dòng một mạng, ví dụ 203.0.113.0/24. Lời gọi từ nơi khác bị từ chối.", EN: "One a line, such as 203.0.113.0/24. Calls from elsewhere are refused."},
	},
	{
		Name: "builds", Label: access.Text{VI: "Phiên bản phần mềm đã đánh giá", EN: "Client builds that were assessed"}, Type: TypeLines, Max: 50,
		Help: access.Text{VI: "Như phần mềm khai trong tiêu đề Dancu-Client.", EN: "As the software declares it in the header Dancu-Client."},
	},
}

func openSystem(w *work) error {
	id := w.in.text("id")
	if w.dir.System(id) != nil {
		return refuse(fault.Conflict, "Mã “%s” đã có: hãy chọn mã khác.", "the id %q is taken: choose another", id)
	}
	w.m.ID, w.m.System = MatterOf(KindSystem, id), id
	s := access.System{ID: id, Agency: w.m.Agency}
	return w.registerSystem(&s)
}

func correctSystem(w *work) error {
	next := *w.dir.System(w.m.System)
	return w.registerSystem(&next)
}

// registerSystem writes a system's standing from its form.
func (w *work) registerSystem(s *access.System) error {
	s.Name = access.Text{VI: w.in.text("nameVI"), EN: w.in.text("nameEN")}
	s.Level, s.Intermediary = int(w.in.number("level")), w.in.bool("intermediary")
	s.Addresses, s.Builds = networks(w.in.list("addresses")), tidied(w.in.list("builds"))
	w.m.Title = s.Name.VI
	w.m.put("registration", w.in)
	w.members["system"] = s.ID
	w.stand(access.ChangeSystem, s.ID, s)
	return nil
}

// networks reads what the form has checked; an address alone is a network of
// one.
func networks(list []string) (out []netip.Prefix) {
	for _, s := range tidied(list) {
		if p, err := netip.ParsePrefix(s); err == nil {
			out = append(out, p)
		} else if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	return out
}

var certificateForm = Form{
	{
		Name: "certificate", Label: access.Text{VI: "Chứng thư số (PEM)", EN: "Certificate (PEM)"}, Type: TypeText, Required: true, Max: 20_000,
		Help: access.Text{VI: "Chỉ chứng thư số của máy khách, không kèm khoá riêng.", EN: "The client's own certificate alone, never its private key."},
	},
	{Name: "represents", Label: access.Text{VI: "Đại diện cho hệ thống", EN: "Represents the system"}, Type: TypeLine, Max: maxID},
	{
		Name: "overlapDays", Label: access.Text{VI: "Số ngày chứng thư cũ còn dùng được", EN: "Days for which the old certificate stays good"}, Type: TypeNumber,
		Max: int(MaxOverlap / (24 * time.Hour)), Help: access.Text{VI: "Để trống: 7 ngày.", EN: "Empty: 7 days."},
	},
}

// giveCertificate registers a new certificate; those it replaces end after
// the overlap.
func giveCertificate(w *work) error {
	rot := Rotation{Cert: []byte(w.in.text("certificate")), Represents: w.in.text("represents"), Overlap: time.Duration(w.in.number("overlapDays")) * 24 * time.Hour}
	cred, err := rot.check()
	if err != nil {
		return fieldRefused("certificate", err)
	}
	rot.undeclared = w.by.Duty == Agency
	if err := w.o.recognised(rot.Cert, w.now); err != nil {
		return err
	}
	s, retired, err := rot.step(w.dir, w.now, w.m.System, cred)
	if err != nil {
		return fieldRefused("certificate", err)
	}
	w.steps = append(w.steps, s)
	w.in["certificate"] = cred.SHA256 // an entry names it; the standing has it
	w.members["sha256"], w.members["oldUntil"] = cred.SHA256, moment(retired)
	w.params["until"], w.params["credential"] = isoDay(retired), cred.SHA256[:8]
	if now := w.dir.System(w.m.System); rot.undeclared && len(now.Keys) > 0 && !slices.Contains(now.Keys, cred.Key) {
		// The report is prepared; until it is sent, calls with the key are
		// refused (change.undeclared).
		w.after = append(w.after, func() error {
			_, err := w.begun(KindChange, Values{"kind": string(catalogue.ChangeKey)}, func(m *Matter) {
				m.put("change", Values{
					"what": "Thay khoá của chứng thư số kết nối: " + cred.Key, "from": access.DateOf(w.now).String(), "keys": []string{cred.Key},
				})
			})
			return err
		})
	}
	return nil
}

// fieldRefused turns an error about one field into the form's.
func fieldRefused(field string, err error) error {
	t := fault.Text(err)
	if t == "" {
		return err
	}
	said := access.Text{VI: t, EN: t}
	var w interface{ Words() access.Text }
	if errors.As(err, &w) {
		said = w.Words()
	}
	return &Refusal{fault.KindOf(err), said, []FieldProblem{{Field: field, Text: said}}}
}

// recognised refuses a certificate that none of the recognised authorities
// issued. Without configured authorities any is taken: it is known by its hash.
func (o *Onboarding) recognised(data []byte, now time.Time) error {
	if o.cfg.Authorities == nil {
		return nil
	}
	block, _ := pem.Decode(data)
	c, err := x509.ParseCertificate(block.Bytes) // it was read before
	if err != nil {
		return err
	}
	if c.NotBefore.After(now) {
		now = c.NotBefore // registered ahead of its time
	}
	_, err = c.Verify(x509.VerifyOptions{Roots: o.cfg.Authorities, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	if err != nil {
		return &Refusal{
			fault.Invalid, text("Chứng thư số không do tổ chức được công nhận cấp.", "no recognised authority issued this certificate"),
			[]FieldProblem{{Field: "certificate", Text: text("Chứng thư số phải do một trong các tổ chức được công nhận cấp.", "have it issued by a recognised authority")}},
		}
	}
	return nil
}

var csrForm = Form{
	{
		Name: "csr", Label: access.Text{VI: "Yêu cầu cấp chứng thư số (CSR, PEM)", EN: "Certificate request (CSR, PEM)"}, Type: TypeText, Required: true, Max: 20_000,
		Check: checkCSR,
	},
}

// checkCSR refuses a request that is not one, is not signed with its own key,
// or has a key too weak.
func checkCSR(v any) *access.Text {
	block, rest := pem.Decode([]byte(v.(string)))
	if block == nil || block.Type != "CERTIFICATE REQUEST" && block.Type != "NEW CERTIFICATE REQUEST" || len(rest) > 0 {
		return textp("Đây không phải là một CSR dạng PEM.", "this is not one PEM certificate request")
	}
	r, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || r.CheckSignature() != nil {
		return textp("CSR không đọc được hoặc chữ ký không đúng.", "the request cannot be read, or its signature is wrong")
	}
	switch k := r.PublicKey.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() >= minRSA {
			return nil
		}
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() || k.Curve == elliptic.P384() {
			return nil
		}
	case ed25519.PublicKey:
		return nil
	}
	return textp("Khoá phải là P-256, P-384, Ed25519 hoặc RSA từ %d bit.", "use a key of P-256, P-384, Ed25519, or RSA of %d bits or more", minRSA)
}

func giveCSR(w *work) error {
	pemText := w.in.text("csr")
	sum := sha256.Sum256([]byte(pemText))
	w.m.put("csr", map[string]any{"pem": pemText, "sha256": hex.EncodeToString(sum[:]), "given": moment(w.now)})
	w.in["csr"] = hex.EncodeToString(sum[:])
	return nil
}

var revokeForm = Form{
	{
		Name: "sha256", Label: access.Text{VI: "Dấu vân tay SHA-256 của chứng thư số", EN: "SHA-256 of the certificate"}, Type: TypeLine, Required: true,
		Check: func(v any) *access.Text {
			if _, err := access.ParseThumbprint(v.(string)); err != nil {
				return textp("Dấu vân tay gồm 64 chữ số thập lục phân.", "it has 64 hexadecimal digits")
			}
			return nil
		},
	},
}

// revokeCertificate ends a certificate at once: the next call with it is
// refused.
func revokeCertificate(w *work) error {
	next := *w.dir.System(w.m.System)
	next.Credentials = slices.Clone(next.Credentials)
	i := slices.IndexFunc(next.Credentials, func(c access.Credential) bool { return c.SHA256 == w.in.text("sha256") })
	if i < 0 {
		return refuse(fault.NotFound, "Hệ thống không có chứng thư số này.", "the system has no such certificate")
	}
	c := &next.Credentials[i]
	if w.now.After(c.NotAfter) {
		return refuse(fault.Conflict, "Chứng thư số này đã hết hiệu lực.", "this certificate has ended already")
	}
	c.NotAfter = justBefore(w.now)
	w.members["sha256"], w.params["credential"] = c.SHA256, c.SHA256[:8]
	w.stand(access.ChangeSystem, next.ID, &next)
	return nil
}

// isoDay is a date as notices have it; an end at midnight is the day before.
func isoDay(t time.Time) string { return access.DateOf(t.Add(-time.Microsecond)).String() }

// day is how a date is shown to people.
func day(t time.Time) string { return t.In(access.Zone).Format("02/01/2006") }
