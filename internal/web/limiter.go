package web

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

// Rate is how fast a key may call: PerSecond on average, and Burst at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Limiter bounds the rate of calls by key, with the generic cell rate
// algorithm: one time per key. It holds at most a fixed number of keys. It is
// safe for concurrent use. Make one with [NewLimiter].
type Limiter struct {
	max int

	mu sync.Mutex
	// tat is, by key, the theoretical arrival time of the next call in
	// nanoseconds since start; a key whose time has passed is as good as none.
	tat   map[string]int64
	start time.Time
	swept int64 // when keys whose time has passed were last dropped
}

// NewLimiter returns a Limiter that holds at most maxKeys keys. When it is full
// of keys that still count, a key it does not hold is refused: forgetting
// another would let that one go over its rate.
func NewLimiter(maxKeys int) *Limiter {
	return &Limiter{max: max(maxKeys, 1), tat: make(map[string]int64), start: time.Now(), swept: math.MinInt64 / 2}
}

// Group is the address that a limit counts by: an IPv6 host has a whole /64 to
// itself, and calls from another of its addresses as it likes. An IPv4 address
// is itself, in either form.
func Group(a netip.Addr) netip.Addr {
	const host = 64
	a = a.Unmap().WithZone("")
	if !a.Is6() {
		return a
	}
	p, err := a.Prefix(host)
	if err != nil {
		return a
	}
	return p.Addr()
}

// Quota is what [Limiter.Take] has to say.
type Quota struct {
	OK        bool
	Remaining int           // calls that would pass at once
	Reset     time.Duration // until the whole burst is there again
	Retry     time.Duration // if not OK, until one call would pass
}

// Take takes one call of key at time now, if its rate allows. A rate that is
// not above zero in both members allows nothing.
func (l *Limiter) Take(key string, rate Rate, now time.Time) Quota {
	if !(rate.PerSecond > 0) || rate.Burst < 1 {
		return Quota{Retry: time.Minute}
	}
	t := now.Sub(l.start).Nanoseconds()
	step := nanos(1 / rate.PerSecond)
	burst := int64(math.MaxInt64 / 4)
	if float64(rate.Burst)*float64(step) < float64(burst) {
		burst = int64(rate.Burst) * step
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	tat, held := l.tat[key]
	if !held && len(l.tat) >= l.max && !l.sweep(t) {
		return Quota{Retry: time.Second}
	}
	if !held || tat < t {
		tat = t
	}
	// A clock that was set back must not make a key wait for it to catch up.
	if tat > t+burst {
		tat = t + burst
		l.tat[key] = tat
	}
	if wait := tat + step - t - burst; wait > 0 {
		return Quota{Reset: time.Duration(tat - t), Retry: time.Duration(wait)}
	}
	tat += step
	l.tat[key] = tat
	return Quota{OK: true, Remaining: int((burst - (tat - t)) / step), Reset: time.Duration(tat - t)}
}

// nanos is a number of seconds as nanoseconds: at least one, and at most a year.
func nanos(s float64) int64 {
	const year = float64(365 * 24 * time.Hour)
	return int64(max(1, min(s*1e9, year)))
}

// sweep makes room by dropping keys whose time has passed, at most once a
// second; it reports whether there is room.
func (l *Limiter) sweep(t int64) bool {
	if age := t - l.swept; age >= 0 && age < int64(time.Second) {
		return false
	}
	l.swept = t
	for k, tat := range l.tat {
		if tat <= t {
			delete(l.tat, k)
		}
	}
	return len(l.tat) < l.max
}

// Len returns how many keys are held.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.tat)
}

// SetRateLimit writes RateLimit-Policy and RateLimit (the IETF draft's form,
// structured fields): the policy's name, its quota and window, what is left of
// it and in how many seconds it is whole again.
func SetRateLimit(h http.Header, name string, quota int64, window time.Duration, remaining int64, reset time.Duration) {
	b := make([]byte, 0, 48)
	b = append(b, '"')
	b = append(b, name...)
	b = append(b, `";q=`...)
	b = strconv.AppendInt(b, max(quota, 0), 10)
	b = append(b, ";w="...)
	b = strconv.AppendInt(b, ceilSeconds(window), 10)
	h["Ratelimit-Policy"] = []string{string(b)}
	b = append(b[:0], '"')
	b = append(b, name...)
	b = append(b, `";r=`...)
	b = strconv.AppendInt(b, max(remaining, 0), 10)
	b = append(b, ";t="...)
	b = strconv.AppendInt(b, ceilSeconds(reset), 10)
	h["Ratelimit"] = []string{string(b)}
}

func ceilSeconds(d time.Duration) int64 {
	return int64((max(d, 0) + time.Second - 1) / time.Second)
}
