// Package webhook sends notices to agencies' systems: an HTTPS POST of JSON,
// signed, so that the receiver knows who sent it and when.
//
// A receiver's address comes from an agency. So that it cannot be used to reach
// into our own networks, every connection is checked when it is made, after the
// name was resolved (TestOurOwnNetworksAreOutOfReach); redirects are not
// followed, no proxy is used, and of the answer only the status counts.
package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"dancu/internal/fault"
	"dancu/internal/notify"
)

// The limits.
const (
	// MaxBody is the longest body sent, in bytes.
	MaxBody = 64 << 10
	// maxHeader is the longest header of an answer that is read.
	maxHeader = 16 << 10
	// maxAnswer is how much of an answer's body is read, to be polite.
	maxAnswer = 4 << 10
	// MinSecret is the shortest secret, in bytes.
	MinSecret = 16
)

// The headers besides Content-Type.
const (
	HeaderSignature = "Dancu-Signature"
	HeaderID        = "Dancu-Notice-Id"
	HeaderTopic     = "Dancu-Notice-Topic"
)

// Config says how webhooks leave.
type Config struct {
	// Networks are networks that may be reached although they are private or
	// this machine's own: the state's wide-area network, say.
	Networks []netip.Prefix
	// Roots are the authorities of the receivers' certificates; nil means the
	// system's.
	Roots *x509.CertPool
	// Time bounds one delivery; default 15 s.
	Time time.Duration
	// Now is the clock of signatures; nil means time.Now.
	Now func() time.Time
}

// Sender posts to any receiver.
type Sender struct {
	cfg    Config
	client *http.Client
}

// New returns a sender.
func New(cfg Config) *Sender {
	if cfg.Time == 0 {
		cfg.Time = 15 * time.Second
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	dialer := &net.Dialer{Timeout: cfg.Time, ControlContext: guard(cfg.Networks)}
	return &Sender{cfg: cfg, client: &http.Client{
		Timeout:       cfg.Time,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			// No proxy: it would connect where we do not see it.
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.Roots},
			TLSHandshakeTimeout:    cfg.Time,
			MaxResponseHeaderBytes: maxHeader,
			DisableKeepAlives:      true, // notices are few, receivers many
			DisableCompression:     true,
			ForceAttemptHTTP2:      true,
		},
	}}
}

// CheckURL says whether an address can be a receiver's: https, a host, no user
// and no fragment. The error is of kind fault.Invalid.
func CheckURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || len(address) > 2000:
		return fault.New(fault.Invalid, "a webhook's address must be like https://system.example.vn/notices")
	case u.Scheme != "https":
		return fault.New(fault.Invalid, "a webhook's address must begin with https://")
	case u.User != nil || u.Fragment != "" || u.Opaque != "":
		return fault.New(fault.Invalid, "a webhook's address has neither user nor fragment: what it knows us by is the signature")
	}
	return nil
}

// Check refuses an address that could never be reached: one that [CheckURL]
// refuses, or a literal address in a network that is out of reach. Where a name
// leads is looked at when the connection is made.
func (s *Sender) Check(address string) error {
	if err := CheckURL(address); err != nil {
		return err
	}
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && !reachable(a, s.cfg.Networks) {
		return fault.New(fault.Invalid, "a webhook's address must be public: this one is in a network that webhooks may not reach")
	}
	return nil
}

// payload is the body.
type payload struct {
	ID     string            `json:"id"`
	Topic  string            `json:"topic"`
	Time   time.Time         `json:"time"`
	To     string            `json:"to"`
	Params map[string]string `json:"params"`
	Page   string            `json:"page,omitempty"`
	VI     text              `json:"vi"`
	EN     text              `json:"en"`
}

type text struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Send posts a message. Codes: webhook.invalid (its address or secret cannot
// be used), webhook.address (the name leads into a network that is out of
// reach), webhook.unreachable, webhook.tls, webhook.redirect, webhook.status.NNN
// (any other answer than 2xx), webhook.gone (410: for good), timeout.
func (s *Sender) Send(ctx context.Context, m *notify.Message) error {
	h := m.Webhook
	if h == nil || CheckURL(h.URL) != nil || len(h.Secret) < MinSecret || len(h.Next) > 0 && len(h.Next) < MinSecret {
		return notify.Fail("webhook.invalid", nil)
	}
	p := payload{ID: m.ID, Topic: m.Topic, Time: m.Time.UTC(), To: m.To, Params: m.Params, Page: m.URL}
	for _, t := range m.Texts {
		if t.Lang == "vi" {
			p.VI = text{t.Subject, t.Body}
		} else {
			p.EN = text{t.Subject, t.Body}
		}
	}
	body, err := json.Marshal(p)
	if err != nil || len(body) > MaxBody {
		return notify.Refuse("webhook.too_large", err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Time)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return notify.Fail("webhook.invalid", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "dancu")
	req.Header.Set(HeaderID, m.ID)
	req.Header.Set(HeaderTopic, m.Topic)
	secrets := [][]byte{h.Secret}
	if len(h.Next) > 0 {
		secrets = append(secrets, h.Next)
	}
	req.Header.Set(HeaderSignature, Sign(s.cfg.Now(), body, secrets...))
	resp, err := s.client.Do(req)
	if err != nil {
		return failed(err)
	}
	defer resp.Body.Close()
	// The status is what counts; who has said 2xx has the notice.
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer))
	switch {
	case resp.StatusCode/100 == 2:
		return nil
	case resp.StatusCode/100 == 3:
		return notify.Fail("webhook.redirect", nil)
	case resp.StatusCode == http.StatusGone:
		return notify.Refuse("webhook.gone", nil)
	}
	return notify.Fail("webhook.status."+strconv.Itoa(resp.StatusCode), nil)
}

func failed(err error) error {
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.Is(err, errOutOfReach):
		return notify.Fail("webhook.address", err)
	case errors.As(err, &verify), errors.As(err, &record):
		return notify.Fail("webhook.tls", err)
	case errors.As(err, &timeout) && timeout.Timeout():
		return notify.Fail("timeout", err)
	}
	return notify.Fail("webhook.unreachable", err)
}
