package console

import (
	"context"
	"time"

	"dancu/internal/access"
)

// Sample returns a made-up status with one connection of every kind, for tests
// and for looking at the page without a system behind it. Nothing in it is
// real.
func Sample() Status {
	at := time.Date(2026, 11, 20, 14, 5, 37, 0, access.Zone)
	midnight := access.Day.End(at)
	text := func(vi, en string) access.Text { return access.Text{VI: vi, EN: en} }
	limit := func(calls, people int64) access.Limit {
		return access.Limit{Calls: calls, People: people, Window: access.Day, Scope: access.PerConnection, WarnAt: 80}
	}
	province := text("Uỷ ban nhân dân tỉnh Mẫu", "People’s Committee of Mẫu Province")
	ministry := text("Bộ Mẫu", "Ministry of Samples")
	bank := text("Ngân hàng Mẫu", "Sample Bank")
	platform := text("Nền tảng tích hợp tỉnh Mẫu (LGSP)", "Integration platform of Mẫu Province (LGSP)")
	return Status{
		Maintenance: []access.Maintenance{{
			ID: "sample", From: at.AddDate(0, 0, 9), Until: at.AddDate(0, 0, 9).Add(4 * time.Hour),
			Text: text("Nâng cấp máy chủ cơ sở dữ liệu.", "The database servers are upgraded."),
		}},
		At: at, Ready: true, CallsToday: 19_874, People: 1_000_000,
		Connections: []Connection{
			{
				ID: "c-onestop", Agency: province, System: text("Hệ thống một cửa điện tử", "Electronic one-stop system"),
				State: access.Active, CertificateUntil: at.AddDate(0, 8, 3), AssessedFrom: at.AddDate(-1, 1, 0), AssessedUntil: at.AddDate(0, 0, 12),
				Grants: 4, Limit: limit(10_000, 20_000), Calls: 3_412, People: 3_101, Reset: midnight,
			},
			{
				ID: "c-ministry", Agency: ministry, System: text("Cơ sở dữ liệu chuyên ngành", "Specialised database"),
				State: access.Active, CertificateUntil: at.AddDate(0, 11, 0), AssessedFrom: at.AddDate(0, -2, 0), AssessedUntil: at.AddDate(0, 10, 0),
				Grants: 2, Limit: limit(10_000, 0), Calls: 8_455, Reset: midnight,
			},
			{
				ID: "c-bank", Agency: bank, System: text("Xác minh khách hàng", "Customer verification"), Via: platform,
				State: access.Active, Stopped: access.ConnectionVolume, LockedAt: at.Add(-97 * time.Minute),
				CertificateUntil: at.AddDate(0, 5, 0), AssessedFrom: at.AddDate(0, -5, 0), AssessedUntil: at.AddDate(0, 7, 0),
				Grants: 1, Limit: limit(5_000, 0), Calls: 5_000, Reset: midnight,
			},
			{
				ID: "c-notary", Agency: text("Phòng Công chứng số 1 tỉnh Mẫu", "Notary Office No. 1, Mẫu Province"), System: text("Phần mềm công chứng", "Notary software"), Via: platform,
				State: access.Suspended, Stopped: access.ConnectionSuspended,
				CertificateUntil: at.AddDate(0, 5, 0), AssessedFrom: at.AddDate(0, -5, 0), AssessedUntil: at.AddDate(0, 7, 0),
				Grants: 1, Limit: access.Limit{Calls: 500, Window: access.Hour, Scope: access.PerOfficer, WarnAt: 80}, Calls: 31, Reset: access.Hour.End(at),
			},
			{
				ID: "c-social", Agency: text("Bảo hiểm xã hội tỉnh Mẫu", "Social Insurance of Mẫu Province"), System: text("Quản lý thu và sổ, thẻ", "Contributions and cards"),
				State: access.Active, Stopped: access.AssessmentLapsed, CertificateUntil: at.AddDate(0, 1, 15),
				AssessedFrom: at.AddDate(-1, 0, -4), AssessedUntil: at.AddDate(0, 0, -4),
				Grants: 3, Limit: limit(10_000, 0), Calls: 2_976, Reset: midnight,
			},
			{
				ID: "c-platform", Agency: province, System: platform,
				State: access.Active, CertificateUntil: at.AddDate(0, 5, 0), AssessedFrom: at.AddDate(0, -5, 0), AssessedUntil: at.AddDate(0, 7, 0),
				Grants: 0, Limit: limit(10_000, 0), Calls: 0, Reset: midnight,
			},
			{
				ID: "c-school", Agency: text("Sở Giáo dục và Đào tạo tỉnh Mẫu", "Department of Education, Mẫu Province"), System: text("Tuyển sinh đầu cấp", "School enrolment"),
				State: access.Draft, Stopped: access.ConnectionNotActive, Limit: limit(10_000, 0), Reset: midnight,
			},
		},
		Refusals: []Refusal{
			{access.ConnectionVolume, 214},
			{access.GrantField, 37},
			{access.PurposeMissing, 12},
			{access.AssessmentLapsed, 1_208},
			{access.RequestInvalid, 3},
		},
		Recent: []Entry{
			{Index: 48_213, Time: at.Add(-2 * time.Second), Kind: "call.lookup", Agency: province},
			{Index: 48_212, Time: at.Add(-3 * time.Second), Kind: "call.verify", Agency: ministry},
			{Index: 48_211, Time: at.Add(-5 * time.Second), Kind: "call.lookup", Agency: bank, Code: access.ConnectionVolume},
			{Index: 48_210, Time: at.Add(-5 * time.Second), Kind: "call.search", Agency: province},
			{Index: 48_209, Time: at.Add(-9 * time.Second), Kind: "call.household", Agency: province, Code: access.GrantField},
			{Index: 48_208, Time: at.Add(-64 * time.Second), Kind: "calls.refused", Agency: bank, Code: access.ConnectionVolume},
			{Index: 46_001, Time: at.Add(-97 * time.Minute), Kind: "connection.locked", Agency: bank},
			{Index: 45_990, Time: at.Add(-98 * time.Minute), Kind: "node.resumed"},
		},
		Log: Log{
			Origin: "dancu.example/log", VerifierKey: "dancu.example/log+7d4f2c1a+AdF0m7mS2nKq3bq0yJ5c0l8C1oW9mQvXkT6e4hJrZsUp",
			Size: 48_214, Root: "q0XgVxM4pPn0H2b7m6iVgk2J0dUe3Y5oS1c8LrTtWZE=", Time: at.Add(-2 * time.Second),
			Checkpoint: "dancu.example/log\n48214\nq0XgVxM4pPn0H2b7m6iVgk2J0dUe3Y5oS1c8LrTtWZE=\n\n— dancu.example/log fU8sGk1yZ0m3sK5nS7b0hW1eXcP2vJ4tR6yU8iO0pA2sD4fG6hJ8kL0zX2cV4bN6mQ8wE0rT2yU4iO6pA8sD0fG2hJ4kL6\n",
		},
	}
}

// SourceFunc is a function that is a [Source].
type SourceFunc func(ctx context.Context) (Status, error)

// Status calls f.
func (f SourceFunc) Status(ctx context.Context) (Status, error) { return f(ctx) }
