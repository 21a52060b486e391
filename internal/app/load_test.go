package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dancu/internal/fault"
)

// writeConfig writes a configuration file into a folder of its own.
func writeConfig(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), ConfigFile)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestLoadConfigTakesEnvironmentOverFileOverDefault(t *testing.T) {
	file := writeConfig(t, "state: .\napi:\n  listen: 127.0.0.1:1\n  max_body: 128KiB\nconsole:\n  listen: \"\"\nlog:\n")
	l, err := LoadConfig(file, []string{"DANCU_API_LISTEN=127.0.0.1:2", "DANCU_DRAIN=3s", "DANCU_GATE_QUEUE=7", "HOME=/x", "DANCU_TEST_POSTGRES=x", "DANCU_REQUIRE_POSTGRES=1"})
	if err != nil {
		t.Fatal(err)
	}
	c := l.Config
	if c.State != filepath.Dir(file) {
		t.Errorf("state is %s, want the folder of the file", c.State)
	}
	if c.API.Listen != "127.0.0.1:2" || c.API.MaxBody != 128<<10 || c.Console.Listen != "" || c.Drain != 3*time.Second || c.Gate.Queue != 7 || c.Node != "node-1" {
		t.Errorf("got %+v", c)
	}
	for key, want := range map[string]Origin{
		"api.listen": "environment DANCU_API_LISTEN", "api.max_body": Origin("file " + file), "node": OriginDefault,
	} {
		if got := l.Origins[key]; got != want {
			t.Errorf("origin of %s is %q, want %q", key, got, want)
		}
	}
	if len(l.Origins) != len(l.Settings()) {
		t.Errorf("%d origins for %d settings", len(l.Origins), len(l.Settings()))
	}
}

func TestLoadConfigTakesTheFileFromTheEnvironment(t *testing.T) {
	file := writeConfig(t, "state: sub\n")
	l, err := LoadConfig("", []string{EnvConfig + "=" + file})
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(filepath.Dir(file), "sub"); l.Config.State != want {
		t.Errorf("state is %s, want %s", l.Config.State, want)
	}
}

func TestStateOfTheEnvironmentIsRelativeToTheWorkingFolder(t *testing.T) {
	file := writeConfig(t, "state: sub\n")
	t.Chdir(t.TempDir())
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	l, err := LoadConfig(file, []string{"DANCU_STATE=here"})
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(wd, "here"); l.Config.State != want {
		t.Errorf("state is %s, want %s", l.Config.State, want)
	}
}

func TestLoadConfigRefusesWhatNothingReads(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		env  []string
		want []string
	}{
		"misspelt key":           {text: "state: .\napi:\n  listne: x\n", want: []string{`"api.listne"`, "did you mean api.listen?"}},
		"key in another section": {text: "state: .\ngate:\n  max_body: 1KiB\n", want: []string{`"gate.max_body"`, "did you mean api.max_body?"}},
		"nothing near":           {text: "state: .\nq: 1\n", want: []string{`"q"`, "dancu config show"}},
		"misspelt variable":      {text: "state: .\n", env: []string{"DANCU_GATE_QUEU=1"}, want: []string{"DANCU_GATE_QUEU", "did you mean DANCU_GATE_QUEUE?"}},
		"section as a value":     {text: "state: .\napi: 5\n", want: []string{`no setting is called "api"`}},
		"value as a section":     {text: "state: {x: 1}\n", want: []string{`"state.x"`}},
		"no value":               {text: "state: .\nnode:\n", want: []string{"node has no value"}},
		"number for text":        {text: "state: .\nnode: 5\n", want: []string{"node must be a text"}},
		"text for number":        {text: "state: .\ngate:\n  queue: many\n", want: []string{"gate.queue must be a whole number"}},
		"number for duration":    {text: "state: .\ndrain: 5\n", want: []string{"drain must be a duration"}},
		"number for size":        {text: "state: .\napi:\n  max_body: 5\n", want: []string{"api.max_body must be a size"}},
		"list for text":          {text: "state: [a]\n", want: []string{"state must be a text"}},
		"key twice":              {text: "state: .\nstate: x\n", want: []string{"not readable YAML"}},
		"not YAML":               {text: "state: [\n", want: []string{"not readable YAML"}},
		"several at once":        {text: "state: .\na: 1\nb: 2\n", env: []string{"DANCU_C=1"}, want: []string{`"a"`, `"b"`, "DANCU_C"}},
		"below the range":        {text: "state: .\ngate:\n  queue: 0\n", want: []string{"gate.queue: must be between"}},
		"no state":               {text: "node: x\n", want: []string{"state: is missing"}},
		"password in a setting":  {text: "state: .\ndatabase:\n  address: postgres://u:secret@h/d\n", want: []string{"database.address: holds a password"}},
		"password in the query":  {text: "state: .\ndatabase:\n  address: postgres://u@h/d?password=secret\n", want: []string{"database.address: holds a password"}},
		"two addresses":          {text: "state: .\ndatabase:\n  address: postgres://u@h/d\n  address_file: f\n", want: []string{"keep one of them"}},
		"another engine":         {text: "state: .\ndatabase:\n  address: mysql://u@h/d\n", want: []string{"must be like postgres://"}},
		"certificate alone":      {text: "state: .\nconsole:\n  certificate_file: x\n", want: []string{"go together"}},
		"address without port":   {text: "state: .\napi:\n  listen: localhost\n", want: []string{"api.listen: must be HOST:PORT"}},
		"unknown level":          {text: "state: .\ntelemetry:\n  level: loud\n", want: []string{"telemetry.level: must be"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := LoadConfig(writeConfig(t, c.text), c.env)
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("got %v, want an error of kind invalid", err)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("the error does not say %q:\n%v", w, err)
				}
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func TestLoadConfigNeedsTheNamedFile(t *testing.T) {
	_, err := LoadConfig(filepath.Join(t.TempDir(), "absent.yaml"), nil)
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
}

func TestSizesAreReadAsTheyAreWritten(t *testing.T) {
	for text, want := range map[string]Size{"1B": 1, "64KiB": 64 << 10, "3MiB": 3 << 20, "2GiB": 2 << 30, "1536B": 1536} {
		got, err := ParseSize(text)
		if err != nil || got != want {
			t.Errorf("%s: got %d, %v, want %d", text, got, err, want)
		}
		if again, err := ParseSize(got.String()); err != nil || again != got {
			t.Errorf("%s is written as %s", text, got)
		}
	}
	for _, text := range []string{"", "5", "-1B", "1.5KiB", "KiB", "99999999999GiB", "5kb"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}
