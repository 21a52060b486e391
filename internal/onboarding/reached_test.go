package onboarding

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"dancu/internal/db"
)

// reached are the acts that this package's tests have done, walks and directed
// tests alike, as the offices' own records tell.
var reached = struct {
	sync.Mutex
	acts map[string]bool
}{acts: map[string]bool{}}

// tells adds, when the test ends, what was done in a database.
func tells(t testing.TB, main *db.DB) {
	t.Helper()
	t.Cleanup(func() {
		// The test's own context has ended. Whoever broke the database on purpose
		// tells nothing.
		rows, err := main.Query(context.Background(), "SELECT DISTINCT matters.kind, matter_acts.act FROM matter_acts JOIN matters ON matters.id = matter_acts.matter")
		if err != nil {
			return
		}
		defer rows.Close()
		reached.Lock()
		defer reached.Unlock()
		for rows.Next() {
			var kind, act string
			if rows.Scan(&kind, &act) == nil {
				reached.acts[kind+"."+act] = true
			}
		}
		if err := rows.Err(); err != nil {
			t.Logf("couldn't read what was done: %v", err)
		}
	})
}

// TestMain fails the whole of the tests, and not a part of them, if an act of
// the table is done by none: what is claimed of acts that never happen is not
// tried.
func TestMain(m *testing.M) {
	code := m.Run()
	if missing := unreached(); code == 0 && everyTest() && len(missing) > 0 {
		fmt.Fprintf(os.Stderr, "no test does these acts of the table: %v\n", missing)
		code = 1
	}
	os.Exit(code)
}

// everyTest reports whether every test ran.
func everyTest() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.bench", "test.fuzz"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return true
}

func unreached() (out []string) {
	for i := range lifecycle {
		name := string(lifecycle[i].Kind) + "." + lifecycle[i].Name
		if !reached.acts[name] && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
