package app

import (
	"runtime/debug"
	"sync"
)

// release is the version of a released build, set by the linker.
var release string

// Version names the build: the released version, or the revision it was built
// from, or "devel".
var Version = sync.OnceValue(func() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	var revision, dirty string
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value
		case "vcs.modified":
			if s.Value == "true" {
				dirty = "+changes"
			}
		}
	}
	if len(revision) < 12 {
		return "devel"
	}
	return "devel-" + revision[:12] + dirty
})
