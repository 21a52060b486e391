package i18n

import "dancu/internal/access"

// The texts of the pages of settings.
const (
	MenuSettings Msg = endNotices + iota
	SettingsTitle
	SettingsLead
	SettingsFind
	SettingsWhich
	SettingsAll
	SettingsOnlyRun
	SettingsOnlyChanged
	SettingsCount
	SettingsNone
	SettingsName
	SettingsValue
	SettingsOrigin
	SettingsDefault
	SettingsFile
	SettingsEnvironment
	SettingsProgram
	SettingsChanged
	SettingsBy
	SettingsOut
	SettingsConfigured
	SettingsBounds
	SettingsNew
	SettingsNewHint
	SettingsNewMissing
	SettingsPropose
	SettingsTwo
	SettingsBack
	SettingsAsConfigured
	SettingsConfirmed
	SettingsWaiting
	SettingsHistory
	SettingsChange
	SettingsNoHistory
	SettingsDays
	SettingsHours
	SettingsMinutes
	SettingsSeconds
	SettingsNode
	SettingsDatabase
	SettingsLog
	SettingsAPI
	SettingsConsole
	SettingsOperations
	SettingsGate
	SettingsIdentity
	SettingsNotify
	SettingsEvidence
	SettingsLife
	SettingsTelemetry

	endSettings
)

var settingsTexts = map[Msg]access.Text{
	MenuSettings:         {VI: "Thiết lập", EN: "Settings"},
	SettingsTitle:        {VI: "Thiết lập hệ thống", EN: "Settings"},
	SettingsLead:         {VI: "Mọi thiết lập đang có hiệu lực và nguồn của từng thiết lập. Khoá và mật khẩu nằm trong tệp riêng, không hiện ở đây. Thiết lập đổi được khi hệ thống đang chạy cần hai người.", EN: "Every setting in force and where it comes from. Keys and passwords are in files of their own and never shown. Those that can be changed while the system runs take two people."},
	SettingsFind:         {VI: "Tên hoặc giá trị", EN: "Name or value"},
	SettingsWhich:        {VI: "Hiển thị", EN: "Show"},
	SettingsAll:          {VI: "Mọi thiết lập", EN: "All settings"},
	SettingsOnlyRun:      {VI: "Đổi được khi đang chạy", EN: "Those that can be changed at run time"},
	SettingsOnlyChanged:  {VI: "Đã đổi khi đang chạy", EN: "Those that were changed at run time"},
	SettingsCount:        {VI: "%s thiết lập", EN: "%s settings"},
	SettingsNone:         {VI: "Không có thiết lập nào như vậy. Hãy bỏ bớt điều kiện lọc.", EN: "No setting is like that. Try fewer conditions."},
	SettingsName:         {VI: "Thiết lập", EN: "Setting"},
	SettingsValue:        {VI: "Giá trị đang dùng", EN: "Value in force"},
	SettingsOrigin:       {VI: "Nguồn", EN: "Comes from"},
	SettingsDefault:      {VI: "Mặc định", EN: "Default"},
	SettingsFile:         {VI: "Tệp cấu hình", EN: "Configuration file"},
	SettingsEnvironment:  {VI: "Biến môi trường %s", EN: "Environment variable %s"},
	SettingsProgram:      {VI: "Do chương trình đặt", EN: "Set by the program"},
	SettingsChanged:      {VI: "Đã đổi khi đang chạy", EN: "Changed at run time"},
	SettingsBy:           {VI: "%s đề nghị, %s xác nhận, %s", EN: "proposed by %s, confirmed by %s, %s"},
	SettingsOut:          {VI: "Thay đổi không còn hợp lệ nên không áp dụng", EN: "The change no longer holds and is left out"},
	SettingsConfigured:   {VI: "Theo cấu hình", EN: "As configured"},
	SettingsBounds:       {VI: "Giới hạn", EN: "Bounds"},
	SettingsNew:          {VI: "Giá trị mới", EN: "New value"},
	SettingsNewHint:      {VI: "Viết như trong cấu hình (ví dụ 10m, 24h hoặc một số), từ %s đến %s", EN: "As in the configuration (like 10m, 24h or a number), from %s to %s"},
	SettingsNewMissing:   {VI: "Hãy nhập giá trị mới", EN: "Type the new value"},
	SettingsPropose:      {VI: "Đề nghị đổi", EN: "Propose a change"},
	SettingsTwo:          {VI: "Có hiệu lực trên mọi máy khi người thứ hai xác nhận", EN: "In force on every node when a second person confirms"},
	SettingsBack:         {VI: "Đề nghị dùng lại giá trị trong cấu hình", EN: "Propose the configured value"},
	SettingsAsConfigured: {VI: "theo cấu hình", EN: "as configured"},
	SettingsConfirmed:    {VI: "%s xác nhận", EN: "confirmed by %s"},
	SettingsWaiting:      {VI: "Đổi thành %s, %s đề nghị: %s", EN: "To be %s, proposed by %s: %s"},
	SettingsHistory:      {VI: "Ai đã đổi gì", EN: "Who changed what"},
	SettingsChange:       {VI: "Thay đổi", EN: "Change"},
	SettingsNoHistory:    {VI: "Chưa ai đổi thiết lập này khi hệ thống đang chạy.", EN: "Nobody has changed this setting at run time."},
	SettingsDays:         {VI: "%s ngày", EN: "%s d"},
	SettingsHours:        {VI: "%s giờ", EN: "%s h"},
	SettingsMinutes:      {VI: "%s phút", EN: "%s min"},
	SettingsSeconds:      {VI: "%s giây", EN: "%s s"},
	SettingsNode:         {VI: "Máy", EN: "Node"},
	SettingsDatabase:     {VI: "Cơ sở dữ liệu", EN: "Database"},
	SettingsLog:          {VI: "Nhật ký truy cập", EN: "Access log"},
	SettingsAPI:          {VI: "API cho hệ thống kết nối", EN: "API for connected systems"},
	SettingsConsole:      {VI: "Trang quản trị", EN: "Console"},
	SettingsOperations:   {VI: "Giám sát vận hành", EN: "Operations"},
	SettingsGate:         {VI: "Xử lý lượt khai thác", EN: "Look-ups"},
	SettingsIdentity:     {VI: "Tài khoản và phiên làm việc", EN: "Accounts and sessions"},
	SettingsNotify:       {VI: "Thông báo", EN: "Notices"},
	SettingsEvidence:     {VI: "Tệp minh chứng", EN: "Evidence files"},
	SettingsLife:         {VI: "Vòng đời kết nối", EN: "Life of connections"},
	SettingsTelemetry:    {VI: "Nhật ký kỹ thuật", EN: "Operational logs"},
}
