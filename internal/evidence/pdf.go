package evidence

import (
	"bytes"
	"compress/zlib"
	"io"
)

// The bounds of the look into a PDF.
const (
	maxObjectStreams = 10_000
	// maxUnpacked is how many bytes of object streams are unpacked in all.
	maxUnpacked = 32 << 20
	// dictionary is how far from its ends the names of an object stream's
	// dictionary are looked for.
	dictionary = 2 << 10
)

// pdfNames are names whose presence refuses a PDF, and why. They stand in every
// dictionary that does what they name.
var pdfNames = map[string]Code{
	"JavaScript":    Active,
	"Launch":        Active, // runs a program
	"RichMedia":     Active,
	"Rendition":     Active, // may carry a script
	"ImportData":    Active,
	"SubmitForm":    Active, // sends what was typed elsewhere
	"XFA":           Active, // shows what it computes and not what was signed
	"EmbeddedFile":  Nested,
	"EmbeddedFiles": Nested,
	"Encrypt":       Encrypted,
}

// checkPDF refuses a PDF with active content, files inside or encryption.
//
// Found is what stands plainly: these names anywhere in the file, also written
// with #xx, and in object streams, where newer programs put their dictionaries
// (Flate without a predictor; an object stream packed in another way is refused
// as one that cannot be looked into). Not found is what only a whole PDF reader
// could find: object streams that no name /ObjStm announces or whose length
// lies, flaws of readers in fonts and pictures, and text that deceives people.
// Links that a person must click are allowed. A scanner ([Scanner]) is the
// second look.
func checkPDF(data []byte) error {
	tail := data[max(0, len(data)-1024):]
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return refuse(Broken, nil)
	}
	left := int64(maxUnpacked)
	streams := 0
	return eachName(data, func(name []byte, at int) error {
		if c, ok := pdfNames[string(name)]; ok {
			return refuse(c, nil)
		}
		if string(name) != "ObjStm" {
			return nil
		}
		if streams++; streams > maxObjectStreams {
			return refuse(Inflated, nil)
		}
		n, err := checkObjectStream(data, at, left)
		left -= n
		return err
	})
}

// checkObjectStream looks into the object stream whose name /ObjStm stands at
// at, and returns how many bytes it unpacked.
func checkObjectStream(data []byte, at int, left int64) (int64, error) {
	end := bytes.Index(data[at:min(len(data), at+dictionary)], []byte("stream"))
	if end < 0 {
		return 0, nil // a name and no stream
	}
	begin := bytes.LastIndex(data[max(0, at-dictionary):at], []byte("obj"))
	if begin < 0 {
		return 0, refuse(Broken, nil)
	}
	dict, packed := data[max(0, at-dictionary)+begin:at+end], data[at+end+len("stream"):]
	packed = bytes.TrimPrefix(bytes.TrimPrefix(packed, []byte("\r")), []byte("\n"))
	flate, other := false, false
	err := eachName(dict, func(name []byte, _ int) error {
		switch string(name) {
		case "FlateDecode", "Fl":
			other = other || flate // twice over
			flate = true
		case "ASCIIHexDecode", "AHx", "ASCII85Decode", "A85", "LZWDecode", "LZW", "RunLengthDecode", "RL", "Crypt", "Predictor",
			"DCTDecode", "CCITTFaxDecode", "JBIG2Decode", "JPXDecode", "BrotliDecode", "F", "FFilter":
			other = true
		}
		return nil
	})
	switch {
	case err != nil:
		return 0, err
	case other:
		return 0, refuse(Active, nil)
	case !flate:
		return 0, nil // it stands plainly in the file
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return 0, refuse(Broken, err)
	}
	// An error after some bytes is what readers forgive: what came is looked
	// at.
	plain, _ := io.ReadAll(io.LimitReader(z, left+1))
	if int64(len(plain)) > left {
		return 0, refuse(Inflated, nil)
	}
	return int64(len(plain)), eachName(plain, func(name []byte, _ int) error {
		if c, ok := pdfNames[string(name)]; ok {
			return refuse(c, nil)
		}
		return nil
	})
}

// eachName calls f with each name of a PDF, decoded and without its slash, and
// where it stands. It does not ask whether it stands in a string or a stream: a
// reader can be led there.
func eachName(data []byte, f func(name []byte, at int) error) error {
	var buf [32]byte
	for at := 0; ; {
		i := bytes.IndexByte(data[at:], '/')
		if i < 0 {
			return nil
		}
		at += i + 1
		name := buf[:0]
		for p := at; p < len(data) && len(name) < len(buf) && regular(data[p]); p++ {
			c := data[p]
			if c == '#' && p+2 < len(data) {
				if hi, lo := unhex(data[p+1]), unhex(data[p+2]); hi >= 0 && lo >= 0 {
					c = byte(hi<<4 | lo)
					p += 2
				}
			}
			name = append(name, c)
		}
		if err := f(name, at-1); err != nil {
			return err
		}
	}
}

// regular reports whether a byte can be part of a name.
func regular(c byte) bool {
	switch c {
	case 0, '\t', '\n', '\f', '\r', ' ', '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return false
	}
	return true
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
