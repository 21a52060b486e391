package gate

import (
	"context"
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
)

// BenchmarkLookup is the whole way of a look-up without HTTP, 64 at once, each
// case with four people.
func BenchmarkLookup(b *testing.B) {
	for _, env := range []*dbtest.Env{dbtest.SQLite(b), dbtest.Postgres(b)} {
		b.Run(string(env.Engine), func(b *testing.B) {
			w := start(b, env)
			w.connect("a", func(c *access.Connection) { c.Limit.Calls = 1 << 40 })
			var n atomic.Int64
			b.SetParallelism(32) // × GOMAXPROCS 2 = 64
			b.ReportAllocs()
			b.ResetTimer()
			before := cpu()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					i := n.Add(1)
					c := w.call("a", int(i%10), func(c *Call) { c.Case = fmt.Sprintf("H13-250101-%04d", i/4) })
					if _, err := w.gate.Do(context.Background(), c); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// cpu is the CPU time this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
