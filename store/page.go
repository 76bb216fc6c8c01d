package store

import (
	"bytes"
	"encoding/base64"
	"errors"

	"github.com/writ-iam/writ/store/driver"
)

// ErrMarker is returned for a marker that was not made by this installation for
// the same scope: AWS answers it with a ValidationError.
var ErrMarker = errors.New("store: invalid marker")

// Page returns up to limit records whose keys start with prefix, those after
// the position after, or the first if it is nil. next is the position of the
// page that follows, nil if there is none. Positions go to clients as markers
// only, see SealMarker.
func (t *Table[R]) Page(tx *Tx, prefix, after Key, limit int) (rows []*R, next Key, err error) {
	pairs, next, err := t.page(tx, t.prefix, prefix, after, limit)
	if err != nil {
		return nil, nil, err
	}
	for _, pair := range pairs {
		r, err := t.decode(tx, pair.Key, pair.Value)
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, r)
	}
	return rows, next, nil
}

// PageBy is Page in the order of an index.
func (t *Table[R]) PageBy(tx *Tx, name string, prefix, after Key, limit int) (rows []*R, next Key, err error) {
	pairs, next, err := t.page(tx, t.index(name).prefix, prefix, after, limit)
	if err != nil {
		return nil, nil, err
	}
	rows, err = t.each(tx, pairs)
	return rows, next, err
}

func (t *Table[R]) page(tx *Tx, order, prefix, after Key, limit int) (pairs []driver.Pair, next Key, err error) {
	if err := t.readable(tx); err != nil {
		return nil, nil, err
	}
	if limit < 1 {
		return nil, nil, errors.New("store: a page has at least one record")
	}
	if after != nil {
		if !bytes.HasPrefix(after, prefix) {
			return nil, nil, ErrMarker
		}
		after = order.Add(after)
	}
	for pair, err := range tx.scan(order.Add(prefix), after) {
		if err != nil {
			return nil, nil, err
		}
		if len(pairs) == limit {
			return pairs, bytes.Clone(pairs[limit-1].Key[len(order):]), nil
		}
		pairs = append(pairs, pair)
	}
	return pairs, nil, nil
}

// SealMarker makes a marker of a position: opaque, and good only for the scope
// it was made for. The scope names the account and the query, so that a marker
// is refused when it is used for another.
func (db *DB) SealMarker(scope string, position Key) string {
	return base64.RawURLEncoding.EncodeToString(db.options.Keys.Seal(Markers, position, []byte(scope)))
}

// OpenMarker returns the position in a marker, nil for the empty marker, or
// ErrMarker.
func (db *DB) OpenMarker(scope, marker string) (position Key, err error) {
	if marker == "" {
		return nil, nil
	}
	sealed, err := base64.RawURLEncoding.DecodeString(marker)
	if err != nil {
		return nil, ErrMarker
	}
	position, err = db.options.Keys.Open(Markers, sealed, []byte(scope))
	if err != nil {
		return nil, ErrMarker
	}
	return position, nil
}
