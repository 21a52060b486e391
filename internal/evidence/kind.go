package evidence

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// The media types.
const (
	typePDF  = "application/pdf"
	typePNG  = "image/png"
	typeJPEG = "image/jpeg"
	typeP7S  = "application/pkcs7-signature"
	typeP7M  = "application/pkcs7-mime"
	typeCert = "application/pkix-cert"
	typeCSR  = "application/pkcs10"
	typeText = "text/plain"
	typeCSV  = "text/csv"
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeODT  = "application/vnd.oasis.opendocument.text"
	typeODS  = "application/vnd.oasis.opendocument.spreadsheet"
)

// form is a form of contents: what it looks like inside.
type form uint8

const (
	formUnknown form = iota
	formPDF
	formPNG
	formJPEG
	formCMS
	formCert
	formCSR
	formText
	formDOCX
	formXLSX
	formODT
	formODS
)

// endings says under which endings each form is taken, and as what.
var endings = map[form]map[string]string{
	formPDF:  {"pdf": typePDF},
	formPNG:  {"png": typePNG},
	formJPEG: {"jpg": typeJPEG, "jpeg": typeJPEG},
	formCMS:  {"p7s": typeP7S, "p7m": typeP7M, "pem": typeP7S},
	formCert: {"cer": typeCert, "crt": typeCert, "pem": typeCert},
	formCSR:  {"csr": typeCSR, "p10": typeCSR, "pem": typeCSR},
	formText: {"txt": typeText, "csv": typeCSV},
	formDOCX: {"docx": typeDOCX},
	formXLSX: {"xlsx": typeXLSX},
	formODT:  {"odt": typeODT},
	formODS:  {"ods": typeODS},
}

// Endings returns the endings of names that are taken, with their dots and in
// order, for the attribute accept of a form.
func Endings() []string {
	all := map[string]bool{}
	for _, by := range endings {
		for e := range by {
			all["."+e] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// check decides what a file is by its contents, which must be well formed as
// far as that form is looked at and fit the name's ending, and returns the
// media type.
func check(name string, data []byte) (string, error) {
	end := ending(name)
	if !slices.Contains(Endings(), "."+end) {
		return "", refuse(BadType, nil, strings.Join(Endings(), " "))
	}
	// Before anything else: it must not be taken under any name.
	if bytes.Contains(data, []byte("PRIVATE KEY-----")) {
		return "", refuse(PrivateKey, nil)
	}
	f, err := formOf(data)
	if err != nil {
		return "", err
	}
	media, ok := endings[f][end]
	if !ok {
		return "", refuse(Mismatch, nil, "."+end)
	}
	return media, nil
}

// formOf decides a file's form and looks at it as its form asks for.
func formOf(data []byte) (form, error) {
	starts := func(with string) bool { return bytes.HasPrefix(data, []byte(with)) }
	switch {
	case starts("%PDF-"):
		return formPDF, checkPDF(data)
	case starts("\x89PNG\r\n\x1a\n"):
		return formPNG, checkPNG(data)
	case starts("\xff\xd8\xff"):
		return formJPEG, checkJPEG(data)
	case starts("PK\x03\x04"):
		return checkOffice(data)
	case starts("-----BEGIN "):
		return formOfPEM(data)
	case starts("\x30"):
		if f := formOfDER(data); f != formUnknown {
			return f, nil
		}
	}
	if isText(data) {
		return formText, nil
	}
	return formUnknown, nil
}

// isText reports whether data is UTF-8 text as people write it: no control
// characters but tabs and ends of lines.
func isText(data []byte) bool {
	if !utf8.Valid(data) {
		return false
	}
	return !bytes.ContainsFunc(data, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0
	})
}
