package fold

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "",
		"Nguyễn Thị Ánh":            "nguyen thi anh",
		"ĐỖ Đình Đức":               "do dinh duc",
		"Ủy ban – Phường 7 (H26.7)": "uy ban – phuong 7 (h26.7)",
		"H’Hen Niê":                 "h’hen nie",
	} {
		if got := Text(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
		// However it was typed, and once is enough.
		if got := Text(norm.NFD.String(in)); got != want {
			t.Errorf("taken apart, %q is %q, want %q", in, got, want)
		}
		if got := Text(Text(in)); got != want {
			t.Errorf("twice, %q is %q, want %q", in, got, want)
		}
	}
}
