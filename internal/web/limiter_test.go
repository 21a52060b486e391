package web

import (
	"net/http"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestRateAllowsTheBurstAndThenTheRate(t *testing.T) {
	l := NewLimiter(10)
	now := l.start
	rate := Rate{PerSecond: 10, Burst: 3}
	for i := range 3 {
		if q := l.Take("a", rate, now); !q.OK || q.Remaining != 2-i {
			t.Fatalf("call %d: %+v", i, q)
		}
	}
	q := l.Take("a", rate, now)
	if q.OK || q.Retry != 100*time.Millisecond || q.Reset != 300*time.Millisecond {
		t.Fatalf("over the burst: %+v", q)
	}
	if q := l.Take("a", rate, now.Add(q.Retry-1)); q.OK {
		t.Error("one nanosecond early, and it passed")
	}
	if q := l.Take("a", rate, now.Add(q.Retry)); !q.OK {
		t.Errorf("at the promised time: %+v", q)
	}
	if q := l.Take("b", rate, now); !q.OK {
		t.Error("another key is bound by the first")
	}
}

func TestRateOfNothingAllowsNothing(t *testing.T) {
	l := NewLimiter(10)
	for _, r := range []Rate{{}, {PerSecond: 1}, {Burst: 1}, {PerSecond: -1, Burst: 1}, {PerSecond: 1, Burst: -1}} {
		if q := l.Take("a", r, l.start); q.OK || q.Retry <= 0 {
			t.Errorf("%+v: %+v", r, q)
		}
	}
	// Extremes neither overflow nor lock out.
	for _, r := range []Rate{{PerSecond: 1e18, Burst: 1 << 62}, {PerSecond: 1e-18, Burst: 1 << 62}} {
		if q := l.Take("x"+strconv.FormatFloat(r.PerSecond, 'g', -1, 64), r, l.start); !q.OK {
			t.Errorf("%+v: %+v", r, q)
		}
	}
}

func TestLimiterIsBounded(t *testing.T) {
	l := NewLimiter(100)
	rate := Rate{PerSecond: 1, Burst: 1}
	now := l.start
	for i := range 1000 {
		q := l.Take(strconv.Itoa(i), rate, now)
		if q.OK != (i < 100) {
			t.Fatalf("key %d: %+v", i, q)
		}
	}
	if l.Len() > 100 {
		t.Errorf("%d keys", l.Len())
	}
	// Keys whose time has passed make room.
	if q := l.Take("new", rate, now.Add(2*time.Second)); !q.OK || l.Len() != 1 {
		t.Errorf("after a while: %+v, %d keys", q, l.Len())
	}
}

// In any span, no more calls pass than the burst and what the rate adds.
func TestRateIsNeverExceeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := Rate{PerSecond: rapid.Float64Range(0.5, 1000).Draw(t, "rate"), Burst: rapid.IntRange(1, 50).Draw(t, "burst")}
		l := NewLimiter(1)
		now, passed := l.start, 0
		for range rapid.IntRange(1, 200).Draw(t, "calls") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(50*time.Millisecond)).Draw(t, "gap")))
			if l.Take("k", rate, now).OK {
				passed++
			}
		}
		if most := float64(rate.Burst) + now.Sub(l.start).Seconds()*rate.PerSecond + 1e-3; float64(passed) > most {
			t.Fatalf("%d calls passed; at most %f may", passed, most)
		}
	})
}

func TestClockSetBackDoesNotLockOut(t *testing.T) {
	l := NewLimiter(10)
	rate := Rate{PerSecond: 1, Burst: 2}
	for _, at := range []time.Duration{time.Hour, time.Hour, 0} {
		l.Take("a", rate, l.start.Add(at))
	}
	if q := l.Take("a", rate, l.start.Add(time.Second)); !q.OK {
		t.Errorf("a second later: %+v", q)
	}
	if q := l.Take("b", rate, l.start.Add(-time.Hour)); !q.OK {
		t.Errorf("before the limiter was made: %+v", q)
	}
}

func TestRateLimitHeaders(t *testing.T) {
	h := http.Header{}
	SetRateLimit(h, "volume", 10000, 24*time.Hour, -5, 1500*time.Millisecond)
	if got := h.Get("RateLimit-Policy"); got != `"volume";q=10000;w=86400` {
		t.Error(got)
	}
	if got := h.Get("RateLimit"); got != `"volume";r=0;t=2` {
		t.Error(got)
	}
}

func BenchmarkLimiter(b *testing.B) {
	l := NewLimiter(1000)
	rate := Rate{PerSecond: 1e9, Burst: 1 << 30}
	now := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		l.Take("connection", rate, now)
	}
}

func TestGroup(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.7":            "192.0.2.7",
		"::ffff:192.0.2.7":     "192.0.2.7",
		"2001:db8:1:2::1":      "2001:db8:1:2::",
		"2001:db8:1:2:ffff::9": "2001:db8:1:2::",
		"2001:db8:1:3::1":      "2001:db8:1:3::",
		"fe80::1%eth0":         "fe80::",
		"::1":                  "::",
	} {
		if got := Group(netip.MustParseAddr(in)).String(); got != want {
			t.Errorf("%s counts as %s, want %s", in, got, want)
		}
	}
	if Group(netip.Addr{}).IsValid() {
		t.Error("an unknown address became one")
	}
}
