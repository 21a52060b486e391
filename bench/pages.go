package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/net/html"

	"dancu/internal/app"
	"dancu/internal/onboarding"
)

// What the pages are measured with.
const (
	manyConnections = 1000
	mostPages       = 120 // of one kind of account
	mostAlike       = 3   // of pages that differ by an id only
	visits          = 9   // of each page; the median counts
)

// pages measures how long every page that can be reached takes, for every kind
// of account, on the small system and on the large one.
func (b *bench) pages(ctx context.Context) error {
	large, small := filepath.Join(b.dir, "sqlite"), filepath.Join(b.dir, "small")
	for dir, people := range map[string]int{large: b.options.people, small: few} {
		if err := ensureDemo(b.binary, dir, people); err != nil {
			return err
		}
	}
	// The part about sizes has filled the log already, if it ran.
	if !b.filled {
		if _, err := fill(ctx, large, b.entries); err != nil {
			return err
		}
	}
	if err := connect(ctx, large, manyConnections); err != nil {
		return fmt.Errorf("couldn't make %d connections: %w", manyConnections, err)
	}
	times := map[string]map[string]pageTimes{} // by server, by kind of account
	for _, d := range []struct {
		name, dir string
		people    int
	}{{"small", small, few}, {"large", large, b.options.people}} {
		running, err := startDemo("dancu, pages", b.binary, d.dir, "", d.people)
		if err != nil {
			return err
		}
		times[d.name], err = visitAll(ctx, running)
		running.stop()
		if err != nil {
			return err
		}
	}
	b.report.pageLines = pageReport(b.options, times["small"], times["large"])
	return nil
}

// ensureDemo makes a demonstration in a folder unless it has one.
func ensureDemo(binary, dir string, people int) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	d, err := startDemo("dancu, being made", binary, dir, "", people)
	if err != nil {
		return err
	}
	d.stop()
	return nil
}

// pageTimes is the median time of each page, by its address without ids.
type pageTimes map[string]time.Duration

// visitAll signs in as every kind of account and visits what it can reach.
func visitAll(ctx context.Context, d *demo) (map[string]pageTimes, error) {
	out := map[string]pageTimes{}
	nobody, err := newVisitor(d)
	if err != nil {
		return nil, err
	}
	if out["nobody"], err = nobody.crawl(ctx, "/"); err != nil {
		return nil, err
	}
	for _, a := range d.info.Accounts {
		if _, done := out[a.Kind]; done {
			continue
		}
		v, err := newVisitor(d)
		if err != nil {
			return nil, err
		}
		home, err := v.signIn(ctx, a)
		if err != nil {
			return nil, fmt.Errorf("%s can't sign in: %w", a.Kind, err)
		}
		if out[a.Kind], err = v.crawl(ctx, home); err != nil {
			return nil, fmt.Errorf("pages of %s: %w", a.Kind, err)
		}
	}
	citizen, err := newVisitor(d)
	if err != nil {
		return nil, err
	}
	home, err := citizen.send(ctx, "/sign-in/citizen", url.Values{"pin": {d.info.People[0].PIN}, "code": {d.info.CitizenCode}})
	if err != nil {
		return nil, fmt.Errorf("the citizen can't sign in: %w", err)
	}
	out["citizen"], err = citizen.crawl(ctx, home.path)
	return out, err
}

// visitor is a browser without script.
type visitor struct {
	base   string
	client http.Client
}

func newVisitor(d *demo) (*visitor, error) {
	jar, err := cookiejar.New(nil)
	return &visitor{d.info.Console, http.Client{Jar: jar, Timeout: time.Minute}}, err
}

// visited is a page, and how long it took to come.
type visited struct {
	path string // where redirects led
	body []byte
	took time.Duration
}

// send asks for a page, or posts a form.
func (v *visitor) send(ctx context.Context, path string, form url.Values) (visited, error) {
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, v.base+path, strings.NewReader(body))
	if err != nil {
		return visited{}, err
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	start := time.Now()
	res, err := v.client.Do(r)
	if err != nil {
		return visited{}, err
	}
	defer res.Body.Close()
	p := visited{path: res.Request.URL.RequestURI()}
	p.body, err = io.ReadAll(res.Body)
	p.took = time.Since(start)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s", shape(path), res.Status)
	}
	return p, err
}

// signIn returns where the account begins.
func (v *visitor) signIn(ctx context.Context, a app.DemoAccount) (string, error) {
	if _, err := v.send(ctx, "/sign-in", url.Values{"login": {a.Login}, "password": {a.Password}}); err != nil {
		return "", err
	}
	// A code counts once, and the one of the present half minute may have been used.
	for _, ahead := range []time.Duration{0, 30 * time.Second} {
		code, err := totp.GenerateCode(a.TOTP, time.Now().Add(ahead))
		if err != nil {
			return "", err
		}
		p, err := v.send(ctx, "/sign-in/factor", url.Values{"code": {code}})
		if err == nil && !strings.HasPrefix(p.path, "/sign-in") {
			return p.path, nil
		}
	}
	return "", errors.New("no code was taken")
}

// crawl visits the pages that links lead to, from home on.
func (v *visitor) crawl(ctx context.Context, home string) (pageTimes, error) {
	times := map[string][]time.Duration{}
	seen, alike := map[string]bool{home: true}, map[string]int{}
	for next := []string{home}; len(next) > 0; next = next[1:] {
		like := shape(next[0])
		if alike[like]++; alike[like] > mostAlike || len(times) >= mostPages {
			continue
		}
		var body []byte
		for range visits {
			p, err := v.send(ctx, next[0], nil)
			if err != nil {
				return nil, err
			}
			times[like], body = append(times[like], p.took), p.body
		}
		for _, l := range links(body) {
			if !seen[l] {
				seen[l] = true
				next = append(next, l)
			}
		}
	}
	out := pageTimes{}
	for like, all := range times {
		slices.Sort(all)
		out[like] = all[len(all)/2]
	}
	return out, nil
}

// links are the addresses of the site that a page links to: no files, and not
// the page again in another language.
func links(body []byte) (out []string) {
	root, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		return nil
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "a" {
			continue
		}
		var to string
		file := false
		for _, a := range n.Attr {
			switch a.Key {
			case "href":
				to = a.Val
			case "download":
				file = true
			}
		}
		u, err := url.Parse(to)
		if err != nil || file || u.IsAbs() || !strings.HasPrefix(u.Path, "/") || u.Query().Has("lang") || isFile.MatchString(u.Path) {
			continue
		}
		u.Fragment = ""
		out = append(out, u.String())
	}
	return out
}

var (
	isFile = regexp.MustCompile(`^/(assets|life/(csv|file))/|\.(csv|xlsx|json|pdf|zip)$|/(csv|xlsx|proof|receipt)(/|$)`)
	// An id: of a matter, an account, an entry, a connection.
	isID = regexp.MustCompile(`^([0-9a-f-]{20,}|[0-9]+|.*[.:~].*|bench[0-9]+)$`)
)

// shape is an address without its ids and without the values of its query.
func shape(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	parts := strings.Split(u.Path, "/")
	for i, p := range parts {
		if isID.MatchString(p) {
			parts[i] = "{id}"
		}
	}
	var keys []string
	for k := range u.Query() {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	s := strings.Join(parts, "/")
	if len(keys) > 0 {
		s += "?" + strings.Join(keys, "&")
	}
	return s
}

// connect puts more connections into a folder's system, each an agency's own.
func connect(ctx context.Context, dir string, n int) (err error) {
	loaded, err := app.LoadConfig(filepath.Join(dir, app.ConfigFile), nil)
	if err != nil {
		return err
	}
	c, err := app.OpenControl(ctx, loaded.Config, os.Stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	const atOnce = 100
	for from := 0; from < n; from += atOnce {
		file, err := connectionsFile(from, min(from+atOnce, n))
		if err != nil {
			return err
		}
		if _, err := c.Apply(ctx, onboarding.Source{Name: "bench", YAML: []byte(file)}, onboarding.Options{}); err != nil {
			return err
		}
	}
	return nil
}

// connectionsFile is a declarative file of the connections from up to but not
// including until.
func connectionsFile(from, until int) (string, error) {
	var agencies, systems, connections strings.Builder
	now := time.Now()
	day := func(days int) string { return now.AddDate(0, 0, days).Format(time.DateOnly) }
	for i := from; i < until; i++ {
		cert, err := selfSigned(i, now)
		if err != nil {
			return "", err
		}
		id := fmt.Sprintf("bench%04d", i)
		fmt.Fprintf(&agencies, "  - {id: %s, code: H%02d.%03d, name: {vi: Cơ quan đo số %d, en: Measured agency %d}, group: 1}\n", id, 10+i/500, i%500+1, i, i)
		fmt.Fprintf(&systems, "  - id: %s\n    agency: %s\n    name: {vi: Hệ thống đo số %d, en: Measured system %d}\n    level: 3\n    certificates:\n      - pem: |\n%s",
			id, id, i, i, indent(cert, 10))
		fmt.Fprintf(&connections, "  - id: %s\n    system: %s\n    assessment: {from: %s, until: %s}\n    grants:\n      - {id: residence, service: lookup, procedures: [\"1.010100\"], fields: [fullName, dateOfBirth], from: %s, until: %s, legalBasis: {vi: Nghị định 70/2024/NĐ-CP Điều 8, en: Decree 70/2024/NĐ-CP Art. 8}}\n",
			id, id, day(-100), day(20+i%300), day(-100), day(20+i%300))
	}
	return "agencies:\n" + agencies.String() + "systems:\n" + systems.String() + "connections:\n" + connections.String(), nil
}

func indent(s string, by int) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString(strings.Repeat(" ", by) + line)
	}
	return b.String()
}

// selfSigned is a client certificate: the connection pins it.
func selfSigned(i int, now time.Time) (string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(i) + 1), Subject: pkix.Name{CommonName: fmt.Sprintf("bench%04d", i)},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), nil
}

// pageReport is the table of the pages.
func pageReport(o options, small, large map[string]pageTimes) []string {
	lines := []string{
		fmt.Sprintf("Server time of the console's pages, milliseconds, every page that links lead to (SQLite; small: %d people, a new log, three agencies; large: %d people, %d entries, %d connections more):",
			few, o.people, o.entries, manyConnections), "",
		"| signed in as | pages | median, small | median, large | slowest, small | slowest, large | which |", "|---|---|---|---|---|---|---|",
	}
	var kinds []string
	for k := range large {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }
	for _, k := range kinds {
		sm, ss, _ := small[k].sum()
		lm, ls, which := large[k].sum()
		lines = append(lines, fmt.Sprintf("| %s | %d | %s | %s | %s | %s | `%s` |", k, len(large[k]), ms(sm), ms(lm), ms(ss), ms(ls), which))
	}
	return lines
}

// sum is the median page's time, and the slowest page's.
func (p pageTimes) sum() (median, slowest time.Duration, which string) {
	var all []time.Duration
	for like, d := range p {
		all = append(all, d)
		if d > slowest {
			slowest, which = d, like
		}
	}
	if len(all) == 0 {
		return 0, 0, ""
	}
	slices.Sort(all)
	return all[len(all)/2], slowest, which
}
