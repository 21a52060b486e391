package e2e

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"dancu/internal/apptest"
	"dancu/internal/db/dbtest"
)

// volume is a real file system of 64 MiB that nobody else uses.
type volume struct {
	t          *testing.T
	image, dir string
}

// newVolume makes and mounts one. Only root may mount.
func newVolume(t *testing.T) *volume {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting a file system needs root")
	}
	for _, p := range []string{"mkfs.ext4", "e2fsck", "mount", "umount"} {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%v: on Debian run apt-get install e2fsprogs mount", err)
		}
	}
	at := t.TempDir()
	v := &volume{t: t, image: filepath.Join(at, "image"), dir: filepath.Join(at, "v")}
	f, err := os.Create(v.image)
	if err == nil {
		err = errors.Join(f.Truncate(64<<20), f.Close(), os.Mkdir(v.dir, 0o700))
	}
	if err != nil {
		t.Fatal(err)
	}
	v.run("mkfs.ext4", "-q", "-F", "-m", "0", v.image)
	if out, err := exec.Command("mount", "-o", "loop", v.image, v.dir).CombinedOutput(); err != nil {
		t.Skipf("this machine cannot mount a file: %v\n%s", err, out)
	}
	t.Cleanup(func() { v.run("umount", v.dir) })
	return v
}

func (v *volume) run(name string, args ...string) {
	v.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		v.t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// fill writes until nothing more fits, and returns what takes the space back.
func (v *volume) fill() (free func()) {
	v.t.Helper()
	name := filepath.Join(v.dir, "ballast")
	f, err := os.Create(name)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, size := range []int{1 << 20, 4 << 10, 512} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			v.t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil && !errors.Is(err, syscall.ENOSPC) {
		v.t.Fatal(err)
	}
	return func() {
		if err := os.Remove(name); err != nil {
			v.t.Fatal(err)
		}
	}
}

// until waits for something that must come to pass.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(90 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if t.Failed() || time.Now().After(deadline) {
			t.Fatalf("it did not come to pass that %s", what)
		}
	}
}

// refuses waits until calls are refused as log.unavailable and the node says
// that it is not ready.
func (k *keeper) refuses(s *apptest.System) {
	k.t.Helper()
	at := k.unavailable.Load() + 20
	until(k.t, "calls are refused as log.unavailable", func() bool { return k.unavailable.Load() >= at })
	until(k.t, "the node says that it is not ready", func() bool {
		status, _ := s.Read(s.Info.Operations + "/readyz")
		return status == http.StatusServiceUnavailable
	})
	// Nothing may be answered in that state.
	before := k.count()
	at = k.unavailable.Load() + 50
	until(k.t, "calls go on being refused", func() bool { return k.unavailable.Load() >= at })
	if got := k.count(); got > before+8 { // those under way when it was looked at
		k.t.Errorf("%d calls were answered meanwhile", got-before)
	}
}

// TestAFullDiskRefusesAndHeals fills the disk under load: calls are refused
// until there is room again, then they are answered by the same process, and
// nothing is lost.
func TestAFullDiskRefusesAndHeals(t *testing.T) {
	t.Parallel()
	v := newVolume(t)
	s := apptest.StartProcess(t, apptest.Options{Limit: 1_000_000, Folder: v.dir})
	k := &keeper{t: t, receipts: map[int64]json.RawMessage{}}
	for range 2 {
		stop := make(chan struct{})
		wait := k.load(s, 8, stop)
		before := k.count()
		until(t, "calls are answered", func() bool { return k.count() > before+20 })
		free := v.fill()
		k.refuses(s)
		free()
		before = k.count()
		until(t, "calls are answered again", func() bool { return k.count() > before+50 })
		status, body := s.Read(s.Info.Operations + "/readyz")
		if status != http.StatusOK {
			t.Errorf("with room again the node says %d %s", status, body)
		}
		close(stop)
		wait()
	}
	k.settle(s, dbtest.SQLite(t))
}

// TestAReadOnlyDiskRefuses lets the kernel turn the disk read-only, as it does
// after an error: calls are refused, and after a repair and a new start
// nothing is lost. Nothing is being written at that very instant: a forced
// abort of the file system's journal throws away what an fsync under way is
// told to be safe. TestADiskThatFailsUnderLoadRefuses is about that instant.
func TestAReadOnlyDiskRefuses(t *testing.T) {
	t.Parallel()
	v := newVolume(t)
	s := apptest.StartProcess(t, apptest.Options{Limit: 1_000_000, Folder: v.dir})
	k := &keeper{t: t, receipts: map[int64]json.RawMessage{}}
	stop := make(chan struct{})
	wait := k.load(s, 8, stop)
	until(t, "calls are answered", func() bool { return k.count() > 100 })
	close(stop)
	wait()
	v.run("sync", "-f", v.dir)
	v.run("mount", "-o", "remount,abort", v.dir)
	stop = make(chan struct{})
	wait = k.load(s, 8, stop)
	k.refuses(s)
	close(stop)
	wait()
	v.repair(s)
	k.settle(s, dbtest.SQLite(t))
}

// TestADiskThatFailsUnderLoadRefuses shuts the file system down under load:
// what an fsync acknowledged is on the disk, and everything after is an error.
func TestADiskThatFailsUnderLoadRefuses(t *testing.T) {
	t.Parallel()
	v := newVolume(t)
	s := apptest.StartProcess(t, apptest.Options{Limit: 1_000_000, Folder: v.dir})
	k := &keeper{t: t, receipts: map[int64]json.RawMessage{}}
	stop := make(chan struct{})
	wait := k.load(s, 8, stop)
	until(t, "calls are answered", func() bool { return k.count() > 100 })
	at := k.unavailable.Load() + 50
	v.shutDown()
	// Not even the certificates can be read now: only calls under way tell.
	until(t, "calls are refused as log.unavailable", func() bool { return k.unavailable.Load() >= at })
	close(stop)
	wait()
	v.repair(s)
	k.settle(s, dbtest.SQLite(t))
}

// shutDown makes every further write to the volume an error (FS_IOC_SHUTDOWN).
func (v *volume) shutDown() {
	v.t.Helper()
	d, err := os.Open(v.dir)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	const shutdown = 0x8004587d // _IOR('X', 125, __u32)
	// 0: freeze, shut, thaw: no write is half-way when it happens.
	if err := unix.IoctlSetPointerInt(int(d.Fd()), shutdown, 0); err != nil {
		v.t.Fatalf("couldn't shut the file system down: %v", err)
	}
}

// repair ends the process, has the file system checked and starts the system
// on it again.
func (v *volume) repair(s *apptest.System) {
	v.t.Helper()
	s.Kill()
	v.run("umount", v.dir)
	// 1: it mended something, as it should.
	var code *exec.ExitError
	if out, err := exec.Command("e2fsck", "-fy", v.image).CombinedOutput(); err != nil && (!errors.As(err, &code) || code.ExitCode() != 1) {
		v.t.Fatalf("e2fsck: %v\n%s", err, out)
	}
	v.run("mount", "-o", "loop", v.image, v.dir)
	s.Restart()
}
