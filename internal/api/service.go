package api

import (
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/gate"
	"dancu/internal/web"
)

// buffers are for bodies and answers. Larger ones than usual are not kept.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

const keepBuffer = 32 << 10

func putBuffer(b *[]byte) {
	if cap(*b) <= keepBuffer {
		// What was in it is a person's.
		clear((*b)[:cap(*b)])
		buffers.Put(b)
	}
}

// service returns the handler of one service: the hot path.
func (a *api) service(s access.Service, t *takes) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		// 1. Who, and not too fast.
		now := a.now()
		c, err := a.who(w, r, now)
		if err != nil {
			return err
		}

		// 2. What is asked.
		h, err := readHead(r, now)
		if err != nil {
			return a.malformed(&c, err)
		}
		buf := buffers.Get().(*[]byte)
		defer putBuffer(buf)
		var q request
		if err := a.read(w, r, buf, t, &q); err != nil {
			return a.malformed(&c, err)
		}
		if err := a.onBehalf(w, &c, q.represented, now); err != nil {
			return err
		}

		// 3. The gate decides, fetches and writes the entry.
		answer, err := a.gate.Do(r.Context(), &gate.Call{
			Thumbprint:  c.thumbprint,
			Address:     c.address,
			Channel:     access.ChannelAPI,
			Transaction: h.transaction,
			RetryOf:     q.retryOf,
			Build:       h.client,
			RequestID:   web.RequestID(w),
			Represented: q.represented,
			Service:     s,
			Keys:        q.keys,
			Claims:      q.claims,
			Fields:      q.fields,
			Procedure:   q.procedure,
			Case:        q.caseCode,
			Officer:     q.officer,
			Consent:     q.consent,
			FullReceipt: q.full,
		})
		if err != nil {
			return a.refused(w, &c, err)
		}

		// 4. The answer. The body's buffer is free again.
		usage(w, c.connection, answer.Usage)
		*buf = appendAnswer((*buf)[:0], s, q.fields, answer)
		w.Header()["Cache-Control"] = noStore
		web.Write(w, http.StatusOK, jsonType, *buf)
		return nil
	}
}

// read reads and decodes the body.
func (a *api) read(w http.ResponseWriter, r *http.Request, buf *[]byte, t *takes, q *request) (err error) {
	if *buf, err = web.ReadBody(w, r, *buf, a.body); err != nil {
		return err
	}
	return decode(*buf, t, q)
}

// onBehalf holds a represented system to the rate of its own connection, and
// makes that the connection of the call.
func (a *api) onBehalf(w http.ResponseWriter, c *caller, represented string, now time.Time) error {
	if represented == "" {
		return nil
	}
	s := a.gate.Directory().Standing(c.thumbprint, represented)
	if s.Connection == nil || c.connection != nil && s.Connection.ID == c.connection.ID {
		return nil // refused by the gate, or held already
	}
	c.connection = s.Connection
	return a.hold(w, c, s.Connection.ID, a.rateOf(s.Connection), now)
}

var (
	jsonType = []string{"application/json"}
	noStore  = []string{"no-store"}
)

// appendAnswer appends the answer of a service.
func appendAnswer(b []byte, s access.Service, fields access.FieldSet, answer *gate.Answer) []byte {
	switch s {
	case access.Verify:
		b = append(b, `{"match":`...)
		b = strconv.AppendBool(b, answer.Match)
	case access.Lookup:
		b = append(b, `{"person":`...)
		if len(answer.People) == 0 {
			b = append(b, "null"...)
		} else {
			b = answer.People[0].Append(b, fields)
		}
	default:
		if s == access.Search {
			b = append(b, `{"people":[`...)
		} else {
			b = append(b, `{"members":[`...)
		}
		for i, p := range answer.People {
			if i > 0 {
				b = append(b, ',')
			}
			b = p.Append(b, fields)
		}
		b = append(b, ']')
	}
	b = append(b, `,"receipt":`...)
	b = append(b, answer.Receipt...)
	return append(b, '}')
}

// usage writes what is left of the connection's volume limit.
func usage(w http.ResponseWriter, c *access.Connection, u gate.Usage) {
	if u.Reset.IsZero() {
		return
	}
	var window time.Duration
	if c != nil {
		// Reset is the end of the window, so the instant before lies in it.
		last := u.Reset.Add(-time.Nanosecond)
		window = c.Limit.Window.End(last).Sub(c.Limit.Window.Start(last))
	}
	web.SetRateLimit(w.Header(), "volume", u.Limit, window, u.Limit-u.Calls, time.Until(u.Reset))
}

// statuses is the status of each code.
var statuses = map[access.Code]int{
	access.UnknownCredential:     http.StatusUnauthorized,
	access.IntermediaryForbidden: http.StatusForbidden,
	access.ConnectionNotActive:   http.StatusForbidden,
	access.ConnectionSuspended:   http.StatusForbidden,
	access.ConnectionVolume:      http.StatusForbidden,
	access.ConnectionPattern:     http.StatusForbidden,
	access.AssessmentLapsed:      http.StatusForbidden,
	access.ChangeUndeclared:      http.StatusForbidden,
	access.GrantNone:             http.StatusForbidden,
	access.GrantExpired:          http.StatusForbidden,
	access.GrantField:            http.StatusForbidden,
	access.GrantKey:              http.StatusForbidden,
	access.PurposeMissing:        http.StatusBadRequest,
	access.PurposeMalformed:      http.StatusBadRequest,
	access.PurposeNotGranted:     http.StatusForbidden,
	access.CaseExhausted:         http.StatusForbidden,
	access.ConsentMissing:        http.StatusForbidden,
	access.OfficerMissing:        http.StatusBadRequest,
	access.OfficerForbidden:      http.StatusForbidden,
	access.TerritoryForbidden:    http.StatusForbidden,
	access.AddressForbidden:      http.StatusForbidden,
	access.QuotaExceeded:         http.StatusForbidden,
	access.RequestInvalid:        http.StatusBadRequest,
	access.RequestTooLarge:       http.StatusRequestEntityTooLarge,
	access.RequestReplayed:       http.StatusConflict,
	access.RateExceeded:          http.StatusTooManyRequests,
	access.SearchTooMany:         http.StatusUnprocessableEntity,
	access.VerifyMismatches:      http.StatusForbidden,
	access.LogUnavailable:        http.StatusServiceUnavailable,
	access.ServiceBusy:           http.StatusServiceUnavailable,
	access.InternalError:         http.StatusInternalServerError,
}

// problem returns the problem of a code: its title, and what a program should
// do about it. An unknown code is an internal error.
func problem(code access.Code) *web.Problem {
	info, ok := code.Info()
	if !ok {
		code = access.InternalError
		info, _ = code.Info()
	}
	p := &web.Problem{Status: statuses[code], Code: string(code), Title: web.Text(info.Title), Detail: web.Text(info.Program)}
	if p.Status == http.StatusServiceUnavailable {
		p.RetryAfter = time.Second
	}
	return p
}

// refused turns what the gate says into a problem.
func (a *api) refused(w http.ResponseWriter, c *caller, err error) error {
	var r *gate.Refusal
	if !errors.As(err, &r) {
		switch fault.KindOf(err) {
		case fault.Unavailable:
			p := problem(access.LogUnavailable)
			p.Cause = err
			return p
		case fault.Invalid:
			return a.malformed(c, err)
		default:
			p := problem(access.InternalError)
			p.Cause = err
			return p
		}
	}
	p := problem(r.Code)
	if r.RetryAfter > 0 {
		p.RetryAfter = r.RetryAfter
	}
	if r.Index >= 0 {
		p.Index, p.HasIndex = r.Index, true
		p.Instance = a.origin + strconv.FormatInt(r.Index, 10)
	}
	p.Result = r.First
	for _, reason := range r.Reasons {
		p.Reasons = append(p.Reasons, string(reason.Code))
		if reason.Code == r.Code && p.Names == nil {
			p.Names = safeNames(reason.Names)
			if text, ok := reason.Detail(); ok {
				p.Detail = web.Text(text)
			}
		}
	}
	usage(w, c.connection, r.Usage)
	return p
}

// safeNames are the names of a reason as they may be shown. They never hold a
// search key's value; a number as long as a person's would be one all the same.
func safeNames(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		if out[i] = n; isNumber(n) {
			out[i] = web.Redact(n)
		}
	}
	return out
}

// isNumber reports whether s is 9 or 12 digits, as an old number or a PIN is.
func isNumber(s string) bool {
	if len(s) != 9 && len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// consents records a consent.
func (a *api) consents(w http.ResponseWriter, r *http.Request) error {
	now := a.now()
	c, err := a.who(w, r, now)
	if err != nil {
		return err
	}
	h, err := readHead(r, now)
	if err != nil {
		return a.malformed(&c, err)
	}
	buf := buffers.Get().(*[]byte)
	defer putBuffer(buf)
	var q request
	if err := a.read(w, r, buf, &takesConsent, &q); err != nil {
		return a.malformed(&c, err)
	}
	if err := a.onBehalf(w, &c, q.represented, now); err != nil {
		return err
	}
	address := c.address
	if !address.IsValid() {
		address = netip.IPv6Unspecified()
	}
	id, err := a.gate.GiveConsent(r.Context(), &gate.ConsentCall{
		Thumbprint:     c.thumbprint,
		Address:        address,
		Transaction:    h.transaction,
		RequestID:      web.RequestID(w),
		Represented:    q.represented,
		PIN:            q.keys.PIN,
		Procedure:      q.procedure,
		Case:           q.caseCode,
		Fields:         q.fields,
		Until:          q.until,
		EvidenceKind:   q.evidence.kind,
		EvidenceSHA256: q.evidence.sha256,
	})
	if err != nil {
		return a.refused(w, &c, err)
	}
	*buf = append((*buf)[:0], `{"consent":`...)
	*buf = strconv.AppendQuoteToASCII(*buf, id)
	*buf = append(*buf, '}')
	w.Header()["Cache-Control"] = noStore
	web.Write(w, http.StatusOK, jsonType, *buf)
	return nil
}
