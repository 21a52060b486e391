package app_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dancu/internal/app"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

// findings runs the doctor and returns what it says, a line each.
func findings(t *testing.T, cfg app.Config) string {
	t.Helper()
	var b strings.Builder
	for _, f := range app.Doctor(t.Context(), cfg) {
		fmt.Fprintf(&b, "%s %s: %s\n", f.Grade, f.Check, f.Text)
		if f.Grade == app.Problem && f.Way == "" {
			t.Errorf("no way out of: %s: %s", f.Check, f.Text)
		}
	}
	return b.String()
}

func TestDoctorFindsNothingWrongWithAGoodSystem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		cfg := folder(t)
		if env.Engine == db.Postgres {
			cfg.Database.AddressFile = "keys/database"
			if err := os.WriteFile(cfg.Path("keys/database"), []byte(env.DSN(db.Main)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := findings(t, cfg); strings.Contains(got, "problem") {
			t.Errorf("before the first start:\n%s", got)
		}
		a, err := app.New(t.Context(), cfg, quiet)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- a.Run(ctx) }()
		<-a.Serving()
		got := findings(t, cfg)
		if strings.Contains(got, "problem") || !strings.Contains(got, "good server: a server runs") || !strings.Contains(got, "good clock") {
			t.Errorf("beside a server:\n%s", got)
		}
		cancel()
		<-done
		_ = a.Close()
		if got := findings(t, cfg); strings.Contains(got, "problem") || !strings.Contains(got, "no server runs") {
			t.Errorf("after it:\n%s", got)
		}
	})
}

func TestDoctorFindsWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		breakIt func(t *testing.T, cfg *app.Config)
		want    string
	}{
		"no state folder": {func(_ *testing.T, cfg *app.Config) { cfg.State += "-absent" }, "problem state folder: "},
		"folder for all":  {func(t *testing.T, cfg *app.Config) { chmod(t, cfg.State, 0o777) }, "problem state folder: "},
		"key for all":     {func(t *testing.T, cfg *app.Config) { chmod(t, cfg.Path("keys/log.key"), 0o644) }, "problem keys: "},
		"server key for all": {
			func(t *testing.T, cfg *app.Config) { chmod(t, cfg.Path("keys/server.key"), 0o644) }, "problem keys: ",
		},
		"no sealing key": {func(t *testing.T, cfg *app.Config) { remove(t, cfg.Path("keys/sealing.key")) }, "problem keys: "},
		"database for all": {func(t *testing.T, cfg *app.Config) {
			if err := os.WriteFile(cfg.Path("register.db"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			chmod(t, cfg.Path("register.db"), 0o644)
		}, "warning file modes: "},
		"no certificate":   {func(t *testing.T, cfg *app.Config) { remove(t, cfg.Path("keys/server.crt")) }, "problem API certificate: "},
		"another's key":    {func(t *testing.T, cfg *app.Config) { cfg.API.KeyFile = "keys/ca.key" }, "problem API certificate: "},
		"ended":            {func(t *testing.T, cfg *app.Config) { certificate(t, cfg, -48*time.Hour, -24*time.Hour) }, "problem API certificate: ended"},
		"ends soon":        {func(t *testing.T, cfg *app.Config) { certificate(t, cfg, 0, 10*24*time.Hour) }, "warning API certificate: ends"},
		"not yet":          {func(t *testing.T, cfg *app.Config) { certificate(t, cfg, 48*time.Hour, 72*time.Hour) }, "problem API certificate: valid only from"},
		"no authorities":   {func(t *testing.T, cfg *app.Config) { cfg.API.ClientCAFile = "keys/absent.crt" }, "problem client authorities: "},
		"no such address":  {func(t *testing.T, cfg *app.Config) { cfg.API.Listen = "192.0.2.1:1" }, "problem server: "},
		"no such database": {func(t *testing.T, cfg *app.Config) { cfg.Database.Address = "postgres://nobody@127.0.0.1:1/none" }, "problem database: PostgreSQL at 127.0.0.1:1/none"},
		"no address file":  {func(t *testing.T, cfg *app.Config) { cfg.Database.AddressFile = "keys/absent" }, "problem database: "},
		"not a database": {func(t *testing.T, cfg *app.Config) {
			if err := os.WriteFile(cfg.Path("dancu.db"), []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "problem database: "},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := folder(t)
			c.breakIt(t, &cfg)
			if got := findings(t, cfg); !strings.Contains(got, c.want) {
				t.Errorf("no %q in:\n%s", c.want, got)
			}
		})
	}
}

func TestDoctorChangesNothing(t *testing.T) {
	cfg := folder(t)
	before := list(t, cfg.State)
	findings(t, cfg)
	if after := list(t, cfg.State); after != before {
		t.Errorf("before:\n%safter:\n%s", before, after)
	}
}

func list(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil {
			fi, _ := d.Info()
			fmt.Fprintln(&b, path, fi.Mode(), fi.ModTime())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// certificate gives the API a certificate of that term.
func certificate(t *testing.T, cfg *app.Config, from, until time.Duration) {
	t.Helper()
	now := time.Now()
	ca, err := app.ReadCA(cfg.Path("keys/ca.crt"), cfg.Path("keys/ca.key"))
	if err != nil {
		t.Fatal(err)
	}
	pair, err := ca.Server([]string{"localhost"}, now.Add(from), now.Add(until))
	if err != nil {
		t.Fatal(err)
	}
	for file, data := range map[string][]byte{cfg.API.CertificateFile: pair.Cert, cfg.API.KeyFile: pair.Key} {
		if err := os.WriteFile(cfg.Path(file), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}
