package console

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"strings"
)

// qr is a picture of black and white squares, to be drawn as SVG: it stays
// sharp at any size and needs no image that the pages' policy would forbid.
type qr struct {
	Size int
	Path string // of the black squares, in units of a pixel
}

// readQR reads the PNG of a QR code. Rows of pixels that are alike are drawn
// once, so that the picture is as small as the code.
func readQR(picture []byte) (qr, error) {
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return qr{}, fmt.Errorf("couldn't read the picture of the key: %w", err)
	}
	b := img.Bounds()
	dark := func(x, y int) bool {
		return color.GrayModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.Gray).Y < 128
	}
	row := func(y int) (runs [][2]int) {
		for x := 0; x < b.Dx(); x++ {
			if !dark(x, y) {
				continue
			}
			from := x
			for x < b.Dx() && dark(x, y) {
				x++
			}
			runs = append(runs, [2]int{from, x})
		}
		return runs
	}
	var path strings.Builder
	for y := 0; y < b.Dy(); {
		runs, from := row(y), y
		for y++; y < b.Dy() && fmt.Sprint(row(y)) == fmt.Sprint(runs); y++ {
		}
		for _, r := range runs {
			fmt.Fprintf(&path, "M%d %dH%dV%dH%dz", r[0], from, r[1], y, r[0])
		}
	}
	return qr{Size: max(b.Dx(), b.Dy()), Path: path.String()}, nil
}

// grouped writes a secret in groups of four, as people type them.
func grouped(secret string) string {
	var b strings.Builder
	for i, r := range secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
