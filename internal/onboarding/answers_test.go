package onboarding

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dancu/internal/access"
)

// What TestLifecycle answers to forms: mostly something that fits.

// wanted reports whether a field that may be left empty is filled.
func (h *history) wanted(m *Matter, act, field string) bool {
	switch string(m.Kind) + "." + act + "." + field {
	case "application.approve.id", "assessment.open.track", "application.system.whyDirect":
		return true
	case "assessment.open.checklist", "application.system.via", "application.system.intermediary", "system.open.intermediary",
		"system.correct.intermediary", "agency.correct.parent", "agency.correct.defence", "agency.correct.codes",
		"system.correct.builds", "system.correct.addresses", "system.certificate.represents", "application.approve.fields",
		"assessment.certify.builds", "change.change.addresses":
		return false
	}
	if m.Kind == KindAssessment && strings.Contains(field, ".") {
		return true // the remark and the evidence of an item
	}
	return h.oneIn(2)
}

// answer is one that fits the field, and mostly the matter.
func (h *history) answer(m *Matter, act string, f *Field) any {
	now := h.now()
	day := func(from, to int) string {
		return access.DateOf(now.AddDate(0, 0, h.between(from, to))).String()
	}
	at := func(from, to int) string {
		return now.Add(time.Duration(h.between(from, to)) * time.Hour).UTC().Format(time.RFC3339)
	}
	switch string(m.Kind) + "." + act + "." + f.Name {
	case "agency.correct.code":
		return h.code
	case "agency.correct.group":
		return "1"
	case "system.open.id", "application.system.id":
		if len(h.seen.systems) > 0 && !h.oneIn(8) {
			return h.seen.systems[0]
		}
		return fmt.Sprintf("%s.sys%d", h.agency, len(h.seen.systems))
	case "application.approve.id":
		return fmt.Sprintf("%s.con%d", h.agency, len(h.seen.connections))
	case "application.open.connection":
		if len(h.seen.connections) > 0 {
			return draw(h, h.seen.connections)
		}
		return nil
	case "application.accept.hashes":
		var o offer
		_, _ = m.read("offer", &o)
		var hashes []string
		for _, g := range o.Grants {
			hashes = append(hashes, g.Hash)
		}
		return hashes
	case "application.data.until":
		return day(300, 900)
	case "application.approve.until", "application.approve.from":
		return day(1, 200)
	case "application.data.services":
		return []string{"lookup"}
	case "application.data.procedures":
		return []string{"1.010100"}
	case "application.data.provinces":
		return nil
	case "application.data.onward":
		return []string{"Bưu điện; Hợp đồng 12; 2099-12-31"}
	case "commitment.sign.sha256":
		var st signedText
		_, _ = m.read("signed", &st)
		return st.SHA256
	case "system.revoke.sha256":
		if s := h.seen.dir.System(m.System); s != nil && len(s.Credentials) > 0 {
			return draw(h, s.Credentials).SHA256
		}
		return strings.Repeat("0", 64)
	case "system.certificate.certificate":
		return h.certificate()
	case "system.csr.csr":
		return h.request()
	case "assessment.open.track":
		return draw(h, []string{"ordinary", "ordinary", "ordinary", "eid-platform", "recent-certificate"})
	case "assessment.open.kind":
		return draw(h, []string{"initial", "periodic"})
	case "assessment.correct.item", "assessment.recheck.item":
		var all []finding
		_, _ = m.read("findings", &all)
		if len(all) == 0 {
			return "none"
		}
		return draw(h, all).Item
	case "assessment.certify.until":
		return day(0, 400)
	case "assessment.exempt.date":
		return day(-400, 0)
	case "system.level.level":
		return int64(draw(h, []int{3, 4, 5, 3, 3}))
	case "system.level.approved", "system.level.appraised":
		return day(-400, -1)
	case "change.change.keys":
		var keys []string
		if s := h.seen.dir.System(m.System); s != nil {
			for _, c := range s.Credentials {
				keys = append(keys, c.Key)
			}
		}
		return tidied(keys)
	case "change.change.from":
		return day(-3, 20)
	case "inspection.open.from", "inspection.replan.from":
		return day(16, 20)
	case "inspection.open.until", "inspection.replan.until":
		return day(20, 24)
	case "usereport.open.from":
		return day(-60, -30)
	case "usereport.open.until":
		return day(-29, -2)
	case "maintenance.open.from":
		return at(40, 60)
	case "maintenance.open.until", "maintenance.move.until":
		return at(61, 90)
	case "incident.explain.change", "incident.resolve.change":
		if c := h.newest(KindChange); c != nil {
			return c.ID
		}
		return nil
	}
	if strings.HasPrefix(string(m.Kind), "in") || m.Kind == KindBreach {
		switch f.Type {
		case TypeDate:
			return day(-3, 0)
		case TypeMoment:
			return at(-48, 0)
		}
	}
	switch f.Type {
	case TypeLine:
		return "Nội dung"
	case TypeText:
		return "Nội dung đủ dài để được ghi nhận"
	case TypeNumber:
		return int64(max(f.Min, 1))
	case TypeDate:
		return day(-30, 30)
	case TypeMoment:
		return at(-48, 48)
	case TypeBool:
		return h.oneIn(2)
	case TypeChoice, TypeMany:
		choices := f.Choices(h.office.Around(h.seen.dir, m.Agency))
		if len(choices) == 0 {
			return nil
		}
		if m.Kind == KindAssessment && strings.HasPrefix(act, "group-") && (h.passes || !h.oneIn(24)) {
			return itemPass
		}
		c := draw(h, choices).Value
		if f.Type == TypeMany {
			return []string{c}
		}
		return c
	case TypeLines:
		return []string{"một"}
	case TypeFiles:
		return []string{"018f0000-0000-7000-8000-000000000001"}
	case TypeEmail:
		return "ketnoi@hanoi.example.vn"
	case TypePhone:
		return "024 3825 1234"
	case TypeCIDRs:
		return []string{"203.0.113.0/24"}
	}
	h.rt.Fatalf("no answer is known to a field of type %s", f.Type)
	return nil
}

// spoil makes answers wrong, or as odd as can be.
func (h *history) spoil(f Form, v Values) {
	how := draw(h, []string{"unknown", "left out", "type", "long", "control"})
	if len(f) == 0 || how == "unknown" {
		v["no-such-field"] = "x"
		return
	}
	name := draw(h, f).Name
	switch how {
	case "left out":
		delete(v, name)
	case "type":
		v[name] = map[string]any{"a": 1}
	case "long":
		v[name] = strings.Repeat("x", 5000)
	case "control":
		v[name] = "a\u0007b"
	}
}

// certificate makes one that is in force for a while, of a new key.
func (h *history) certificate() string {
	from, until := h.now().Add(-time.Hour), h.now().AddDate(0, 0, h.between(1, 800))
	return certificate{from: from, until: until}.pem(h.t)
}

func (h *history) request() string { return newRequest(h.t) }

// newRequest is a request for a certificate of a new key.
func newRequest(t testing.TB) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

// callOf is a call that a grant allows, from where the system calls.
func callOf(s *access.Standing, g *access.Grant, now time.Time) *access.Request {
	r := &access.Request{
		Service: g.Service, Channel: access.ChannelAPI, Fields: g.Fields, Procedure: g.Procedures[0],
		Case:    fmt.Sprintf("%s-%s-0001", s.Agency.Code, now.In(access.Zone).Format("060102")),
		Officer: access.Officer{ID: "o", Address: "10.0.0.1", Session: "s"},
	}
	if len(g.Keys) > 0 {
		r.Keys = g.Keys[0]
	}
	if g.Service == access.Verify {
		r.Fields = g.Claims
	}
	if len(s.Owner.Builds) > 0 {
		r.Build = s.Owner.Builds[0]
	}
	if len(s.System.Addresses) > 0 {
		r.Address = s.System.Addresses[0].Addr()
	}
	if len(g.Provinces) > 0 {
		r.Province = slices.Min(g.Provinces)
	}
	return r
}
