package audit

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/events"
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
	last := from
	err = db.Changes(ctx, from+1, func(change store.Change) error {
		if !change.Time.Before(before) {
			return errRecent
		}
		last = change.Revision
		return l.complete(ctx, change.Event)
	})
	if err != nil && !errors.Is(err, errRecent) {
		return err
	}
	if last == from {
		return nil
	}
	if err := l.writer.Flush(ctx); err != nil {
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

// complete writes the event that a change record keeps, if the log lacks it.
// The node's own work has none.
func (l *Log) complete(ctx context.Context, raw json.RawMessage) error {
	if raw == nil {
		return nil
	}
	e := new(Event)
	if err := json.Unmarshal(raw, e); err != nil {
		return err
	}
	_, err := l.writer.Get(ctx, e.RecipientAccountID, e.EventID)
	if !errors.Is(err, events.ErrNotFound) {
		return err
	}
	at, err := time.Parse(timeFormat, e.EventTime)
	if err != nil {
		return err
	}
	e.Addendum = &Addendum{Reason: "DELAYED"}
	return l.writer.Write(e.entry(at, e.append(nil), nil))
}
