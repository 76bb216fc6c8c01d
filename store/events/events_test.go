package events

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const alice, bob = "111122223333", "444455556666"

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// id returns a UUID; a higher n has the higher one.
func id(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-000000000000", n) }

// entry returns the n-th entry of an account: one a second.
func entry(account string, n int) Entry {
	name := []string{"CreateUser", "GetUser", "ListUsers"}[n%3]
	return Entry{
		Time:    noon.Add(time.Duration(n) * time.Second),
		ID:      id(n),
		Account: account,
		Region:  []string{"us-east-1", "eu-west-1"}[n%2],
		Attributes: []Attribute{
			{"EventName", name},
			{"ReadOnly", fmt.Sprint(name != "CreateUser")},
			{"Username", fmt.Sprintf("user-%d", n%7)},
			{"ResourceName", fmt.Sprintf("arn:aws:iam::%s:user/user-%d", account, n)},
		},
		Event: fmt.Appendf(nil, `{"eventID":%q,"eventName":%q}`, id(n), name),
		Note:  fmt.Appendf(nil, "note %d", n),
	}
}

func entries(account string, from, to int) (all []Entry) {
	for n := from; n < to; n++ {
		all = append(all, entry(account, n))
	}
	return all
}

// lookup reads all pages.
func lookup(t *testing.T, l Log, q Query) (all []Entry) {
	t.Helper()
	for {
		page, next, err := l.Lookup(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > q.Limit {
			t.Fatalf("a page of %d, the limit is %d", len(page), q.Limit)
		}
		all = append(all, page...)
		if next == "" {
			return all
		}
		q.After = next
	}
}

// want selects from entries what a lookup is to return, in the simplest way.
func want(all []Entry, pick func(Entry) bool) (picked []Entry) {
	for _, e := range all {
		if pick(e) {
			picked = append(picked, e)
		}
	}
	slices.SortFunc(picked, func(a, b Entry) int {
		if c := b.Time.Compare(a.Time); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return picked
}

func equal(t *testing.T, got, want []Entry) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("-want +got:\n%s", diff)
	}
}

func appendAll(t *testing.T, l Log, all ...Entry) {
	t.Helper()
	if err := l.Append(t.Context(), all); err != nil {
		t.Fatal(err)
	}
}

// logs are the three kinds of log, empty.
var logs = map[string]func(t *testing.T) Log{
	"memory": func(*testing.T) Log { return NewMemory(1_000_000, 1<<30) },
	"segments": func(t *testing.T) Log {
		return openSegments(t, t.TempDir(), Options{SegmentBytes: 4 << 10, InstallationBytes: 1 << 20})
	},
	"oneSegment": func(t *testing.T) Log { return openSegments(t, t.TempDir(), Options{}) },
	"postgres":   func(t *testing.T) Log { return openPostgres(t) },
}

// eachLog runs a test on each kind of log.
func eachLog(t *testing.T, test func(t *testing.T, l Log)) {
	for name, open := range logs {
		t.Run(name, func(t *testing.T) {
			l := open(t)
			test(t, l)
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestLookup(t *testing.T) {
	all := append(entries(alice, 0, 100), entries(bob, 50, 80)...)
	all = append(all, entries("", 20, 40)...)
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	at := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Second) }
	tests := []struct {
		name  string
		query Query
		pick  func(Entry) bool
	}{
		{"account", Query{Account: alice}, func(e Entry) bool { return true }},
		{"another account", Query{Account: bob}, func(e Entry) bool { return true }},
		{"no account", Query{}, func(e Entry) bool { return true }},
		{"unknown account", Query{Account: "777788889999"}, func(e Entry) bool { return true }},
		{"region", Query{Account: alice, Region: "eu-west-1"}, func(e Entry) bool { return e.Region == "eu-west-1" }},
		{"unknown region", Query{Account: alice, Region: "eu-west-2"}, func(e Entry) bool { return false }},
		{"from", Query{Account: alice, From: at(90)}, func(e Entry) bool { return !e.Time.Before(at(90)) }},
		{"to", Query{Account: alice, To: at(10)}, func(e Entry) bool { return !e.Time.After(at(10)) }},
		{"from and to", Query{Account: alice, From: at(40), To: at(60)}, func(e Entry) bool { return !e.Time.Before(at(40)) && !e.Time.After(at(60)) }},
		{"from behind to", Query{Account: alice, From: at(60), To: at(40)}, func(e Entry) bool { return false }},
		{"far past and future", Query{Account: alice, From: time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC), To: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}, func(e Entry) bool { return true }},
		{"before all time", Query{Account: alice, To: time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)}, func(e Entry) bool { return false }},
		{"EventName", Query{Account: alice, Attribute: &Attribute{"EventName", "GetUser"}}, func(e Entry) bool { return e.has(Attribute{"EventName", "GetUser"}) }},
		{"case differs", Query{Account: alice, Attribute: &Attribute{"EventName", "getuser"}}, func(e Entry) bool { return false }},
		{"ReadOnly in a region", Query{Account: alice, Region: "us-east-1", Attribute: &Attribute{"ReadOnly", "true"}}, func(e Entry) bool { return e.has(Attribute{"ReadOnly", "true"}) && e.Region == "us-east-1" }},
		{"Username in time", Query{Account: alice, From: at(40), Attribute: &Attribute{"Username", "user-3"}}, func(e Entry) bool { return e.has(Attribute{"Username", "user-3"}) && !e.Time.Before(at(40)) }},
		{"ResourceName", Query{Account: alice, Attribute: &Attribute{"ResourceName", "arn:aws:iam::" + alice + ":user/user-42"}}, func(e Entry) bool { return e.ID == id(42) }},
		{"EventId", Query{Account: alice, Attribute: &Attribute{EventID, id(7)}}, func(e Entry) bool { return e.ID == id(7) }},
		{"EventId in another region", Query{Account: alice, Region: "us-east-1", Attribute: &Attribute{EventID, id(7)}}, func(e Entry) bool { return false }},
		{"EventId at another time", Query{Account: alice, From: at(8), Attribute: &Attribute{EventID, id(7)}}, func(e Entry) bool { return false }},
		{"EventId that is none", Query{Account: alice, Attribute: &Attribute{EventID, "7"}}, func(e Entry) bool { return false }},
		{"unknown attribute", Query{Account: alice, Attribute: &Attribute{"Colour", "blue"}}, func(e Entry) bool { return false }},
	}
	eachLog(t, func(t *testing.T, l Log) {
		appendAll(t, l, all[:60]...)
		appendAll(t, l, all[60:]...)
		for _, test := range tests {
			expected := want(all, func(e Entry) bool { return e.Account == test.query.Account && test.pick(e) })
			for _, limit := range []int{1, 7, len(expected) + 1, max(len(expected), 1)} {
				t.Run(fmt.Sprintf("%s by %d", test.name, limit), func(t *testing.T) {
					test.query.Limit = limit
					equal(t, lookup(t, l, test.query), expected)
				})
			}
		}
	})
}

func TestSameTime(t *testing.T) {
	var all []Entry
	for n := range 50 {
		e := entry(alice, n)
		e.Time = noon
		all = append(all, e)
	}
	expected := want(all, func(Entry) bool { return true })
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	eachLog(t, func(t *testing.T, l Log) {
		appendAll(t, l, all...)
		equal(t, lookup(t, l, Query{Account: alice, Limit: 3}), expected)
		equal(t, lookup(t, l, Query{Account: alice, From: noon, To: noon, Limit: 50}), expected)
	})
}

func TestAppendTwice(t *testing.T) {
	eachLog(t, func(t *testing.T, l Log) {
		all := entries(alice, 0, 40)
		appendAll(t, l, all...)
		again := entries(alice, 20, 60)
		for i := range 20 {
			again[i].Event = []byte(`"the second one does not count"`)
		}
		appendAll(t, l, again...)
		appendAll(t, l, again[30], again[30])
		all = append(all, again[20:]...)
		for _, limit := range []int{1, 19, 100} {
			equal(t, lookup(t, l, Query{Account: alice, Limit: limit}), want(all, func(Entry) bool { return true }))
		}
		// The event that two accounts share is one of each.
		shared := entry(bob, 5)
		appendAll(t, l, shared)
		equal(t, lookup(t, l, Query{Account: bob, Limit: 9}), []Entry{shared})
		equal(t, lookup(t, l, Query{Account: alice, Limit: 99}), want(all, func(Entry) bool { return true }))
	})
}

func TestGet(t *testing.T) {
	eachLog(t, func(t *testing.T, l Log) {
		all := entries(alice, 0, 60)
		appendAll(t, l, all...)
		for _, e := range all {
			got, err := l.Get(t.Context(), alice, e.ID)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, []Entry{got}, []Entry{e})
		}
		for _, c := range [][2]string{{alice, id(60)}, {bob, id(1)}, {"", id(1)}, {alice, "x"}, {"\x00", id(1)}} {
			if _, err := l.Get(t.Context(), c[0], c[1]); !errors.Is(err, ErrNotFound) {
				t.Errorf("Get(%q, %q): %v", c[0], c[1], err)
			}
		}
	})
}

func TestMissing(t *testing.T) {
	eachLog(t, func(t *testing.T, l Log) {
		appendAll(t, l, entries(alice, 0, 60)...)
		appendAll(t, l, entries("", 0, 5)...)
		tests := []struct {
			account       string
			asked, answer []string
		}{
			{alice, []string{id(59), id(0), id(30)}, nil},
			{alice, []string{id(60), id(7), "x", id(99)}, []string{id(60), "x", id(99)}},
			{alice, nil, nil},
			{bob, []string{id(1)}, []string{id(1)}},
			{"", []string{id(4), id(5)}, []string{id(5)}},
			{"\x00", []string{id(1)}, []string{id(1)}},
		}
		for _, c := range tests {
			got, err := l.Missing(t.Context(), c.account, c.asked)
			if err != nil || !slices.Equal(got, c.answer) {
				t.Errorf("Missing(%q, %q) = %q, %v", c.account, c.asked, got, err)
			}
		}
	})
}

// Attributes carry what callers of the API chose.
func TestAnyBytes(t *testing.T) {
	e := entry(alice, 1)
	e.Region, e.Event, e.Note = "", nil, nil
	e.Attributes = []Attribute{
		{"Username", "nul \x00, not UTF-8 \xff\xfe"}, {"Username", ""}, {"", ""},
		{"ResourceName", strings.Repeat("long ", 5000)}, {"ResourceName", string(mark)},
	}
	bare := Entry{Time: maxTime.UTC(), ID: id(2)}
	eachLog(t, func(t *testing.T, l Log) {
		appendAll(t, l, e, bare)
		for _, a := range e.Attributes {
			equal(t, lookup(t, l, Query{Account: alice, Attribute: &a, Limit: 5}), []Entry{e})
		}
		equal(t, lookup(t, l, Query{Limit: 5}), []Entry{bare})
	})
}

func TestInvalid(t *testing.T) {
	change := func(f func(*Entry)) Entry {
		e := entry(alice, 3)
		f(&e)
		return e
	}
	bad := map[string]Entry{
		"no time":          change(func(e *Entry) { e.Time = time.Time{} }),
		"far future":       change(func(e *Entry) { e.Time = time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC) }),
		"no id":            change(func(e *Entry) { e.ID = "" }),
		"upper case id":    change(func(e *Entry) { e.ID = "ABCDEF00-0000-4000-8000-000000000000" }),
		"id without dash":  change(func(e *Entry) { e.ID = "00000000000000-4000-8000-000000000000" }),
		"id with a sign":   change(func(e *Entry) { e.ID = "+0000000-0000-4000-8000-000000000000" }),
		"NUL in account":   change(func(e *Entry) { e.Account = "\x00" }),
		"region not ASCII": change(func(e *Entry) { e.Region = "é" }),
		"long region":      change(func(e *Entry) { e.Region = strings.Repeat("x", 65) }),
		"too long":         change(func(e *Entry) { e.Event = make([]byte, MaxEntry) }),
		"many attributes":  change(func(e *Entry) { e.Attributes = make([]Attribute, MaxEntry/8) }),
	}
	eachLog(t, func(t *testing.T, l Log) {
		for name, e := range bad {
			if err := l.Append(t.Context(), []Entry{entry(alice, 1), e}); !errors.Is(err, ErrInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		good := entry(alice, 1)
		position := placeOf(&good).position()
		for _, q := range []Query{{}, {Limit: -1}, {Limit: 1, After: "x"}, {Limit: 1, After: position[1:]}, {Limit: 1, After: "f" + position[1:]}, {Limit: 1, After: position[1:] + "g"}} {
			if _, _, err := l.Lookup(t.Context(), q); !errors.Is(err, ErrInvalid) {
				t.Errorf("%+v: %v", q, err)
			}
		}
		if err := l.Append(t.Context(), nil); err != nil {
			t.Errorf("appending nothing: %v", err)
		}
		equal(t, lookup(t, l, Query{Account: alice, Limit: 5}), nil)
	})
}

func TestKeepsNoMemoryOfEntries(t *testing.T) {
	eachLog(t, func(t *testing.T, l Log) {
		e := entry(alice, 1)
		appendAll(t, l, e)
		clear(e.Event)
		clear(e.Note)
		clear(e.Attributes)
		equal(t, lookup(t, l, Query{Account: alice, Limit: 5}), entries(alice, 1, 2))
	})
}

// While entries are appended at the front, who pages sees each older one once.
func TestPagingWhileAppending(t *testing.T) {
	eachLog(t, func(t *testing.T, l Log) {
		appendAll(t, l, entries(alice, 0, 200)...)
		ctx, cancel := context.WithCancel(t.Context())
		var appending sync.WaitGroup
		defer appending.Wait()
		defer cancel()
		appending.Go(func() {
			for n := 200; ctx.Err() == nil && n < 3000; n++ {
				if err := l.Append(t.Context(), []Entry{entry(alice, n)}); err != nil {
					t.Error(err)
				}
			}
		})
		for range 5 {
			got := lookup(t, l, Query{Account: alice, Limit: 9})
			newest := got[0].Time.Sub(noon) / time.Second
			equal(t, got, want(entries(alice, 0, int(newest)+1), func(Entry) bool { return true }))
		}
	})
}

func TestTrim(t *testing.T) {
	eachLog(t, func(t *testing.T, l Log) {
		for n := range 100 {
			appendAll(t, l, entry(alice, n), entry("", n))
		}
		before := noon.Add(60 * time.Second)
		if err := l.Trim(t.Context(), before); err != nil {
			t.Fatal(err)
		}
		for _, account := range []string{alice, ""} {
			equal(t, lookup(t, l, Query{Account: account, From: before, Limit: 9}), want(entries(account, 60, 100), func(Entry) bool { return true }))
		}
		if err := l.Trim(t.Context(), maxTime); err != nil {
			t.Fatal(err)
		}
		equal(t, lookup(t, l, Query{Account: alice, Limit: 9}), nil)
		equal(t, lookup(t, l, Query{Limit: 9}), nil)
		appendAll(t, l, entry(alice, 1))
		equal(t, lookup(t, l, Query{Account: alice, Limit: 9}), entries(alice, 1, 2))
	})
}

func TestID(t *testing.T) {
	for _, s := range []string{id(0), "01234567-89ab-cdef-0123-456789abcdef", "ffffffff-ffff-ffff-ffff-ffffffffffff"} {
		if got, err := parseID(s); err != nil || got.String() != s {
			t.Errorf("%s: %s, %v", s, got, err)
		}
	}
	for i := range 36 {
		s := []byte("01234567-89ab-cdef-0123-456789abcdef")
		s[i] = 'g'
		if _, err := parseID(string(s)); err == nil {
			t.Errorf("%s is taken for an id", s)
		}
	}
}

// Two words are not the same as the two of which one has lent the other a letter.
func TestKeysTellWordsApart(t *testing.T) {
	if attributeKey("a", "bc", "d") == attributeKey("a", "b", "cd") || regionKey("a", "bc") == regionKey("ab", "c") {
		t.Error("one key for different words")
	}
}
