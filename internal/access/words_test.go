package access

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestServicesHaveNames(t *testing.T) {
	for s := Verify; s < numServices; s++ {
		got, ok := ParseService(s.String())
		if !ok || got != s {
			t.Errorf("ParseService(%q) = %v, %t", s, got, ok)
		}
		text, err := s.MarshalText()
		var back Service
		if err != nil || back.UnmarshalText(text) != nil || back != s {
			t.Errorf("%v came back as %v", s, back)
		}
	}
	for _, name := range []string{"", "LOOKUP", "batch"} {
		if s, ok := ParseService(name); ok {
			t.Errorf("ParseService(%q) = %v", name, s)
		}
		if err := new(Service).UnmarshalText([]byte(name)); err == nil || !strings.Contains(err.Error(), "use verify") {
			t.Errorf("%q: error %v does not say what to use", name, err)
		}
	}
	if got := numServices.String(); got != "" {
		t.Errorf("a service that is not known is called %q", got)
	}
}

func TestKeysHaveNames(t *testing.T) {
	if diff := cmp.Diff([]string{"pin", "cmnd", "fullName", "dateOfBirth", "sex", "province"}, AllKeys.Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	for _, name := range AllKeys.Names() {
		if k, ok := ParseKey(name); !ok || !slices.Equal(Keys(k).Names(), []string{name}) {
			t.Errorf("ParseKey(%q) = %v, %t", name, k, ok)
		}
	}
	if _, ok := ParseKey("phone"); ok {
		t.Error("an unknown key was found")
	}
}

func TestSetsInJSON(t *testing.T) {
	for in, want := range map[string]KeySet{`[]`: 0, `["pin","dateOfBirth"]`: Keys(KeyPIN, KeyDateOfBirth)} {
		var got KeySet
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: %v, %v", in, got.Names(), err)
		}
		if out, err := json.Marshal(want); err != nil || string(out) != in {
			t.Errorf("%s came back as %s, %v", in, out, err)
		}
	}
	for in, want := range map[string]FieldSet{`[]`: 0, `["fullName","other"]`: FieldsOf(Other, FullName)} {
		var got FieldSet
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: %v, %v", in, got.Names(), err)
		}
		if out, err := json.Marshal(want); err != nil || string(out) != in {
			t.Errorf("%s came back as %s, %v", in, out, err)
		}
	}
	for in, want := range map[string]string{`["phone"]`: `"phone"`, `["sex","sex"]`: "twice", `"sex"`: "cannot unmarshal"} {
		if err := json.Unmarshal([]byte(in), new(KeySet)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("keys %s: error %v", in, err)
		}
		if err := json.Unmarshal([]byte(in), new(FieldSet)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("fields %s: error %v", in, err)
		}
	}
}

// TestFieldsAreTheLawsList: Law on Identification 26/2023/QH15 Art. 9 has 26
// items.
func TestFieldsAreTheLawsList(t *testing.T) {
	if NumFields != 26 || AllFields.Len() != 26 {
		t.Fatalf("%d fields", NumFields)
	}
	shapes := map[Shape]bool{}
	for _, s := range Shapes {
		if shapes[s.Shape] || s.JSON == "" || s.Text.VI == "" || s.Text.EN == "" {
			t.Errorf("shape %q comes twice or lacks a text", s.Shape)
		}
		shapes[s.Shape] = true
	}
	used := map[Shape]bool{}
	seen := map[string]bool{}
	for i, f := range Fields {
		if int(f.Field) != i || f.Item != i+1 || f.VI == "" || f.EN == "" || !shapes[f.Shape] || seen[f.JSON] {
			t.Errorf("row %d of Fields is wrong: %+v", i, f)
		}
		seen[f.JSON], used[f.Shape] = true, true
		if got, ok := ParseField(f.JSON); !ok || got != f.Field || f.Field.String() != f.JSON {
			t.Errorf("ParseField(%q) = %v, %t", f.JSON, got, ok)
		}
	}
	if len(used) != len(shapes) {
		t.Errorf("%d shapes are described, %d used", len(shapes), len(used))
	}
	if _, ok := ParseField("phone"); ok {
		t.Error("an unknown field was found")
	}
	if got := NumFields.String(); got != "field(26)" {
		t.Errorf("a field that is not known is called %q", got)
	}
}

func TestFieldSetYieldsItsFieldsEachTime(t *testing.T) {
	all := FieldsOf(Sex, FullName, Other).All()
	for range 2 {
		if got := slices.Collect(all); !slices.Equal(got, []Field{FullName, Sex, Other}) {
			t.Errorf("got %v", got)
		}
		for range all {
			break
		}
	}
}

func TestGroupsThatNeedConsent(t *testing.T) {
	for g, want := range map[Group]bool{GroupState: false, GroupServices: true, GroupCitizens: true, GroupAllOthers: true, 0: true} {
		if got := g.NeedsConsent(); got != want {
			t.Errorf("group %d: %t", g, got)
		}
	}
}

func TestWindowsRunInTheLawsZone(t *testing.T) {
	at := time.Date(2026, 2, 28, 17, 30, 0, 0, time.UTC) // 2026-03-01 00:30 in Zone
	day := func(m time.Month, d, h int) time.Time { return time.Date(2026, m, d, h, 0, 0, 0, Zone) }
	for w, want := range map[Window][2]time.Time{
		Hour:    {day(3, 1, 0), day(3, 1, 1)},
		Day:     {day(3, 1, 0), day(3, 2, 0)},
		Month:   {day(3, 1, 0), day(4, 1, 0)},
		"other": {day(3, 1, 0), day(3, 2, 0)},
	} {
		if start, end := w.Start(at), w.End(at); !start.Equal(want[0]) || !end.Equal(want[1]) {
			t.Errorf("%s: from %v until %v, want %v", w, start, end, want)
		}
		if before := want[0].Add(-1); !w.End(before).Equal(want[0]) {
			t.Errorf("%s: the instant before the start lies in the same window", w)
		}
	}
}
