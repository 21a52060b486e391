package app

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"dancu/internal/access"
	"dancu/internal/api"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
)

// door is a node that serves the life cycle over TLS, and the keys of accounts
// of every kind.
type door struct {
	t      *testing.T
	app    *App
	client *http.Client
	base   string
	keys   map[string]identity.MadeKey // by kind, agencies' by "agency:ID"
	people map[string]identity.Actor
	offset time.Duration
	router routers.Router
	hasty  bool // does not come back when told to
}

// twoAgencies are known before anybody applies.
const twoAgencies = `
agencies:
  - {id: ha-noi, code: H26, name: {vi: UBND thành phố Hà Nội}, group: 1, body: provincial}
  - {id: can-tho, code: H13, name: {vi: UBND thành phố Cần Thơ}, group: 1}
`

func openDoor(t *testing.T, env *dbtest.Env, change ...func(*Config)) *door {
	t.Helper()
	cfg := stateFolder(t)
	for _, address := range []*string{&cfg.API.Listen, &cfg.Log.Listen, &cfg.Console.Listen} {
		*address = "127.0.0.1:0"
	}
	cfg.Operations.Listen = ""
	cfg.Console.CertificateFile, cfg.Console.KeyFile = "keys/server.crt", "keys/server.key"
	cfg.Identity.Origin = "https://localhost:8445"
	if env != nil && env.Engine == db.Postgres {
		if err := os.WriteFile(cfg.Path("keys/database"), []byte(env.DSN(db.Main)), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg.Database.AddressFile = "keys/database"
	}
	for _, fn := range change {
		fn(&cfg)
	}
	d := &door{t: t, keys: map[string]identity.MadeKey{}, people: map[string]identity.Actor{}}
	a, err := New(t.Context(), cfg, func(o *Options) {
		o.Stderr, o.ClockOffset = io.Discard, func() time.Duration { return d.offset }
	})
	d.must(err)
	d.app = a
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	<-a.Serving()
	ca, err := os.ReadFile(filepath.Join(cfg.State, "keys/ca.crt"))
	d.must(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	d.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	t.Cleanup(d.client.CloseIdleConnections)
	d.base = "https://" + a.Address(listenConsole)
	d.document()
	_, err = a.Onboarding.ApplyFile(t.Context(), account(os.Getuid()), onboarding.Source{Name: "two.yaml", YAML: []byte(twoAgencies)}, onboarding.Options{})
	d.must(err)
	return d
}

func (d *door) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// staff makes an account of every kind that has keys, and its key.
func (d *door) staff() {
	d.t.Helper()
	m := &demoMaker{store: d.app.Identity, now: d.app.Main.Clock, kinds: map[identity.Kind]identity.Actor{}}
	for i, a := range []identity.NewAccount{
		{Kind: identity.Administrator},
		{Kind: identity.Onboarder},
		{Kind: identity.Assessor},
		{Kind: identity.Supervisor},
		{Kind: identity.Inspector},
		{Kind: identity.Support},
		{Kind: identity.AgencyAdmin, Agency: "ha-noi"},
		{Kind: identity.AgencyAdmin, Agency: "can-tho"},
	} {
		a.Code, a.Login, a.Name = fmt.Sprintf("TK-%d", i), fmt.Sprintf("tk%d", i), "Nguyễn Văn Thử"
		name := string(a.Kind)
		if a.Agency != "" {
			name = "agency:" + a.Agency
			delete(m.kinds, a.Kind)
		}
		_, err := m.make(d.t.Context(), a)
		d.must(err)
		by := m.kinds[a.Kind]
		d.people[name] = by
		if identity.May(a.Kind, identity.OwnKeys) {
			d.keys[name], err = d.app.Identity.NewKey(d.t.Context(), by, identity.NewKey{Name: "Đồng bộ hồ sơ"})
			d.must(err)
		}
	}
}

// said is an answer.
type said struct {
	Status int
	Header http.Header
	Raw    []byte
	m      map[string]any
}

func (a said) text(name string) string { s, _ := a.m[name].(string); return s }

// ask sends a request of somebody; body is JSON, or bytes as they are.
func (d *door) ask(who, method, path string, body any, headers ...string) said {
	d.t.Helper()
	var in io.Reader
	raw, file := body.([]byte)
	if file {
		in = bytes.NewReader(raw)
	} else if body != nil {
		b, err := json.Marshal(body)
		d.must(err)
		in = bytes.NewReader(b)
	}
	if !strings.HasPrefix(path, "/api") {
		path = api.LifePrefix + path
	}
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.base+path, in)
	d.must(err)
	if body != nil && !file {
		r.Header.Set("Content-Type", "application/json")
	}
	if k, ok := d.keys[who]; ok {
		r.Header.Set("Authorization", "Bearer "+k.Text)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := d.client.Do(r)
	d.must(err)
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusTooManyRequests && !d.hasty {
		time.Sleep(time.Second)
		return d.ask(who, method, path, body, headers...)
	}
	a := said{Status: resp.StatusCode, Header: resp.Header}
	a.Raw, err = io.ReadAll(resp.Body)
	d.must(err)
	_ = json.Unmarshal(a.Raw, &a.m)
	d.follows(r, &a)
	return a
}

// follows holds an answer against the published document. What is not in the
// document is not there, or may be done by nobody: such as opening a kind that
// only another act opens.
func (d *door) follows(r *http.Request, a *said) {
	d.t.Helper()
	q := r.Clone(d.t.Context())
	q.URL.Scheme, q.URL.Host, q.Host = "", "", ""
	route, params, err := d.router.FindRoute(q)
	if err != nil {
		if a.Status != http.StatusNotFound && a.Status != http.StatusForbidden && a.Status != http.StatusMethodNotAllowed && r.URL.Path != "/api/openapi.json" {
			d.t.Errorf("%s %s is not in the document: %v", r.Method, r.URL.Path, err)
		}
		return
	}
	options := &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: q, PathParams: params, Route: route, Options: options},
		Status:                 a.Status, Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.Raw)), Options: options,
	}
	if err := openapi3filter.ValidateResponse(d.t.Context(), out); err != nil {
		d.t.Errorf("%s %s: answer %d does not follow the document: %v", r.Method, r.URL.Path, a.Status, err)
	}
}

// document reads the published document.
func (d *door) document() {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), "GET", d.base+"/api/openapi.json", nil)
	d.must(err)
	resp, err := d.client.Do(r)
	d.must(err)
	defer resp.Body.Close()
	doc, err := openapi3.NewLoader().LoadFromIoReader(resp.Body)
	d.must(err)
	d.router, err = legacy.NewRouter(doc)
	d.must(err)
}

// want demands a status, and a code if one is named.
func (d *door) want(a said, status int, code ...string) said {
	d.t.Helper()
	if a.Status != status || len(code) > 0 && a.text("code") != code[0] {
		d.t.Fatalf("got %d %s, want %d %v", a.Status, a.Raw, status, code)
	}
	return a
}

type values = map[string]any

// pdf is a small file that the vault takes.
var pdf = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\nxref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000053 00000 n \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n102\n%%EOF\n")

const handIn = `attachment; filename*=UTF-8''c%C3%B4ng%20v%C4%83n.pdf`

// request opens a request for connection and fills all of it.
func (d *door) request(who string) (id string) {
	d.t.Helper()
	file := d.want(d.ask(who, "POST", "/files", pdf, "Content-Disposition", handIn), 201)
	m := d.want(d.ask(who, "POST", "/application", values{}), 201)
	for section, v := range map[string]values{
		"applicant": {"unit": "Văn phòng UBND", "functions": "Giải quyết thủ tục hành chính", "officer": "Nguyễn Văn A", "role": "Trưởng phòng", "phone": "024 3825 1234", "email": "ketnoi@hanoi.example.vn"},
		"system": {
			"id": "ha-noi.onestop", "whyDirect": "Nền tảng trung gian chưa sẵn sàng", "nameVI": "Hệ thống một cửa", "level": 3,
			"addresses": []string{"203.0.113.0/24"}, "builds": []string{"onestop/2.1"},
		},
		"purpose":   {"purpose": "Kiểm tra thông tin công dân khi tiếp nhận hồ sơ", "use": "Điền sẵn tờ khai và đối chiếu giấy tờ", "basisVI": "Luật Căn cước Điều 10", "storage": "Không lưu sau khi trả kết quả"},
		"data":      {"services": []string{"verify"}, "procedures": []string{"1.004222"}, "fields": []string{"fullName", "dateOfBirth"}, "daily": 500, "perCase": 4, "until": "2099-12-31"},
		"documents": {"request": []string{file.text("id")}},
	} {
		d.want(d.ask(who, "PUT", "/application/"+m.text("id")+"/sections/"+section, values{"values": v}), 200)
	}
	return m.text("id")
}

const longReason = "như đã nêu trong công văn"

// A request goes from its opening to the accepted grant. What binds like a
// signature is done by a person: the key is told so.
func TestLifeWalk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := openDoor(t, env)
		d.staff()
		const agency, operator = "agency:ha-noi", "onboarder"
		contact := values{"name": "Nguyễn Văn A", "role": "Trưởng phòng", "phone": "024 3825 1234", "email": "ketnoi@hanoi.example.vn"}
		d.want(d.ask(agency, "PUT", "/agency/agency.ha-noi/sections/contact", values{"values": contact}), 200)
		id := d.request(agency)
		path := "/application/" + id

		s := d.want(d.ask(agency, "GET", path, nil), 200)
		if s.m["missing"] != nil || !slices.Contains(s.m["can"].([]any), any("submit")) || s.m["edit"] != true {
			t.Fatalf("before it is submitted: %v %v %v", s.m["missing"], s.m["can"], s.m["edit"])
		}
		d.want(d.ask(agency, "POST", path+"/acts/submit", values{}), 200)
		d.want(d.ask(operator, "POST", path+"/acts/return", values{"reason": longReason}), 200)
		d.want(d.ask(agency, "POST", path+"/acts/submit", values{}), 200)
		tasks := d.want(d.ask(operator, "GET", "/tasks?matter="+id, nil), 200)
		if n := len(tasks.m["tasks"].([]any)); n != 1 {
			t.Fatalf("%d tasks: %s", n, tasks.Raw)
		}
		// Somebody who saw an older version decides on what is no longer so.
		d.want(d.ask(operator, "POST", path+"/acts/approve", values{"reason": longReason, "version": 1, "values": values{"authority": "provincial-director", "id": "ha-noi.con"}}), 409, "matter.version")
		d.want(d.ask(operator, "POST", path+"/acts/approve", values{"reason": longReason, "values": values{"authority": "provincial-director", "id": "ha-noi.con"}}), 200)

		s = d.want(d.ask(agency, "GET", path, nil), 200)
		var doc struct {
			Offer struct{ Grants []access.Grant } `json:"offer"`
		}
		raw, _ := json.Marshal(s.m["matter"].(map[string]any)["doc"])
		d.must(json.Unmarshal(raw, &doc))
		accept := values{"hashes": []string{doc.Offer.Grants[0].Hash}}
		d.want(d.ask(agency, "POST", path+"/acts/accept", values{"values": accept}), 403, "act.not_by_key")
		in, _ := json.Marshal(accept)
		by := d.people[agency]
		_, err := d.app.Onboarding.Act(t.Context(), onboarding.Person{
			Duty: onboarding.Agency, Account: "signatory", Agency: "ha-noi",
			Still: onboarding.StillBy(d.app.Identity.Still(by, identity.OwnLifecycle), d.app.Identity.StillFresh(by, identity.OwnLifecycle)),
		}, id, "accept", onboarding.Input{Values: in})
		d.must(err)
		s = d.want(d.ask(agency, "GET", path, nil), 200)
		if got := s.m["matter"].(map[string]any)["state"]; got != "accepted" {
			t.Errorf("it is %v", got)
		}
		// The connection is there, and lists have it.
		list := d.want(d.ask(agency, "GET", "/connection", nil), 200)
		if !strings.Contains(string(list.Raw), `"connection.ha-noi.con"`) {
			t.Errorf("connections: %s", list.Raw)
		}
	})
}

// An act of two people is proposed; a key is never the second.
func TestLifeProposals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := openDoor(t, env)
		d.staff()
		_, err := d.app.Onboarding.ApplyFile(t.Context(), account(os.Getuid()), connectionFile(t), onboarding.Options{})
		d.must(err)
		const path = "/connection/connection.a.con/acts/"
		d.want(d.ask("supervisor", "POST", path+"suspend", values{"values": values{"violation": "sai mục đích", "remedy": "báo cáo khắc phục"}}), 200)
		bad := d.want(d.ask("supervisor", "POST", path+"resume", values{"reason": "ngắn"}), 400, "matter.form")
		if !strings.Contains(string(bad.Raw), `"field":"reason"`) {
			t.Errorf("%s", bad.Raw)
		}
		d.want(d.ask("supervisor", "POST", path+"resume", values{"reason": longReason, "version": 99}), 409, "matter.version")
		p := d.want(d.ask("supervisor", "POST", path+"resume", values{"reason": longReason}), 202)
		if p.text("kind") != "life.connection.resume" || p.text("proposal") == "" {
			t.Fatalf("%s", p.Raw)
		}
		if s := d.ask("supervisor", "GET", "/connection/connection.a.con", nil); s.m["matter"].(map[string]any)["state"] != "suspended" {
			t.Error("one alone has resumed it")
		}
		d.waits(p.text("proposal"))
		for _, who := range []string{"onboarder", "supervisor"} {
			b, err := d.app.Identity.Bear(t.Context(), d.keys[who].Text, demoDesk)
			d.must(err)
			if _, err := d.app.Identity.Confirm(t.Context(), b.Actor(demoDesk), p.text("proposal")); err == nil {
				t.Errorf("the key of the %s has confirmed", who)
			}
		}
		_, err = d.app.Identity.Confirm(t.Context(), d.people["onboarder"], p.text("proposal"))
		d.must(err)
		if s := d.ask("supervisor", "GET", "/connection/connection.a.con", nil); s.m["matter"].(map[string]any)["state"] != "active" {
			t.Errorf("after the second: %s", s.Raw)
		}
	})
}

// Every kind of account tries every act of the table: whoever the table does
// not name is refused, with 403, or 404 where they may not even see it.
func TestLifeRoles(t *testing.T) {
	d := openDoor(t, nil)
	d.staff()
	_, err := d.app.Onboarding.ApplyFile(t.Context(), account(os.Getuid()), connectionFile(t), onboarding.Options{})
	d.must(err)
	application := d.request("agency:ha-noi")
	matters := map[onboarding.Kind]string{
		onboarding.KindAgency: "agency.ha-noi", onboarding.KindSystem: "system.a.sys", onboarding.KindConnection: "connection.a.con",
		onboarding.KindApplication: application,
	}
	duties := map[string]onboarding.Duty{
		"onboarder": onboarding.Operator, "assessor": onboarding.Assessor, "supervisor": onboarding.Supervisor,
		"inspector": onboarding.Inspector, "support": onboarding.Support, "agency:ha-noi": onboarding.Agency, "agency:can-tho": onboarding.Agency,
	}
	tried := 0
	for _, kind := range onboarding.Kinds() {
		id, ok := matters[kind.Kind]
		for who, duty := range duties {
			// Opening, and the list.
			d.want(d.ask(who, "GET", "/"+string(kind.Kind), nil), 200)
			got := d.ask(who, "POST", "/"+string(kind.Kind), values{"agency": "nobody"})
			if may := slices.Contains(kind.By, duty); may == (got.Status == 403 && got.text("code") == "act.not_allowed" && !may) {
				t.Errorf("%s opens %s: %d %s", who, kind.Kind, got.Status, got.Raw)
			}
			if !ok {
				continue
			}
			hidden := who == "agency:can-tho" || duty == onboarding.Agency && (kind.Kind == onboarding.KindSystem || kind.Kind == onboarding.KindConnection)
			for _, row := range onboarding.Lifecycle() {
				if row.Kind != kind.Kind {
					continue
				}
				var may bool
				for _, r := range onboarding.Lifecycle() {
					may = may || r.Kind == row.Kind && r.Name == row.Name && slices.Contains(r.By, duty)
				}
				// An unknown field and an old version keep what may be done from
				// being done.
				got := d.ask(who, "POST", "/"+string(kind.Kind)+"/"+id+"/acts/"+row.Name, values{"version": 999, "values": values{"unknown": 1}})
				tried++
				switch {
				case hidden:
					d.want(got, 404, "matter.not_found")
				case !may:
					d.want(got, 403, "act.not_allowed")
				case got.Status != 400 && got.Status != 409 && got.text("code") != "act.not_by_key":
					t.Errorf("%s does %s on %s: %d %s", who, row.Name, kind.Kind, got.Status, got.Raw)
				}
			}
		}
	}
	if tried < 7*15 {
		t.Errorf("only %d were tried", tried)
	}
}

// What is wrong with a field is said of the field, in both languages.
func TestLifeFieldErrors(t *testing.T) {
	d := openDoor(t, nil)
	d.staff()
	m := d.want(d.ask("agency:ha-noi", "POST", "/application", values{}), 201)
	path := "/application/" + m.text("id")
	got := d.want(d.ask("agency:ha-noi", "PUT", path+"/sections/data", values{"values": values{"daily": -1, "nothing": 1}}, "Accept-Language", "en"), 400, "matter.form")
	var p struct {
		Detail string
		Errors []struct{ Section, Field, VI, EN string }
	}
	d.must(json.Unmarshal(got.Raw, &p))
	if len(p.Errors) != 2 || p.Errors[0].Section != "data" || p.Errors[0].Field != "daily" || p.Errors[0].VI == p.Errors[0].EN || p.Errors[1].EN != "the form has no such field" {
		t.Errorf("%s", got.Raw)
	}
	// A file that is not there is said of its field, too.
	got = d.want(d.ask("agency:ha-noi", "PUT", path+"/sections/documents", values{"values": values{"request": []string{"018f0000-0000-7000-8000-000000000001"}}}), 404)
	if !strings.Contains(string(got.Raw), `"field":"request"`) || !strings.Contains(string(got.Raw), "Không có tệp này") {
		t.Errorf("%s", got.Raw)
	}
	got = d.want(d.ask("agency:ha-noi", "POST", path+"/acts/submit", values{}), 400, "matter.form")
	if !strings.Contains(string(got.Raw), `"section":"applicant"`) {
		t.Errorf("%s", got.Raw)
	}
	for body, status := range map[string]int{
		`{"valeus":{}}`: 400, `{"version":"x"}`: 400, `[]`: 400, `{} {}`: 400, `{"values":` + strings.Repeat("[", 20000): 400,
		`{"reason":"` + strings.Repeat("x", 200<<10) + `"}`: 413,
	} {
		d.want(d.ask("agency:ha-noi", "PUT", path+"/sections/data", []byte(body), "Content-Type", "application/json"), status)
	}
	d.want(d.ask("agency:ha-noi", "PUT", path+"/sections/data", []byte("a=b"), "Content-Type", "application/x-www-form-urlencoded"), 415)
	d.want(d.ask("agency:ha-noi", "GET", "/application?limit=0", nil), 400)
	d.want(d.ask("agency:ha-noi", "GET", "/application?who=x", nil), 400)
	d.want(d.ask("agency:ha-noi", "GET", "/nothing", nil), 404, "matter.no_kind")
	d.want(d.ask("agency:ha-noi", "GET", "/change/"+m.text("id"), nil), 404, "matter.not_found")
	d.want(d.ask("agency:ha-noi", "DELETE", path, nil), 405)
}

// Files are whose they are, until a matter that others may see refers to them.
func TestLifeFiles(t *testing.T) {
	d := openDoor(t, nil, func(c *Config) { c.Evidence.MaxSize = 64 << 10 })
	d.staff()
	const agency = "agency:ha-noi"
	id := d.request(agency)
	s := d.want(d.ask(agency, "GET", "/application/"+id, nil), 200)
	file := s.m["matter"].(map[string]any)["doc"].(map[string]any)["documents"].(map[string]any)["request"].([]any)[0].(string)
	got := d.want(d.ask(agency, "GET", "/files/"+file, nil), 200)
	if !bytes.Equal(got.Raw, pdf) || !strings.Contains(got.Header.Get("Content-Disposition"), "c%C3%B4ng%20v%C4%83n.pdf") || got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v %q", got.Header, got.Raw)
	}
	d.want(d.ask("onboarder", "GET", "/files/"+file, nil), 404, "file.not_found")
	d.want(d.ask("onboarder", "GET", "/files/"+file+"?of="+id, nil), 200)
	d.want(d.ask("agency:can-tho", "GET", "/files/"+file, nil), 404, "file.not_found")
	d.want(d.ask("agency:can-tho", "GET", "/files/"+file+"?of="+id, nil), 404, "matter.not_found")
	d.want(d.ask("agency:can-tho", "GET", "/files/"+file+"?of=agency.can-tho", nil), 404, "file.not_found")
	d.want(d.ask(agency, "GET", "/files/018f0000-0000-7000-8000-000000000001", nil), 404, "file.not_found")

	d.want(d.ask("support", "POST", "/files", pdf, "Content-Disposition", handIn), 403, "act.not_allowed")
	d.want(d.ask(agency, "POST", "/files", pdf), 400)
	d.want(d.ask(agency, "POST", "/files", []byte("MZ"), "Content-Disposition", `attachment; filename="a.exe"`), 400, "file.type_not_allowed")
	d.want(d.ask(agency, "POST", "/files", bytes.Repeat([]byte("a"), 65<<10), "Content-Disposition", handIn), 413, "request.too_large")
}

// Keys that do not hold are 401 with a challenge, whatever is the matter with
// them, and no cookie is one.
func TestLifeKeys(t *testing.T) {
	d := openDoor(t, nil)
	d.staff()
	none := d.want(d.ask("", "GET", "/kinds", nil), 401, "key.missing")
	if none.Header.Get("Www-Authenticate") != `Bearer realm="dancu"` {
		t.Errorf("%v", none.Header)
	}
	d.want(d.ask("", "GET", "/kinds", nil, "Cookie", "dancu_session="+d.people["onboarder"].Session), 401, "key.missing")
	d.want(d.ask("", "GET", "/kinds", nil, "Authorization", "Basic eDp5"), 401, "key.missing")
	d.want(d.ask("", "GET", "/kinds", nil, "Authorization", "Bearer dancu_x"), 401, "key.mistyped")
	d.want(d.ask("onboarder", "GET", "/kinds", nil), 200)
	d.must(d.app.Identity.EndKey(t.Context(), d.people["onboarder"], d.keys["onboarder"].Key.ID))
	d.want(d.ask("onboarder", "GET", "/kinds", nil), 401, "key.refused")
	d.want(d.ask("assessor", "GET", "/kinds", nil), 200)
	d.want(d.ask("", "GET", "/api/openapi.json", nil), 200)
	d.want(d.ask("", "GET", "/api/nothing", nil), 404)
	d.offset = 91 * 24 * time.Hour
	d.want(d.ask("assessor", "GET", "/kinds", nil), 401, "key.refused")
}

// A key over its rate is told when to come back.
func TestLifeRate(t *testing.T) {
	d := openDoor(t, nil)
	d.staff()
	d.hasty = true
	var last said
	for range 200 {
		if last = d.ask("support", "GET", "/agency/nobody", nil); last.Status == 429 {
			break
		}
	}
	d.want(last, 429, "rate.exceeded")
	if last.Header.Get("Retry-After") == "" || last.Header.Get("Ratelimit-Policy") == "" {
		t.Errorf("%v", last.Header)
	}
}
