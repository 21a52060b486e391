package e2e

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"dancu/internal/api"
	"dancu/internal/app"
	"dancu/internal/apptest"
	"dancu/internal/db/dbtest"
	"dancu/internal/identity"
	"dancu/internal/ledger"
)

// yard is the program itself, in a process of its own, and people of both sides:
// each signed in with a second factor, each with a key for the API.
type yard struct {
	*house
	people map[string]*visitor
	keys   map[string]string
	agency string // id of the agency whose administrator is there
}

// openYard starts the program and hires people: an operator, an assessor, two
// supervisors, and the agency's own administrator.
func openYard(t *testing.T, env *dbtest.Env, limit int64) *yard {
	t.Helper()
	h := &house{t: t, used: map[string]int64{}}
	h.System = apptest.StartProcess(t, apptest.Options{
		Env: env, Limit: limit, Settings: "identity:\n  address_attempts: 5000\n  address_failures: 5000\n  hash_memory: 64KiB\n",
	})
	y := &yard{h, map[string]*visitor{}, map[string]string{}, h.account("quantri.songxanh").Agency}
	y.moves()
	admin := h.visit("administrator").signIn(h.account("quantri"))
	y.people["agency"] = h.visit("agency").signIn(h.account("quantri.songxanh"))
	for login, kind := range map[string]identity.Kind{"operator": identity.Onboarder, "assessor": identity.Assessor, "supervisor": identity.Supervisor, "supervisor2": identity.Supervisor} {
		issued := admin.post("/staff/new", "kind", string(kind), "name", "Người Mới", "login", login, "code", strings.ToUpper(login))
		v, password := h.visit(login), "Sen-hồ-7Tây-Bắc!"
		v.post("/sign-in", "login", login, "password", y.secret(issued))
		enrol := v.post("/sign-in/password", "password", password, "again", password)
		v.must(v.post("/sign-in/enrol", "code", h.code(y.secret(enrol))), "Recovery codes")
		y.people[login] = v
	}
	for who, v := range y.people {
		y.keys[who] = y.secret(v.post("/account/keys/new", "name", "kiểm thử", "term", "7"))
	}
	return y
}

// moves takes note of the console's address, which is another after a restart.
func (y *yard) moves() { y.url = strings.Replace(y.Info.Console, "127.0.0.1", "localhost", 1) }

var secretOf = regexp.MustCompile(`<code class="secret">([^<]+)</code>`)

// secret is the one secret that a page shows.
func (y *yard) secret(s seen) string {
	y.t.Helper()
	m := secretOf.FindStringSubmatch(s.body)
	if m == nil {
		y.t.Fatalf("%s (status %d) shows no secret:\n%s", s.at, s.status, tags.ReplaceAllString(s.body, " "))
	}
	return strings.ReplaceAll(strings.TrimSpace(m[1]), " ", "")
}

// said is what the API of the life cycle answers.
type said struct {
	status int
	raw    []byte
	m      map[string]any
}

func (a said) text(name string) string { s, _ := a.m[name].(string); return s }

// asks sends a request of somebody with their key; values are the answers of a
// form.
func (y *yard) asks(who, method, path string, body any) said {
	y.t.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			y.t.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(y.t.Context(), method, y.Info.Console+api.LifePrefix+path, in)
	if err != nil {
		y.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+y.keys[who])
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		y.t.Fatal(err)
	}
	defer resp.Body.Close()
	a := said{status: resp.StatusCode}
	if a.raw, err = io.ReadAll(resp.Body); err != nil {
		y.t.Fatal(err)
	}
	_ = json.Unmarshal(a.raw, &a.m)
	return a
}

type form = map[string]any

// does demands that somebody does an act.
func (y *yard) does(who, matter, act string, values form) said {
	y.t.Helper()
	a := y.asks(who, http.MethodPost, "/"+matter+"/acts/"+act, form{"reason": "a reason long enough", "values": values})
	if a.status != http.StatusOK && a.status != http.StatusAccepted {
		y.t.Fatalf("%s of %s by the %s: %d %s", act, matter, who, a.status, a.raw)
	}
	return a
}

// items is a list of the API.
func (y *yard) items(who, path, member string) (out []map[string]any) {
	y.t.Helper()
	a := y.asks(who, http.MethodGet, path, nil)
	list, ok := a.m[member].([]any)
	if a.status != http.StatusOK || !ok {
		y.t.Fatalf("%s: %d %s", path, a.status, a.raw)
	}
	for _, x := range list {
		out = append(out, x.(map[string]any))
	}
	return out
}

// waits calls ok until it says yes.
func (y *yard) waits(what string, ok func() bool) {
	y.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !ok(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			y.t.Fatalf("never: %s", what)
		}
	}
}

// incident waits for the open incident of a kind about the connection, and
// demands its task.
func (y *yard) incident(kind string) (id string) {
	y.t.Helper()
	y.waits("an incident "+kind, func() bool {
		for _, m := range y.items("supervisor", "/incident?connection=mot-cua&open=true", "matters") {
			doc, _ := m["doc"].(map[string]any)
			if report, _ := doc["report"].(map[string]any); report["kind"] == kind {
				id = m["id"].(string)
			}
		}
		return id != ""
	})
	y.owes(id, "incident.take")
	return id
}

// owes demands that a matter has a task that is not done.
func (y *yard) owes(matter, kind string) {
	y.t.Helper()
	if n := len(y.items("supervisor", "/tasks?matter="+matter+"&kind="+kind, "tasks")); n != 1 {
		y.t.Fatalf("the matter %s has %d tasks %s", matter, n, kind)
	}
}

// told waits until somebody has a notice of a topic.
func (y *yard) told(topic, recipient string) {
	y.t.Helper()
	y.waits(recipient+" is told of "+topic, func() bool {
		return len(y.items("supervisor", "/notices?topic="+topic+"&to="+recipient, "notices")) > 0
	})
}

// logged is how many entries of a kind and code the log has.
func (y *yard) logged(kind, code string) int {
	y.t.Helper()
	c := y.Control()
	defer func() { _ = c.Close() }()
	r, err := c.Search(y.t.Context(), "kiểm thử", ledger.Query{Kind: kind, Code: code})
	if err != nil {
		y.t.Fatal(err)
	}
	return len(r.Records)
}

// refused makes a call and demands the code, and its entry.
func (y *yard) refused(c *apptest.Client, body apptest.Request, header map[string]string, code string) {
	y.t.Helper()
	before := y.logged("call.lookup", code)
	y.answers(c, body, header, code)
	if n := y.logged("call.lookup", code); n != before+1 {
		y.t.Fatalf("%d entries tell of the refusal %s, want one more than %d", n, code, before)
	}
}

// applies applies a declarative file at the machine.
func (y *yard) applies(yaml string) {
	y.t.Helper()
	c := y.Control()
	defer func() { _ = c.Close() }()
	if _, err := c.Apply(y.t.Context(), app.Source{Name: "test", YAML: []byte(yaml)}, app.ApplyOptions{}); err != nil {
		y.t.Fatal(err)
	}
}

// answers makes a call and demands the code.
func (y *yard) answers(c *apptest.Client, body apptest.Request, header map[string]string, code string) {
	y.t.Helper()
	if a := y.post(c, body, header); a.Status == http.StatusOK || a.Code != code || a.Found() {
		y.t.Fatalf("the call is answered %d %s, want %s", a.Status, a.Body, code)
	}
}

// post makes a look-up with headers of the test's.
func (y *yard) post(c *apptest.Client, body apptest.Request, header map[string]string) *apptest.Answer {
	y.t.Helper()
	with := *c
	with.HTTP = &http.Client{Transport: headers{c.HTTP.Transport, header}, Timeout: c.HTTP.Timeout}
	return with.Post("/v1/lookup", body)
}

// headers adds headers to every request.
type headers struct {
	http.RoundTripper
	add map[string]string
}

func (h headers) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	for name, value := range h.add {
		r.Header.Set(name, value)
	}
	return h.RoundTripper.RoundTrip(r)
}

// selfMade is a client certificate with a key of its own.
func selfMade(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}
