package ui

import (
	"slices"
	"strings"
	"testing"

	"dancu/internal/console/i18n"
)

func TestMask(t *testing.T) {
	for number, want := range map[string]string{
		"001190000001": "••••••••0001", "123456789": "••••••••6789", "12345678": "••••", "": "••••",
	} {
		if got := Mask(number); got != want {
			t.Errorf("%q is %q, want %q", number, got, want)
		}
	}
	// The hidden part is nowhere in the page, and what is read out is the end.
	var b strings.Builder
	if err := Masked(i18n.EN, "001190000001").Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "00119") || !strings.Contains(b.String(), "ending in 0001") {
		t.Error(b.String())
	}
}

// A field keeps what was typed, but for passwords, and says what is wrong where
// assistive technology looks for it.
func TestField(t *testing.T) {
	draw := func(f Field) string {
		t.Helper()
		var b strings.Builder
		if err := Input(f).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	f := Field{Name: "a", Label: "A", Hint: "H", Value: `x"><b>`, Error: "E", Max: 5, Mode: "numeric", Focus: true, Required: true}
	got := draw(f)
	for _, want := range []string{
		`<label for="a">A</label>`, `id="a-hint">H<`, `id="a-error">E<`, `aria-describedby="a-hint a-error"`, `aria-invalid="true"`, `aria-required="true"`,
		`maxlength="5"`, `inputmode="numeric"`, ` autofocus`, `value="x&#34;&gt;&lt;b&gt;"`, `autocomplete="off"`, `type="text"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in\n%s", want, got)
		}
	}
	f.Type, f.ID = "password", "b"
	if got := draw(f); strings.Contains(got, "x&#34;") || !strings.Contains(got, `<label for="b">`) || !strings.Contains(got, `name="a"`) {
		t.Error(got)
	}
	if got := draw(Field{Name: "a"}); strings.Contains(got, "aria-") || strings.Contains(got, "maxlength") || strings.Contains(got, "autofocus") {
		t.Error(got)
	}
}

// The summary lists the mistakes in the order of the fields, each with a link.
func TestMistakes(t *testing.T) {
	ms := Mistakes(Field{Name: "a", Error: "1"}, Field{Name: "b"}, Field{Name: "c", ID: "d", Error: "2"})
	if !slices.Equal(ms, []Mistake{{Field: "a", Text: "1"}, {Field: "d", Text: "2"}}) {
		t.Errorf("%v", ms)
	}
	var b strings.Builder
	if err := ErrorSummary(i18n.EN, ms).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.Contains(got, `role="alert"`) || strings.Index(got, "#a") > strings.Index(got, "#d") {
		t.Error(got)
	}
	b.Reset()
	if err := ErrorSummary(i18n.EN, nil).Render(t.Context(), &b); err != nil || b.Len() != 0 {
		t.Errorf("no mistakes are said as %q, %v", b.String(), err)
	}
}

// Whatever is counted shows, nothing is higher than the room, and the same
// numbers stand in the table.
func TestBars(t *testing.T) {
	b := BarsOf{ID: "x", Title: "T", Describe: "D", Head: [2]string{"h", "n"}, Bars: []Bar{{Label: "0", N: 0, Number: "0"}, {Label: "1", N: 1, Number: "1"}, {Label: "2", N: 1_000_000, Number: "1.000.000"}}}
	for n, want := range map[int64]int{-1: 0, 0: 0, 1: 2, 500_000: barRoom / 2, 1_000_000: barRoom} {
		if got := b.height(n); got != want {
			t.Errorf("%d is %d high, want %d", n, got, want)
		}
	}
	if got := b.some(); len(got) != 2 {
		t.Errorf("the table has %v", got)
	}
	var out strings.Builder
	if err := Bars(b).Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`role="img"`, `<title id="x-title">T</title>`, `<desc id="x-desc">D</desc>`, `aria-labelledby="x-title x-desc"`, "1.000.000"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in the picture", want)
		}
	}
	if (BarsOf{}).most() != 1 {
		t.Error("no bars have no scale")
	}
}
