package audit

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/writ-iam/writ/store"
)

// cursor says up to which revision the log is known to have the event of every
// change.
type cursor struct{ Revision uint64 }

var cursors = store.NewTable("audit/complete", func(*cursor) store.Key { return store.K("cursor") }, store.Unlogged[cursor]())

// errRecent ends the walk at the first change that is still on its way.
var errRecent = errors.New("audit: the change is recent")

// Complete gives the log the events of changes that were committed before a
// time and whose events it lacks, because their node stopped between the commit
// and the writing. Such an event has no response, and says that it came late.
//
// Complete may run at any time and on several nodes, but before must leave out
// the calls that are still being answered. It goes on where it ended last.
func (l *Log) Complete(ctx context.Context, db *store.DB, before time.Time) error {
	from, err := completed(ctx, db)
	if err != nil {
		return err
	}
	last, batch := from, new(unconfirmed)
	err = db.Changes(ctx, from+1, func(change store.Change) error {
		if !change.Time.Before(before) {
			return errRecent
		}
		last = change.Revision
		if err := batch.add(change.Event); err != nil || batch.size < batchSize {
			return err
		}
		return l.complete(ctx, batch)
	})
	if err != nil && !errors.Is(err, errRecent) {
		return err
	}
	if last == from {
		return nil
	}
	if err := cmp.Or(l.complete(ctx, batch), l.writer.Flush(ctx)); err != nil {
		return err
	}
	return db.Maintain(ctx, "events completed", func(tx *store.Tx) error {
		return cursors.Put(tx, &cursor{last})
	})
}

// completed is the revision where the last Complete ended.
func completed(ctx context.Context, db *store.DB) (revision uint64, err error) {
	err = db.View(ctx, func(tx *store.Tx) error {
		c, err := cursors.Get(tx, "cursor")
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			revision = c.Revision
		}
		return err
	})
	return revision, err
}

// batchSize is how many bytes of events the log is asked for at once, about a
// thousand events: looking for one takes it almost as long as looking for many.
const batchSize = 1 << 20

// unconfirmed holds the events of changes, as their records keep them, by
// account and id.
type unconfirmed struct {
	accounts map[string]map[string]json.RawMessage
	size     int // in bytes
}

// add takes the event of a change. The node's own work has none.
func (u *unconfirmed) add(raw json.RawMessage) error {
	if raw == nil {
		return nil
	}
	var known struct {
		EventID            string `json:"eventID"`
		RecipientAccountID string `json:"recipientAccountId"`
	}
	if err := json.Unmarshal(raw, &known); err != nil {
		return err
	}
	if u.accounts == nil {
		u.accounts = map[string]map[string]json.RawMessage{}
	}
	events := u.accounts[known.RecipientAccountID]
	if events == nil {
		events = map[string]json.RawMessage{}
		u.accounts[known.RecipientAccountID] = events
	}
	events[known.EventID] = raw
	u.size += len(raw)
	return nil
}

// complete writes those events that the log lacks, and empties the batch.
func (l *Log) complete(ctx context.Context, batch *unconfirmed) error {
	for account, events := range batch.accounts {
		missing, err := l.writer.Missing(ctx, account, slices.Sorted(maps.Keys(events)))
		if err != nil {
			return err
		}
		for _, id := range missing {
			if err := l.late(events[id]); err != nil {
				return err
			}
		}
	}
	*batch = unconfirmed{}
	return nil
}

// late writes an event that a change record keeps.
func (l *Log) late(raw json.RawMessage) error {
	e := new(Event)
	if err := json.Unmarshal(raw, e); err != nil {
		return err
	}
	at, err := time.Parse(timeFormat, e.EventTime)
	if err != nil {
		return err
	}
	e.Addendum = &Addendum{Reason: "DELAYED"}
	return l.writer.Write(e.entry(at, e.append(nil), nil))
}
