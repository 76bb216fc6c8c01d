package store

import (
	"fmt"
	"iter"
	"reflect"
	"strconv"

	"github.com/writ-iam/writ/store/driver"
)

// Table is a table of records of type R, kept as JSON under keys that are made
// of the records themselves. Tables are values of the program, made once;
// databases need not know of them.
type Table[R any] struct {
	name     string
	prefix   Key
	key      func(*R) Key
	indexes  []*index[R]
	counts   Key  // prefix of the counts; nil if they are not kept
	unlogged bool // leaves no change record
	secrets  bool // R holds secrets
}

// index is a second order of a table. Its entries hold the record's key.
type index[R any] struct {
	name   string
	prefix Key
	unique bool
	groups Key // prefix of the counts of its groups; nil if they are not kept
	parts  int // how many parts of a key name its group
	key    func(*R) Key
}

// Option is something special about a table.
type Option[R any] func(*Table[R])

// NewTable makes a table. Its name is unique in the program, "service/record",
// and stays: it is part of the stored keys. key must not return the nil Key.
func NewTable[R any](name string, key func(*R) Key, options ...Option[R]) *Table[R] {
	t := &Table[R]{name: name, prefix: K(name), key: key}
	t.secrets = secretive(reflect.TypeFor[R](), map[reflect.Type]bool{})
	for _, option := range options {
		option(t)
	}
	return t
}

// Index orders the table by another key as well, see ScanBy and PageBy. Several
// records may have the same one; those with the nil Key are left out.
func Index[R any](name string, key func(*R) Key) Option[R] {
	return func(t *Table[R]) {
		t.indexes = append(t.indexes, &index[R]{name: name, prefix: K(t.name + "#" + name), key: key})
	}
}

// Unique is an Index whose keys no two records share, see By.
func Unique[R any](name string, key func(*R) Key) Option[R] {
	return func(t *Table[R]) {
		Index(name, key)(t)
		t.indexes[len(t.indexes)-1].unique = true
	}
}

// Counted keeps the number of records by the first part of their keys, so that
// Count of such a prefix does not have to look at the records.
func Counted[R any]() Option[R] {
	return func(t *Table[R]) { t.counts = K(t.name + "#") }
}

// Unlogged is for short-lived things that no client's mutation writes: used
// codes, throttle counters, last use. They leave no change record, other nodes
// are not told of them, and cached values cannot be derived from them.
func Unlogged[R any]() Option[R] {
	return func(t *Table[R]) { t.unlogged = true }
}

// Get returns the record with the key K(parts...), or ErrNotFound.
func (t *Table[R]) Get(tx *Tx, parts ...any) (*R, error) {
	if err := t.readable(tx); err != nil {
		return nil, err
	}
	at := t.prefix.Add(parts...)
	stored, err := tx.getOne(at)
	if err != nil {
		return nil, err
	}
	if stored == nil {
		return nil, ErrNotFound
	}
	return t.decode(tx, at, stored)
}

// Put writes a record, whether or not there is one with its key. It returns
// ErrExists if another record has its key in a unique index.
func (t *Table[R]) Put(tx *Tx, r *R) error {
	at := t.prefix.Add(t.key(r))
	old, err := tx.getOne(at)
	if err != nil {
		return err
	}
	return t.write(tx, at, old, r)
}

// Insert writes a record. It returns ErrExists if there is one with its key, or
// with its key in a unique index.
func (t *Table[R]) Insert(tx *Tx, r *R) error {
	at := t.prefix.Add(t.key(r))
	old, err := tx.getOne(at)
	if err != nil {
		return err
	}
	if old != nil {
		return ErrExists
	}
	return t.write(tx, at, nil, r)
}

// Delete removes the record with the key K(parts...), or returns ErrNotFound.
func (t *Table[R]) Delete(tx *Tx, parts ...any) error {
	at := t.prefix.Add(parts...)
	old, err := tx.getOne(at)
	if err != nil {
		return err
	}
	if old == nil {
		return ErrNotFound
	}
	return t.write(tx, at, old, nil)
}

// Scan yields the records whose keys start with prefix, in the order of keys,
// as they are when it begins. An error ends it.
func (t *Table[R]) Scan(tx *Tx, prefix Key) iter.Seq2[*R, error] {
	return func(yield func(*R, error) bool) {
		if err := t.readable(tx); err != nil {
			yield(nil, err)
			return
		}
		for pair, err := range tx.scan(t.prefix.Add(prefix), nil) {
			var r *R
			if err == nil {
				r, err = t.decode(tx, pair.Key, pair.Value)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// Count returns how many records have keys that start with prefix. It looks at
// all of them, unless the table is Counted and prefix is one part.
func (t *Table[R]) Count(tx *Tx, prefix Key) (int, error) {
	if err := t.readable(tx); err != nil {
		return 0, err
	}
	if t.counts != nil && len(prefix.Parts()) == 1 && len(prefix.whole()) == len(prefix) {
		return tx.count(t.counts.Add(prefix))
	}
	return count(tx.scan(t.prefix.Add(prefix), nil))
}

func count(pairs iter.Seq2[driver.Pair, error]) (n int, err error) {
	for _, err := range pairs {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

func (t *Table[R]) readable(tx *Tx) error {
	if t.unlogged && tx.reads != nil {
		return fmt.Errorf("store: table %s is unlogged: no cached value can be derived from it", t.name)
	}
	return nil
}

func (t *Table[R]) decode(tx *Tx, at Key, stored []byte) (*R, error) {
	r := new(R)
	if err := decode(stored, r, t.secrets, tx.db.options.Keys, at); err != nil {
		return nil, fmt.Errorf("store: record %v: %w", at, err)
	}
	return r, nil
}

// write replaces the stored record old, nil if there was none, by r, nil to
// delete it, and moves everything derived along.
func (t *Table[R]) write(tx *Tx, at Key, old []byte, r *R) error {
	if len(at) == len(t.prefix) {
		return fmt.Errorf("store: a record of table %s has no key", t.name)
	}
	if err := t.reindex(tx, at, old, r); err != nil {
		return err
	}
	w := write{kind: t.kind(record)}
	if r != nil {
		var err error
		if w.value, w.public, err = encode(r, t.secrets, tx.db.options.Keys, at); err != nil {
			return fmt.Errorf("store: record %v: %w", at, err)
		}
	}
	if (old == nil) != (r == nil) {
		if err := t.recount(tx, at, r != nil); err != nil {
			return err
		}
	}
	return tx.put(at, w)
}

func (t *Table[R]) kind(k kind) kind {
	if t.unlogged {
		return unlogged
	}
	return k
}

// recount notes that a record has come or gone.
func (t *Table[R]) recount(tx *Tx, at Key, come bool) error {
	if t.counts == nil {
		return nil
	}
	var scope Key
	for scope = range at[len(t.prefix):].heads {
		break
	}
	return tx.recount(t.counts.Add(scope), come, t.kind(derived))
}

// recount makes a count one more or one less.
func (tx *Tx) recount(key Key, come bool, k kind) error {
	n, err := tx.count(key)
	if err != nil {
		return err
	}
	if n--; come {
		n += 2
	}
	w := write{kind: k}
	if n != 0 {
		w.value = strconv.AppendInt(nil, int64(n), 10)
	}
	return tx.put(key, w)
}

func (tx *Tx) count(key Key) (int, error) {
	value, err := tx.getOne(key)
	if err != nil || value == nil {
		return 0, err
	}
	return strconv.Atoi(string(value))
}
