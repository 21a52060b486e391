package register

// What synthetic people are called and come from. Ethnic groups carry their
// published shares in hundredths of a per cent; the weights of the surnames
// make the published shares of the whole, groups with surnames of their own
// included; given names are common ones of their decades. None of it is taken from people.

// share is a word with its weight.
type share[T any] struct {
	weight int
	value  T
}

// table draws from shares in constant time per step.
type table[T any] struct {
	upTo   []int // running sums
	values []T
}

func shares[T any](list ...share[T]) (t table[T]) {
	sum := 0
	for _, s := range list {
		sum += s.weight
		t.upTo = append(t.upTo, sum)
		t.values = append(t.values, s.value)
	}
	return t
}

var kinhSurnames = shares(
	share[string]{4500, "Nguyễn"}, share[string]{1200, "Trần"}, share[string]{1000, "Lê"}, share[string]{700, "Phạm"},
	share[string]{310, "Hoàng"}, share[string]{200, "Huỳnh"}, share[string]{450, "Phan"}, share[string]{240, "Vũ"},
	share[string]{150, "Võ"}, share[string]{210, "Đặng"}, share[string]{200, "Bùi"}, share[string]{140, "Đỗ"},
	share[string]{130, "Hồ"}, share[string]{130, "Ngô"}, share[string]{100, "Dương"}, share[string]{50, "Lý"},
	share[string]{90, "Đinh"}, share[string]{80, "Trương"}, share[string]{80, "Đoàn"}, share[string]{70, "Lương"},
	share[string]{70, "Mai"}, share[string]{70, "Trịnh"}, share[string]{70, "Đào"}, share[string]{60, "Cao"},
	share[string]{60, "Lâm"}, share[string]{50, "Phùng"}, share[string]{50, "Tô"}, share[string]{40, "Tạ"},
	share[string]{40, "Thái"}, share[string]{40, "Chu"}, share[string]{30, "Quách"}, share[string]{30, "La"},
	share[string]{30, "Thân"}, share[string]{20, "Vương"}, share[string]{10, "Tôn Thất"}, share[string]{10, "Công Tằng Tôn Nữ"},
)

// group is an ethnic group. The codes are synthetic: the official list is not
// at hand, and X keeps these from being taken for it.
type group struct {
	code     string
	name     string
	surnames []string // empty: as the Kinh
	female   []string // middle names of women; empty: as the Kinh
	male     []string
}

var groups = shares(
	share[*group]{8532, &group{code: "X01", name: "Kinh"}},
	share[*group]{192, &group{code: "X02", name: "Tày", surnames: []string{"Nông", "Hoàng", "Hà", "Ma", "Triệu", "Bế", "Lục"}}},
	share[*group]{189, &group{code: "X03", name: "Thái", surnames: []string{"Lò", "Cầm", "Quàng", "Lường", "Vi", "Tòng", "Hà"}}},
	share[*group]{151, &group{code: "X04", name: "Mường", surnames: []string{"Bùi", "Đinh", "Quách", "Hà", "Phạm"}}},
	share[*group]{145, &group{code: "X05", name: "Mông", surnames: []string{"Giàng", "Vàng", "Thào", "Lầu", "Sùng", "Mùa", "Hờ"}, female: []string{"Thị", "Y"}, male: []string{"A", "Seo"}}},
	share[*group]{137, &group{code: "X06", name: "Khmer", surnames: []string{"Thạch", "Sơn", "Kim", "Danh", "Châu", "Lâm"}}},
	share[*group]{113, &group{code: "X07", name: "Nùng", surnames: []string{"Nông", "Hoàng", "Lương", "Vi", "Mã", "Long"}}},
	share[*group]{93, &group{code: "X08", name: "Dao", surnames: []string{"Bàn", "Triệu", "Đặng", "Phùng", "Lý", "Chảo"}}},
	share[*group]{78, &group{code: "X09", name: "Hoa", surnames: []string{"Trần", "Lâm", "Lý", "Quách", "Vương", "Châu"}}},
	share[*group]{53, &group{code: "X10", name: "Gia Rai", surnames: []string{"Rơ Châm", "Siu", "Kpă", "Ksor", "Nay"}, female: []string{"H'"}, male: []string{"Y"}}},
	share[*group]{41, &group{code: "X11", name: "Ê Đê", surnames: []string{"Niê", "Mlô", "Êban", "Ayun", "Buôn Yă"}, female: []string{"H'"}, male: []string{"Y"}}},
	share[*group]{30, &group{code: "X12", name: "Ba Na", surnames: []string{"Đinh"}}},
	share[*group]{22, &group{code: "X13", name: "Xơ Đăng", surnames: []string{"A", "Y"}}},
	share[*group]{21, &group{code: "X14", name: "Sán Chay"}},
	share[*group]{21, &group{code: "X15", name: "Cơ Ho", surnames: []string{"Kơ Să", "Cil", "Lơ Mu"}}},
	share[*group]{19, &group{code: "X16", name: "Chăm", surnames: []string{"Bá", "Đàng", "Thập", "Lưu"}}},
	share[*group]{19, &group{code: "X17", name: "Sán Dìu"}},
	share[*group]{15, &group{code: "X18", name: "Hrê", surnames: []string{"Đinh", "Phạm"}}},
	share[*group]{15, &group{code: "X19", name: "Ra Glai"}},
	share[*group]{13, &group{code: "X20", name: "Mnông"}},
	share[*group]{10, &group{code: "X21", name: "Xtiêng", surnames: []string{"Điểu", "Thị"}}},
	share[*group]{10, &group{code: "X22", name: "Bru-Vân Kiều", surnames: []string{"Hồ"}}},
	share[*group]{9, &group{code: "X23", name: "Khơ Mú"}},
	share[*group]{9, &group{code: "X24", name: "Thổ"}},
	share[*group]{8, &group{code: "X25", name: "Cơ Tu"}},
	share[*group]{7, &group{code: "X26", name: "Giáy"}},
	share[*group]{7, &group{code: "X27", name: "Giẻ Triêng"}},
	share[*group]{5, &group{code: "X28", name: "Tà Ôi"}},
	share[*group]{5, &group{code: "X29", name: "Mạ"}},
	share[*group]{4, &group{code: "X30", name: "Co"}},
	share[*group]{3, &group{code: "X31", name: "Chơ Ro"}},
	share[*group]{3, &group{code: "X32", name: "Xinh Mun"}},
	share[*group]{3, &group{code: "X33", name: "Hà Nhì"}},
	share[*group]{2, &group{code: "X34", name: "Chu Ru"}},
	share[*group]{2, &group{code: "X35", name: "Lào"}},
	share[*group]{2, &group{code: "X36", name: "Kháng"}},
	share[*group]{2, &group{code: "X37", name: "La Chí"}},
	share[*group]{1, &group{code: "X38", name: "Phù Lá"}},
	share[*group]{1, &group{code: "X39", name: "La Hủ"}},
	share[*group]{1, &group{code: "X40", name: "La Ha"}},
	share[*group]{1, &group{code: "X41", name: "Pà Thẻn"}},
	share[*group]{1, &group{code: "X42", name: "Chứt"}},
	share[*group]{1, &group{code: "X43", name: "Lự"}},
	share[*group]{1, &group{code: "X44", name: "Lô Lô"}},
	share[*group]{1, &group{code: "X45", name: "Mảng"}},
	share[*group]{1, &group{code: "X46", name: "Cờ Lao"}},
	share[*group]{1, &group{code: "X47", name: "Bố Y"}},
	share[*group]{1, &group{code: "X48", name: "Cống"}},
	share[*group]{1, &group{code: "X49", name: "Ngái"}},
	share[*group]{1, &group{code: "X50", name: "Si La"}},
	share[*group]{1, &group{code: "X51", name: "Pu Péo"}},
	share[*group]{1, &group{code: "X52", name: "Rơ Măm"}},
	share[*group]{1, &group{code: "X53", name: "Brâu"}},
	share[*group]{1, &group{code: "X54", name: "Ơ Đu"}},
)

// era is the names given to people born up to a year.
type era struct {
	until         int
	maleMiddle    []string
	femaleMiddle  []string
	male, female  []string
	childrenUpTo  int // most children of a mother born then
	childrenLeast int
}

var eras = []era{
	{
		until: 1949, childrenLeast: 2, childrenUpTo: 6,
		maleMiddle: []string{"Văn", "Văn", "Văn", "Đình", "Bá", "Hữu", "Xuân"}, femaleMiddle: []string{"Thị"},
		male: []string{"Bình", "Thành", "Sơn", "Hòa", "Lợi", "Phúc", "Tư", "Năm", "Bảy", "Hai", "Chiến", "Quý", "Sáu", "Ba", "Tám"}, female: []string{"Lan", "Hoa", "Tư", "Năm", "Bảy", "Sáu", "Mận", "Nhàn", "Tý", "Lụa", "Mai", "Cúc", "Ba", "Hai", "Chín"},
	},
	{
		until: 1969, childrenLeast: 2, childrenUpTo: 5,
		maleMiddle: []string{"Văn", "Văn", "Đình", "Hữu", "Xuân", "Quang", "Ngọc", "Công"}, femaleMiddle: []string{"Thị", "Thị", "Thị", "Thị Kim", "Thị Hồng"},
		male: []string{"Hùng", "Dũng", "Thắng", "Sơn", "Bình", "Minh", "Hải", "Tuấn", "Cường", "Long", "Thành", "Đức", "Việt", "Chiến", "Lâm"}, female: []string{"Hoa", "Lan", "Hương", "Hồng", "Nga", "Thủy", "Hà", "Bình", "Liên", "Mai", "Oanh", "Tuyết", "Đào", "Loan", "Phượng"},
	},
	{
		until: 1989, childrenLeast: 1, childrenUpTo: 4,
		maleMiddle: []string{"Văn", "Quang", "Minh", "Anh", "Đức", "Thanh", "Hữu", "Ngọc", "Xuân", "Việt"}, femaleMiddle: []string{"Thị", "Thị", "Thị Thu", "Thị Thanh", "Thị Ngọc", "Thị Phương", "Thu"},
		male: []string{"Tuấn", "Hùng", "Dũng", "Cường", "Thắng", "Nam", "Long", "Hải", "Quân", "Tùng", "Đức", "Trung", "Kiên", "Hiếu", "Phong", "Đạt"}, female: []string{"Hương", "Hằng", "Thảo", "Trang", "Hà", "Huyền", "Linh", "Nhung", "Hạnh", "Yến", "Dung", "Hiền", "Ngọc", "Vân", "Hường", "Thúy"},
	},
	{
		until: 2004, childrenLeast: 0, childrenUpTo: 3,
		maleMiddle: []string{"Văn", "Đức", "Minh", "Quang", "Tuấn", "Hoàng", "Thành", "Việt", "Duy", "Quốc"}, femaleMiddle: []string{"Thị", "Thị Thu", "Ngọc", "Thùy", "Phương", "Thanh", "Thị Mỹ", "Hồng"},
		male: []string{"Anh", "Đạt", "Huy", "Hiếu", "Nam", "Long", "Duy", "Hoàng", "Khánh", "Sơn", "Đức", "Tú", "Việt", "Phúc", "Thịnh", "Nhật"}, female: []string{"Linh", "Trang", "Anh", "Ngọc", "Thảo", "Huyền", "Mai", "Hà", "Quỳnh", "Phương", "Nhi", "My", "Uyên", "Vy", "Ánh", "Ngân"},
	},
	{
		until: 9999, childrenLeast: 0, childrenUpTo: 2,
		maleMiddle: []string{"Minh", "Gia", "Đức", "Bảo", "Hoàng", "Nhật", "Anh", "Quốc", "Thiên", "Tuấn"}, femaleMiddle: []string{"Bảo", "Ngọc", "Khánh", "Minh", "Thảo", "Tuệ", "Gia", "Hà", "Quỳnh", "An"},
		male: []string{"Khang", "Huy", "Bảo", "Minh", "Phúc", "Khôi", "Anh", "Khoa", "Phát", "Đạt", "Quân", "Nam", "Long", "Kiệt", "Đăng", "Thịnh"}, female: []string{"Anh", "Vy", "Ngọc", "Nhi", "Hân", "Thư", "Linh", "Như", "Ngân", "Phương", "Thảo", "My", "Trân", "Quỳnh", "Nghi", "Châu"},
	},
}

func eraOf(year int) *era {
	for i := range eras {
		if year <= eras[i].until {
			return &eras[i]
		}
	}
	return &eras[len(eras)-1]
}

// religions, with synthetic codes.
var religions = shares(
	share[[2]string]{8600, [2]string{"X00", "Không"}},
	share[[2]string]{610, [2]string{"X01", "Công giáo"}},
	share[[2]string]{480, [2]string{"X02", "Phật giáo"}},
	share[[2]string]{100, [2]string{"X03", "Tin lành"}},
	share[[2]string]{100, [2]string{"X04", "Phật giáo Hòa Hảo"}},
	share[[2]string]{60, [2]string{"X05", "Cao Đài"}},
	share[[2]string]{50, [2]string{"X99", "Khác"}},
)

// provinceShares is where people live: the two great cities and a few others
// hold more.
var provinceShares = func() table[int] {
	heavy := map[string]int{"001": 82, "079": 92, "038": 37, "040": 34, "075": 32, "074": 26, "031": 21, "089": 19, "030": 20, "052": 15, "048": 12}
	var list []share[int]
	for i, code := range provinceCodes {
		w := heavy[code]
		if w == 0 {
			w = 11
		}
		list = append(list, share[int]{w, i})
	}
	return shares(list...)
}()

var (
	streets = []string{"Trần Hưng Đạo", "Lê Lợi", "Nguyễn Trãi", "Hai Bà Trưng", "Quang Trung", "Lý Thường Kiệt", "Điện Biên Phủ", "Ngô Quyền", "Phan Đình Phùng", "Hùng Vương"}
	hamlets = []string{"Đông", "Đoài", "Thượng", "Hạ", "Trung", "Nam", "Bắc", "Tân Lập", "Hòa Bình", "Phú Thịnh", "Đồng Tâm", "Minh Khai"}
	bloods  = []string{"O", "A", "B", "AB"}
	marital = map[string]string{"single": `{"code":"X1","name":"Chưa kết hôn"}`, "married": `{"code":"X2","name":"Đã kết hôn"}`, "widowed": `{"code":"X3","name":"Góa"}`, "divorced": `{"code":"X4","name":"Ly hôn"}`}
)
