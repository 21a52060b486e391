package evidence

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"
)

func TestArchivesThatAreRefused(t *testing.T) {
	external := func(kind string) string {
		return `<Relationships><Relationship Type="http://x/relationships/` + kind + `" Target="http://x/t" TargetMode="External"/></Relationships>`
	}
	count := func(n int) (parts []part) {
		for i := range n {
			parts = append(parts, part{fmt.Sprintf("word/p%d.xml", i), ""})
		}
		return parts
	}
	for name, c := range map[string]struct {
		data []byte
		want Code
	}{
		"some other archive":             {archive(t, part{"a.txt", "x"}), Mismatch},
		"a path that leads out":          {docx(t, part{"word/../../x.xml", ""}), Broken},
		"a path that leads out at once":  {docx(t, part{"../x.xml", ""}), Broken},
		"an absolute path":               {docx(t, part{"/etc/passwd", ""}), Broken},
		"a path of another system":       {docx(t, part{`word\x.xml`, ""}), Broken},
		"a drive":                        {docx(t, part{"C:x.xml", ""}), Broken},
		"the same name twice":            {docx(t, part{"Word/Document.xml", "<x/>"}), Broken},
		"macros":                         {docx(t, part{"word/vbaProject.bin", "x"}), Active},
		"macros in other letters":        {docx(t, part{"word/VBAPROJECT.BIN", "x"}), Active},
		"macros' data":                   {docx(t, part{"word/vbaData.xml", "x"}), Active},
		"old macros":                     {xlsx(t, part{"xl/macrosheets/sheet1.xml", "x"}), Active},
		"controls":                       {docx(t, part{"word/activeX/activeX1.bin", "x"}), Active},
		"macros of OpenDocument":         {odf(t, typeODT, part{"Basic/Standard/Module1.xml", "x"}), Active},
		"scripts of OpenDocument":        {odf(t, typeODT, part{"Scripts/python/x.py", "x"}), Active},
		"a document with macros allowed": {archive(t, part{"[Content_Types].xml", types("word/document.xml", "application/vnd.ms-word.document.macroEnabled")}, part{"word/document.xml", ""}), Active},
		"a template from elsewhere":      {docx(t, part{"word/_rels/settings.xml.rels", external("attachedTemplate")}), Active},
		"a picture from elsewhere":       {docx(t, part{"word/_rels/document.xml.rels", external("image")}), Active},
		"relations that cannot be read":  {docx(t, part{"word/_rels/document.xml.rels", "<Relationships>"}), Broken},
		"relations beyond measure":       {docx(t, part{"word/_rels/document.xml.rels", "<Relationships>" + strings.Repeat(" ", maxRelations) + "</Relationships>"}), Inflated},
		"an embedded workbook":           {docx(t, part{"word/embeddings/Microsoft_Excel_Sheet1.xlsx", "x"}), Nested},
		"an archive inside":              {docx(t, part{"word/media/image1.png", string(docx(t))}), Nested},
		"a program inside":               {docx(t, part{"word/media/image1.png", "MZ\x90\x00"}), Nested},
		"an old document inside":         {odf(t, typeODS, part{"Object 1", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}), Nested},
		"OpenDocument with a password":   {odf(t, typeODT, part{"meta-inf/manifest.XML", ""}), Broken},
		"encrypted parts":                {archive(t, part{"mimetype", typeODT}, part{"META-INF/manifest.xml", "<manifest:encryption-data/>"}, part{"content.xml", ""}), Encrypted},
		"an encrypted entry":             {encrypted(docx(t)), Encrypted},
		"no document in it":              {archive(t, part{"[Content_Types].xml", types("word/document.xml", typeDOCX)}), Mismatch},
		"a kind that is not taken":       {odf(t, "application/vnd.oasis.opendocument.graphics"), Mismatch},
		"too many parts":                 {docx(t, count(MaxParts-2)...), Inflated},
		"an entry that unpacks too far":  {docx(t, part{"word/media/a.xml", strings.Repeat(" ", 8<<20)}), Inflated},
		"parts that unpack to too much":  {docx(t, part{"word/a.xml", repeated(MaxInflated / 2)}, part{"word/b.xml", repeated(MaxInflated / 2)}), Inflated},
		"entries that share their bytes": {overlapping(), Inflated},
		"a directory that lies":          {lying(docx(t)), Broken},
		"something after it":             {append(docx(t), "x"...), Broken},
		"something before it":            {append([]byte("PK\x03\x04xxxx"), docx(t)...), Broken},
		"cut off":                        {docx(t)[:len(docx(t))-30], Broken},
		"changed contents":               {spoilt(docx(t, part{"word/a.xml", strings.Repeat("abc ", 50)})), Broken},
	} {
		end := "docx"
		switch {
		case bytes.Contains(c.data, []byte("xl/workbook")):
			end = "xlsx"
		case bytes.Contains(c.data, []byte(typeODS)):
			end = "ods"
		case bytes.Contains(c.data, []byte("opendocument")):
			end = "odt"
		}
		if got, err := check("a."+end, c.data); CodeOf(err) != c.want || got != "" {
			t.Errorf("%s: %q, %v, want %s", name, got, err, c.want)
		}
	}
	for name, data := range map[string][]byte{
		"as many parts as are allowed":    docx(t, count(MaxParts-3)...),
		"just below the bomb":             docx(t, part{"word/a.xml", strings.Repeat(" ", ratioFrom)}),
		"nearly all that may be in it":    docx(t, part{"word/a.xml", repeated(MaxInflated/2 - 4<<10)}, part{"word/b.xml", repeated(MaxInflated/2 - 4<<10)}),
		"folders as entries of their own": docx(t, part{"word/media/", ""}),
	} {
		if _, err := check("a.docx", data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// encrypted sets the flag of encryption on the first entry, in both places.
func encrypted(b []byte) []byte {
	b[6] |= 1
	b[bytes.Index(b, []byte("PK\x01\x02"))+8] |= 1
	return b
}

// lying says that there are fewer entries than there are.
func lying(b []byte) []byte {
	end := len(b) - endOfDirectory
	binary.LittleEndian.PutUint16(b[end+8:], 2)
	binary.LittleEndian.PutUint16(b[end+10:], 2)
	return b
}

// spoilt changes a byte of the last entry's packed contents.
func spoilt(b []byte) []byte {
	b[bytes.Index(b, []byte("word/a.xml"))+len("word/a.xml")+3] ^= 0xff
	return b
}

// overlapping is an archive whose entries are one and the same piece of it, as
// in the bombs that unpack to petabytes.
func overlapping() []byte {
	body := []byte(types("word/document.xml", typeDOCX))
	sum := crc32.ChecksumIEEE(body)
	var b, dir bytes.Buffer
	le := func(to *bytes.Buffer, values ...any) {
		for _, v := range values {
			_ = binary.Write(to, binary.LittleEndian, v)
		}
	}
	const name = "[Content_Types].xml"
	le(&b, []byte("PK\x03\x04"), uint16(20), uint16(0), uint16(0), uint32(0), sum, uint32(len(body)), uint32(len(body)), uint16(len(name)), uint16(0))
	b.WriteString(name)
	b.Write(body)
	for _, n := range []string{name, "[Content_Typex].xml", "[Content_Typey].xml"} {
		le(&dir, []byte("PK\x01\x02"), uint16(20), uint16(20), uint16(0), uint16(0), uint32(0), sum, uint32(len(body)), uint32(len(body)),
			uint16(len(n)), uint16(0), uint16(0), uint16(0), uint16(0), uint32(0), uint32(0))
		dir.WriteString(n)
	}
	start := b.Len()
	b.Write(dir.Bytes())
	le(&b, []byte("PK\x05\x06"), uint16(0), uint16(0), uint16(3), uint16(3), uint32(dir.Len()), uint32(start), uint16(0))
	return b.Bytes()
}
