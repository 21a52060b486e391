package app_test

import (
	"os"
	"testing"

	"dancu/internal/apptest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	apptest.RemoveBinary()
	os.Exit(code)
}
