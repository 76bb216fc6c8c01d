package events

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	narrow = `e.account, e.id, e.nanos, e.region, e.attributes, NULL::bytea, NULL::bytea` // what keys follow from

	selectOld = `SELECT ` + narrow + ` FROM event e WHERE e.nanos < $1 ORDER BY e.nanos LIMIT $2`

	selectFlood = `SELECT ` + narrow + ` FROM
		(SELECT id FROM event_key WHERE key = $1 ORDER BY nanos DESC, id DESC LIMIT $3 OFFSET $2) k
		JOIN event e ON e.account = '' AND e.id = k.id`

	deleteEvents = `DELETE FROM event e USING unnest($1::text[], $2::uuid[]) AS d(account, id)
		WHERE e.account = d.account AND e.id = d.id`

	deleteKeys = `DELETE FROM event_key k USING unnest($1::bigint[], $2::bigint[], $3::uuid[]) AS d(key, nanos, id)
		WHERE k.key = d.key AND k.nanos = d.nanos AND k.id = d.id`
)

// Trim deletes exactly the entries older than before.
func (l *Postgres) Trim(ctx context.Context, before time.Time) error {
	return l.deleteAll(ctx, selectOld, nanosAt(before))
}

// bound deletes the oldest of the installation's own entries that are too many.
// It looks only now and then, and first when the first entry comes.
func (l *Postgres) bound(ctx context.Context, entries []Entry) error {
	for i := range entries {
		if entries[i].Account == "" && l.flood.Add(-1) < 0 {
			l.flood.Store(l.installation / 10)
			return l.deleteAll(ctx, selectFlood, int64(accountKey("")), l.installation)
		}
	}
	return nil
}

// deleteAll deletes what a statement selects, a part in each transaction.
func (l *Postgres) deleteAll(ctx context.Context, statement string, args ...any) error {
	for {
		old, err := l.query(ctx, statement, append(args, statementRows)...)
		if err != nil {
			return err
		}
		if err := l.transact(ctx, func(tx pgx.Tx) error { return remove(ctx, tx, old) }); err != nil {
			return err
		}
		if len(old) < statementRows {
			return nil
		}
	}
}

func remove(ctx context.Context, tx pgx.Tx, entries []Entry) error {
	var e eventColumns
	var k keyColumns
	for i := range entries {
		e.add(&entries[i])
		k.add(&entries[i])
	}
	b := &pgx.Batch{}
	b.Queue(deleteKeys, k.keys, k.nanos, k.ids)
	b.Queue(deleteEvents, e.accounts, e.ids)
	return tx.SendBatch(ctx, b).Close()
}
