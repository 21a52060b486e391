package evidence

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxName is how long a file's name may be, in characters after NFC.
const MaxName = 120

// devices are the names that Windows gives to devices whatever the ending: to
// save such a file there is to write to the device.
var devices = map[string]bool{
	"con": true, "prn": true, "aux": true, "nul": true, "conin$": true, "conout$": true, "clock$": true,
}

// cleanName returns a name in NFC, or why it cannot be used. A name that must
// be changed to be safe is refused and not changed: what people see afterwards
// is what they sent.
func cleanName(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", refuse(BadName, nil)
	}
	// Longer than any name of MaxName characters: not worth normalising.
	if len(name) > MaxName*utf8.UTFMax*4 {
		return "", refuse(LongName, nil, MaxName)
	}
	name = norm.NFC.String(name)
	if utf8.RuneCountInString(name) > MaxName {
		return "", refuse(LongName, nil, MaxName)
	}
	for _, r := range name {
		// IsPrint has no control characters, no line separators, none of the
		// invisible ones that turn the direction of writing, and no blank but
		// the ordinary.
		if !unicode.IsPrint(r) || r == utf8.RuneError || strings.ContainsRune(`/\:*?"<>|`, r) {
			return "", refuse(BadName, nil)
		}
	}
	if name == "" || strings.Trim(name, " ") != name || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") {
		return "", refuse(BadName, nil)
	}
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	stem = strings.TrimRight(stem, " ")
	if devices[stem] || numbered(stem, "com") || numbered(stem, "lpt") {
		return "", refuse(BadName, nil)
	}
	return name, nil
}

// numbered reports whether a stem is a device's name with a digit; Windows
// takes superscripts for digits.
func numbered(stem, device string) bool {
	digit, ok := strings.CutPrefix(stem, device)
	return ok && utf8.RuneCountInString(digit) == 1 && strings.Contains("0123456789¹²³", digit)
}

// ending returns the lower-case ending of a name, without the dot; "" if it
// has none.
func ending(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return ""
	}
	return strings.ToLower(name[i+1:])
}
