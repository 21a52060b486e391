package e2e

import (
	"os"
	"testing"

	"dancu/internal/apptest"
	browsertest "dancu/internal/apptest/browser"
)

func TestMain(m *testing.M) {
	code := m.Run()
	apptest.RemoveBinary()
	browsertest.Stop()
	os.Exit(code)
}
