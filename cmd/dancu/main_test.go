package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"dancu": main})
}

// TestScripts runs the command line as people do: testdata/*.txtar.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			// A socket's path may have 107 bytes, and a script's folder has a long
			// name.
			dir, err := os.MkdirTemp("", "dancu-")
			if err != nil {
				return err
			}
			e.Defer(func() { _ = os.RemoveAll(dir) })
			e.Setenv("STATE", dir+"/state")
			return nil
		},
	})
}
