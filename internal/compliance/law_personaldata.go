package compliance

var personalData = Law{
	Name: Text{"Nghị định 13/2023/NĐ-CP", "Decree 13/2023/NĐ-CP"},
	Rows: []Row{{
		Article: "38.2",
		Asks: Text{
			"bên kiểm soát dữ liệu ghi lại quá trình xử lý dữ liệu cá nhân",
			"the controller records processing",
		},
		Marks: []Mark{Verified},
		Kept:  "no entry, no data",
		By:    []string{"internal/gate.Gate.write", "internal/ledger.Log.Write"},
		Tests: []string{"internal/gate.TestNoEntryNoData"},
		OffAs: []string{"data is given although the commit failed", "an unknown commit counts as acknowledged", "the answer does not wait for the commit"},
	}, {
		Article: "9",
		Asks: Text{
			"chủ thể dữ liệu được biết về hoạt động xử lý dữ liệu của mình và được khiếu nại",
			"people know of the processing of their data, and may complain",
		},
		Marks: []Mark{Verified, Setting},
		Kept:  "who looked, when, for what and under which law, with the proof; a question or complaint about that very entry; a seal takes two people, a basis and an end",
		By: []string{
			"internal/console/citizen.Pages.Mine", "internal/console/citizen.Pages.Receipt", "internal/desk.Desk.Open",
			"internal/gate.Gate.Represent", "internal/access.Connection.Seal", "internal/onboarding.seal",
		},
		Tests: []string{
			"internal/console.TestACitizenAsks", "internal/console.TestSealedIsNotThere", "internal/console.TestParentsSeeForTheirChild",
			"internal/gate.TestRepresentationIsProvenEachTime", "internal/desk.TestARequestHasItsEntry", "internal/onboarding.TestASealTakesTwoABasisAndAnEnd",
		},
		OffAs: []string{
			"what is sealed is shown to the person", "an entry does not say that it is sealed", "parents see for children who have come of age",
			"agencies see requests about others", "people see others' requests", "a proof names the officer",
		},
	}},
}

// unverified is what no row asks, because nobody has read it.
var unverified = Text{
	VI: `Chưa kiểm chứng được, nên không cài sẵn trong mã: Thông tư 46/2022 có được ban hành lại sau ngày 01/7/2024 hay không; thời gian và
phạm vi tính của mức "10.000 lượt tra cứu"; bảng mã của 34 tỉnh, thành phố sau sáp nhập năm 2025; danh mục mã tình trạng hôn nhân,
nhóm máu, dân tộc, tôn giáo và quan hệ; mã lỗi chính thức của cơ sở dữ liệu quốc gia. Nghị định 47/2020 đã được thay bằng Nghị định
278/2025 (V2); ở đây dẫn theo văn bản của Nghị định 47/2020.`,
	EN: `Not verified, and therefore not built in: whether Circular 46/2022 was re-issued after 1 July 2024; period and scope of "10,000
queries"; the code tables of the 34 provinces after the 2025 merger; code lists of marital status, blood group, ethnicity,
religion and relation; official error codes of the national register. Decree 47/2020 was replaced by Decree 278/2025 (V2); what is
cited here is its text.`,
}
