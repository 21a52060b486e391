package register

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

const unitFile = "\ufeffcode,name,level,parent,province,from,until,successor\n" +
	"30,Tỉnh Một,province,,030,2004-01-01,2025-07-01,31\n" +
	"31,Tỉnh Hai,province,,031,2004-01-01,,\n" +
	"10507,Xã A,commune,30,030,2004-01-01,2019-12-01,10510\n" +
	"10510,Xã B,commune,30,030,2004-01-01,2025-07-01,\n" +
	"10510,Xã B mới,commune,31,031,2025-07-01,,\n"

func TestUnitsHaveTermsAndSuccessors(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := New(env.Open(db.Register))
		for range 2 { // the second replaces the first
			if n, err := r.LoadUnits(t.Context(), strings.NewReader(unitFile)); n != 5 || err != nil {
				t.Fatal(n, err)
			}
		}
		for _, c := range []struct{ code, day, name string }{
			{"10507", "2004-01-01", "Xã A"},
			{"10507", "2003-12-31", ""},
			{"10507", "2019-11-30", "Xã A"},
			{"10507", "2019-12-01", ""},
			{"10510", "2025-06-30", "Xã B"},
			{"10510", "2025-07-01", "Xã B mới"},
			{"99999", "2025-07-01", ""},
		} {
			u, ok, err := r.Unit(t.Context(), c.code, c.day)
			if err != nil || ok != (c.name != "") || u.Name != c.name {
				t.Errorf("%s on %s: %+v %v %v", c.code, c.day, u, ok, err)
			}
		}
		for _, c := range []struct{ code, then, day, want string }{
			{"10507", "2010-01-01", "2010-01-01", "Xã A"},
			{"10507", "2010-01-01", "2020-01-01", "Xã B"},
			{"10507", "2010-01-01", "2026-01-01", "Xã B mới"},
			{"30", "2010-01-01", "2026-01-01", "Tỉnh Hai"},
			{"10507", "2020-01-01", "2026-01-01", ""},
		} {
			u, ok, err := r.Successor(t.Context(), c.code, c.then, c.day)
			if err != nil || ok != (c.want != "") || u.Name != c.want {
				t.Errorf("%s of %s on %s: %+v %v %v", c.code, c.then, c.day, u, ok, err)
			}
		}
		if _, _, err := r.Unit(t.Context(), "30", "2020"); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		if _, _, err := r.Successor(t.Context(), "30", "2020-01-02", "2020-01-01"); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		// A person's province comes from the newest term of the unit.
		c, err := r.Import(t.Context(), strings.NewReader(
			simple("030085000001", "A", "1985", `"sex":"male"`, `"permanentResidence":{"unit":"10510"}`)+"\n"+
				simple("030085000002", "A", "1985", `"sex":"male"`, `"permanentResidence":{"unit":"00166"}`)), ImportOptions{})
		if err != nil || c.Warnings[UnitUnknown] != 1 {
			t.Errorf("%+v %v", c, err)
		}
		if p := find(t, r, Keys{PIN: "030085000001", Province: "031"}); p == nil || p.Subject.Unit != "10510" {
			t.Error("the province is not that of the unit")
		}
		if p := find(t, r, Keys{PIN: "030085000002"}); p == nil || p.Subject.Province != "" {
			t.Error("a province was guessed from a commune's digits")
		}
	})
}

func TestUnitsAllOrNothing(t *testing.T) {
	r := New(dbtest.SQLite(t).Open(db.Register))
	if _, err := r.LoadUnits(t.Context(), strings.NewReader(unitFile)); err != nil {
		t.Fatal(err)
	}
	h, _, _ := strings.Cut(unitFile, "\n")
	for _, bad := range []string{
		"", "code,name\n", h + ",code\n", h + "\n1,A,province,,001,2004-01-01,,\n2,B",
		h + "\na,A,province,,001,2004-01-01,,\n", h + "\n1,,province,,001,2004-01-01,,\n", h + "\n1,A,town,,001,2004-01-01,,\n",
		h + "\n1,A,province,2,001,2004-01-01,,\n", h + "\n1,A,commune,,001,2004-01-01,,\n", h + "\n1,A,commune,1,001,2004-01-01,,\n",
		h + "\n1,A,commune,9,001,2004-01-01,,\n", h + "\n1,A,province,,01,2004-01-01,,\n", h + "\n1,A,province,,001,2004,,\n",
		h + "\n1,A,province,,001,2004-01-01,2004-01-01,\n", h + "\n1,A,province,,001,2004-01-01,,2\n",
		h + "\n1,A,province,,001,2004-01-01,,\n1,A,province,,001,2005-01-01,,\n",
		h + "\n1,A,province,,001,2004-01-01,2005-01-01,7\n", h + "\n\"1,A",
	} {
		if _, err := r.LoadUnits(t.Context(), strings.NewReader(bad)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, ok, err := r.Unit(t.Context(), "31", "2020-01-01"); !ok || err != nil {
		t.Error("a bad file took away the units", err)
	}
}

func TestCoalescerGathersWaitingReads(t *testing.T) {
	release := make(chan struct{})
	var mu sync.Mutex
	var sizes []int
	c := &coalescer{fetch: func(_ context.Context, pins []string) (map[string]*Person, error) {
		mu.Lock()
		sizes = append(sizes, len(pins))
		mu.Unlock()
		<-release
		found := map[string]*Person{}
		for _, p := range pins {
			if p == "bad" {
				return nil, errors.New("broken")
			}
			if p != "nobody" {
				found[p] = &Person{PIN: p}
			}
		}
		return found, nil
	}}
	started := func(n int) {
		for {
			mu.Lock()
			ok := len(sizes) >= n
			mu.Unlock()
			if ok {
				return
			}
		}
	}
	var wg sync.WaitGroup
	get := func(pin string) {
		wg.Go(func() {
			p, err := c.get(t.Context(), pin)
			if err != nil || (p == nil) != (pin == "nobody") || (p != nil && p.PIN != pin) {
				t.Errorf("%s: %v %v", pin, p, err)
			}
		})
	}
	for i := range maxInFlight {
		get(fmt.Sprint(i))
		started(i + 1)
	}
	for i := range maxStatement + 10 {
		get(fmt.Sprint("w", i))
	}
	get("nobody")
	for {
		c.mu.Lock()
		n := len(c.waiting)
		c.mu.Unlock()
		if n == maxStatement+11 {
			break
		}
	}
	// One who gives up does not hold up the others.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.get(ctx, "w0"); err == nil {
		t.Error("a read under an ended context succeeded")
	}
	close(release)
	wg.Wait()
	total := 0
	for _, n := range sizes {
		total += n
		if n > maxStatement {
			t.Errorf("a statement of %d", n)
		}
	}
	if total != maxInFlight+maxStatement+11 || len(sizes) > maxInFlight+3 {
		t.Errorf("statements of %v", sizes)
	}
	if _, err := c.get(t.Context(), "bad"); err == nil {
		t.Error("a failed statement found somebody")
	}
}
