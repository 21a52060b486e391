package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// The bounds of an office document, which is a ZIP archive.
const (
	// MaxParts is how many entries it may have; a report of hundreds of
	// pages with pictures has some hundred.
	MaxParts = 2000
	// MaxInflated is how many bytes all of them may unpack to.
	MaxInflated = 100 << 20
	// maxRatio is how far one entry may unpack beyond its packed size, once it
	// is larger than ratioFrom; a large sheet of equal rows reaches some 60.
	maxRatio  = 200
	ratioFrom = 1 << 20
	// maxDirectory bounds what is read before anything is counted.
	maxDirectory = 1 << 20
	// maxRelations bounds a part that is read as XML.
	maxRelations = 4 << 20

	endOfDirectory = 22 // bytes of its record without a comment
	localHeader    = 30 // bytes of an entry's own header without name and extra
)

// checkOffice says which kind of office document an archive is. It refuses
// archives that are not what they say (entries that overlap or hide, names that
// lead elsewhere), that unpack to too much, and documents with macros, embedded
// objects or files, or parts that are fetched from elsewhere when the document
// is opened.
//
// Every entry is unpacked and counted: no size in the archive is believed. Not
// found are flaws of the programs that show documents, formulas, fields that ask
// other programs for data (DDE), and what OpenDocument fetches by a link in its
// text.
func checkOffice(data []byte) (form, error) {
	z, err := openZip(data)
	if err != nil {
		return formUnknown, err
	}
	parts, left := map[string]bool{}, int64(MaxInflated)
	f := formUnknown
	for i, e := range z.File {
		key := strings.ToLower(e.Name)
		if parts[key] {
			return formUnknown, refuse(Broken, nil)
		}
		parts[key] = true
		if err := checkPart(key); err != nil {
			return formUnknown, err
		}
		text, n, err := unpack(e, key, left)
		if err != nil {
			return formUnknown, err
		}
		left -= n
		switch {
		case i == 0 && key == "mimetype":
			f = map[string]form{typeODT: formODT, typeODS: formODS}[string(text)]
		case strings.HasSuffix(key, ".rels"):
			err = checkRelations(text)
		case key == "[content_types].xml":
			if f == formUnknown {
				f, err = formOfTypes(text)
			}
		case key == "meta-inf/manifest.xml":
			if bytes.Contains(text, []byte("encryption-data")) {
				err = refuse(Encrypted, nil)
			}
		}
		if err != nil {
			return formUnknown, err
		}
	}
	main := map[form]string{formDOCX: "word/document.xml", formXLSX: "xl/workbook.xml", formODT: "content.xml", formODS: "content.xml"}[f]
	if main == "" || !parts[main] {
		return formUnknown, nil // an archive of something else
	}
	return f, nil
}

// openZip reads the directory of an archive that is plain (not of the 64-bit
// form, nothing after it) and whose entries share no bytes.
func openZip(data []byte) (*zip.Reader, error) {
	end := len(data) - endOfDirectory
	if end < 0 || string(data[end:end+4]) != "PK\x05\x06" {
		return nil, refuse(Broken, nil)
	}
	count := int64(binary.LittleEndian.Uint16(data[end+10:]))
	size := int64(binary.LittleEndian.Uint32(data[end+12:]))
	start := int64(binary.LittleEndian.Uint32(data[end+16:]))
	if count > MaxParts || size > maxDirectory {
		return nil, refuse(Inflated, nil)
	}
	if start+size != int64(end) {
		return nil, refuse(Broken, nil)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, refuse(Broken, err)
	}
	type span struct{ from, to int64 }
	spans := make([]span, 0, len(z.File))
	for _, e := range z.File {
		if e.Flags&1 != 0 {
			return nil, refuse(Encrypted, nil)
		}
		if e.Method != zip.Store && e.Method != zip.Deflate {
			return nil, refuse(Broken, nil)
		}
		body, err := e.DataOffset()
		if err != nil || body+int64(e.CompressedSize64) > start || e.CompressedSize64 > uint64(len(data)) {
			return nil, refuse(Broken, err)
		}
		// The entry's own header is where its name ends, before its contents.
		spans = append(spans, span{body - localHeader - int64(len(e.Name)), body + int64(e.CompressedSize64)})
	}
	slices.SortFunc(spans, func(a, b span) int { return int(a.from - b.from) })
	for i, s := range spans {
		if i > 0 && s.from < spans[i-1].to {
			return nil, refuse(Inflated, nil) // entries share their bytes
		}
	}
	return z, nil
}

// checkPart refuses entries by their names, in lower case.
func checkPart(name string) error {
	if name == "" || strings.ContainsAny(name, "\\:\x00") || strings.HasPrefix(name, "/") || path.Clean("/"+name) != "/"+strings.TrimSuffix(name, "/") {
		return refuse(Broken, nil)
	}
	base, in := path.Base(name), "/"+name
	switch {
	case strings.HasPrefix(base, "vba"), strings.Contains(in, "/activex/"), strings.Contains(in, "/macrosheets/"), strings.Contains(in, "/dialogsheets/"),
		strings.Contains(in, "/customui"), strings.HasPrefix(in, "/basic/"), strings.HasPrefix(in, "/scripts/"), strings.HasSuffix(base, ".js"):
		return refuse(Active, nil)
	case strings.Contains(in, "/embeddings/"), strings.Contains(base, "oleobject"):
		return refuse(Nested, nil)
	}
	return nil
}

// unpack reads an entry whole, returns how large it is, and its contents if
// they are looked at.
func unpack(e *zip.File, key string, left int64) (text []byte, n int64, err error) {
	r, err := e.Open()
	if err != nil {
		return nil, 0, refuse(Broken, err)
	}
	defer func() { _ = r.Close() }()
	limit := min(left, max(ratioFrom, maxRatio*int64(e.CompressedSize64)))
	body := io.LimitReader(r, limit+1)
	head := make([]byte, 8)
	got, err := io.ReadFull(body, head)
	head = head[:got]
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, 0, refuse(Broken, err)
	}
	for _, magic := range []string{"PK\x03\x04", "PK\x05\x06", "MZ", "\x7fELF", "\xd0\xcf\x11\xe0", "Rar!", "7z\xbc\xaf", "%PDF-", "\x1f\x8b"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return nil, 0, refuse(Nested, nil)
		}
	}
	n = int64(got)
	if looked(key) {
		rest, err := io.ReadAll(io.LimitReader(body, maxRelations+1))
		if err != nil {
			return nil, 0, refuse(Broken, err)
		}
		if n += int64(len(rest)); n > min(limit, maxRelations) {
			return nil, 0, refuse(Inflated, nil)
		}
		return append(head, rest...), n, nil
	}
	more, err := io.Copy(io.Discard, body)
	if err != nil {
		return nil, 0, refuse(Broken, err) // its checksum, too
	}
	if n += more; n > limit {
		return nil, 0, refuse(Inflated, nil)
	}
	return nil, n, nil
}

// looked reports whether a part's contents are looked at.
func looked(key string) bool {
	return key == "mimetype" || key == "[content_types].xml" || key == "meta-inf/manifest.xml" || strings.HasSuffix(key, ".rels")
}

// checkRelations refuses what is fetched from elsewhere when a document is
// opened: templates, pictures, objects. A link that a person must click is
// allowed.
func checkRelations(text []byte) error {
	var rels struct {
		Relationship []struct {
			Type       string `xml:",attr"`
			TargetMode string `xml:",attr"`
		}
	}
	if err := xml.Unmarshal(text, &rels); err != nil {
		return refuse(Broken, err)
	}
	for _, r := range rels.Relationship {
		if strings.EqualFold(r.TargetMode, "External") && !strings.HasSuffix(r.Type, "/hyperlink") {
			return refuse(Active, nil)
		}
		if strings.HasSuffix(strings.ToLower(r.Type), "vbaproject") {
			return refuse(Active, nil)
		}
	}
	return nil
}

// formOfTypes reads the list of the parts' types.
func formOfTypes(text []byte) (form, error) {
	if bytes.Contains(bytes.ToLower(text), []byte("macroenabled")) {
		return formUnknown, refuse(Active, nil)
	}
	var types struct {
		Override []struct {
			PartName    string `xml:",attr"`
			ContentType string `xml:",attr"`
		}
	}
	if err := xml.Unmarshal(text, &types); err != nil {
		return formUnknown, refuse(Broken, err)
	}
	for _, o := range types.Override {
		switch o.ContentType {
		case typeDOCX + ".main+xml":
			return formDOCX, nil
		case typeXLSX + ".main+xml":
			return formXLSX, nil
		}
	}
	return formUnknown, nil
}
