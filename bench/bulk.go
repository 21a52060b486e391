package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// bulk measures generating and importing people with the commands themselves.
func (b *bench) bulk(ctx context.Context) error {
	const people = 300_000
	file := filepath.Join(b.dir, "people.jsonl")
	state := filepath.Join(b.dir, "import")
	timed := func(args ...string) (time.Duration, error) {
		cmd := exec.CommandContext(ctx, b.binary, args...)
		cmd.Stderr = nil
		start := time.Now()
		out, err := cmd.CombinedOutput()
		if err != nil {
			return 0, fmt.Errorf("dancu %s: %w\n%s", args[0], err, out)
		}
		return time.Since(start), nil
	}
	generate, err := timed("generate", "--people", fmt.Sprint(people), "--seed", "7", "--output", file)
	if err != nil {
		return err
	}
	if _, err := timed("init", state, "--origin", "bench.dancu.example/log"); err != nil {
		return err
	}
	load, err := timed("import", "--config", filepath.Join(state, "dancu.yaml"), file)
	if err != nil {
		return err
	}
	again, err := timed("import", "--config", filepath.Join(state, "dancu.yaml"), "--restart", file)
	if err != nil {
		return err
	}
	size := int64(0)
	if st, err := os.Stat(file); err == nil {
		size = st.Size()
	}
	perSecond := func(d time.Duration) float64 { return people / d.Seconds() }
	b.report.bulkLines = []string{
		fmt.Sprintf("Generating and importing (JSON Lines, %d people, %d bytes a row, whole commands):", people, size/people),
		"", "| command | people/s |", "|---|---|",
		fmt.Sprintf("| `dancu generate` | %.0f |", perSecond(generate)),
		fmt.Sprintf("| `dancu import`, empty register, SQLite | %.0f |", perSecond(load)),
		fmt.Sprintf("| `dancu import`, nothing changed | %.0f |", perSecond(again)),
	}
	return nil
}
