package events

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	insertEvents = `INSERT INTO event (account, id, nanos, region, attributes, event, note)
		SELECT * FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::text[], $5::bytea[], $6::bytea[], $7::bytea[])
		ON CONFLICT DO NOTHING`
	insertKeys = `INSERT INTO event_key (key, nanos, id, region)
		SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::text[])
		ON CONFLICT DO NOTHING`
)

// Append implements Log: one transaction for each thousand entries.
func (l *Postgres) Append(ctx context.Context, entries []Entry) error {
	if err := checkAll(entries); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if len(entries) == 0 {
		return l.probe(ctx)
	}
	for part := range slices.Chunk(entries, statementRows) {
		if err := l.transact(ctx, func(tx pgx.Tx) error { return insert(ctx, tx, part) }); err != nil {
			return err
		}
	}
	return l.bound(ctx, entries)
}

// probe inserts an entry and takes it back.
func (l *Postgres) probe(ctx context.Context) error {
	tx, err := l.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	return insert(ctx, tx, []Entry{{Time: time.Now(), ID: eventID{}.String()}})
}

func insert(ctx context.Context, tx pgx.Tx, entries []Entry) error {
	var e eventColumns
	var k keyColumns
	for i := range entries {
		e.add(&entries[i])
		k.add(&entries[i])
	}
	b := &pgx.Batch{}
	b.Queue(insertEvents, e.accounts, e.ids, e.nanos, e.regions, e.attributes, e.events, e.notes)
	b.Queue(insertKeys, k.keys, k.nanos, k.ids, k.regions)
	return tx.SendBatch(ctx, b).Close()
}

// eventColumns and keyColumns are rows of the tables turned into columns, which
// one statement takes as arrays.
type eventColumns struct {
	accounts, regions         []string
	ids                       [][16]byte
	nanos                     []int64
	attributes, events, notes [][]byte
}

func (c *eventColumns) add(e *Entry) {
	p := placeOf(e)
	c.accounts = append(c.accounts, e.Account)
	c.regions = append(c.regions, e.Region)
	c.ids = append(c.ids, p.id)
	c.nanos = append(c.nanos, p.nanos)
	c.attributes = append(c.attributes, appendAttributes([]byte{}, e.Attributes))
	c.events = append(c.events, some(e.Event))
	c.notes = append(c.notes, some(e.Note))
}

type keyColumns struct {
	keys, nanos []int64
	ids         [][16]byte
	regions     []string
}

// add adds the keys of e, but that of its id, which is the key of its own row.
func (c *keyColumns) add(e *Entry) {
	p := placeOf(e)
	own := attributeKey(e.Account, EventID, e.ID)
	for _, k := range appendKeys(nil, e) {
		if k != own {
			c.keys = append(c.keys, int64(k))
			c.nanos = append(c.nanos, p.nanos)
			c.ids = append(c.ids, p.id)
			c.regions = append(c.regions, e.Region)
		}
	}
}
