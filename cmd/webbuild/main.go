// Command webbuild makes web/dist of web/src and the npm packages in
// web/node_modules: it bundles, hashes and compresses, and writes the manifest
// with integrity hashes and licences that package web reads.
//
//	cd web && npm ci --ignore-scripts && cd .. && go run ./cmd/webbuild
//
// The same sources give the same files, byte for byte. A build that fails
// leaves the folder as it was.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"

	"dancu/web"
)

func main() {
	dir := flag.String("dir", "web", "the folder that holds src, node_modules and dist")
	flag.Parse()
	if err := run(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "webbuild:", err)
		os.Exit(1)
	}
}

// run builds the folder and prints the size of every file.
func run(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "bootstrap")); err != nil {
		return fmt.Errorf("the npm packages are not installed: run npm ci --ignore-scripts in %s first", dir)
	}
	files, m, err := build(dir)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(dir, "dist"), files); err != nil {
		return err
	}
	for _, name := range sortedKeys(m.Files) {
		f := m.Files[name].Name
		fmt.Printf("%-64s %7d bytes", f, len(files[f]))
		if br, ok := files[f+".br"]; ok {
			fmt.Printf(", %6d in brotli, %6d in gzip", len(br), len(files[f+".gz"]))
		}
		fmt.Println()
	}
	return nil
}

// build returns every file of dist by name, and the manifest among them.
func build(dir string) (map[string][]byte, *web.Manifest, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, nil, err
	}
	res := api.Build(api.BuildOptions{
		AbsWorkingDir:     abs,
		EntryPoints:       []string{"src/app.css", "src/app.js"},
		Outdir:            filepath.Join(abs, "dist"),
		Bundle:            true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Metafile:          true,
		EntryNames:        "[name]-[hash]",
		AssetNames:        "[name]-[hash]",
		LegalComments:     api.LegalCommentsNone, // the licences are collected in full
		LogLevel:          api.LogLevelSilent,
		Charset:           api.CharsetUTF8,
		Format:            api.FormatIIFE, // one classic script: no module graph to fetch
		Loader:            map[string]api.Loader{".woff2": api.LoaderFile},
		// The last Chrome for Windows 7 and 8.1, and the Firefox of its time.
		Engines: []api.Engine{{Name: api.EngineChrome, Version: "109"}, {Name: api.EngineFirefox, Version: "115"}},
	})
	if len(res.Errors) > 0 || len(res.Warnings) > 0 {
		var errs []error
		for _, e := range slices.Concat(res.Errors, res.Warnings) {
			where := ""
			if e.Location != nil {
				where = fmt.Sprintf("%s:%d: ", e.Location.File, e.Location.Line)
			}
			errs = append(errs, fmt.Errorf("%s%s", where, e.Text))
		}
		return nil, nil, errors.Join(errs...)
	}
	files := make(map[string][]byte)
	m := &web.Manifest{Files: make(map[string]web.File)}
	for _, out := range res.OutputFiles {
		name := filepath.Base(out.Path)
		files[name] = out.Contents
		m.Files[logical(name)] = web.File{Name: name, Integrity: web.Integrity(out.Contents)}
		if filepath.Ext(name) == ".woff2" {
			continue // compressed as it is
		}
		if err := compress(files, name); err != nil {
			return nil, nil, err
		}
	}
	packages, err := packagesIn(res.Metafile)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range packages {
		l, err := licence(filepath.Join(abs, "node_modules", filepath.FromSlash(p)))
		if err != nil {
			return nil, nil, err
		}
		m.Licences = append(m.Licences, l)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, nil, err
	}
	files["manifest.json"] = append(text, '\n')
	return files, m, nil
}

// logical takes the hash out of a name: "app-ABCD1234.css" is "app.css".
func logical(name string) string {
	ext := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	if i := strings.LastIndexByte(stem, '-'); i >= 0 {
		stem = stem[:i]
	}
	return stem + ext
}

// compress adds the .gz and .br forms of a file.
func compress(files map[string][]byte, name string) error {
	var gz, br bytes.Buffer
	z, err := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	if err != nil {
		return err
	}
	b := brotli.NewWriterLevel(&br, brotli.BestCompression)
	if _, err := z.Write(files[name]); err != nil {
		return err
	}
	if _, err := b.Write(files[name]); err != nil {
		return err
	}
	if err := errors.Join(z.Close(), b.Close()); err != nil {
		return err
	}
	files[name+".gz"], files[name+".br"] = gz.Bytes(), br.Bytes()
	return nil
}

// packagesIn names the npm packages whose files went into the build, sorted.
func packagesIn(metafile string) ([]string, error) {
	var meta struct {
		Inputs map[string]struct{} `json:"inputs"`
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil, err
	}
	found := make(map[string]bool)
	for in := range meta.Inputs {
		_, rest, ok := strings.Cut(in, "node_modules/")
		if !ok {
			continue
		}
		parts := strings.SplitN(rest, "/", 3)
		if strings.HasPrefix(rest, "@") && len(parts) > 1 {
			found[parts[0]+"/"+parts[1]] = true
		} else {
			found[parts[0]] = true
		}
	}
	return sortedKeys(found), nil
}

// licence reads what a package declares and its licence text. A package
// without one is an error: it may not be shipped.
func licence(dir string) (web.Licence, error) {
	var l web.Licence
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return l, err
	}
	var p struct{ Name, Version, License string }
	if err := json.Unmarshal(text, &p); err != nil {
		return l, fmt.Errorf("%s: %w", dir, err)
	}
	l = web.Licence{Package: p.Name, Version: p.Version, Licence: p.License}
	for _, name := range []string{"LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			l.Text = strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n"))
			break
		}
	}
	if l.Licence == "" || l.Text == "" {
		return l, fmt.Errorf("package %s declares no licence or has no licence text: it must not be shipped", p.Name)
	}
	return l, nil
}

// write puts the files into dist and takes out what was there before, but for
// hidden files. The manifest goes last, so that a folder written halfway
// counts as unbuilt.
func write(dist string, files map[string][]byte) error {
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(dist, "manifest.json")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	old, err := os.ReadDir(dist)
	if err != nil {
		return err
	}
	for _, e := range old {
		if _, keep := files[e.Name()]; keep || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if err := os.Remove(filepath.Join(dist, e.Name())); err != nil {
			return err
		}
	}
	names := slices.DeleteFunc(sortedKeys(files), func(n string) bool { return n == "manifest.json" })
	for _, name := range append(names, "manifest.json") {
		if err := os.WriteFile(filepath.Join(dist, name), files[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
