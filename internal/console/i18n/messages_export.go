package i18n

import "dancu/internal/access"

// The texts of lists that are taken along and of long work (jobs).
const (
	ExportLabel Msg = endLife + iota
	endExport
)

// exportTexts are these texts in both languages.
var exportTexts = map[Msg]access.Text{
	ExportLabel: {VI: "Tải danh sách đang hiện:", EN: "Download the list shown:"},
}
