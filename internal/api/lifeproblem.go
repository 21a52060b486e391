package api

import (
	"errors"
	"net/http"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/notify"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// The codes that this door gives by itself. Besides, what the accounts and the
// vault refuse has their own stable codes ("key.refused", "file.too_large").
const (
	codeInvalid     = string(access.RequestInvalid)
	codeKeyMissing  = "key.missing"
	codeNotAllowed  = "act.not_allowed"
	codeTwoPeople   = "act.two_people"
	codeNoKind      = "matter.no_kind"
	codeNoMatter    = "matter.not_found"
	codeNoFile      = "file.not_found"
	codeState       = "matter.state"   // its state does not allow it
	codeVersion     = "matter.version" // somebody was faster
	codeForm        = "matter.form"    // see errors
	codeMany        = "matter.many"
	codeNoNotice    = "notice.not_found"
	codeNoticeState = "notice.state" // sent, or being sent
)

// lifeCodes has the titles of this door's codes, and what to do.
var lifeCodes = map[string]struct{ title, detail web.Text }{
	codeInvalid: {title: web.Titles[codeInvalid]},
	codeKeyMissing: {
		web.Text{VI: "Thiếu khoá API", EN: "No API key"},
		web.Text{VI: "Gửi khoá API trong tiêu đề Authorization: Bearer dancu_…; tạo khoá ở trang tài khoản.", EN: "Send an API key in the header Authorization: Bearer dancu_…; keys are made on the account page."},
	},
	codeNotAllowed: {
		web.Text{VI: "Không có thẩm quyền", EN: "Not allowed"},
		web.Text{VI: "Tài khoản của khoá này không làm được việc này.", EN: "The key's account may not do this."},
	},
	codeTwoPeople: {
		web.Text{VI: "Việc này cần hai người", EN: "This takes two people"},
		web.Text{VI: "Người của tài khoản phải đề xuất việc này để người khác xác nhận.", EN: "People with accounts propose and confirm this; it cannot be done here."},
	},
	codeNoKind: {
		web.Text{VI: "Không có loại hồ sơ này", EN: "No such kind of matter"},
		web.Text{VI: "Các loại hồ sơ có tại /api/v1/life/kinds.", EN: "The kinds are at /api/v1/life/kinds."},
	},
	codeNoMatter: {
		web.Text{VI: "Không có hồ sơ này", EN: "No such matter"},
		web.Text{VI: "Không có hồ sơ này, hoặc hồ sơ không thuộc phạm vi của bạn.", EN: "There is no such matter, or it is not yours to see."},
	},
	codeNoFile: {
		web.Text{VI: "Không có tệp này", EN: "No such file"},
		web.Text{VI: "Không có tệp này; tệp của một hồ sơ được lấy với ?of=mã hồ sơ.", EN: "There is no such file; one of a matter is had with ?of= and the matter's id."},
	},
	codeNoNotice: {
		web.Text{VI: "Không có thông báo này", EN: "No such notice"},
		web.Text{VI: "Không có thông báo này, hoặc thông báo không gửi cho bạn.", EN: "There is no such notice, or it is not yours to see."},
	},
	codeNoticeState:             {title: web.Text{VI: "Thông báo không gửi lại được lúc này", EN: "The notice cannot be sent again now"}},
	codeState:                   {title: web.Text{VI: "Trạng thái không cho phép", EN: "The state does not allow it"}},
	codeVersion:                 {title: web.Text{VI: "Hồ sơ đã thay đổi", EN: "The matter has changed"}},
	codeForm:                    {title: web.Text{VI: "Có mục cần sửa", EN: "Fields need mending"}},
	codeMany:                    {title: web.Text{VI: "Quá nhiều", EN: "Too many"}},
	string(access.RateExceeded): {title: web.Titles[string(access.RateExceeded)]},
}

// titles are those of problems by their status, where the code is another
// area's.
var lifeTitles = map[int]web.Text{
	http.StatusBadRequest:      web.Titles[codeInvalid],
	http.StatusUnauthorized:    {VI: "Khoá API không dùng được", EN: "The API key cannot be used"},
	http.StatusForbidden:       {VI: "Không có thẩm quyền", EN: "Not allowed"},
	http.StatusNotFound:        {VI: "Không có", EN: "Not there"},
	http.StatusConflict:        {VI: "Trạng thái không cho phép", EN: "The state does not allow it"},
	http.StatusTooManyRequests: {VI: "Quá nhiều", EN: "Too many"},
}

// challenge is what a 401 asks for.
const challenge = `Bearer realm="dancu"`

// lifeProblem is a problem of a code of this door.
func lifeProblem(status int, code string) *web.Problem {
	c := lifeCodes[code]
	p := &web.Problem{Status: status, Code: code, Title: c.title, Detail: c.detail}
	if status == http.StatusUnauthorized {
		p.Challenge = challenge
	}
	return p
}

// statusCodes is where the kind of a refusal of the office becomes a code.
var statusCodes = map[int]string{
	http.StatusBadRequest: codeForm, http.StatusForbidden: codeNotAllowed, http.StatusNotFound: codeNoMatter,
	http.StatusConflict: codeState, http.StatusTooManyRequests: codeMany,
}

// problem turns any error into its problem.
func (l *life) problem(err error) error {
	var p *web.Problem
	if errors.As(err, &p) || errors.Is(err, http.ErrAbortHandler) {
		return err
	}
	p = web.ProblemOf(err)
	if p.Status >= http.StatusInternalServerError && fault.KindOf(err) == fault.Internal {
		return p
	}
	if code, words := l.cfg.Said(err); code != "" {
		p.Code, p.Detail = code, web.Text{VI: words.VI, EN: words.EN}
		if t, ok := lifeTitles[p.Status]; ok {
			p.Title = t
		}
		switch code {
		case "file.too_large":
			p.Status, p.Close = http.StatusRequestEntityTooLarge, true
			p.Code, p.Title = string(access.RequestTooLarge), web.Titles[string(access.RequestTooLarge)]
		case "reason.missing":
			p.Code, p.Title = codeForm, lifeCodes[codeForm].title
			p.Errors = []web.FieldError{{Field: "reason", Text: p.Detail}}
		}
	}
	var n *notify.Refusal
	if errors.As(err, &n) {
		refusedNotice(p, n)
	}
	var r *onboarding.Refusal
	if errors.As(err, &r) {
		if code, ok := statusCodes[p.Status]; ok {
			p.Code, p.Title = code, lifeCodes[code].title
		}
		if onboarding.IsOvertaken(err) {
			p.Code, p.Title = codeVersion, lifeCodes[codeVersion].title
		}
		p.Detail = web.Text{VI: r.Text.VI, EN: r.Text.EN}
		for _, f := range r.Fields {
			p.Errors = append(p.Errors, web.FieldError{Section: f.Section, Field: f.Field, Text: web.Text{VI: f.Text.VI, EN: f.Text.EN}})
		}
	}
	if p.Status == http.StatusUnauthorized {
		p.Challenge = challenge
	}
	return p
}
