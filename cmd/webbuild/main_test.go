package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dancu/web"
)

const source = "../../web"

func needPackages(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(source, "node_modules", "bootstrap")); err != nil {
		t.Skip("the npm packages are not installed (npm ci --ignore-scripts in web): nothing to build from")
	}
}

func TestBuildIsReproducible(t *testing.T) {
	needPackages(t)
	first, m, err := build(source)
	if err != nil {
		t.Fatal(err)
	}
	second, _, err := build(source)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(first)), slices.Sorted(maps.Keys(second))); diff != "" {
		t.Fatal(diff)
	}
	for name := range first {
		if string(first[name]) != string(second[name]) {
			t.Errorf("%s differs between two builds", name)
		}
	}
	// What is shipped is said, and what is not shipped is not.
	var packages []string
	for _, l := range m.Licences {
		packages = append(packages, l.Package+" "+l.Licence)
		if len(l.Text) < 200 {
			t.Errorf("%s: a licence text of %d bytes", l.Package, len(l.Text))
		}
	}
	if diff := cmp.Diff([]string{"@fontsource/be-vietnam-pro OFL-1.1", "bootstrap MIT", "htmx.org BSD-0-Clause"}, packages); diff != "" {
		t.Error(diff)
	}
	if js := string(first[m.Files["app.js"].Name]); js == "" || strings.Contains(js, "sourceMappingURL") {
		t.Error("the script is missing, or refers to files that are not shipped")
	}
	css := string(first[m.Files["app.css"].Name])
	if strings.Contains(css, "sourceMappingURL") || strings.Contains(css, ".woff)") {
		t.Error("the style sheet refers to files that are not shipped")
	}
}

func TestWriteTakesTheOldBuildAway(t *testing.T) {
	dist := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dist, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(".gitkeep", "")
	put("app-OLD.css", "a{}")
	put("manifest.json", "{}")
	if err := write(dist, map[string][]byte{"app-NEW.css": []byte("b{}"), "manifest.json": []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dist)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff([]string{".gitkeep", "app-NEW.css", "manifest.json"}, names); diff != "" {
		t.Error(diff)
	}
	if _, err := web.Load(os.DirFS(dist)); err == nil {
		t.Error("a manifest without a style sheet loads")
	}
}

func TestPackageWithoutLicenceIsRefused(t *testing.T) {
	dir := t.TempDir()
	manifest := filepath.Join(dir, "package.json")
	for name, text := range map[string]string{
		"no licence declared": `{"name":"p","version":"1"}`,
		"no licence text":     `{"name":"p","version":"1","license":"MIT"}`,
	} {
		if err := os.WriteFile(manifest, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := licence(dir); err == nil || !strings.Contains(err.Error(), "must not be shipped") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	for name, text := range map[string]string{"package.json": `{"name":"p","version":"1","license":"MIT"}`, "LICENSE": "text"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if l, err := licence(dir); err != nil || l.Text != "text" {
		t.Errorf("a package with both: %v, %v", l, err)
	}
}

func TestPackagesIn(t *testing.T) {
	got, err := packagesIn(`{"inputs":{"src/app.css":{},"node_modules/a/dist/a.css":{},"node_modules/@s/b/c.woff2":{},"node_modules/a/x.css":{}}}`)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"@s/b", "a"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutPackagesSaysWhatToDo(t *testing.T) {
	if err := run(t.TempDir()); err == nil || !strings.Contains(err.Error(), "npm ci") {
		t.Errorf("error %v, want one that names npm ci", err)
	}
}
