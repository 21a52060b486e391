package app

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"

	"dancu/internal/fault"
)

// Size is a number of bytes. It is written with a unit: "64KiB", "1MiB",
// "512B".
type Size int64

var sizeUnits = []struct {
	name string
	n    int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// String writes the size with the largest unit that divides it.
func (s Size) String() string {
	for _, u := range sizeUnits {
		if s != 0 && int64(s)%u.n == 0 {
			return strconv.FormatInt(int64(s)/u.n, 10) + u.name
		}
	}
	return "0B"
}

// ParseSize reads a size with its unit.
func ParseSize(text string) (Size, error) {
	for _, u := range sizeUnits {
		if digits, ok := strings.CutSuffix(text, u.name); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
			if err != nil || n < 0 || n > (1<<62)/u.n {
				break
			}
			return Size(n * u.n), nil
		}
	}
	return 0, errors.New("must be a size like 64KiB, 1MiB or 512B")
}

// Origin says where a setting comes from.
type Origin string

// OriginDefault is the origin of what nobody set.
const OriginDefault Origin = "default"

// Loaded is a configuration and where each setting of it comes from.
type Loaded struct {
	Config Config
	// Origins has every key: "default", "file PATH" or "environment NAME".
	Origins map[string]Origin
}

// envPrefix is how the environment's names of settings begin. EnvConfig names
// the file itself; names that begin with one of foreignEnv belong to the
// project's tests and measurements.
const (
	envPrefix = "DANCU_"
	EnvConfig = "DANCU_CONFIG"
)

var foreignEnv = []string{"DANCU_TEST_", "DANCU_REQUIRE_", "DANCU_BENCH_"}

// LoadConfig reads the configuration: defaults, then the file, then the
// environment's DANCU_ variables (DANCU_API_LISTEN for api.listen). With an
// empty file name it takes DANCU_CONFIG's, and without that only defaults and
// environment. A key or variable that nothing reads is an error that names the
// nearest one: a misspelt limit must not pass for a set one.
func LoadConfig(file string, environ []string) (*Loaded, error) {
	l := &Loaded{Config: DefaultConfig(), Origins: map[string]Origin{}}
	fields := settingsOf(&l.Config)
	for _, s := range fields {
		l.Origins[s.key] = OriginDefault
	}
	env := map[string]string{}
	for _, kv := range environ {
		if name, value, ok := strings.Cut(kv, "="); ok && strings.HasPrefix(name, envPrefix) {
			env[name] = value
		}
	}
	if file == "" {
		file = env[EnvConfig]
	}
	delete(env, EnvConfig)
	var errs []error
	base := "."
	if file != "" {
		abs, err := filepath.Abs(file)
		if err != nil {
			return nil, err
		}
		base = filepath.Dir(abs)
		errs = append(errs, l.fromFile(abs, fields))
	}
	errs = append(errs, l.fromEnv(env, fields))
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if l.Config.State != "" && !filepath.IsAbs(l.Config.State) {
		if l.Origins["state"] != Origin("file "+filepath.Join(base, filepath.Base(file))) {
			base = "."
		}
		abs, err := filepath.Abs(filepath.Join(base, l.Config.State))
		if err != nil {
			return nil, err
		}
		l.Config.State = abs
	}
	if err := l.Config.Check(); err != nil {
		return nil, err
	}
	l.Config.origins = l.Origins
	return l, nil
}

func (l *Loaded) fromFile(file string, fields []setting) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "couldn't read the configuration file")
	}
	k := koanf.New(".")
	if err := k.Load(rawbytes.Provider(data), yaml.Parser()); err != nil {
		return fault.Wrap(fault.Invalid, err, "%s is not readable YAML", file)
	}
	given := k.All()
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(given)) {
		i := slices.IndexFunc(fields, func(s setting) bool { return s.key == key })
		if i < 0 {
			if given[key] == nil && slices.ContainsFunc(fields, func(s setting) bool { return strings.HasPrefix(s.key, key+".") }) {
				continue // a section without settings
			}
			errs = append(errs, fault.New(fault.Invalid, "%s: no setting is called %q%s", file, key, didYouMean(key, keysOf(fields))))
			continue
		}
		if err := set(fields[i].value, given[key]); err != nil {
			errs = append(errs, fault.New(fault.Invalid, "%s: %s %v", file, key, err))
			continue
		}
		l.Origins[key] = Origin("file " + file)
	}
	return errors.Join(errs...)
}

func (l *Loaded) fromEnv(env map[string]string, fields []setting) error {
	var errs []error
	names := make([]string, len(fields))
	for i, s := range fields {
		names[i] = EnvName(s.key)
	}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if slices.ContainsFunc(foreignEnv, func(p string) bool { return strings.HasPrefix(name, p) }) {
			continue
		}
		i := slices.Index(names, name)
		if i < 0 {
			errs = append(errs, fault.New(fault.Invalid, "environment: no setting is called %s%s", name, didYouMean(name, names)))
			continue
		}
		if err := set(fields[i].value, env[name]); err != nil {
			errs = append(errs, fault.New(fault.Invalid, "environment: %s %v", name, err))
			continue
		}
		l.Origins[fields[i].key] = Origin("environment " + name)
	}
	return errors.Join(errs...)
}

// EnvName returns the environment variable of a setting: api.listen is
// DANCU_API_LISTEN.
func EnvName(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// Setting is one setting as text, for people.
type Setting struct {
	Key, Value string
	Origin     Origin
}

// Settings lists every setting, in the order of the Config type.
func (l *Loaded) Settings() []Setting {
	var out []Setting
	for _, s := range settingsOf(&l.Config) {
		out = append(out, Setting{Key: s.key, Value: fmt.Sprint(s.value.Interface()), Origin: l.Origins[s.key]})
	}
	return out
}

// setting is one leaf of Config.
type setting struct {
	key   string
	value reflect.Value
}

func keysOf(fields []setting) []string {
	keys := make([]string, len(fields))
	for i, s := range fields {
		keys[i] = s.key
	}
	return keys
}

// settingsOf lists the leaves of a Config.
func settingsOf(c *Config) []setting {
	var out []setting
	var walk func(prefix string, v reflect.Value)
	walk = func(prefix string, v reflect.Value) {
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue
			}
			key := prefix + v.Type().Field(i).Tag.Get("koanf")
			if v.Field(i).Kind() == reflect.Struct {
				walk(key+".", v.Field(i))
				continue
			}
			out = append(out, setting{key, v.Field(i)})
		}
	}
	walk("", reflect.ValueOf(c).Elem())
	return out
}

// set puts a value from YAML or, as a string, from the environment into a
// setting. Its errors continue a sentence that begins with the key and never
// quote the value, which may be a misplaced secret.
func set(dst reflect.Value, v any) error {
	if v == nil {
		return errors.New("has no value: give one or remove the line")
	}
	text, isText := v.(string)
	switch dst.Interface().(type) {
	case time.Duration:
		d, err := time.ParseDuration(text)
		if !isText || err != nil {
			return errors.New("must be a duration with its unit, like 10s or 2m")
		}
		dst.SetInt(int64(d))
	case Size:
		n, err := ParseSize(text)
		if err != nil {
			return err
		}
		dst.SetInt(int64(n))
	case int:
		n, isInt := v.(int)
		if isText {
			var err error
			n, err = strconv.Atoi(text)
			isInt = err == nil
		}
		if !isInt {
			return errors.New("must be a whole number")
		}
		dst.SetInt(int64(n))
	case bool:
		b, isBool := v.(bool)
		if isText {
			isBool, b = text == "true" || text == "false", text == "true"
		}
		if !isBool {
			return errors.New("must be true or false")
		}
		dst.SetBool(b)
	case string:
		if !isText {
			return errors.New("must be a text: put it in quotes")
		}
		dst.SetString(text)
	default:
		panic("app: a setting of type " + dst.Type().String() + " cannot be read")
	}
	return nil
}

// didYouMean names the known name nearest to a wrong one.
func didYouMean(wrong string, known []string) string {
	best, at := "", len(wrong)
	for _, k := range known {
		d := distance(wrong, k)
		// The last part alone may be right, in the wrong section.
		if _, last, ok := strings.Cut(k, "."); ok && last == wrong[strings.LastIndexByte(wrong, '.')+1:] {
			d = min(d, 2)
		}
		if d < at {
			best, at = k, d
		}
	}
	if best == "" {
		return ": \"dancu config show\" lists them"
	}
	return fmt.Sprintf(": did you mean %s?", best)
}

// distance is the Levenshtein distance.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
