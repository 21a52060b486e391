package app

import (
	"io/fs"
	"os"

	"dancu/internal/fault"
	"dancu/internal/manual"
)

// openManual reads the user guides, those of the operator's folder too.
func (a *App) openManual() error {
	var folder fs.FS
	if dir := a.Config.Console.Guides; dir != "" {
		folder = os.DirFS(a.Config.Path(dir))
	}
	shelf, err := manual.NewShelf(folder)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "console.guides")
	}
	a.Manual, err = manual.New(manual.Config{Main: a.Main, Log: a.Log, Shelf: shelf})
	return err
}
