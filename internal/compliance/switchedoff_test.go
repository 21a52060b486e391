package compliance

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
)

// Every rule that is switched off makes the test fail that is named beside it,
// which in the same build passes as long as nothing is switched off.
//
// It compiles most of the program anew and runs many tests twice, so it is for
// the night (make nightly, DANCU_TEST_NIGHTLY=1). DANCU_TEST_RULES tries at any
// time those alone whose names, guarantees or tests hold that text; every day
// the other tests here see to it that each rule still finds its place.
func TestEveryRuleSwitchedOffIsNoticed(t *testing.T) {
	nightly, part := os.Getenv("DANCU_TEST_NIGHTLY") == "1", os.Getenv("DANCU_TEST_RULES")
	if testing.Short() || !nightly && part == "" {
		t.Skip("for the night: make nightly, or DANCU_TEST_RULES for some")
	}
	rules := slices.DeleteFunc(Mutations(), func(m Mutation) bool {
		return part != "" && !strings.Contains(m.Name+" "+m.Guarantee+" "+m.Test, part)
	})
	if len(rules) == 0 {
		t.Fatalf("no rule is like %q", part)
	}
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	bs, err := builds(top, rules)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d rules in %d builds", len(rules), len(bs))
	for _, b := range bs {
		c := b.compile(t)
		asIs := map[string]bool{}
		for _, m := range b.mutations {
			_, _, sub := m.test()
			if sub == "postgres" {
				dbtest.Postgres(t) // says so where there is none
			}
			// What is long is not run twice every day: the full run has it.
			if !b.alone && !asIs[m.Test] && (nightly || !strings.HasPrefix(m.Test, "e2e.")) {
				asIs[m.Test] = true
				t.Run("as it is: "+m.Test, func(t *testing.T) {
					t.Parallel()
					if out, err := c.run(t, m, ""); err != nil {
						t.Errorf("it fails with nothing switched off: %v\n%s", err, out)
					}
				})
			}
			t.Run(strings.TrimSpace(m.Guarantee+" "+m.Name), func(t *testing.T) {
				t.Parallel()
				_, name, _ := m.test()
				out, err := c.run(t, m, m.Name)
				switch {
				case err == nil:
					t.Errorf("%s passes with the rule switched off", m.Test)
				case strings.Contains(out, "panic: test timed out") && !m.Hangs:
					t.Errorf("%s did not end with the rule switched off", m.Test)
				case !strings.Contains(out, "--- FAIL: "+name) && !strings.Contains(out, "panic: "):
					t.Errorf("%s did not run with the rule switched off: %v\n%s", m.Test, err, out)
				}
			})
		}
	}
}

// compiled are the test binaries of a build.
type compiled struct {
	root, overlay string
	binaries      map[string]string // by package
}

// compile makes the test binaries that the build's mutations need.
func (b *build) compile(t *testing.T) *compiled {
	t.Helper()
	dir := t.TempDir()
	overlay, err := b.overlay(dir)
	if err != nil {
		t.Fatal(err)
	}
	c := &compiled{b.root, overlay, map[string]string{}}
	var packages []string
	for _, m := range b.mutations {
		pkg, _, _ := m.test()
		packages = append(packages, pkg)
	}
	slices.Sort(packages)
	packages = slices.Compact(packages)
	// At once, but that two of one base name would have one file.
	for turn := 0; len(c.binaries) < len(packages); turn++ {
		into := filepath.Join(dir, "tests", string(rune('a'+turn)))
		if err := os.MkdirAll(into, 0o700); err != nil {
			t.Fatal(err)
		}
		args := []string{"test", "-c", "-vet=off", "-overlay=" + overlay, "-o", into + "/"}
		taken := map[string]bool{}
		for _, pkg := range packages {
			if base := path.Base(pkg); c.binaries[pkg] == "" && !taken[base] {
				taken[base] = true
				c.binaries[pkg] = filepath.Join(into, base+".test")
				args = append(args, "./"+pkg)
			}
		}
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = b.root
		if out, err := cmd.CombinedOutput(); err != nil {
			names := make([]string, len(b.mutations))
			for i, m := range b.mutations {
				names[i] = m.Name
			}
			t.Fatalf("with these rules to be switched off it does not compile: %v\n%s\n%s", err, strings.Join(names, "; "), out)
		}
	}
	return c
}

// run runs the mutation's test with a rule switched off, "" for none.
func (c *compiled) run(t *testing.T, m *Mutation, rule string) (string, error) {
	t.Helper()
	pkg, name, sub := m.test()
	pattern := "^" + name + "$"
	if sub != "" {
		pattern += "/^" + sub + "$"
	}
	timeout := "3m"
	if m.Hangs && rule != "" {
		timeout = "20s"
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.binaries[pkg], "-test.short", "-test.run="+pattern, "-test.timeout="+timeout)
	cmd.Dir = filepath.Join(c.root, pkg)
	// The overlay is in the environment, so that a test that builds the program
	// builds it so.
	cmd.Env = append(os.Environ(), variable+"="+rule, "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+c.overlay))
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = errors.Join(err, ctx.Err())
	}
	return string(out), err
}
