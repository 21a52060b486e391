package app

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/sys/unix"

	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// InitOptions says how a state folder is to be made.
type InitOptions struct {
	// Origin is the log's name, a schema-less URL such as
	// "log.example.vn/dancu". It stands in every checkpoint and cannot change.
	Origin string
	// Names are the server certificate's host names and IP addresses.
	Names []string
	// Now is the time the certificates begin; zero means now.
	Now time.Time
}

// ConfigFile is the name of the configuration file that Init writes.
const ConfigFile = "dancu.yaml"

// Init makes a state folder that a server can start from: the log's signing
// key, the sealing key, a server certificate of an authority of its own, and a
// configuration file. It overwrites nothing: if any of the files is there, it
// writes none and says which.
func Init(dir string, o InitOptions) (written []string, err error) {
	if err := checkOrigin(o.Origin); err != nil {
		return nil, err
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	if len(o.Names) == 0 {
		o.Names = []string{"localhost", "127.0.0.1", "::1"}
	}
	skey, vkey, err := note.GenerateKey(rand.Reader, o.Origin)
	if err != nil {
		return nil, err
	}
	sealing := make([]byte, ledger.KeySize)
	_, _ = rand.Read(sealing) // never fails: it ends the process instead
	ca, err := NewCA("dancu pilot CA", o.Now, o.Now.AddDate(10, 0, 0))
	if err != nil {
		return nil, err
	}
	caKey, err := ca.KeyPEM()
	if err != nil {
		return nil, err
	}
	server, err := ca.Server(o.Names, o.Now, o.Now.AddDate(1, 0, 0))
	if err != nil {
		return nil, err
	}
	files := []struct {
		name string
		mode fs.FileMode
		data []byte
	}{
		{"keys/log.key", 0o600, []byte(skey + "\n")},
		{"keys/log.pub", 0o644, []byte(vkey + "\n")},
		{"keys/sealing.key", 0o600, []byte(hex.EncodeToString(sealing) + "\n")},
		{"keys/ca.crt", 0o644, ca.Cert()},
		{"keys/ca.key", 0o600, caKey},
		{"keys/server.crt", 0o644, server.Cert},
		{"keys/server.key", 0o600, server.Key},
		{ConfigFile, 0o644, []byte(initialConfig)},
	}
	for _, f := range files {
		if _, err := os.Lstat(filepath.Join(dir, f.name)); err == nil {
			return nil, fault.New(fault.Conflict, "%s is already there: nothing was written; name another folder, or remove what you no longer need", filepath.Join(dir, f.name))
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "keys"), 0o700); err != nil {
		return nil, err
	}
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if err := writeNew(path, f.data, f.mode); err != nil {
			return written, err
		}
		written = append(written, path)
	}
	return written, nil
}

const initialConfig = `# Settings of dancu. All of them, with their defaults: dancu config show --origin
# Relative file names lie in the state folder; secrets stand in files, never here.

state: .

api:
  listen: 127.0.0.1:8443
  certificate_file: keys/server.crt
  key_file: keys/server.key

log:
  listen: 127.0.0.1:8444
  key_file: keys/log.key
  sealing_key_file: keys/sealing.key

console:
  listen: 127.0.0.1:8445

operations:
  listen: 127.0.0.1:8446
`

// checkOrigin says whether a name can be the log's: a note key's name has
// neither spaces nor plus signs, and the tlog-checkpoint format wants a
// schema-less URL.
func checkOrigin(origin string) error {
	switch {
	case origin == "":
		return fault.New(fault.Invalid, "the log needs a name (--origin), like log.example.vn/dancu")
	case strings.ContainsAny(origin, " +\t\r\n") || strings.Contains(origin, "://") || len(origin) > 255 || !isASCII(origin):
		return fault.New(fault.Invalid, "the log's name (--origin) must be like log.example.vn/dancu: ASCII, without scheme, space or plus sign")
	}
	return nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// writeNew writes a file that must not be there yet, and syncs it and its
// folder: keys that are lost in a power cut make a log unreadable.
func writeNew(path string, data []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// writeAtomic replaces a file in one step.
func writeAtomic(path string, data []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// ErrInUse is the error of LockState while another process uses the folder.
var ErrInUse = fault.New(fault.Conflict, "another dancu uses this state folder")

// LockState takes the state folder for this process alone. The lock goes with
// the process, however that ends.
func (c *Config) LockState() (unlock func(), err error) {
	path := c.Path(fileLock)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "couldn't use the state folder")
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s", ErrInUse, c.State)
		}
		return nil, fault.Wrap(fault.Unavailable, err, "couldn't lock the state folder")
	}
	return func() { _ = f.Close() }, nil
}

// maxSecret is the longest secret file that is read.
const maxSecret = 64 << 10

// readSecret reads a file that nobody but its owner (and, for reading, its
// group) may touch.
func readSecret(path string) (string, error) {
	fi, err := os.Stat(path)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "couldn't read a secret")
	}
	if err := checkSecretMode(path, fi); err != nil {
		return "", err
	}
	if fi.Size() > maxSecret {
		return "", fault.New(fault.Invalid, "%s is too long for a secret", path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "couldn't read a secret")
	}
	return strings.TrimSpace(string(b)), nil
}

// checkSecretMode refuses a secret that other accounts may read or that its
// group may change.
func checkSecretMode(path string, fi fs.FileInfo) error {
	if !fi.Mode().IsRegular() {
		return fault.New(fault.Invalid, "%s is not a regular file", path)
	}
	if fi.Mode().Perm()&0o037 != 0 {
		return fault.New(fault.Invalid, "%s may be read by others (mode %04o): run chmod 600 %s", path, fi.Mode().Perm(), path)
	}
	return nil
}

// signingKey returns the log's signing key and the name in it.
func (c *Config) signingKey() (skey, origin string, err error) {
	path := c.Path(c.Log.KeyFile)
	skey, err = readSecret(path)
	if err != nil {
		return "", "", err
	}
	s, err := note.NewSigner(skey)
	if err != nil {
		// The parser's error is about a secret: it is not passed on.
		return "", "", fault.New(fault.Invalid, "%s holds no log signing key: \"dancu init\" writes one", path)
	}
	return skey, s.Name(), nil
}

// verifierKey returns the public half of a signing key that note has accepted,
// in the form in which verifiers take it.
func verifierKey(skey string) (string, error) {
	bad := fault.New(fault.Invalid, "the log's signing key is not an Ed25519 key: \"dancu init\" writes one")
	f := strings.SplitN(skey, "+", 5) // PRIVATE+KEY+name+hash+key
	if len(f) != 5 {
		return "", bad
	}
	raw, err := base64.StdEncoding.DecodeString(f[4])
	const ed25519Type = 1
	if err != nil || len(raw) != 1+ed25519.SeedSize || raw[0] != ed25519Type {
		return "", bad
	}
	return note.NewEd25519VerifierKey(f[2], ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey))
}

// sealingKey returns the key that wraps the months' keys.
func (c *Config) sealingKey() ([]byte, error) {
	path := c.Path(c.Log.SealingKeyFile)
	text, err := readSecret(path)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != ledger.KeySize {
		return nil, fault.New(fault.Invalid, "%s holds no sealing key (%d bytes in hex): \"dancu init\" writes one", path, ledger.KeySize)
	}
	return key, nil
}
