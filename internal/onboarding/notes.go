package onboarding

import (
	"context"
	"strings"

	"dancu/internal/access"
	"dancu/internal/db"
)

// applicationNotes points out to whoever decides on a request what it asks
// beyond what its procedures justify, by the catalogue, and what else is not as
// usual. It decides nothing.
func applicationNotes(_ context.Context, _ db.Querier, o *Onboarding, dir *access.Directory, m *Matter) (out []access.Text, err error) {
	data, _ := m.values(findSection(applicationSections, "data"), o.Around(dir, m.Agency), false)
	system, _ := m.values(findSection(applicationSections, "system"), o.Around(dir, m.Agency), false)
	note := func(vi, en string, args ...any) { out = append(out, text(vi, en, args...)) }

	out = append(out, authorityNote(o.Around(dir, m.Agency)))
	procedures := o.cat.Procedures(access.DateOf(m.Changed))
	codes := data.list("procedures")
	if unknown := procedures.Unknown(codes); len(unknown) > 0 {
		note("Thủ tục chưa có trong danh mục: %s.", "procedures that are not in the catalogue: %s", strings.Join(unknown, ", "))
	}
	fields, err := access.ParseFields(data.list("fields"))
	if err != nil {
		return nil, err // the form has checked it
	}
	if excess := procedures.Excess(codes, fields); excess != 0 {
		var vi, en []string
		for f := range excess.All() {
			vi, en = append(vi, access.Fields[f].VI), append(en, access.Fields[f].EN)
		}
		out = append(out, access.Text{
			VI: "Trường thông tin vượt quá nhu cầu của các thủ tục đã nêu: " + strings.Join(vi, "; ") + ".",
			EN: "fields beyond what these procedures justify: " + strings.Join(en, "; "),
		})
	}
	var services []access.Service
	for _, name := range data.list("services") {
		if s, ok := access.ParseService(name); ok {
			services = append(services, s)
		}
	}
	if excess := procedures.ExcessServices(codes, services); len(excess) > 0 {
		names := make([]string, len(excess))
		for i, s := range excess {
			names[i] = s.String()
		}
		note("Dịch vụ vượt quá nhu cầu của các thủ tục đã nêu: %s.", "services beyond what these procedures justify: %s", strings.Join(names, ", "))
	}
	if n := data.number("daily"); n > access.DefaultLimit.Calls {
		note("Số lượt dự kiến mỗi ngày (%[1]d) cao hơn giới hạn mặc định (%[2]d).", "the expected calls a day (%[1]d) are above the usual limit (%[2]d)", n, access.DefaultLimit.Calls)
	}
	if len(intermediaryChoices(Around{Dir: dir})) > 0 && system.text("via") == "" && !system.bool("intermediary") {
		note("Kết nối trực tiếp trong khi đã có nền tảng trung gian (Điều 46 Nghị định 47/2020/NĐ-CP).",
			"it connects directly although there is an intermediary (Decree 47/2020/NĐ-CP, Article 46)")
	}
	return out, nil
}
