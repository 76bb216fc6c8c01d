package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ/store"
)

func (s suite) order(t *testing.T) {
	db := s.open(t)
	want := []string{"", "\x00", "\x00\x00", "\x00a", "\x01", "\x01\x01", "a", "a\x00", "a\x00b", "a\x01", "a/b", "ab", "b", "z", "é", "\U0010ffff"}
	mixed := slices.Clone(want)
	slices.Reverse(mixed)
	insert(t, db, mixed...)
	if got := names(t, db, nil); len(got) != len(want) {
		t.Fatalf("%d records, want %d", len(got), len(want))
	}
	// JSON cannot hold every byte string, so the order is that of the keys.
	var got []string
	view(t, db, func(tx *store.Tx) error {
		_, after, err := users.Page(tx, nil, nil, 1)
		for ; after != nil && err == nil; _, after, err = users.Page(tx, nil, after, 1) {
			got = append(got, after.Parts()[1])
		}
		return err
	})
	if !slices.Equal(got, want[:len(want)-1]) {
		t.Errorf("order %q, want %q", got, want[:len(want)-1])
	}
}

func (s suite) scopes(t *testing.T) {
	db := s.open(t)
	update(t, db, func(tx *store.Tx) error {
		for i, key := range [][2]string{{"1", "b"}, {"1", "a"}, {"11", "c"}, {"2", "d"}, {"1\x00", "e"}} {
			if err := users.Insert(tx, &user{Account: key[0], Name: key[1], ID: fmt.Sprint(i)}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, test := range []struct {
		prefix store.Key
		want   []string
	}{
		{store.K("1"), []string{"a", "b"}},
		{store.K("11"), []string{"c"}},
		{store.K("1", "a"), []string{"a"}},
		{store.K("3"), nil},
		{store.K().Starting("1"), []string{"a", "b", "e", "c"}},
		{nil, []string{"a", "b", "e", "c", "d"}},
	} {
		if got := names(t, db, test.prefix); !slices.Equal(got, test.want) {
			t.Errorf("Scan(%v) = %v, want %v", test.prefix, got, test.want)
		}
	}
}

func (s suite) largeAndMany(t *testing.T) {
	db := s.open(t)
	note := strings.Repeat("x", 1<<20)
	update(t, db, func(tx *store.Tx) error {
		for i := range 3000 {
			u := &user{Account: account, Name: fmt.Sprintf("u%04d", i), ID: fmt.Sprint(i), Path: "/"}
			if i == 1500 {
				u.Note = note
			}
			if err := users.Insert(tx, u); err != nil {
				return err
			}
		}
		return nil
	})
	got := names(t, db, store.K(account))
	if len(got) != 3000 || !slices.IsSorted(got) {
		t.Errorf("Scan found %d records, sorted: %t", len(got), slices.IsSorted(got))
	}
	view(t, db, func(tx *store.Tx) error {
		by, err := collect(users.ScanBy(tx, "path", store.K(account)))
		if !slices.Equal(by, got) {
			t.Errorf("ScanBy found %d records, not those of Scan", len(by))
		}
		if u, err := users.Get(tx, account, "u1500"); err != nil || u.Note != note {
			t.Errorf("a large record came back changed: %v", err)
		}
		return err
	})
}

// ownWrites looks at what an Update has not yet committed, mixed with what was
// there before.
func (s suite) ownWrites(t *testing.T) {
	db := s.open(t)
	insert(t, db, "b", "d", "f")
	check := func(tx *store.Tx, want ...string) {
		t.Helper()
		if got, err := collect(users.Scan(tx, store.K(account))); err != nil || !slices.Equal(got, want) {
			t.Errorf("Scan = %v, %v; want %v", got, err, want)
		}
		if n, err := users.Count(tx, store.K(account)); err != nil || n != len(want) {
			t.Errorf("Count = %d, %v; want %d", n, err, len(want))
		}
	}
	update(t, db, func(tx *store.Tx) error {
		for _, name := range []string{"a", "c", "g"} {
			if err := users.Insert(tx, &user{Account: account, Name: name, ID: "AIDA" + name}); err != nil {
				return err
			}
		}
		check(tx, "a", "b", "c", "d", "f", "g")
		if err := errors.Join(users.Delete(tx, account, "d"), users.Delete(tx, account, "g")); err != nil {
			return err
		}
		check(tx, "a", "b", "c", "f")
		if _, err := users.Get(tx, account, "d"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Get of a deleted record: %v", err)
		}
		if u, err := users.By(tx, "id", "AIDAc"); err != nil || u.Name != "c" {
			t.Errorf("By = %v, %v", u, err)
		}
		if _, err := users.By(tx, "id", "AIDAd"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("By of a deleted record: %v", err)
		}
		return users.Insert(tx, &user{Account: account, Name: "d", ID: "AIDAd"})
	})
	view(t, db, func(tx *store.Tx) error { check(tx, "a", "b", "c", "d", "f"); return nil })
}

func (s suite) indexes(t *testing.T) {
	db := s.open(t)
	put := func(u user) { update(t, db, func(tx *store.Tx) error { return users.Put(tx, &u) }) }
	check := func(prefix store.Key, want ...string) {
		t.Helper()
		view(t, db, func(tx *store.Tx) error {
			got, err := collect(users.ScanBy(tx, "path", prefix))
			if !slices.Equal(got, want) {
				t.Errorf("ScanBy(%v) = %v, want %v", prefix, got, want)
			}
			if n, err := users.CountBy(tx, "path", prefix); n != len(want) || err != nil {
				t.Errorf("CountBy(%v) = %d, %v; want %d", prefix, n, err, len(want))
			}
			return err
		})
	}
	put(user{Account: account, Name: "Bob", ID: "1", Path: "/eng/"})
	put(user{Account: account, Name: "alice", ID: "2", Path: "/eng/"})
	put(user{Account: account, Name: "carol", ID: "3", Path: "/eng/db/"})
	put(user{Account: account, Name: "dave", ID: "4"})
	put(user{Account: "2", Name: "eve", ID: "5", Path: "/eng/"})
	check(store.K(account), "alice", "Bob", "carol")
	check(store.K(account, "/eng/"), "alice", "Bob")
	check(store.K(account).Starting("/eng/d"), "carol")

	put(user{Account: account, Name: "alice", ID: "2", Path: "/ops/"}) // moves
	put(user{Account: account, Name: "Bob", ID: "6"})                  // leaves, new id
	put(user{Account: account, Name: "dave", ID: "4", Path: "/eng/"})  // enters
	check(store.K(account), "dave", "carol", "alice")
	view(t, db, func(tx *store.Tx) error {
		if _, err := users.By(tx, "id", "1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("By of an id that was given up: %v", err)
		}
		u, err := users.By(tx, "id", "6")
		if err == nil && u.Name != "Bob" {
			t.Errorf("By = %v", u)
		}
		return err
	})
	update(t, db, func(tx *store.Tx) error { return users.Delete(tx, account, "carol") })
	check(store.K(account), "dave", "alice")
}

// groups follows the counts of an index's groups through all that can happen to
// a record.
func (s suite) groups(t *testing.T) {
	db := s.open(t)
	check := func(after store.Key, want ...string) {
		t.Helper()
		view(t, db, func(tx *store.Tx) error {
			var got []string
			for g, err := range users.Groups(tx, "path", store.K(account), after) {
				if err != nil {
					return err
				}
				got = append(got, fmt.Sprintf("%s %d", g.Key.Parts()[1], g.Count))
				if n, err := users.CountBy(tx, "path", g.Key); n != g.Count || err != nil {
					t.Errorf("CountBy(%v) = %d, %v; want %d", g.Key, n, err, g.Count)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("groups %q, want %q", got, want)
			}
			return nil
		})
	}
	put := func(name, path string) {
		update(t, db, func(tx *store.Tx) error {
			return users.Put(tx, &user{Account: account, Name: name, ID: "AIDA" + name, Path: path})
		})
	}
	check(nil)
	update(t, db, func(tx *store.Tx) error { return users.Put(tx, &user{Account: "2", Name: "eve", ID: "5", Path: "/a/"}) })
	put("a", "/a/")
	put("b", "/a/")
	put("c", "/c/")
	put("d", "")
	check(nil, "/a/ 2", "/c/ 1")
	check(store.K(account, "/a/"), "/c/ 1")
	check(store.K("1"), "/a/ 2", "/c/ 1") // before all of the account's
	put("a", "/a/")                       // stays
	put("b", "/b/")                       // moves
	put("c", "")                          // leaves
	put("d", "/d/")                       // enters
	check(nil, "/a/ 1", "/b/ 1", "/d/ 1")
	update(t, db, func(tx *store.Tx) error { return users.Delete(tx, account, "a") })
	check(nil, "/b/ 1", "/d/ 1")
}

// indexConflict goes on after a conflict, as a service might, and commits.
func (s suite) indexConflict(t *testing.T) {
	db := s.open(t)
	insert(t, db, "a", "b")
	update(t, db, func(tx *store.Tx) error {
		for _, u := range []user{
			{Account: account, Name: "A", ID: "new"},                // the key is taken
			{Account: account, Name: "c", ID: "AIDAa", Path: "/c/"}, // the id is taken
		} {
			if err := users.Insert(tx, &u); !errors.Is(err, store.ErrExists) {
				t.Errorf("Insert(%s, %s) = %v, want ErrExists", u.Name, u.ID, err)
			}
		}
		if err := users.Put(tx, &user{Account: account, Name: "b", ID: "AIDAa", Path: "/b/"}); !errors.Is(err, store.ErrExists) {
			t.Errorf("Put with a taken id = %v, want ErrExists", err)
		}
		if err := users.Delete(tx, account, "c"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Delete = %v, want ErrNotFound", err)
		}
		return users.Put(tx, &user{Account: account, Name: "d", ID: "AIDAd"})
	})
	if got, want := names(t, db, nil), []string{"a", "b", "d"}; !slices.Equal(got, want) {
		t.Errorf("records %v, want %v", got, want)
	}
	view(t, db, func(tx *store.Tx) error {
		if n, err := users.CountBy(tx, "path", nil); n != 0 || err != nil {
			t.Errorf("%d entries of failed writes are in the index, %v", n, err)
		}
		u, err := users.By(tx, "id", "AIDAb")
		if err == nil && u.Name != "b" {
			t.Errorf("By = %v", u)
		}
		return err
	})
}

func (s suite) pages(t *testing.T) {
	db := s.open(t)
	var want []string
	for i := range 25 {
		want = append(want, fmt.Sprintf("u%02d", i))
	}
	update(t, db, func(tx *store.Tx) error {
		for i, name := range want {
			u := &user{Account: account, Name: name, ID: name, Path: fmt.Sprintf("/%d/", i%2)}
			if err := users.Insert(tx, u); err != nil {
				return err
			}
		}
		return users.Insert(tx, &user{Account: "2", Name: "other", ID: "other"})
	})
	for _, limit := range []int{1, 7, 24, 25, 26, 1000} {
		var got []string
		pages := 0
		for after := store.Key(nil); pages == 0 || after != nil; pages++ {
			view(t, db, func(tx *store.Tx) error {
				rows, next, err := users.Page(tx, store.K(account), after, limit)
				for _, u := range rows {
					got = append(got, u.Name)
				}
				after = next
				return err
			})
		}
		if !slices.Equal(got, want) || pages != (len(want)+limit-1)/limit {
			t.Errorf("limit %d: %d pages with %v", limit, pages, got)
		}
	}
	s.pageEdges(t, db)
}

func (s suite) pageEdges(t *testing.T, db *store.DB) {
	var next store.Key
	view(t, db, func(tx *store.Tx) (err error) {
		_, next, err = users.Page(tx, store.K(account), nil, 3)
		return err
	})
	update(t, db, func(tx *store.Tx) error { return users.Delete(tx, account, "u02") })
	view(t, db, func(tx *store.Tx) error {
		rows, _, err := users.Page(tx, store.K(account), next, 1)
		if err != nil || rows[0].Name != "u03" {
			t.Errorf("the page after a deleted record: %v, %v", rows, err)
		}
		if _, _, err := users.Page(tx, store.K("2"), next, 1); !errors.Is(err, store.ErrMarker) {
			t.Errorf("a position of another scope: %v, want ErrMarker", err)
		}
		if _, _, err := users.Page(tx, nil, nil, 0); err == nil {
			t.Error("a page without records is no error")
		}
		rows, next, err = users.PageBy(tx, "path", store.K(account, "/1/"), nil, 11)
		if err != nil || len(rows) != 11 || rows[10].Name != "u21" {
			t.Errorf("PageBy: %d rows, %v", len(rows), err)
		}
		rows, next, err = users.PageBy(tx, "path", store.K(account, "/1/"), next, 11)
		if err != nil || len(rows) != 1 || next != nil {
			t.Errorf("the last PageBy: %d rows, next %v, %v", len(rows), next, err)
		}
		return nil
	})
}

func (s suite) counts(t *testing.T) {
	db := s.open(t)
	check := func(prefix store.Key, want int) {
		t.Helper()
		view(t, db, func(tx *store.Tx) error {
			n, err := users.Count(tx, prefix)
			if n != want {
				t.Errorf("Count(%v) = %d, want %d", prefix, n, want)
			}
			return err
		})
	}
	check(store.K(account), 0)
	insert(t, db, "a", "b", "c")
	insert(t, db, "d")
	update(t, db, func(tx *store.Tx) error { return users.Put(tx, &user{Account: account, Name: "a", ID: "AIDAa", N: 1}) })
	update(t, db, func(tx *store.Tx) error { return users.Insert(tx, &user{Account: "2", Name: "a", ID: "x"}) })
	check(store.K(account), 4)
	check(store.K("2"), 1)
	check(nil, 5)
	check(store.K(account).Starting("b"), 1)
	check(store.K().Starting("1"), 4)
	for _, name := range []string{"a", "b", "c", "d"} {
		update(t, db, func(tx *store.Tx) error { return users.Delete(tx, account, name) })
	}
	check(store.K(account), 0)
	check(nil, 1)
}
