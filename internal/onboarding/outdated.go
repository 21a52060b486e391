package onboarding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// outdateCommitment asks for a commitment to be signed again, because its text
// has a new version: from the day by which that is to be done calls are refused
// by the clock.
func outdateCommitment(w *work) error {
	var st signedText
	if ok, err := w.m.read("signed", &st); err != nil || !ok {
		return errors.Join(err, fmt.Errorf("the commitment %s has no text", w.m.ID))
	}
	newest, by, err := w.o.outdated(&st, w.now)
	if err != nil {
		return err
	}
	if by.IsZero() {
		return refuse(fault.Conflict, "Văn bản này theo mẫu đang áp dụng.", "its text is of the version in force")
	}
	all, err := selectMatters(w.ctx, w.tx, matterQuery{kind: string(KindCommitment), system: w.m.System, state: string(InForce), limit: MaxPage})
	if err != nil {
		return err
	}
	have := map[string]*signedText{}
	for _, m := range all {
		var st signedText
		if _, err := m.read("signed", &st); err != nil {
			return err
		}
		have[st.Template.ID] = &st
	}
	w.m.put("outdatedBy", newest)
	w.due[TaskSignAgain] = by
	w.members["template"], w.members["by"] = st.Template.ID, moment(by)
	w.params["template"], w.params["connection"] = st.Template.ID, "-"
	for c := range w.dir.Connections() {
		if c.System == w.m.System && c.State != access.Ended {
			w.params["connection"] = c.ID
			break
		}
	}
	return w.commitUntil(have)
}

// outdated returns the hash of the newer version of a signed text's template,
// and by when that is to be signed; zero if the text stands.
func (o *Onboarding) outdated(st *signedText, now time.Time) (newest string, by time.Time, err error) {
	t, err := o.cat.Templates.At(st.Template.ID, access.DateOf(now))
	if err != nil || t.Hash == st.Template.Hash {
		return "", time.Time{}, err
	}
	return t.Hash, t.SignAgainBy(), nil
}

// signAgain asks for every commitment of an older version to be signed again,
// once for each version.
func (o *Onboarding) signAgain(ctx context.Context, now time.Time) error {
	query := matterQuery{kind: string(KindCommitment), state: string(InForce), limit: MaxPage}
	var all []*Matter
	for {
		list, err := selectMatters(ctx, o.main, query)
		if err != nil {
			return err
		}
		all = append(all, list...)
		if len(list) < query.limit {
			break
		}
		last := list[len(list)-1]
		query.beforeAt, query.beforeID = last.Changed.UnixMicro(), last.ID
	}
	var failed []error
	for _, m := range all {
		var st signedText
		var asked string
		_, err1 := m.read("signed", &st)
		_, err2 := m.read("outdatedBy", &asked)
		newest, by, err := o.outdated(&st, now)
		if err := errors.Join(err1, err2, err); err != nil || by.IsZero() || newest == asked {
			failed = append(failed, err)
			continue
		}
		_, err = o.Act(ctx, itself, m.ID, "outdate", Input{Version: m.Version})
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}
