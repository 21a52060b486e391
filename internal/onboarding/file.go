package onboarding

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/strict"
)

// Defaults of what a file may leave out. The defaults of limit, keys and
// claims are access's.
const (
	DefaultPeoplePerCase = 20 // people one case may disclose
	DefaultSearchCap     = 20 // people a search may list
	MaxSearchCap         = 100
	DefaultMismatches    = 5 // failed verifications of one person a day
)

// DefaultRate bounds how fast a connection may call when its file does not
// say.
var DefaultRate = access.Rate{PerSecond: 50, Burst: 100}

// Source is a file of connections and the certificate files it names, as
// bytes: who applies a file reads it with their own rights, and the server
// opens nothing for them.
type Source struct {
	Name  string            `json:"name"`            // for messages
	YAML  []byte            `json:"yaml"`            // at most MaxFile
	Files map[string][]byte `json:"files,omitempty"` // by the path the file gives
}

// ReadSource reads the file at path, or standard input for "-", and the
// certificates it names, whose paths are relative to it.
func ReadSource(path string, stdin io.Reader) (Source, error) {
	src := Source{Name: path, Files: map[string][]byte{}}
	dir := "."
	if path == "-" {
		src.Name = "standard input"
		data, err := io.ReadAll(io.LimitReader(stdin, MaxFile+1))
		if err != nil {
			return src, fault.Wrap(fault.Invalid, err, "standard input cannot be read")
		}
		src.YAML = data
	} else {
		dir = filepath.Dir(path)
		data, err := readSome(path, MaxFile)
		if err != nil {
			return src, err
		}
		src.YAML = data
	}
	f, _ := parse(src)
	for _, s := range f.systems {
		for _, c := range s.certificates {
			if c.file == "" || src.Files[c.file] != nil {
				continue
			}
			full := c.file
			if !filepath.IsAbs(full) {
				full = filepath.Join(dir, full)
			}
			data, err := readSome(full, MaxCertificate)
			if err != nil {
				return src, fault.New(fault.KindOf(err), "line %d: %s: %s", c.at.Line(), c.at.Path(), fault.Text(err))
			}
			src.Files[c.file] = data
		}
	}
	return src, nil
}

// readSome reads a file of at most that many bytes.
func readSome(path string, most int64) ([]byte, error) {
	h, err := os.Open(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fault.New(fault.NotFound, "there is no file %s: check the path", path)
		}
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be opened: check that it is yours to read", path)
	}
	defer h.Close()
	data, err := io.ReadAll(io.LimitReader(h, most+1))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read: is it a file?", path)
	}
	if int64(len(data)) > most {
		return nil, fault.New(fault.Invalid, "%s is larger than %d bytes: that is more than such a file holds", path, most)
	}
	return data, nil
}

// file is what a file says, with the places it says it.
type file struct {
	agencies    []fileAgency
	systems     []fileSystem
	connections []fileConnection
}

type fileAgency struct {
	at, bodyAt place
	access.Agency
}

type fileSystem struct {
	at, agencyAt place
	access.System
	certificates []fileCertificate
}

type fileCertificate struct {
	at, representsAt place
	file             string // "" for an inline one
	access.Credential
}

type fileConnection struct {
	at, systemAt, viaAt, actsForAt place
	access.Connection
	actsFor []string
}

// parse reads a file. What it returns holds everything that could be read, so
// that the rest of the problems can be found as well.
func parse(src Source) (*file, strict.Problems) {
	r := newReader()
	f := &file{}
	root, ok := r.Document(src.YAML)
	if !ok {
		return f, r.Problems
	}
	r.object(root,
		member{"agencies", false, func(p place) {
			r.list(p, MaxFile, func(p place) { f.agencies = append(f.agencies, r.agency(p)) })
		}},
		member{"systems", false, func(p place) {
			r.list(p, MaxFile, func(p place) { f.systems = append(f.systems, r.system(p, src.Files)) })
		}},
		member{"connections", false, func(p place) {
			r.list(p, MaxFile, func(p place) { f.connections = append(f.connections, r.connection(p)) })
		}})
	if len(f.agencies)+len(f.systems)+len(f.connections) == 0 && len(r.Problems) == 0 {
		r.Bad(root, "the file names no agency, system or connection")
	}
	f.once(r)
	return f, r.Problems
}

// once notes ids, agency codes and certificates that are there twice.
func (f *file) once(r *reader) {
	seen := map[string]place{}
	unique := func(kind, id string, at place) {
		if id == "" {
			return
		}
		if first, twice := seen[kind+id]; twice {
			r.Bad(at, "%s %q is there twice, first on line %d: keep one", kind, id, first.Line())
			return
		}
		seen[kind+id] = at
	}
	for i := range f.agencies {
		unique("agency", f.agencies[i].ID, f.agencies[i].at)
		unique("the agency code", f.agencies[i].Code, f.agencies[i].at)
	}
	for i := range f.systems {
		s := &f.systems[i]
		unique("system", s.ID, s.at)
		for _, c := range s.certificates {
			if c.SHA256 == "" {
				continue
			}
			if first, twice := seen["certificate"+c.SHA256]; twice {
				r.Bad(c.at, "the same certificate is there twice, first on line %d: a certificate stands for one system", first.Line())
				continue
			}
			seen["certificate"+c.SHA256] = c.at
		}
	}
	for i := range f.connections {
		c := &f.connections[i]
		unique("connection", c.ID, c.at)
		if c.System != "" {
			unique("the connection of the system and via", " "+c.System+" "+c.Via, c.at)
		}
	}
}

func (r *reader) agency(p place) (a fileAgency) {
	a.at = p
	agencyCode := func(s string) string {
		if !access.ValidAgencyCode(s) {
			return fmt.Sprintf("%q is not an agency code: write it like H13, H21.18, 000.00.00.H13 or an enterprise number", clip(s))
		}
		return ""
	}
	r.object(p,
		member{"id", true, func(p place) { a.ID = r.ID(p) }},
		member{"code", true, func(p place) {
			s, ok := r.text(p, maxText)
			if why := agencyCode(s); ok && why != "" {
				r.Bad(p, "%s", why)
				return
			}
			a.Code = s
		}},
		member{"name", true, func(p place) { a.Name = r.bilingual(p, maxName, false) }},
		member{"group", true, func(p place) {
			if n := r.Integer(p, 1, 4); n == int(access.GroupCitizens) {
				r.Bad(p, "group 3 is a person reading their own data: an agency is of group 1, 2 or 4")
			} else {
				a.Group = access.Group(n)
			}
		}},
		member{"body", false, func(p place) { a.Body, a.bodyAt = r.ID(p), p }},
		member{"codes", false, func(p place) { a.Codes = r.words(p, agencyCode) }})
	return a
}

func (r *reader) system(p place, files map[string][]byte) (s fileSystem) {
	s.at = p
	r.object(p,
		member{"id", true, func(p place) { s.ID = r.ID(p) }},
		member{"agency", true, func(p place) { s.Agency, s.agencyAt = r.ID(p), p }},
		member{"name", true, func(p place) { s.Name = r.bilingual(p, maxName, false) }},
		member{"level", true, func(p place) {
			n := r.Integer(p, 1, 5)
			if n == 1 || n == 2 {
				r.Bad(p, "the system is of level %d: only a system of level 3 or higher may connect (Circular 46/2022/TT-BCA Art. 6.1)", n)
			}
			s.Level = int(n)
		}},
		member{"addresses", false, func(p place) {
			r.words(p, func(text string) string {
				x, err := netip.ParsePrefix(text)
				if err != nil {
					if a, aerr := netip.ParseAddr(text); aerr == nil && a.Zone() == "" {
						return fmt.Sprintf("%q is one address: write %s/%d", text, a, a.BitLen())
					}
					return fmt.Sprintf("%q is not a range of addresses: write it like 10.1.2.0/24", clip(text))
				}
				if x.Addr().Is4In6() {
					return fmt.Sprintf("%q is an IPv4 range written as IPv6: write it like 10.1.2.0/24", text)
				}
				if x != x.Masked() {
					return fmt.Sprintf("%q has bits outside its range: write %s", text, x.Masked())
				}
				if x.Bits() == 0 {
					return fmt.Sprintf("%q is every address: leave addresses out if calls may come from anywhere", text)
				}
				s.Addresses = append(s.Addresses, x)
				return ""
			})
		}},
		member{"builds", false, func(p place) {
			s.Builds = r.words(p, func(text string) string { return badText(text, maxName) })
		}},
		member{"intermediary", false, func(p place) { s.Intermediary = r.Boolean(p) }},
		member{"certificates", false, func(p place) {
			r.list(p, maxList, func(p place) { s.certificates = append(s.certificates, r.certificate(p, files)) })
		}})
	return s
}

func (r *reader) certificate(p place, files map[string][]byte) (c fileCertificate) {
	c.at = p
	var data []byte
	var given int
	r.object(p,
		member{"pem", false, func(p place) {
			given++
			if s, ok := r.text(p, MaxCertificate); ok {
				data = []byte(s)
			}
		}},
		member{"file", false, func(p place) {
			given++
			s, ok := r.text(p, maxText)
			if !ok {
				return
			}
			c.file = s
			if data = files[s]; data == nil && files != nil {
				r.Bad(p, "the file %q was not sent along: apply the file with the command line, which reads the certificates beside it, or put the certificate under pem", clip(s))
			}
		}},
		member{"represents", false, func(p place) { c.Represents, c.representsAt = r.ID(p), p }})
	if given != 1 {
		r.Bad(p, "give the certificate once: its text under pem, or its path under file")
		return c
	}
	if data == nil {
		return c
	}
	cred, err := readCertificate(data)
	if err != nil {
		r.Bad(p, "%s", err)
		return c
	}
	cred.Represents = c.Represents
	c.Credential = cred
	return c
}

func (r *reader) connection(p place) (c fileConnection) {
	c.at = p
	c.Limit, c.Rate, c.Mismatches = access.DefaultLimit, DefaultRate, DefaultMismatches
	r.object(p,
		member{"id", true, func(p place) { c.ID = r.ID(p) }},
		member{"system", true, func(p place) { c.System, c.systemAt = r.ID(p), p }},
		member{"via", false, func(p place) { c.Via, c.viaAt = r.ID(p), p }},
		member{"assessment", true, func(p place) {
			r.object(p,
				member{"from", true, func(p place) { c.AssessedFrom = r.moment(p, false) }},
				member{"until", true, func(p place) { c.AssessedUntil = r.moment(p, true) }})
			r.term(p, c.AssessedFrom, c.AssessedUntil)
		}},
		member{"commitment", false, func(p place) {
			r.object(p, member{"until", true, func(p place) { c.CommittedUntil = r.moment(p, true) }})
		}},
		member{"limit", false, func(p place) { r.limit(p, &c.Limit) }},
		member{"rate", false, func(p place) {
			r.object(p,
				member{"perSecond", true, func(p place) { c.Rate.PerSecond = r.Number(p, 1_000_000) }},
				member{"burst", true, func(p place) { c.Rate.Burst = r.Integer(p, 1, 1_000_000) }})
		}},
		member{"mismatches", false, func(p place) { c.Mismatches = r.Integer(p, 1, 1_000_000) }},
		member{"actsFor", false, func(p place) {
			c.actsForAt = p
			c.actsFor = r.words(p, func(s string) string {
				if !access.ValidAgencyCode(s) {
					return fmt.Sprintf("%q is not an agency code: write it like H13, H21.18 or 000.00.00.H13", clip(s))
				}
				return ""
			})
		}},
		member{"grants", false, func(p place) {
			r.list(p, maxList, func(p place) {
				g := r.grant(p)
				if i := slices.IndexFunc(c.Grants, func(o access.Grant) bool { return o.ID == g.ID }); i >= 0 && g.ID != "" {
					r.Bad(p, "grant %q is there twice in this connection: keep one", g.ID)
					return
				}
				c.Grants = append(c.Grants, g)
			})
		}})
	if c.Via != "" && c.Via == c.System {
		r.Bad(c.viaAt, "a system does not reach the register through itself: leave via out")
	}
	return c
}

func (r *reader) limit(p place, l *access.Limit) {
	r.object(p,
		member{"calls", true, func(p place) { l.Calls = int64(r.Integer(p, 1, maxCalls)) }},
		member{"people", false, func(p place) { l.People = int64(r.Integer(p, 1, maxCalls)) }},
		member{"window", false, func(p place) { l.Window = r.window(p) }},
		member{"scope", false, func(p place) {
			l.Scope = access.Scope(r.OneOf(p, string(access.PerConnection), string(access.PerOfficer), string(access.PerService)))
		}},
		member{"warnAt", false, func(p place) { l.WarnAt = r.Integer(p, 1, 100) }})
}

func (r *reader) window(p place) access.Window {
	return access.Window(r.OneOf(p, string(access.Hour), string(access.Day), string(access.Month)))
}

func (r *reader) grant(p place) (g access.Grant) {
	g.PeoplePerCase = DefaultPeoplePerCase
	var fieldsAt, keysAt, claimsAt, capAt place
	r.object(p,
		member{"id", true, func(p place) { g.ID = r.ID(p) }},
		member{"service", true, func(p place) {
			g.Service, _ = access.ParseService(r.OneOf(p,
				access.Verify.String(), access.Lookup.String(), access.Search.String(), access.Household.String()))
		}},
		member{"procedures", true, func(p place) {
			g.Procedures = r.words(p, func(s string) string {
				if _, err := access.ParseProcedure(s); err != nil {
					return fmt.Sprintf("%q is %s", clip(s), err)
				}
				return ""
			})
			r.some(p, "name at least one procedure: a grant is for a purpose")
		}},
		member{"fields", false, func(p place) { g.Fields, fieldsAt = r.fields(p), p }},
		member{"claims", false, func(p place) { g.Claims, claimsAt = r.fields(p), p }},
		member{"keys", false, func(p place) { g.Keys, keysAt = r.keys(p), p }},
		member{"from", true, func(p place) { g.From = r.moment(p, false) }},
		member{"until", true, func(p place) { g.Until = r.moment(p, true) }},
		member{"legalBasis", true, func(p place) { g.LegalBasis = r.bilingual(p, maxText, true) }},
		member{"peoplePerCase", false, func(p place) { g.PeoplePerCase = r.Integer(p, 1, 1_000_000) }},
		member{"quota", false, func(p place) {
			g.QuotaWindow = access.Day
			r.object(p,
				member{"calls", true, func(p place) { g.Quota = int64(r.Integer(p, 1, maxCalls)) }},
				member{"window", false, func(p place) { g.QuotaWindow = r.window(p) }})
		}},
		member{"provinces", false, func(p place) {
			g.Provinces = r.words(p, func(s string) string {
				if len(s) != 3 || strings.Trim(s, "0123456789") != "" {
					return fmt.Sprintf("%q is not a province: write its three digits, like 045", clip(s))
				}
				return ""
			})
			slices.Sort(g.Provinces)
		}},
		member{"protected", false, func(p place) { g.Protected = r.Boolean(p) }},
		member{"searchCap", false, func(p place) { g.SearchCap, capAt = r.Integer(p, 1, MaxSearchCap), p }},
		member{"onward", false, func(p place) {
			r.list(p, maxList, func(p place) { g.Onward = append(g.Onward, r.onward(p)) })
			r.some(p, "the list is empty: leave onward out where nothing may be supplied to others")
		}})
	r.term(p, g.From, g.Until)
	slices.Sort(g.Procedures)

	verify, search := g.Service == access.Verify, g.Service == access.Search
	switch {
	case g.Service == access.NoService: // a problem already
	case verify:
		if keysAt.There() {
			r.Bad(keysAt, "a verification is asked by number alone: leave keys out, and name under claims what a call must state")
		}
		g.Keys = access.DefaultKeys(access.Verify)
		if !claimsAt.There() {
			g.Claims = access.DefaultClaims
		}
		if (g.Fields | g.Claims).Has(access.PIN) {
			r.Bad(p, "pin is what a verification is asked by: it is neither a claim nor a field of one")
		}
		g.Fields |= g.Claims
	default:
		if claimsAt.There() {
			r.Bad(claimsAt, "only a verification has claims: leave them out")
		}
		if g.Fields == 0 && !fieldsAt.There() {
			r.Bad(p, "fields is missing: name what may be shown")
		}
		if !keysAt.There() {
			g.Keys = access.DefaultKeys(g.Service)
		}
		for _, k := range g.Keys {
			if why := badKeys(g.Service, k); why != "" {
				r.Bad(keysAt, "%s: %s", strings.Join(k.Names(), " + "), why)
			}
		}
		slices.Sort(g.Keys)
	}
	if search && !capAt.There() {
		g.SearchCap = DefaultSearchCap
	}
	if !search && capAt.There() && g.Service != access.NoService {
		r.Bad(capAt, "only a search has a searchCap: leave it out")
	}
	return g
}

// onward reads a permission to supply to a third party.
func (r *reader) onward(p place) (o access.Onward) {
	r.object(p,
		member{"name", true, func(p place) { o.Name = r.bilingual(p, maxName, false) }},
		member{"basis", true, func(p place) { o.Basis = r.bilingual(p, maxText, false) }},
		member{"until", true, func(p place) { o.Until = r.moment(p, true) }})
	return o
}

// badKeys says why a service cannot be asked by a combination of keys.
func badKeys(s access.Service, k access.KeySet) string {
	narrowing := access.Keys(access.KeyFullName, access.KeyDateOfBirth)
	switch s {
	case access.Search:
		if k&narrowing != narrowing || k.Has(access.KeyPIN) || k.Has(access.KeyCMND) {
			return "a search is asked by fullName and dateOfBirth, with or without sex and province"
		}
	case access.Lookup, access.Household:
		if k.Has(access.KeyPIN) == k.Has(access.KeyCMND) || k.Has(access.KeySex) || k.Has(access.KeyProvince) {
			return "it is asked by either pin or cmnd, with or without fullName and dateOfBirth"
		}
	case access.Verify, access.NoService:
	}
	return ""
}

// fields reads a list of fields.
func (r *reader) fields(p place) (set access.FieldSet) {
	names := r.words(p, func(s string) string {
		if _, ok := access.ParseField(s); !ok {
			return fmt.Sprintf("no field is called %q: the fields are %s", clip(s), strings.Join(access.AllFields.Names(), ", "))
		}
		return ""
	})
	for _, n := range names {
		f, _ := access.ParseField(n)
		set |= access.FieldsOf(f)
	}
	r.some(p, "the list is empty: name at least one field")
	return set
}

// keys reads a list of combinations of search keys.
func (r *reader) keys(p place) (out []access.KeySet) {
	r.list(p, maxList, func(p place) {
		names := r.words(p, func(s string) string {
			if _, ok := access.ParseKey(s); !ok {
				return fmt.Sprintf("no search key is called %q: the keys are %s", clip(s), strings.Join(access.AllKeys.Names(), ", "))
			}
			return ""
		})
		var set access.KeySet
		for _, n := range names {
			k, _ := access.ParseKey(n)
			set |= access.Keys(k)
		}
		given, _ := p.Members()
		switch {
		case !r.some(p, "the combination is empty: name the keys that together will do"):
		case len(names) < given: // a problem already
		case slices.Contains(out, set):
			r.Bad(p, "this combination is there twice: keep one")
		default:
			out = append(out, set)
		}
	})
	r.some(p, "the list is empty: leave keys out for the default")
	return out
}

// GrantHash returns the hex SHA-256 of the grant: of the UTF-8 text of its JSON
// in the canonical form of RFC 8785 (members in the order of their names, no
// white space), without its member hash. The members are those of
// [access.Grant]; one that is left out has its default. Lists stand as they
// were accepted; what has no order (fields, keys, procedures, provinces) is
// sorted before.
//
// That text is what register and agency accept, so whoever accepted it can
// compute the hash again. A changed grant is another object with another hash.
// The hash stands in every entry made under the grant; those made before a
// change keep the one they were made under, because entries are never
// rewritten.
func GrantHash(g access.Grant) string {
	sum := sha256.Sum256(grantJSON(g))
	return hex.EncodeToString(sum[:])
}

// grantJSON is the canonical JSON of a grant without its hash.
func grantJSON(g access.Grant) []byte {
	g.Hash = ""
	var members map[string]json.RawMessage
	if err := json.Unmarshal(mustJSON(g), &members); err != nil {
		panic(err) // we have just written it
	}
	delete(members, "hash")
	return canonical(mustJSON(members))
}

// document returns the canonical JSON of a standing document.
func document(v any) []byte { return canonical(mustJSON(v)) }

func canonical(data []byte) []byte {
	v := jsontext.Value(data)
	if err := v.Canonicalize(); err != nil {
		panic(err) // we have just written it
	}
	return v
}

// mustJSON marshals our own types, which cannot fail: their texts are valid
// UTF-8 and their times within years 1990 to 2199.
func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}
