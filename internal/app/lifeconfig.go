package app

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"dancu/internal/fault"
	"dancu/internal/onboarding"
	"dancu/internal/onboarding/catalogue"
	"dancu/internal/onboarding/strict"
	"dancu/internal/onboarding/workday"
)

// check says what is wrong with the settings of the life cycle.
func (c *LifeConfig) check() (errs []error) {
	if c.OpenMatters < 1 || c.OpenMatters > 100_000 {
		errs = append(errs, fault.New(fault.Invalid, "life.open_matters: must be between 1 and 100000"))
	}
	known := onboarding.BreachData()
	for _, kind := range fields(c.TellSubjects) {
		if !slices.Contains(known, kind) {
			errs = append(errs, fault.New(fault.Invalid, "life.tell_subjects: there is no kind of data %q: name some of %s", strict.Clip(kind), strings.Join(known, ", ")))
		}
	}
	return errs
}

// office is what the life of connections goes by, from the operator's files:
// configured, but for what the process hands over. Every error names the setting
// and the file.
func (c *Config) office() (onboarding.Config, error) {
	var out onboarding.Config
	var errs [4]error
	out.Catalogue, errs[0] = c.catalogues()
	out.Calendar, errs[1] = c.calendar()
	out.Authorities, errs[2] = c.authorities("life.client_authorities_file", c.Life.ClientAuthoritiesFile)
	out.Roots, errs[3] = c.authorities("life.signature_roots_file", c.Life.SignatureRootsFile)
	out.Settings = onboarding.Settings{OpenPerAgency: c.Life.OpenMatters, TellSubjects: fields(c.Life.TellSubjects)}
	return out, errors.Join(errs[:]...)
}

// catalogues reads the operator's folder over the shipped catalogues.
func (c *Config) catalogues() (*catalogue.Catalogue, error) {
	if c.Life.CatalogueFolder == "" {
		return catalogue.Default(), nil
	}
	path := c.Path(c.Life.CatalogueFolder)
	if fi, err := os.Stat(path); err != nil || !fi.IsDir() {
		return nil, fault.New(fault.Invalid, "life.catalogue_folder: %s is no folder that can be read: make it, or leave the setting empty for the shipped catalogues", path)
	}
	cat, err := catalogue.Load(os.DirFS(path))
	if err != nil {
		return nil, fault.New(fault.Invalid, "life.catalogue_folder: %s: %s", path, fault.Text(err))
	}
	return cat, nil
}

// calendar reads the operator's public holidays over the shipped ones: a year
// of theirs takes the place of ours.
func (c *Config) calendar() (*workday.Calendar, error) {
	if c.Life.CalendarFile == "" {
		return workday.Default(), nil
	}
	path := c.Path(c.Life.CalendarFile)
	data, err := readBounded(path, strict.MaxFile)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "life.calendar_file: %s cannot be read: check that it is there and this account's to read", path)
	}
	own, err := workday.Parse(path, data)
	if err != nil {
		return nil, fault.New(fault.Invalid, "life.calendar_file: %s", fault.Text(err))
	}
	return workday.Default().With(own), nil
}

// authorities reads certificates of authorities; nil where no file is set.
// Unlike the standard library's pools it takes a file whole or not at all: an
// authority that was silently passed over would be missed only when somebody is
// refused.
func (c *Config) authorities(key, name string) (*x509.CertPool, error) {
	if name == "" {
		return nil, nil
	}
	path := c.Path(name)
	data, err := readBounded(path, strict.MaxFile)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s: %s cannot be read: check that it is there and this account's to read", key, path)
	}
	pool, n := x509.NewCertPool(), 0
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		n++
		cert, err := x509.ParseCertificate(block.Bytes)
		switch {
		case block.Type != "CERTIFICATE":
			return nil, fault.New(fault.Invalid, "%s: block %d of %s is a %s: keep only the authorities' certificates in it", key, n, path, strict.Clip(block.Type))
		case err != nil:
			return nil, fault.Wrap(fault.Invalid, err, "%s: certificate %d of %s cannot be read: ask the authority for it again", key, n, path)
		case !cert.IsCA:
			return nil, fault.New(fault.Invalid, "%s: certificate %d of %s is no authority's: put the certificates of those who issue there", key, n, path)
		}
		pool.AddCert(cert)
	}
	if n == 0 {
		return nil, fault.New(fault.Invalid, "%s: %s holds no PEM certificate", key, path)
	}
	return pool, nil
}

// readBounded reads a file that must not be longer than most.
func readBounded(path string, most int64) (data []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if fi, err := f.Stat(); err != nil || !fi.Mode().IsRegular() {
		return nil, errors.Join(err, &fs.PathError{Op: "read", Path: path, Err: errors.New("is not a file")})
	}
	if data, err = io.ReadAll(io.LimitReader(f, most+1)); err == nil && int64(len(data)) > most {
		err = fmt.Errorf("it has more than %d bytes", most)
	}
	return data, err
}
