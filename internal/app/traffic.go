package app

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/web"
)

// trafficPause is the mean time between two calls of one system: three
// systems make about two calls a second.
const trafficPause = 1500 * time.Millisecond

// probe waits until every face answers.
func (d *Demo) probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	client, err := d.client("")
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	for _, url := range []string{
		d.Info.API + "/openapi.json", d.Info.Log.URL + "/checkpoint", d.Info.Console + "/", d.Info.Operations + "/readyz",
	} {
		for {
			err := probeOne(ctx, client, url)
			if err == nil {
				break
			}
			select {
			case <-ctx.Done():
				return fault.Wrap(fault.Unavailable, err, "%s does not answer", url)
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	return nil
}

func probeOne(ctx context.Context, client *http.Client, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	if res.StatusCode >= 400 {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return nil
}

// client is an HTTP client that trusts the demonstration's authority and calls
// with the named certificate; "" for none.
func (d *Demo) client(certificate string) (*http.Client, error) {
	b, err := os.ReadFile(d.Info.CA)
	if err != nil {
		return nil, err
	}
	cfg := &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: x509.NewCertPool()}
	cfg.RootCAs.AppendCertsFromPEM(b)
	if certificate != "" {
		dir := filepath.Join(d.opts.Dir, "clients")
		pair, err := tls.LoadX509KeyPair(filepath.Join(dir, certificate+".crt"), filepath.Join(dir, certificate+".key"))
		if err != nil {
			return nil, err
		}
		cfg.Certificates = []tls.Certificate{pair}
	}
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: cfg,
		DialContext:     (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
	}, Timeout: 10 * time.Second}, nil
}

// runTraffic makes a little traffic until ctx ends: look-ups, verifications,
// and calls that are refused for different reasons.
func (d *Demo) runTraffic(ctx context.Context) {
	var wg sync.WaitGroup
	for i := range demoTrafficSystems {
		wg.Go(func() {
			t := &traffic{d: d, s: &demoTrafficSystems[i], consents: map[string]string{}}
			var err error
			if t.client, err = d.client(t.s.certificate()); err == nil {
				defer t.client.CloseIdleConnections()
				err = t.run(ctx)
			}
			if err != nil && ctx.Err() == nil {
				d.App.Logger.Warn("background traffic ended", "system", t.s.id, "error", err)
			}
		})
	}
	wg.Wait()
}

// traffic is one system that calls.
type traffic struct {
	d        *Demo
	s        *demoSystem
	client   *http.Client
	consents map[string]string // by PIN
}

func (t *traffic) run(ctx context.Context) error {
	if len(t.d.sample) == 0 {
		return nil
	}
	for {
		pause := time.Duration(rand.ExpFloat64() * float64(trafficPause))
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(min(pause, 10*time.Second)):
		}
		if err := t.call(ctx); err != nil {
			return err
		}
	}
}

// call makes one call. A refusal is as good an answer as any.
func (t *traffic) call(ctx context.Context) error {
	pin := t.d.sample[rand.IntN(len(t.d.sample))]
	p, err := t.d.App.Register.Get(ctx, pin)
	if err != nil || p == nil {
		return err
	}
	var one DemoPerson
	if err := json.Unmarshal(p.Append(nil, access.FieldsOf(access.PIN, access.FullName, access.DateOfBirth)), &one); err != nil {
		return err
	}
	now := time.Now()
	n := rand.IntN(6) + 1
	officer := DemoOfficer{ID: fmt.Sprintf("CB-%04d", n), Address: fmt.Sprintf("10.1.0.%d", n), Session: fmt.Sprintf("phien-%04d", n)}
	purpose := map[string]string{"procedure": t.s.procedures[0], "case": demoCase(t.s.agency.code, now)}
	body := map[string]any{"pin": one.PIN, "purpose": purpose, "officer": officer}
	if t.s.agency.group != 1 {
		if body["consent"], err = t.consent(ctx, one.PIN, purpose); err != nil {
			return err
		}
	}
	path := "/v1/lookup"
	fields := access.FieldsOf(t.s.fields[:2]...).Names()
	if rand.IntN(4) == 0 && len(t.s.services) > 1 {
		path = "/v1/verify"
		claims := map[string]string{"fullName": one.FullName, "dateOfBirth": one.DateOfBirth}
		if rand.IntN(6) == 0 {
			claims["fullName"] = "Người Khác"
		}
		body["claims"] = claims
	} else {
		body["fullName"], body["dateOfBirth"] = one.FullName, one.DateOfBirth
		switch rand.IntN(20) { // one in five is refused or empty
		case 0:
			fields = append(fields, access.Religion.String())
		case 1:
			purpose["procedure"] = "1.900999"
		case 2:
			purpose["case"] = demoCase("H01", now)
		case 3:
			body["fullName"] = "Người Khác"
		}
		body["fields"] = fields
	}
	_, err = t.post(ctx, path, body)
	return err
}

// consent returns the person's consent, given now if there is none yet.
func (t *traffic) consent(ctx context.Context, pin string, purpose map[string]string) (string, error) {
	key := pin + purpose["case"]
	if id := t.consents[key]; id != "" {
		return id, nil
	}
	answer, err := t.post(ctx, "/v1/consents", map[string]any{
		"pin": pin, "purpose": purpose, "fields": access.FieldsOf(t.s.fields...).Names(),
		"until":    time.Now().AddDate(0, 0, 30).UTC().Format(time.RFC3339),
		"evidence": map[string]string{"kind": "signed-form", "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	})
	if err != nil {
		return "", err
	}
	id, _ := answer["consent"].(string)
	t.consents[key] = id
	return id, nil
}

func (t *traffic) post(ctx context.Context, path string, body any) (map[string]any, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.d.Info.API+path, bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Dancu-Transaction-Id", web.NewID(time.Now()))
	req.Header.Set("Dancu-Client", "demo-traffic/1")
	res, err := t.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("an answer with status %d is not JSON: %w", res.StatusCode, err)
	}
	return answer, nil
}
