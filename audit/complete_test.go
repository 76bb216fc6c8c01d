package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/events"
)

type thing struct{ Name string }

var things = store.NewTable("audit-test/thing", func(r *thing) store.Key { return store.K(r.Name) })

// open returns a store whose change records have their events from log.
func open(t *testing.T, now func() time.Time) *store.DB {
	t.Helper()
	keys, err := store.NewKeyring(bytes.Repeat([]byte{1}, store.MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), "memory:", store.Options{Keys: keys, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.Guard = func(*store.Tx, *writ.Call) error { return nil }
	db.Describe = (&Log{}).Describe
	return db
}

func newLog(t *testing.T) *Log {
	w := events.NewWriter(events.NewMemory(1000, 1<<20))
	t.Cleanup(func() { w.Close() })
	return New(w, true)
}

// create makes a thing by a call of its own.
func create(t *testing.T, db *store.DB, name, id string, at time.Time) *writ.Call {
	t.Helper()
	c := call(t, "iam", "CreateUser", john(), on("iam:CreateUser", "", "arn:aws:iam::777788889999:user/"+name, "777788889999"))
	c.ID, c.Time, c.Input = id, at, &iam.CreateUserInput{UserName: name}
	if err := db.Update(c, func(tx *store.Tx) error { return things.Insert(tx, &thing{name}) }); err != nil {
		t.Fatal(err)
	}
	c.Output = &iam.CreateUserOutput{User: &iam.User{UserName: name}}
	return c
}

func lookup(t *testing.T, l *Log, name string) []Event {
	t.Helper()
	found, _, err := l.writer.Lookup(t.Context(), events.Query{Account: "777788889999", Limit: 10, Attribute: &events.Attribute{Name: "ResourceName", Value: name}})
	if err != nil {
		t.Fatal(err)
	}
	all := make([]Event, len(found))
	for i := range found {
		if err := json.Unmarshal(found[i].Event, &all[i]); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// The node stops after the commit of bob, before his event is written.
func TestComplete(t *testing.T) {
	now := at("2026-05-01T12:00:00Z")
	db, l := open(t, func() time.Time { return now }), newLog(t)
	alice := create(t, db, "alice", "00000000-0000-4000-8000-000000000001", now)
	if err := l.Record(t.Context(), alice); err != nil {
		t.Fatal(err)
	}
	create(t, db, "bob", "00000000-0000-4000-8000-000000000002", now)
	if err := db.Maintain(t.Context(), "no call", func(tx *store.Tx) error { return things.Insert(tx, &thing{"own work"}) }); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time changes nothing
		if err := l.Complete(t.Context(), db, now.Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		if got := lookup(t, l, "alice"); len(got) != 1 || got[0].Addendum != nil || got[0].ResponseElements == nil {
			t.Errorf("alice: %+v", got)
		}
		bob := lookup(t, l, "bob")
		if len(bob) != 1 || bob[0].Addendum == nil || bob[0].Addendum.Reason != "DELAYED" ||
			bob[0].EventID != EventID("00000000-0000-4000-8000-000000000002", "777788889999") || bob[0].UserIdentity.UserName != "JohnDoe" {
			t.Fatalf("bob: %+v", bob)
		}
	}
}

// More changes than the log is asked for at once: each that it lacks is there
// afterwards, once, and none that it had comes again.
func TestCompleteInBatches(t *testing.T) {
	now := at("2026-05-01T12:00:00Z")
	db, log := open(t, func() time.Time { return now }), events.NewMemory(10_000, 64<<20)
	w := events.NewWriter(log)
	defer w.Close()
	l, written := New(w, true), 0
	const changes = 3000
	for n := range changes {
		c := create(t, db, fmt.Sprintf("user-%d", n), fmt.Sprintf("%08x-0000-4000-8000-000000000000", n), now)
		if n%3 == 0 {
			written++
			if err := l.Record(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := l.Complete(t.Context(), db, now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	late, all := 0, 0
	for q := (events.Query{Account: "777788889999", Limit: 500}); ; {
		page, next, err := w.Lookup(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			all++
			if bytes.Contains(e.Event, []byte("DELAYED")) {
				late++
			}
		}
		if q.After = next; next == "" {
			break
		}
	}
	if all != changes || late != changes-written {
		t.Errorf("%d events, %d of them late; %d of %d were written before", all, late, written, changes)
	}
}

// A call that is still being answered is left to its own node.
func TestCompleteLeavesOutTheRecent(t *testing.T) {
	now := at("2026-05-01T12:00:00Z")
	db, l := open(t, func() time.Time { return now }), newLog(t)
	create(t, db, "old", "00000000-0000-4000-8000-000000000001", now)
	now = now.Add(time.Minute)
	recent := create(t, db, "recent", "00000000-0000-4000-8000-000000000002", now)
	for range 2 { // the second time there is nothing but the recent
		if err := l.Complete(t.Context(), db, now); err != nil {
			t.Fatal(err)
		}
	}
	if len(lookup(t, l, "old")) != 1 || len(lookup(t, l, "recent")) != 0 {
		t.Errorf("old %d, recent %d", len(lookup(t, l, "old")), len(lookup(t, l, "recent")))
	}
	if err := l.Complete(t.Context(), db, now); err != nil {
		t.Errorf("nothing is old enough: %v", err)
	}
	if err := l.Record(t.Context(), recent); err != nil {
		t.Fatal(err)
	}
	if err := l.Complete(t.Context(), db, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got := lookup(t, l, "recent"); len(got) != 1 || got[0].Addendum != nil {
		t.Errorf("recent: %+v", got)
	}
}

// What was completed once is not looked for again, so that events which
// retention has removed since do not come back.
func TestCompleteGoesOn(t *testing.T) {
	now := at("2026-05-01T12:00:00Z")
	db := open(t, func() time.Time { return now })
	create(t, db, "bob", "00000000-0000-4000-8000-000000000001", now)
	if err := newLog(t).Complete(t.Context(), db, now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	empty := newLog(t)
	if err := empty.Complete(t.Context(), db, now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if got := lookup(t, empty, "bob"); len(got) != 0 {
		t.Errorf("bob was completed again: %+v", got)
	}
}

// If the log can't be written the cursor stays, and the next time completes.
func TestCompleteFails(t *testing.T) {
	now := at("2026-05-01T12:00:00Z")
	db := open(t, func() time.Time { return now })
	create(t, db, "bob", "00000000-0000-4000-8000-000000000001", now)
	w := events.NewWriter(events.NewMemory(1000, 1<<20))
	w.Close()
	if err := New(w, true).Complete(t.Context(), db, now.Add(time.Second)); !errors.Is(err, events.ErrClosed) {
		t.Fatalf("got %v", err)
	}
	l := newLog(t)
	if err := l.Complete(t.Context(), db, now.Add(time.Second)); err != nil || len(lookup(t, l, "bob")) != 1 {
		t.Errorf("got %v, %d events", err, len(lookup(t, l, "bob")))
	}
}
