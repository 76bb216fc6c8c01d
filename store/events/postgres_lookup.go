package events

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

const (
	columns = `e.account, e.id, e.nanos, e.region, e.attributes, e.event, e.note`

	// Bounds and order are those of the primary key as a whole, and the limit is
	// a plain number: planners then read in order what is wanted, and do not sort
	// all that there is, whatever they believe of the table.
	selectPlaces = `SELECT nanos, id FROM event_key
		WHERE (key, nanos, id) >= ($1, $2, $3) AND (key, nanos, id) < ($1, $4, $5) AND ($6 = '' OR region = $6)
		ORDER BY key DESC, nanos DESC, id DESC LIMIT %d`

	selectIDs = `SELECT ` + columns + ` FROM event e WHERE e.account = $1 AND e.id = ANY($2)`

	selectKnown = `SELECT id FROM event WHERE account = $1 AND id = ANY($2)`

	selectID = `SELECT ` + columns + ` FROM event e WHERE e.account = $1 AND e.id = $2`
)

// Lookup implements Log.
func (l *Postgres) Lookup(ctx context.Context, q Query) ([]Entry, Position, error) {
	s, err := newSearch(q)
	if err != nil {
		return nil, "", err
	}
	if q.Attribute != nil && q.Attribute.Name == EventID {
		return lookupID(ctx, l, s)
	}
	found, err := l.find(ctx, s)
	page, next := s.page(found)
	return page, next, err
}

// find returns the newest entries that match s, one more than its limit if
// there are. It asks again only if keys found what does not match.
func (l *Postgres) find(ctx context.Context, s *search) (found []Entry, err error) {
	for len(found) <= s.Limit {
		want := s.Limit + 1 - len(found)
		places, err := l.places(ctx, s, want)
		if err != nil {
			return nil, err
		}
		entries, err := l.entries(ctx, s.Account, places)
		if err != nil {
			return nil, err
		}
		for _, p := range places {
			s.hi = p
			if e, ok := entries[p]; ok && s.matches(&e) {
				found = append(found, e)
			}
		}
		if len(places) < want {
			break
		}
	}
	return found, nil
}

// places returns the newest places under the key of s.
func (l *Postgres) places(ctx context.Context, s *search, limit int) ([]place, error) {
	rows, err := l.pool.Query(ctx, fmt.Sprintf(selectPlaces, limit),
		int64(s.key), s.lo.nanos, [16]byte(s.lo.id), s.hi.nanos, [16]byte(s.hi.id), s.Region)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p place, err error) {
		return p, row.Scan(&p.nanos, (*[16]byte)(&p.id))
	})
}

// entries returns an account's entries at the given places.
func (l *Postgres) entries(ctx context.Context, account string, places []place) (map[place]Entry, error) {
	ids := make([][16]byte, len(places))
	for i := range places {
		ids[i] = places[i].id
	}
	entries, err := l.query(ctx, selectIDs, account, ids)
	at := make(map[place]Entry, len(entries))
	for i := range entries {
		at[placeOf(&entries[i])] = entries[i]
	}
	return at, err
}

// Get implements Log.
func (l *Postgres) Get(ctx context.Context, account, id string) (Entry, error) {
	binary, err := parseID(id)
	if err != nil || !plain(account) {
		return Entry{}, ErrNotFound
	}
	entries, err := l.query(ctx, selectID, account, [16]byte(binary))
	if err != nil {
		return Entry{}, err
	}
	if len(entries) == 0 {
		return Entry{}, ErrNotFound
	}
	return entries[0], nil
}

// Missing implements Log.
func (l *Postgres) Missing(ctx context.Context, account string, ids []string) ([]string, error) {
	wanted := idSet(ids)
	binary := make([][16]byte, 0, len(wanted))
	for id := range wanted {
		binary = append(binary, id)
	}
	if !plain(account) {
		return ids, nil
	}
	rows, err := l.pool.Query(ctx, selectKnown, account, binary)
	if err != nil {
		return nil, err
	}
	var known [16]byte
	_, err = pgx.ForEachRow(rows, []any{&known}, func() error {
		delete(wanted, known)
		return nil
	})
	return remaining(ids, wanted), err
}

func (l *Postgres) query(ctx context.Context, statement string, args ...any) ([]Entry, error) {
	rows, err := l.pool.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanEntry)
}

func scanEntry(row pgx.CollectableRow) (e Entry, err error) {
	var p place
	var attributes []byte
	if err := row.Scan(&e.Account, (*[16]byte)(&p.id), &p.nanos, &e.Region, &attributes, &e.Event, &e.Note); err != nil {
		return e, err
	}
	words := words{rest: string(attributes)}
	e.Time, e.ID, e.Attributes = p.time(), p.id.String(), words.attributes()
	return e, words.err
}
