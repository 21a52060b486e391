package notify

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Both languages are complete, say the same things, and name only what has a
// sample; every placeholder is used.
func TestTopicsAreComplete(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+\.[a-z-]+$`)
	vietnamese := regexp.MustCompile(`[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]`)
	seen, used := map[string]bool{}, map[string]bool{}
	for _, topic := range Topics() {
		if !name.MatchString(topic.Name) || seen[topic.Name] {
			t.Errorf("%q is not a topic's name, or there twice", topic.Name)
		}
		seen[topic.Name] = true
		vi, en := names(topic.VI.Subject, topic.VI.Body), names(topic.EN.Subject, topic.EN.Body)
		if !slices.Equal(vi, en) {
			t.Errorf("%s: Vietnamese has %v, English %v", topic.Name, vi, en)
		}
		for _, p := range vi {
			if params[p].Sample == "" {
				t.Errorf("%s: {%s} is no placeholder, or has no sample", topic.Name, p)
			}
			used[p] = true
		}
		for lang, s := range map[string]Text{"vi": topic.VI, "en": topic.EN} {
			if s.Subject == "" || s.Body == "" || strings.ContainsAny(s.Subject, "\r\n") || len(s.Subject) > 200 || len(s.Body) > 2000 {
				t.Errorf("%s: the text in %s is not complete, or too long", topic.Name, lang)
			}
			if strings.Count(s.Body, "{") != strings.Count(s.Body, "}") || strings.Count(s.Subject, "{") != strings.Count(s.Subject, "}") {
				t.Errorf("%s: a brace is alone in %s", topic.Name, lang)
			}
			// Names of laws stay Vietnamese.
			plain := strings.NewReplacer("NĐ-CP", "", "TT-BCA", "").Replace(strings.ToLower(s.Body))
			if (lang == "vi") != vietnamese.MatchString(strings.ReplaceAll(plain, "nđ-cp", "")) {
				t.Errorf("%s: the text in %s is in another language", topic.Name, lang)
			}
		}
		n := Notice{Key: "k", Topic: topic.Name, To: "operator", Params: topic.Sample()}
		if err := n.check(); err != nil {
			t.Errorf("%s: its own sample is refused: %v", topic.Name, err)
		}
		for _, r := range topic.Render(topic.Sample()) {
			if strings.ContainsAny(r.Subject+r.Body, "{}") {
				t.Errorf("%s: a placeholder is left in %s: %s", topic.Name, r.Lang, r.Body)
			}
		}
	}
	for p := range params {
		if !used[p] {
			t.Errorf("no text has {%s}", p)
		}
	}
	if len(seen) < 35 {
		t.Errorf("there are only %d topics", len(seen))
	}
}

func TestValuesReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct{ name, v, vi, en string }{
		{"due", "2026-12-02", "02/12/2026", "2 December 2026"},
		{"since", "2026-11-25T18:30:00Z", "01:30 ngày 26/11/2026", "01:30 on 26 November 2026"},
		{"limit", "10000", "10.000", "10,000"},
		{"limit", "1234567", "1.234.567", "1,234,567"},
		{"limit", "999", "999", "999"},
		{"change", "source", "mã nguồn", "the source code"},
		{"connection", "hai-duong", "hai-duong", "hai-duong"},
	} {
		if vi, en := show("vi", c.name, c.v), show("en", c.name, c.v); vi != c.vi || en != c.en {
			t.Errorf("%s %s: %q and %q, want %q and %q", c.name, c.v, vi, en, c.vi, c.en)
		}
	}
}

func TestChoicesHaveBothLanguages(t *testing.T) {
	for name, p := range params {
		if (p.Kind == Choice) != (len(p.Choices) > 0) {
			t.Errorf("%s: choices and kind do not agree", name)
		}
		for code, w := range p.Choices {
			if w.VI == "" || w.EN == "" || w.VI == w.EN {
				t.Errorf("%s %s has no words", name, code)
			}
		}
	}
}

func TestVietnameseFirstUnlessAskedOtherwise(t *testing.T) {
	o, err := New(Config{Base: "https://dancu.example.vn"})
	if err != nil {
		t.Fatal(err)
	}
	r := &row{id: "1", topic: "task.overdue", params: `{"matter":"HS-1","due":"2026-12-02"}`, link: "/matters/1"}
	for lang, order := range map[string][2]string{"": {"Công việc quá hạn", "A task is overdue"}, "vi": {"Công việc quá hạn", "A task is overdue"}, "en": {"A task is overdue", "Công việc quá hạn"}} {
		m, err := o.message(r, lang)
		if err != nil {
			t.Fatal(err)
		}
		text := m.Subject() + "\n" + m.Plain()
		first, second := strings.Index(text, order[0]), strings.Index(text, order[1])
		if first != 0 || second < first {
			t.Errorf("%q: the order is wrong:\n%s", lang, text)
		}
		if strings.Count(text, "https://dancu.example.vn/matters/1") != 2 || !strings.Contains(text, "02/12/2026") || !strings.Contains(text, "2 December 2026") {
			t.Errorf("%q: the text is not whole:\n%s", lang, text)
		}
	}
}

func TestPickLeavesOutWhatTheTextDoesNotUse(t *testing.T) {
	topic := Find("task.overdue")
	got := topic.Pick(map[string]string{"matter": "HS-1", "due": "2026-12-02", "title": "what somebody wrote"})
	if len(got) != 2 || got["matter"] != "HS-1" || got["due"] != "2026-12-02" {
		t.Errorf("picked %v", got)
	}
	if got := topic.Pick(map[string]string{"matter": "HS-1"}); len(got) != 1 {
		t.Errorf("picked %v: what is missing is for Put to refuse", got)
	}
	if Find("task.overdew") != nil {
		t.Error("a topic that is not there was found")
	}
}
