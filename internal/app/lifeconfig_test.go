package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
)

// inState writes a file of a state folder.
func inState(t *testing.T, c *Config, name, text string) {
	t.Helper()
	path := c.Path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const ownClock = `kind: clocks
id: own-clocks
version: "1"
from: 2025-01-01
name: {vi: Thời hạn của đơn vị, en: Own terms}
source: {vi: Quyết định 1, en: Decision 1}
mark: proposal
clocks:
  - {id: application.decision, number: 3, unit: working-day, law: [47/2020/NĐ-CP Art. 35], mark: proposal, name: {vi: Trả lời, en: Decide}}
`

const ownYear = `years:
  - year: 2027
    holidays:
      - {date: 2027-01-04, name: {vi: Nghỉ bù, en: In lieu}, law: Quyết định 1, confirmed: true}
`

// TestOperatorsFilesAreWhatTheOfficeGoesBy: the settings of the life cycle reach
// it, and what is not in them is the shipped one.
func TestOperatorsFilesAreWhatTheOfficeGoesBy(t *testing.T) {
	c := DefaultConfig()
	c.State = t.TempDir()
	ca, err := NewCA("test authority", time.Now(), time.Now().AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	inState(t, &c, "rules/clocks.yaml", ownClock)
	inState(t, &c, "holidays.yaml", ownYear)
	inState(t, &c, "ca.pem", string(ca.Cert()))
	day := access.Date{Year: 2026, Month: 5, Day: 4}
	first := time.Date(2027, 1, 4, 9, 0, 0, 0, access.Zone)

	plain, err := c.office()
	if err != nil {
		t.Fatal(err)
	}
	if clock, err := plain.Catalogue.Clock(catalogue.ClockApplicationDecision, day); err != nil || clock.Number != 5 {
		t.Errorf("the shipped clock is %+v, %v; want 5 working days", clock, err)
	}
	if !plain.Calendar.Working(access.DateOf(first)) || plain.Authorities != nil || plain.Roots != nil {
		t.Errorf("without settings there is more than what is shipped: %+v", plain)
	}

	c.Life = LifeConfig{
		CatalogueFolder: "rules", CalendarFile: "holidays.yaml", ClientAuthoritiesFile: "ca.pem", SignatureRootsFile: "ca.pem",
		OpenMatters: 3, TellSubjects: "family",
	}
	own, err := c.office()
	if err != nil {
		t.Fatal(err)
	}
	if clock, err := own.Catalogue.Clock(catalogue.ClockApplicationDecision, day); err != nil || clock.Number != 3 {
		t.Errorf("the operator's clock is %+v, %v; want 3 working days", clock, err)
	}
	if own.Calendar.Working(access.DateOf(first)) || !own.Calendar.Known(2026) {
		t.Error("the operator's holiday is a working day, or the shipped years are gone")
	}
	if own.Authorities == nil || own.Roots == nil || own.Settings.OpenPerAgency != 3 || strings.Join(own.Settings.TellSubjects, " ") != "family" {
		t.Errorf("got %+v", own)
	}
}

// TestABadFileOfTheLifeCycleIsSaid: the server does not start with it, and the
// error names the setting, the file, and what is wrong.
func TestABadFileOfTheLifeCycleIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(t *testing.T, c *Config)
		want []string
	}{
		"no folder":           {func(_ *testing.T, c *Config) { c.Life.CatalogueFolder = "absent" }, []string{"life.catalogue_folder", "absent is no folder"}},
		"a file for a folder": {func(t *testing.T, c *Config) { inState(t, c, "f", ""); c.Life.CatalogueFolder = "f" }, []string{"life.catalogue_folder", "is no folder"}},
		"a wrong catalogue": {func(t *testing.T, c *Config) {
			inState(t, c, "r/x.yaml", "kind: clocks\nid: x\n")
			c.Life.CatalogueFolder = "r"
		}, []string{"life.catalogue_folder", "x.yaml"}},
		"another file there": {func(t *testing.T, c *Config) { inState(t, c, "r/x.json", "{}"); c.Life.CatalogueFolder = "r" }, []string{"x.json", "only files ending in .yaml"}},
		"no calendar":        {func(_ *testing.T, c *Config) { c.Life.CalendarFile = "absent.yaml" }, []string{"life.calendar_file", "absent.yaml cannot be read"}},
		"a folder for it":    {func(t *testing.T, c *Config) { inState(t, c, "d/x", ""); c.Life.CalendarFile = "d" }, []string{"life.calendar_file", "cannot be read"}},
		"a wrong calendar": {func(t *testing.T, c *Config) {
			inState(t, c, "h.yaml", "years: [{year: 2026}]\n")
			c.Life.CalendarFile = "h.yaml"
		}, []string{"life.calendar_file", "h.yaml: line 1", "holidays"}},
		"a large calendar": {func(t *testing.T, c *Config) {
			inState(t, c, "h.yaml", strings.Repeat("#\n", 1<<20))
			c.Life.CalendarFile = "h.yaml"
		}, []string{"life.calendar_file", "cannot be read"}},
		"no authorities":       {func(_ *testing.T, c *Config) { c.Life.ClientAuthoritiesFile = "absent.pem" }, []string{"life.client_authorities_file", "cannot be read"}},
		"no certificate in it": {func(t *testing.T, c *Config) { inState(t, c, "a.pem", "none"); c.Life.SignatureRootsFile = "a.pem" }, []string{"life.signature_roots_file", "holds no PEM certificate"}},
		"a key in it": {func(t *testing.T, c *Config) {
			inState(t, c, "a.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
			c.Life.SignatureRootsFile = "a.pem"
		}, []string{"life.signature_roots_file", "is a PRIVATE KEY"}},
		"a damaged certificate": {func(t *testing.T, c *Config) {
			inState(t, c, "a.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
			c.Life.ClientAuthoritiesFile = "a.pem"
		}, []string{"life.client_authorities_file", "certificate 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := DefaultConfig()
			cfg.State = t.TempDir()
			c.set(t, &cfg)
			_, err := cfg.office()
			if err == nil {
				t.Fatal("it was taken")
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("the error does not say %q: %v", w, err)
				}
			}
			for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
				if !fault.Is(e, fault.Invalid) {
					t.Errorf("%v is no error of the operator's", e)
				}
			}
			d := &doctor{cfg: cfg, now: time.Now()}
			d.life()
			if len(d.findings) != 1 || d.findings[0].Grade != Problem || d.findings[0].Way == "" {
				t.Errorf("the doctor found %+v", d.findings)
			}
		})
	}
}

func TestTheLifeCyclesOwnSettingsAreChecked(t *testing.T) {
	c := DefaultConfig()
	if errs := c.Life.check(); len(errs) != 0 {
		t.Fatal(errs)
	}
	c.Life = LifeConfig{OpenMatters: 0, TellSubjects: "biometrics, blood"}
	if errs := c.Life.check(); len(errs) != 2 || !strings.Contains(errs[1].Error(), `"blood"`) {
		t.Errorf("got %v", errs)
	}
}
