package access

// CodeInfo is what is published of a code: a title and four readings, each in
// Vietnamese and English.
type CodeInfo struct {
	Code    Code
	Title   Text
	Program Text // what a program should do: try again, back off or never
	Officer Text // what the officer at the counter does
	Citizen Text // what the citizen may be told, in one plain sentence
	Cause   Text // what is likely behind it
	// Retryable reports whether the same call may succeed later, under a new
	// transaction id, although nobody has changed anything.
	Retryable bool
	// Legal names the provision where the law is the reason; else it is empty.
	Legal Text
}

// Info returns what is published of the code; ok is false for codes that are
// not in the table, the empty code among them.
func (c Code) Info() (info CodeInfo, ok bool) {
	i, ok := ranks[c]
	if !ok {
		return CodeInfo{}, false
	}
	return Codes[i], true
}

// Codes is the table of codes in the published order of precedence.
var Codes = []CodeInfo{
	{
		Code:    UnknownCredential,
		Title:   Text{"Chứng thư không được công nhận", "Credential not recognised"},
		Program: Text{"Không gửi lại với cùng chứng thư. Kiểm tra tệp chứng thư và thời hạn của nó; báo cho người quản trị hệ thống.", "Never retry with the same certificate. Check the certificate file and its dates, and alert the system's administrator."},
		Officer: Text{"Báo bộ phận kỹ thuật của cơ quan; tạm thời tiếp nhận hồ sơ theo cách thủ công.", "Tell your technical staff; meanwhile handle the dossier by hand."},
		Citizen: Text{"Hệ thống của cơ quan chưa xác thực được với cơ sở dữ liệu dân cư, nên chưa có thông tin nào của ông/bà được cung cấp.", "The agency's system could not prove who it is, so none of your information was given."},
		Cause:   Text{"Chứng thư máy khách chưa đăng ký, chưa đến hạn, đã hết hạn hoặc đã bị thay thế; hoặc phiên làm việc tại cổng không còn hiệu lực.", "The client certificate is not registered, not yet valid, expired or replaced; or the portal session is no longer valid."},
	},
	{
		Code:    IntermediaryForbidden,
		Title:   Text{"Không được phép gọi qua nền tảng trung gian", "Not allowed through this intermediary"},
		Program: Text{"Không gửi lại. Ghi đúng mã hệ thống được đại diện trong `represented`, hoặc dùng đúng chứng thư gắn với hệ thống đó.", "Never retry. Name the right system in `represented`, or use the certificate that is bound to that system."},
		Officer: Text{"Báo bộ phận kỹ thuật của cơ quan và đơn vị vận hành nền tảng trung gian.", "Tell your technical staff and the operator of the intermediary."},
		Citizen: Text{"Đường kết nối mà cơ quan đang dùng chưa được phép tra cứu thay cho cơ quan, nên chưa có thông tin nào của ông/bà được cung cấp.", "The platform that the agency connects through may not ask on its behalf, so none of your information was given."},
		Cause:   Text{"Hệ thống gọi không phải nền tảng trung gian đã đăng ký; hệ thống được đại diện chưa có kết nối qua nền tảng này; chứng thư chỉ dành cho một hệ thống khác; hoặc nền tảng gọi mà không nêu hệ thống được đại diện.", "The caller is not a registered intermediary; the represented system has no connection through it; the certificate is bound to another system; or the intermediary called without naming a represented system."},
		Legal:   Text{"Nghị định 47/2020/NĐ-CP, Điều 40 và Điều 46", "Decree 47/2020/NĐ-CP, Articles 40 and 46"},
	},
	{
		Code:    ConnectionNotActive,
		Title:   Text{"Kết nối chưa hoạt động hoặc đã chấm dứt", "Connection not active"},
		Program: Text{"Không gửi lại cho đến khi kết nối được kích hoạt; xem tình trạng tại `GET /v1/me`.", "Do not retry until the connection is active; `GET /v1/me` shows its state."},
		Officer: Text{"Báo cán bộ đầu mối kết nối của cơ quan; tạm thời tiếp nhận hồ sơ theo cách thủ công.", "Tell your agency's contact officer for the connection; meanwhile handle the dossier by hand."},
		Citizen: Text{"Cơ quan này hiện chưa được kết nối với cơ sở dữ liệu dân cư, nên chưa có thông tin nào của ông/bà được cung cấp.", "This agency is not connected to the population database at present, so none of your information was given."},
		Cause:   Text{"Kết nối còn là bản dự thảo, đã chấm dứt, hoặc hệ thống chưa có kết nối; hoặc bản cam kết bảo đảm an toàn đã hết hiệu lực và phải được ký lại.", "The connection is still a draft or has ended, or the system has no connection; or the security undertaking has run out and has to be signed again."},
		Legal:   Text{"Nghị định 47/2020/NĐ-CP, Điều 35 (yêu cầu kết nối) và Điều 44 (chấm dứt)", "Decree 47/2020/NĐ-CP, Article 35 (request to connect) and Article 44 (termination)"},
	},
	{
		Code:    ConnectionSuspended,
		Title:   Text{"Kết nối bị tạm ngừng", "Connection suspended"},
		Program: Text{"Ngừng gửi. Chỉ gửi lại sau khi có thông báo khôi phục; thông báo tạm ngừng nêu rõ vi phạm và việc cần khắc phục.", "Stop calling. Resume only after the notice of restoration; the notice of suspension says what was wrong and what restores the connection."},
		Officer: Text{"Báo lãnh đạo và cán bộ đầu mối kết nối; không tìm cách tra cứu bằng đường khác.", "Tell your manager and the contact officer; do not look for another way to make the look-up."},
		Citizen: Text{"Việc tra cứu của cơ quan này đang bị tạm ngừng, nên chưa có thông tin nào của ông/bà được cung cấp.", "This agency's access is suspended for now, so none of your information was given."},
		Cause:   Text{"Đơn vị vận hành cơ sở dữ liệu đã tạm ngừng kết nối vì vi phạm quy định hoặc vì kết nối có thể gây mất an toàn; hoặc chính cơ quan đã yêu cầu tạm ngừng.", "The register's operator suspended the connection because a rule was broken or because the connection could harm security; or the agency itself asked for it."},
		Legal:   Text{"Nghị định 47/2020/NĐ-CP, Điều 43", "Decree 47/2020/NĐ-CP, Article 43"},
	},
	{
		Code:    ConnectionVolume,
		Title:   Text{"Kết nối bị khoá do vượt số lượt khai thác", "Connection locked: volume limit passed"},
		Program: Text{"Ngừng gửi; khoá không tự mở, kể cả khi sang ngày mới. Người có thẩm quyền phải mở khoá và ghi lý do.", "Stop calling; the lock does not open by itself, not even at midnight. A person must lift it and give a reason."},
		Officer: Text{"Báo ngay cán bộ đầu mối kết nối và giải trình nếu cơ quan có lượng hồ sơ tăng đột biến.", "Tell the contact officer at once, and explain if there was an unusual number of dossiers."},
		Citizen: Text{"Cơ quan này đã dùng hết số lượt tra cứu được phép nên đang bị khoá, và chưa có thông tin nào của ông/bà được cung cấp.", "This agency has used up the look-ups it is allowed and is locked, so none of your information was given."},
		Cause:   Text{"Số lượt gọi hoặc số người được cung cấp thông tin trong kỳ vượt giới hạn của kết nối: lượng hồ sơ tăng thật, vòng lặp trong chương trình, hoặc khai thác hàng loạt trái phép.", "The calls, or the people disclosed, in the period passed the connection's limit: a real rise in dossiers, a loop in a program, or unlawful bulk look-ups."},
		Legal:   Text{"Nghị định 47/2020/NĐ-CP, Điều 51 và Điều 52; mức giới hạn là tham số cài đặt", "Decree 47/2020/NĐ-CP, Articles 51 and 52; the limit itself is a setting"},
	},
	{
		Code:    ConnectionPattern,
		Title:   Text{"Kết nối bị khoá do có dấu hiệu bất thường", "Connection locked: unusual pattern"},
		Program: Text{"Ngừng gửi; khoá không tự mở. Người có thẩm quyền phải mở khoá và ghi lý do.", "Stop calling; the lock does not open by itself. A person must lift it and give a reason."},
		Officer: Text{"Báo lãnh đạo và cán bộ đầu mối kết nối; giữ lại hồ sơ liên quan để giải trình.", "Tell your manager and the contact officer; keep the dossiers concerned for the explanation."},
		Citizen: Text{"Việc tra cứu của cơ quan này đang được kiểm tra, nên chưa có thông tin nào của ông/bà được cung cấp.", "This agency's look-ups are being examined, so none of your information was given."},
		Cause:   Text{"Cách tra cứu khác thường so với mục đích đã đăng ký, ví dụ ngoài giờ, dò số hoặc lặp lại một người.", "The look-ups did not fit the registered purpose, for example outside working hours, running through numbers, or one person again and again."},
		Legal:   Text{"Nghị định 47/2020/NĐ-CP, Điều 51 và Điều 52", "Decree 47/2020/NĐ-CP, Articles 51 and 52"},
	},
	{
		Code:    AssessmentLapsed,
		Title:   Text{"Đánh giá an toàn thông tin không còn hiệu lực", "Security assessment not in force"},
		Program: Text{"Không gửi lại cho đến khi có chứng nhận mới; xem thời hạn tại `GET /v1/me` và báo trước khi hết hạn.", "Do not retry until there is a new certificate; `GET /v1/me` shows its dates, so warn before it ends."},
		Officer: Text{"Báo bộ phận an toàn thông tin của cơ quan; tạm thời tiếp nhận hồ sơ theo cách thủ công.", "Tell your agency's information-security staff; meanwhile handle the dossier by hand."},
		Citizen: Text{"Hệ thống của cơ quan đang chờ kiểm tra an toàn thông tin, nên chưa có thông tin nào của ông/bà được cung cấp.", "The agency's system is waiting for a security check, so none of your information was given."},
		Cause:   Text{"Chứng nhận đánh giá của hệ thống, hoặc của nền tảng trung gian, chưa có, chưa đến hạn hoặc đã hết hạn.", "The assessment certificate of the system, or of the intermediary, is missing, not yet in force or past its term."},
		Legal:   Text{"Thông tư 46/2022/TT-BCA, Điều 6", "Circular 46/2022/TT-BCA, Article 6"},
	},
	{
		Code:    ChangeUndeclared,
		Title:   Text{"Thay đổi chưa được khai báo, đánh giá", "Change not declared and assessed"},
		Program: Text{"Không gửi lại với phiên bản hoặc chứng thư này. Gửi phiên bản đã được đánh giá trong `Dancu-Client` bằng chứng thư có khoá đã khai báo, hoặc báo cáo thay đổi để được đánh giá.", "Never retry with this build or certificate. Send an assessed build in `Dancu-Client` under a certificate whose key was declared, or report the change and have it assessed."},
		Officer: Text{"Dùng lại phiên bản phần mềm cũ nếu có thể; báo bộ phận kỹ thuật của cơ quan.", "Go back to the earlier version of the software if you can; tell your technical staff."},
		Citizen: Text{"Phần mềm của cơ quan vừa thay đổi và chưa được kiểm tra, nên chưa có thông tin nào của ông/bà được cung cấp.", "The agency's software has changed and has not been checked yet, so none of your information was given."},
		Cause:   Text{"Hệ thống đã cập nhật, hoặc chứng thư đã đổi khoá, mà chưa báo cáo thay đổi; hoặc chương trình không gửi phiên bản của mình.", "The system was updated, or the certificate has another key, without a change report; or the program does not send its build."},
		Legal:   Text{"Thông tư 46/2022/TT-BCA, Điều 6 khoản 2", "Circular 46/2022/TT-BCA, Article 6(2)"},
	},
	{
		Code:    GrantNone,
		Title:   Text{"Chưa được cấp quyền dùng dịch vụ này", "No grant for this service"},
		Program: Text{"Không gửi lại. Chỉ dùng các dịch vụ có trong `GET /v1/me`.", "Never retry. Use only the services listed by `GET /v1/me`."},
		Officer: Text{"Dùng dịch vụ khác mà cơ quan đã được cấp, hoặc đề nghị cơ quan đăng ký thêm quyền khai thác.", "Use another service that your agency has, or ask your agency to apply for this one."},
		Citizen: Text{"Cơ quan này không được phép tra cứu theo cách đó, nên chưa có thông tin nào của ông/bà được cung cấp.", "This agency may not look people up in that way, so none of your information was given."},
		Cause:   Text{"Kết nối không có quyền khai thác nào cho dịch vụ được gọi.", "The connection has no grant for the service that was called."},
		Legal:   Text{"Nghị định 47/2020/NĐ-CP, Điều 35 điểm đ", "Decree 47/2020/NĐ-CP, Article 35 point đ"},
	},
	{
		Code:    GrantExpired,
		Title:   Text{"Quyền khai thác không trong thời hạn", "Grant not in its term"},
		Program: Text{"Không gửi lại cho đến khi quyền được gia hạn; xem thời hạn tại `GET /v1/me` và báo trước khi hết hạn.", "Do not retry until the grant is renewed; `GET /v1/me` shows its dates, so warn before it ends."},
		Officer: Text{"Báo cán bộ đầu mối kết nối để đề nghị gia hạn; tạm thời tiếp nhận hồ sơ theo cách thủ công.", "Ask the contact officer to apply for a renewal; meanwhile handle the dossier by hand."},
		Citizen: Text{"Thời hạn tra cứu của cơ quan này chưa bắt đầu hoặc đã kết thúc, nên chưa có thông tin nào của ông/bà được cung cấp.", "This agency's permission has not begun or has ended, so none of your information was given."},
		Cause:   Text{"Thoả thuận kết nối đã hết thời hạn hoặc chưa đến ngày bắt đầu.", "The agreement has run out or has not begun."},
		Legal:   Text{"Nghị định 47/2020/NĐ-CP, các điều 37 đến 39 và Điều 44", "Decree 47/2020/NĐ-CP, Articles 37 to 39 and 44"},
	},
	{
		Code:    GrantField,
		Title:   Text{"Có trường thông tin không được cấp quyền", "Field not granted"},
		Program: Text{"Không gửi lại nguyên yêu cầu. Bỏ các trường nêu trong lỗi; các trường được phép có trong `GET /v1/me`.", "Never retry unchanged. Leave out the fields named in the problem; `GET /v1/me` lists those allowed."},
		Officer: Text{"Chỉ chọn các thông tin cần cho thủ tục đang giải quyết.", "Choose only the information that the procedure needs."},
		Citizen: Text{"Cơ quan đã hỏi nhiều thông tin hơn mức được phép, nên chưa có thông tin nào của ông/bà được cung cấp.", "The agency asked for more than it may see, so none of your information was given."},
		Cause:   Text{"Yêu cầu có trường, hoặc có điều cần xác minh, nằm ngoài quyền khai thác của thủ tục này.", "The call asked for a field, or made a claim, outside the grant for this procedure."},
		Legal:   Text{"Nghị định 47/2020/NĐ-CP, Điều 35 điểm d; Nghị định 70/2024/NĐ-CP, Điều 8", "Decree 47/2020/NĐ-CP, Article 35 point d; Decree 70/2024/NĐ-CP, Article 8"},
	},
	{
		Code:    GrantKey,
		Title:   Text{"Thông tin dùng để tìm kiếm không đúng quy định", "Search keys not granted"},
		Program: Text{"Không gửi lại nguyên yêu cầu. Trong các khoá nêu trong lỗi, thêm khoá còn thiếu và bỏ khoá đã gửi mà không được phép.", "Never retry unchanged. Of the keys named in the problem, add those you left out and leave out those you sent."},
		Officer: Text{"Nhập đủ số định danh, họ tên và ngày sinh ghi trên giấy tờ của công dân.", "Enter the number, the full name and the date of birth as on the citizen's document."},
		Citizen: Text{"Cơ quan cần đủ số định danh, họ tên và ngày sinh của ông/bà mới được tra cứu.", "The agency needs your number, full name and date of birth together before it may look you up."},
		Cause:   Text{"Thiếu khoá tìm kiếm, chẳng hạn chỉ có số định danh mà không có họ tên và ngày sinh; có khoá không được cấp; hoặc thiếu điều bắt buộc phải xác minh.", "A key is missing, such as a number without name and date of birth; a key is not granted; or a claim that the verification must make is missing."},
		Legal:   Text{"Nghị định 70/2024/NĐ-CP, Điều 8 khoản 1 và Điều 10", "Decree 70/2024/NĐ-CP, Article 8(1) and Article 10"},
	},
	{
		Code:    PurposeMissing,
		Title:   Text{"Thiếu mục đích khai thác", "Purpose missing"},
		Program: Text{"Không gửi lại nguyên yêu cầu. Điền mã thủ tục và mã hồ sơ vào `purpose`.", "Never retry unchanged. Fill in the procedure code and the case code in `purpose`."},
		Officer: Text{"Chọn thủ tục và nhập mã hồ sơ trước khi tra cứu.", "Choose the procedure and enter the dossier's code before you look anybody up."},
		Citizen: Text{"Cơ quan chưa nêu hồ sơ nào cần tra cứu, nên chưa có thông tin nào của ông/bà được cung cấp.", "The agency did not say for which dossier it asked, so none of your information was given."},
		Cause:   Text{"Yêu cầu không có mã thủ tục hành chính hoặc không có mã hồ sơ.", "The call has no procedure code or no case code."},
		Legal:   Text{"Nghị định 47/2020/NĐ-CP, Điều 35 điểm c", "Decree 47/2020/NĐ-CP, Article 35 point c"},
	},
	{
		Code:    PurposeMalformed,
		Title:   Text{"Mã thủ tục hoặc mã hồ sơ sai định dạng", "Purpose malformed"},
		Program: Text{"Không gửi lại nguyên yêu cầu. Sửa mã theo mẫu, ví dụ thủ tục `1.008377` và hồ sơ `H21.18-200101-0001`; ngày trong mã phải có thật và không ở tương lai.", "Never retry unchanged. Correct the code, for example procedure `1.008377` and case `H21.18-200101-0001`; the date in it must exist and not be in the future."},
		Officer: Text{"Kiểm tra lại mã thủ tục và mã hồ sơ trên giấy tiếp nhận.", "Check the procedure code and the dossier's code on the receipt slip."},
		Citizen: Text{"Mã hồ sơ mà cơ quan nhập chưa đúng, nên chưa có thông tin nào của ông/bà được cung cấp.", "The agency entered a dossier code that is not right, so none of your information was given."},
		Cause:   Text{"Gõ sai mã, cắt mất một phần mã, hoặc đồng hồ của hệ thống cấp mã bị lệch ngày.", "A slip in the code, a code cut short, or the wrong date on the system that issued it."},
		Legal:   Text{"Quyết định 20/2020/QĐ-TTg, Điều 4 và Điều 5; Nghị định 61/2018/NĐ-CP, Điều 26; Thông tư 01/2018, Điều 19; Thông tư 4/2025/TT-VPCP", "Decision 20/2020/QĐ-TTg, Articles 4 and 5; Decree 61/2018/NĐ-CP, Article 26; Circular 01/2018, Article 19; Circular 4/2025/TT-VPCP"},
	},
	{
		Code:    PurposeNotGranted,
		Title:   Text{"Mục đích không thuộc quyền khai thác", "Purpose not granted"},
		Program: Text{"Không gửi lại. Chỉ dùng thủ tục có trong `GET /v1/me` và hồ sơ của chính cơ quan hoặc của cơ quan được làm thay.", "Never retry. Use a procedure listed by `GET /v1/me`, and a case of the agency itself or of one it acts for."},
		Officer: Text{"Kiểm tra đúng thủ tục, đúng hồ sơ của cơ quan mình; không dùng hồ sơ khác để tra cứu.", "Check that the procedure and the dossier are your agency's; never use another dossier to look somebody up."},
		Citizen: Text{"Cơ quan này không được tra cứu cho thủ tục hoặc hồ sơ đó, nên chưa có thông tin nào của ông/bà được cung cấp.", "This agency may not look people up for that procedure or dossier, so none of your information was given."},
		Cause:   Text{"Thủ tục chưa được đăng ký cho dịch vụ này, hoặc mã cơ quan trong mã hồ sơ không phải của cơ quan gọi.", "The procedure is not registered for this service, or the agency code in the case code is not the caller's."},
		Legal:   Text{"Nghị định 47/2020/NĐ-CP, Điều 35 điểm c", "Decree 47/2020/NĐ-CP, Article 35 point c"},
	},
	{
		Code:    CaseExhausted,
		Title:   Text{"Hồ sơ đã tra cứu đủ số người cho phép", "Case exhausted"},
		Program: Text{"Không gửi lại cho người mới trong hồ sơ này; người đã tra cứu trong hồ sơ vẫn tra cứu lại được.", "Never retry for another person in this case; those already looked up in it may be looked up again."},
		Officer: Text{"Kiểm tra xem những người đã tra cứu có đúng thuộc hồ sơ không; nếu hồ sơ thật sự có nhiều người, đề nghị nâng mức.", "Check that the people looked up belong to the dossier; if it really has more, ask for a higher number."},
		Citizen: Text{"Hồ sơ này đã tra cứu đủ số người được phép, nên chưa có thông tin nào của ông/bà được cung cấp.", "As many people as allowed have been looked up for this dossier, so none of your information was given."},
		Cause:   Text{"Một mã hồ sơ bị dùng cho nhiều người không liên quan, hoặc mức đặt cho quyền khai thác quá thấp.", "One case code was used for people who have nothing to do with it, or the grant's number is too low."},
	},
	{
		Code:    ConsentMissing,
		Title:   Text{"Thiếu sự đồng ý của chủ thể dữ liệu", "Consent missing"},
		Program: Text{"Không gửi lại nguyên yêu cầu. Ghi nhận sự đồng ý qua `POST /v1/consents` rồi nêu mã của nó trong `consent`.", "Never retry unchanged. Record the consent with `POST /v1/consents` and name its id in `consent`."},
		Officer: Text{"Xin công dân đồng ý đúng người, đúng mục đích và đủ các thông tin cần hỏi, rồi ghi nhận trước khi tra cứu.", "Ask the citizen's consent for this person, this purpose and all the information needed, and record it before the look-up."},
		Citizen: Text{"Cơ quan này chỉ được xem thông tin khi ông/bà đồng ý, và hiện chưa có sự đồng ý phù hợp.", "This agency may see your information only if you agree, and there is no agreement of yours that fits."},
		Cause:   Text{"Chưa có sự đồng ý; hoặc sự đồng ý là của người khác, cho mục đích khác, thiếu trường thông tin, hết hạn hay đã bị rút lại.", "There is no consent; or it is another person's, for another purpose, lacks a field, has run out or was withdrawn."},
		Legal:   Text{"Nghị định 70/2024/NĐ-CP, Điều 10", "Decree 70/2024/NĐ-CP, Article 10"},
	},
	{
		Code:    OfficerMissing,
		Title:   Text{"Thiếu thông tin cán bộ thực hiện", "Officer missing"},
		Program: Text{"Không gửi lại nguyên yêu cầu. Điền đủ `id`, `address` (địa chỉ IP của máy cán bộ) và `session` trong `officer`.", "Never retry unchanged. Fill in `id`, `address` (the IP address of the officer's computer) and `session` in `officer`."},
		Officer: Text{"Đăng nhập lại bằng tài khoản của chính mình; nếu vẫn lỗi, báo bộ phận kỹ thuật.", "Log in again with your own account; if that does not help, tell your technical staff."},
		Citizen: Text{"Mỗi lần tra cứu phải ghi rõ cán bộ thực hiện, nên chưa có thông tin nào của ông/bà được cung cấp.", "Every look-up must name the officer who makes it, so none of your information was given."},
		Cause:   Text{"Phần mềm không chuyển thông tin cán bộ, chuyển địa chỉ không phải địa chỉ IP, hoặc phiên đăng nhập đã mất.", "The software does not pass the officer on, passes an address that is not an IP address, or the session was lost."},
		Legal:   Text{"Thông tư 46/2022/TT-BCA, Điều 8; Nghị định 47/2020/NĐ-CP, Điều 45", "Circular 46/2022/TT-BCA, Article 8; Decree 47/2020/NĐ-CP, Article 45"},
	},
	{
		Code:    OfficerForbidden,
		Title:   Text{"Cán bộ chưa được giao quyền này", "Officer not allowed"},
		Program: Text{"Không gửi lại thay cho cán bộ này.", "Never retry on behalf of this officer."},
		Officer: Text{"Đề nghị người quản lý tài khoản của cơ quan giao quyền nếu công việc cần; không mượn tài khoản của người khác.", "Ask your agency's account manager for the right if your work needs it; never borrow another's account."},
		Citizen: Text{"Cán bộ này không được giao việc tra cứu đó, nên chưa có thông tin nào của ông/bà được cung cấp.", "This officer may not make that look-up, so none of your information was given."},
		Cause:   Text{"Cơ quan chưa giao quyền khai thác cho tài khoản của cán bộ, hoặc đã thu hồi.", "The agency has not given the grant to the officer's account, or has taken it back."},
		Legal:   Text{"Nghị định 70/2024/NĐ-CP, Điều 10", "Decree 70/2024/NĐ-CP, Article 10"},
	},
	{
		Code:    TerritoryForbidden,
		Title:   Text{"Ngoài địa bàn được phép", "Territory not allowed"},
		Program: Text{"Không gửi lại với địa bàn này; bỏ địa bàn khỏi yêu cầu hoặc nêu địa bàn được cấp quyền.", "Never retry with this territory; leave it out, or name one that is granted."},
		Officer: Text{"Chỉ tra cứu trong địa bàn được giao; chuyển hồ sơ đến cơ quan có thẩm quyền nếu cần.", "Look people up in your own territory only; pass the dossier on to the competent agency if need be."},
		Citizen: Text{"Cơ quan này chỉ được tra cứu trong địa bàn của mình, nên chưa có thông tin nào của ông/bà được cung cấp.", "This agency may look people up in its own territory only, so none of your information was given."},
		Cause:   Text{"Yêu cầu nêu một tỉnh, thành phố nằm ngoài quyền khai thác.", "The call names a province that the grant does not cover."},
	},
	{
		Code:    AddressForbidden,
		Title:   Text{"Địa chỉ mạng không được phép", "Network address not allowed"},
		Program: Text{"Không gửi lại từ địa chỉ này; gọi từ địa chỉ đã đăng ký của hệ thống.", "Never retry from this address; call from the system's registered addresses."},
		Officer: Text{"Báo bộ phận kỹ thuật của cơ quan.", "Tell your technical staff."},
		Citizen: Text{"Yêu cầu được gửi từ nơi chưa đăng ký, nên chưa có thông tin nào của ông/bà được cung cấp.", "The request came from a place that is not registered, so none of your information was given."},
		Cause:   Text{"Hệ thống đã đổi máy chủ, đường truyền hoặc máy chủ trung chuyển mà chưa báo; hoặc chứng thư bị dùng ở nơi khác.", "The system moved to another server, line or proxy without notice; or the certificate is being used elsewhere."},
	},
	{
		Code:      QuotaExceeded,
		Title:     Text{"Đã dùng hết hạn mức của quyền khai thác", "Grant's quota used up"},
		Program:   Text{"Chờ đến kỳ sau theo `Retry-After` rồi gửi lại; kết nối không bị khoá.", "Wait for the next period as `Retry-After` says, then retry; the connection is not locked."},
		Officer:   Text{"Chờ đến kỳ sau, hoặc đề nghị nâng hạn mức nếu số hồ sơ thật sự tăng.", "Wait for the next period, or ask for a higher quota if there really are more dossiers."},
		Citizen:   Text{"Cơ quan đã dùng hết số lượt tra cứu của kỳ này cho loại việc đó, nên xin chờ đến kỳ sau.", "The agency has used up this period's look-ups for that kind of work, so please wait for the next."},
		Cause:     Text{"Số lượt gọi theo quyền khai thác này đã đạt hạn mức của kỳ.", "The calls under this grant have reached its quota for the period."},
		Retryable: true,
		Legal:     Text{"Nghị định 47/2020/NĐ-CP, Điều 35 điểm e", "Decree 47/2020/NĐ-CP, Article 35 point e"},
	},
	{
		Code:    RequestInvalid,
		Title:   Text{"Yêu cầu không hợp lệ", "Request not valid"},
		Program: Text{"Không gửi lại nguyên yêu cầu. Sửa chỗ nêu trong lỗi; thành phần lạ hoặc lặp lại cũng là lỗi. Xem mô tả tại `/openapi.json`.", "Never retry unchanged. Correct what the problem names; unknown and repeated members are errors, too. See `/openapi.json`."},
		Officer: Text{"Kiểm tra lại thông tin đã nhập; nếu vẫn lỗi, báo bộ phận kỹ thuật.", "Check what you entered; if that does not help, tell your technical staff."},
		Citizen: Text{"Phần mềm của cơ quan gửi yêu cầu chưa đúng cách, nên chưa có thông tin nào của ông/bà được cung cấp.", "The agency's software sent a faulty request, so none of your information was given."},
		Cause:   Text{"Sai JSON, thiếu hoặc thừa thành phần, giá trị sai dạng, hoặc `Dancu-Transaction-Id` thiếu, sai dạng hay quá cũ.", "Faulty JSON, a missing or extra member, a value of the wrong form, or a `Dancu-Transaction-Id` that is missing, malformed or too old."},
	},
	{
		Code:    RequestTooLarge,
		Title:   Text{"Yêu cầu quá lớn", "Request too large"},
		Program: Text{"Không gửi lại nguyên yêu cầu. Chỉ gửi những gì dịch vụ cần.", "Never retry unchanged. Send only what the service needs."},
		Officer: Text{"Báo bộ phận kỹ thuật của cơ quan.", "Tell your technical staff."},
		Citizen: Text{"Phần mềm của cơ quan gửi yêu cầu quá lớn, nên chưa có thông tin nào của ông/bà được cung cấp.", "The agency's software sent a request that is too large, so none of your information was given."},
		Cause:   Text{"Nội dung hoặc phần đầu của yêu cầu vượt kích thước cho phép.", "The body or the header of the request is over the allowed size."},
	},
	{
		Code:    RequestReplayed,
		Title:   Text{"Yêu cầu đã được gửi trước đó", "Request replayed"},
		Program: Text{"Không gửi lại cùng mã giao dịch. Lỗi cho biết bản ghi và kết quả của lần đầu; nếu cần hỏi lại, dùng mã giao dịch mới và nêu mã cũ trong `retryOf`.", "Never send the same transaction id again. The problem tells the first call's entry and result; to ask again, use a new id and name the old one in `retryOf`."},
		Officer: Text{"Chờ kết quả của lần tra cứu đầu; nếu không thấy, tra cứu lại một lần.", "Wait for the result of the first look-up; if it does not come, make it once more."},
		Citizen: Text{"Yêu cầu này đã được xử lý một lần rồi, nên không được trả lời lần thứ hai.", "This request has been dealt with once already, so it is not answered again."},
		Cause:   Text{"Chương trình tự gửi lại sau khi mất kết nối, cấp trùng mã giao dịch, hoặc có người phát lại yêu cầu đã bắt được.", "The program repeated a call after a broken connection, gave one id twice, or somebody replayed a captured request."},
	},
	{
		Code:      RateExceeded,
		Title:     Text{"Gọi quá nhanh", "Too many requests"},
		Program:   Text{"Chờ theo `Retry-After` rồi gửi lại, giãn dần nếu vẫn bị từ chối; giữ tốc độ nêu trong `RateLimit`.", "Wait as `Retry-After` says, then retry, backing off further if refused again; keep to the rate in `RateLimit`."},
		Officer:   Text{"Chờ vài giây rồi thử lại.", "Wait a few seconds and try again."},
		Citizen:   Text{"Hệ thống của cơ quan đang hỏi quá nhanh, xin chờ ít giây.", "The agency's system is asking too fast; please wait a few seconds."},
		Cause:     Text{"Số lượt gọi mỗi giây vượt mức của kết nối, thường do gửi dồn hoặc do vòng lặp.", "The calls per second passed the connection's rate, usually because of a burst or a loop."},
		Retryable: true,
	},
	{
		Code:    SearchTooMany,
		Title:   Text{"Quá nhiều người phù hợp", "Too many people fit"},
		Program: Text{"Không gửi lại nguyên yêu cầu. Thêm giới tính hoặc tỉnh, nếu quyền khai thác cho phép; không có danh sách rút gọn.", "Never retry unchanged. Add the sex or the province if the grant allows them; there is no shortened list."},
		Officer: Text{"Hỏi thêm thông tin của công dân, tốt nhất là số định danh, rồi tra cứu theo số.", "Ask the citizen for more, best of all the number, and look up by it."},
		Citizen: Text{"Có nhiều người trùng họ tên và ngày sinh, nên cơ quan cần số định danh của ông/bà.", "Several people share this name and date of birth, so the agency needs your number."},
		Cause:   Text{"Số người phù hợp vượt mức danh sách của quyền khai thác; họ tên phổ biến hoặc ngày sinh chỉ có năm.", "More people fit than the grant may list: a common name, or a date of birth of which only the year is known."},
	},
	{
		Code:    VerifyMismatches,
		Title:   Text{"Xác minh sai quá nhiều lần", "Too many mismatches"},
		Program: Text{"Không gửi lại cho người này trong hôm nay; không dò giá trị.", "Never retry for this person today; do not try out values."},
		Officer: Text{"Đối chiếu lại giấy tờ gốc của công dân; sang ngày mới hãy xác minh lại.", "Compare with the citizen's original document; verify again the next day."},
		Citizen: Text{"Thông tin được nhập nhiều lần không khớp, nên hôm nay cơ quan không xác minh thêm được cho ông/bà.", "What was entered did not match several times, so the agency cannot verify you again today."},
		Cause:   Text{"Nhập sai nhiều lần, giấy tờ khác với dữ liệu dân cư, hoặc có người dò thông tin.", "Repeated slips, a document that differs from the register, or somebody guessing."},
	},
	{
		Code:      LogUnavailable,
		Title:     Text{"Nhật ký không ghi được", "Log unavailable"},
		Program:   Text{"Chờ theo `Retry-After` rồi gửi lại với mã giao dịch mới và `retryOf`, giãn dần; lần trước có thể đã được ghi nhật ký.", "Wait as `Retry-After` says, then retry with a new transaction id and `retryOf`, backing off; the first call may have been recorded."},
		Officer:   Text{"Chờ ít phút rồi thử lại; nếu kéo dài, báo bộ phận kỹ thuật.", "Wait a few minutes and try again; if it lasts, tell your technical staff."},
		Citizen:   Text{"Hệ thống chưa ghi lại được lần tra cứu, nên chưa có thông tin nào của ông/bà được cung cấp.", "The look-up could not be recorded, so none of your information was given."},
		Cause:     Text{"Cơ sở dữ liệu nhật ký không sẵn sàng, hết dung lượng, hoặc không rõ giao dịch ghi đã hoàn tất hay chưa.", "The log's database is not available, is full, or it is not known whether the record was completed."},
		Retryable: true,
		Legal:     Text{"Thông tư 46/2022/TT-BCA, Điều 8; Nghị định 47/2020/NĐ-CP, Điều 45", "Circular 46/2022/TT-BCA, Article 8; Decree 47/2020/NĐ-CP, Article 45"},
	},
	{
		Code:      ServiceBusy,
		Title:     Text{"Hệ thống đang bận hoặc bảo trì", "Service busy or under maintenance"},
		Program:   Text{"Chờ theo `Retry-After` rồi gửi lại, giãn dần và thêm khoảng chờ ngẫu nhiên.", "Wait as `Retry-After` says, then retry, backing off with some randomness."},
		Officer:   Text{"Chờ ít phút rồi thử lại.", "Wait a few minutes and try again."},
		Citizen:   Text{"Hệ thống đang bận hoặc đang bảo trì, xin chờ.", "The system is busy or under maintenance; please wait."},
		Cause:     Text{"Hàng đợi đã đầy, nút đang dừng, hoặc dịch vụ đang trong thời gian bảo trì đã thông báo.", "The queue is full, the node is shutting down, or the service is in an announced time of maintenance."},
		Retryable: true,
	},
	{
		Code:      InternalError,
		Title:     Text{"Lỗi bên trong hệ thống", "Internal error"},
		Program:   Text{"Gửi lại vài lần với mã giao dịch mới và `retryOf`, giãn dần; nếu vẫn lỗi, báo đơn vị vận hành kèm mã yêu cầu.", "Retry a few times with a new transaction id and `retryOf`, backing off; if it goes on, report the request id to the operator."},
		Officer:   Text{"Thử lại sau ít phút; nếu vẫn lỗi, báo bộ phận kỹ thuật.", "Try again in a few minutes; if it goes on, tell your technical staff."},
		Citizen:   Text{"Hệ thống gặp trục trặc, nên chưa có thông tin nào của ông/bà được cung cấp.", "Something went wrong in the system, so none of your information was given."},
		Cause:     Text{"Lỗi của phần mềm hoặc hạ tầng; chi tiết nằm trong nhật ký vận hành của đơn vị vận hành.", "A fault in the software or its surroundings; the operator's own logs have the details."},
		Retryable: true,
	},
}
