package signing

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strconv"
	"time"
)

// The bounds of what is looked at in a PDF.
const (
	maxPDFSignatures = 20
	// maxHead is how far before its first known member the beginning of a
	// signature's dictionary is looked for.
	maxHead = 4 << 10
)

var errNotWhole = errors.New("the PDF goes on after what was signed")

// VerifyPDF verifies the signatures in a PDF, and returns all. The error is nil
// only if there is at least one and all are good, and so of the whole file; the
// signatures are returned with it as far as they could be read, to be shown.
// Errors carry a code ([CodeOf]).
//
// A signature is found by the name /ByteRange, wherever in the file it stands,
// and must be what that says it is: everything but the one string between its
// two ranges, which holds nothing but hexadecimal digits. As the ranges have to
// end with the file, the signer signed every byte that a reader can come to.
// What the pages show is not read.
func VerifyPDF(pdf []byte, opt Options) ([]Signature, error) {
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return nil, refuse(Malformed, errors.New("no PDF"))
	}
	found, err := signaturesOf(pdf)
	if err != nil {
		return nil, err
	}
	var all []Signature
	for _, f := range found {
		m, rest, err := parse(f.cms)
		if err != nil {
			return all, err
		}
		// The string is made before the signature, and larger.
		if len(bytes.Trim(rest, "\x00")) > 0 {
			return all, refuse(Malformed, errors.New("something follows the signature in its string"))
		}
		some, err := m.verify(oidData, pieces{pdf[:f.gap.from], pdf[f.gap.to:f.end]}, opt, f.essential)
		if err != nil {
			return all, err
		}
		for i := range some {
			if some[i].Claimed.IsZero() {
				// Where the CMS says no time, as PAdES has it, the dictionary
				// may; it is signed as well.
				some[i].Claimed = f.time
				if cert := m.certificate(i); cert != nil && some[i].Problem == "" {
					some[i].fail(checkTimes(cert, &some[i], opt))
				}
			}
			if f.end != len(pdf) && some[i].Problem == "" {
				some[i].fail(refuse(NotWhole, errNotWhole))
			}
		}
		all = append(all, some...)
	}
	return judge(all, nil)
}

// span is a piece of a file.
type span struct{ from, to int }

// pdfSignature is a signature's dictionary, as far as it is needed.
type pdfSignature struct {
	gap       span // the string, which is not signed
	end       int  // where what is signed ends
	cms       []byte
	essential bool // CAdES
	time      time.Time
}

// signaturesOf finds the signatures of a PDF. One that cannot be read refuses
// the whole: nobody can tell what a reader would make of it.
func signaturesOf(pdf []byte) ([]pdfSignature, error) {
	var out []pdfSignature
	for at := 0; ; {
		i := bytes.IndexByte(pdf[at:], '/')
		if i < 0 {
			break
		}
		at += i
		l := lexer{b: pdf, at: at}
		if name, ok := l.name(); ok && name == "ByteRange" {
			if len(out) == maxPDFSignatures {
				return nil, refuse(TooMany, nil)
			}
			s, err := signatureAt(pdf, at, &l)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
		at++
	}
	if len(out) == 0 {
		return nil, refuse(Missing, nil)
	}
	return out, nil
}

// signatureAt reads the signature whose name /ByteRange begins at at; l stands
// behind it.
func signatureAt(pdf []byte, at int, l *lexer) (s pdfSignature, err error) {
	bad := func(why string) (pdfSignature, error) { return s, refuse(Malformed, errors.New(why)) }
	l.space()
	rangeAt := l.at
	r, ok := l.byteRange()
	if !ok || r[0] != 0 || r[1] <= 0 || r[2] <= r[1] || r[2]+r[3] > len(pdf) {
		return bad("the range of bytes cannot be read")
	}
	s.gap, s.end = span{r[1], r[2]}, r[2]+r[3]
	head := max(0, min(at, s.gap.from)-maxHead)
	begin := bytes.LastIndex(pdf[head:min(at, s.gap.from)], []byte("obj"))
	if begin < 0 {
		return bad("the signature's dictionary does not begin")
	}
	d := lexer{b: pdf, at: head + begin + len("obj")}
	members, ok := d.dictionary()
	if !ok {
		return bad("the signature's dictionary cannot be read")
	}
	if members["Contents"] != s.gap || members["ByteRange"].from != rangeAt || d.at > s.end {
		return bad("the range of bytes is not of this signature")
	}
	value := func(key string) string { v := members[key]; return string(pdf[v.from:v.to]) }
	switch kind := value("SubFilter"); kind {
	case "/adbe.pkcs7.detached":
	case "/ETSI.CAdES.detached":
		s.essential = true
	default:
		return s, refuse(Unsupported, errors.New("a signature of another kind in a PDF"))
	}
	if t := value("Type"); t != "" && t != "/Sig" {
		return s, refuse(Unsupported, errors.New("the dictionary is of something else"))
	}
	s.time = dateOf(value("M"))
	text := value("Contents")
	if len(text) > 4*maxCMS {
		return bad("the signature is too long")
	}
	// Digits alone: what is between the ranges is the one place that nobody
	// signed.
	if len(text) < 2 || text[0] != '<' || text[len(text)-1] != '>' {
		return bad("the signature is no string of hexadecimal digits")
	}
	if s.cms, err = hex.DecodeString(text[1 : len(text)-1]); err != nil {
		return bad("the signature is not in hexadecimal digits")
	}
	return s, nil
}

// dateOf reads a date like (D:20261125083000+07'00'); one that cannot be read
// is none.
func dateOf(s string) time.Time {
	if len(s) < 2 || s[0] != '(' {
		return time.Time{}
	}
	s = s[1 : len(s)-1]
	plain := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] != '\'' {
			plain = append(plain, s[i])
		}
	}
	for _, layout := range []string{"D:20060102150405Z0700", "D:20060102150405Z0000", "D:20060102150405"} {
		if t, err := time.Parse(layout, string(plain)); err == nil && t.Year() >= 1970 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// byteRange reads an array of four numbers.
func (l *lexer) byteRange() (r [4]int, ok bool) {
	if !l.take("[") {
		return r, false
	}
	for i := range r {
		l.space()
		from := l.at
		for l.at < len(l.b) && l.b[l.at] >= '0' && l.b[l.at] <= '9' && l.at-from < 10 {
			l.at++
		}
		n, err := strconv.Atoi(string(l.b[from:l.at]))
		if err != nil {
			return r, false
		}
		r[i] = n
	}
	l.space()
	return r, l.take("]")
}
