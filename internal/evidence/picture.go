package evidence

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/jpeg"
	"image/png"
)

// maxPixels bounds what a viewer must unpack: an A3 page scanned at 600 dpi has
// 70 million.
const maxPixels = 100_000_000

// checkPNG follows the chunks to the end: nothing may follow the picture, so
// that the file is nothing else besides.
func checkPNG(data []byte) error {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return refuse(Broken, err)
	}
	if tooManyPixels(c.Width, c.Height) {
		return refuse(Inflated, nil)
	}
	for rest := data[8:]; len(rest) >= 12; {
		n := int64(binary.BigEndian.Uint32(rest))
		if n > int64(len(rest))-12 {
			break
		}
		kind, end := string(rest[4:8]), 8+n
		if crc32.ChecksumIEEE(rest[4:end]) != binary.BigEndian.Uint32(rest[end:]) {
			break
		}
		rest = rest[end+4:]
		if kind == "IEND" {
			if len(rest) > 0 {
				break
			}
			return nil
		}
	}
	return refuse(Broken, nil)
}

// checkJPEG looks at the frame and at both ends. What lies between is not
// decoded.
func checkJPEG(data []byte) error {
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return refuse(Broken, err)
	}
	if tooManyPixels(c.Width, c.Height) {
		return refuse(Inflated, nil)
	}
	if !bytes.HasSuffix(data, []byte("\xff\xd9")) {
		return refuse(Broken, nil)
	}
	return nil
}

func tooManyPixels(w, h int) bool { return w <= 0 || h <= 0 || int64(w)*int64(h) > maxPixels }
