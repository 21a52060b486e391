package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"dancu/internal/onboarding"
)

const lifeGolden = "openapi-life.json"

// The document of the life cycle is kept as a file, too, and cannot change
// without its version.
func TestLifeDocument(t *testing.T) {
	got, err := lifeDocumentJSON()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(lifeGolden)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	if want != nil {
		var old struct{ Info struct{ Version string } }
		if err := json.Unmarshal(want, &old); err != nil {
			t.Fatal(err)
		}
		if old.Info.Version == LifeVersion {
			t.Fatalf("the document has changed and its version is still %s: move LifeVersion, then run go test -run TestLifeDocument -update", LifeVersion)
		}
	}
	if !*update {
		t.Fatal("openapi-life.json is not the document: run go test -run TestLifeDocument -update and look at what changed")
	}
	if err := os.WriteFile(lifeGolden, got, 0o644); err != nil {
		t.Fatal(err)
	}
}

// The document is one, and has every act and section of the table.
func TestLifeDocumentHasTheTable(t *testing.T) {
	raw, err := lifeDocumentJSON()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, r := range onboarding.Lifecycle() {
		people := slices.ContainsFunc(r.By, func(d onboarding.Duty) bool { return d != onboarding.Itself })
		p := doc.Paths.Value(LifePrefix + "/" + string(r.Kind) + "/{matter}/acts/" + r.Name)
		if (p != nil && p.Post != nil) != people {
			t.Errorf("the act %s of %s is documented: %v, people may: %v", r.Name, r.Kind, p != nil, people)
		}
	}
	for _, k := range onboarding.Kinds() {
		if slices.Contains([]string{"kinds", "tasks", "files", "notices", "proposals"}, string(k.Kind)) {
			t.Errorf("the kind %s has the path of something else", k.Kind)
		}
		for _, s := range k.Sections {
			if p := doc.Paths.Value(LifePrefix + "/" + string(k.Kind) + "/{matter}/sections/" + s.Name); p == nil || p.Put == nil {
				t.Errorf("the section %s of %s is not in the document", s.Name, k.Kind)
			}
		}
	}
}

// Everything that this door says, it says in both languages.
func TestLifeCodesHaveWords(t *testing.T) {
	for code, c := range lifeCodes {
		if c.title.VI == "" || c.title.EN == "" || (c.detail.VI == "") != (c.detail.EN == "") || strings.ToLower(code) != code {
			t.Errorf("%s: %+v", code, c)
		}
	}
	for status, title := range lifeTitles {
		if title.VI == "" || title.EN == "" {
			t.Errorf("%d: %+v", status, title)
		}
	}
}
