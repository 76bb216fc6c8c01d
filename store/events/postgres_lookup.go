package events

import (
	"context"

	"github.com/jackc/pgx/v5"
)

const (
	columns = `e.account, e.id, e.nanos, e.region, e.attributes, e.event, e.note`

	selectPage = `SELECT ` + columns + ` FROM event_key k
		JOIN event e ON e.account = k.account AND e.id = k.id AND e.nanos = k.nanos
		WHERE k.key = $1 AND k.nanos >= $2 AND (k.nanos, k.id) < ($3, $4) AND k.account = $5 AND ($6 = '' OR e.region = $6)
		ORDER BY k.nanos DESC, k.id DESC LIMIT $7`

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
		entries, err := l.query(ctx, selectPage,
			int64(s.key), s.lo.nanos, s.hi.nanos, [16]byte(s.hi.id), s.Account, s.Region, want)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			s.hi = placeOf(&entries[i])
			if s.matches(&entries[i]) {
				found = append(found, entries[i])
			}
		}
		if len(entries) < want {
			break
		}
	}
	return found, nil
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
