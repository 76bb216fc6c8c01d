package s3

import (
	"bytes"
	"iter"
	"strings"

	"github.com/writ-iam/writ/store"
)

// maxKeys is how many keys and prefixes one answer lists at most.
const maxKeys = 1000

// listing is one request for a list of keys.
type listing struct {
	bucket, prefix, delimiter string
	limit                     int
	after                     store.Key // where to go on; nil begins at the beginning
	versions                  bool      // all versions of each key, marks of deletion too
}

// entry is an object, or a prefix that stands for all keys that begin with it.
type entry struct {
	object *object // nil for a prefix
	latest bool    // the object is the newest version of its key
	prefix string
}

// page returns the first entries, limit at most. next is the position of those
// that follow, nil if there are none.
func (l *listing) page(tx *store.Tx) (all []entry, next store.Key, err error) {
	if l.limit == 0 {
		return nil, nil, nil
	}
	for e, err := range l.entries(tx) {
		if err != nil {
			return nil, nil, err
		}
		if len(all) == l.limit {
			return all, l.past(all[len(all)-1]), nil
		}
		all = append(all, e)
	}
	return all, nil, nil
}

// entries yields the newest version of each key that is not deleted, or all
// versions, or the prefix that stands for them, in the order of keys. Whatever a
// yielded entry stands for is jumped over, however much it is.
func (l *listing) entries(tx *store.Tx) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		at, within := l.after, store.K(l.bucket).Starting(l.prefix)
		for {
			rows, more, err := objects.Page(tx, within, at, l.limit+1)
			if err != nil {
				yield(entry{}, err)
				return
			}
			for _, o := range rows {
				here := versionKey(o.Bucket, o.Key, o.Order)
				if bytes.Compare(here, at) <= 0 {
					continue
				}
				e := l.entry(o)
				if e.latest, err = l.latest(tx, o, at); err != nil {
					yield(entry{}, err)
					return
				}
				at = l.past(e)
				if o.Deleted && !l.versions {
					at = pastKey(l.bucket, o.Key)
				} else if !yield(e, nil) {
					return
				}
			}
			if more == nil {
				return
			}
			if bytes.Compare(more, at) > 0 {
				at = more
			}
		}
	}
}

// entry is what stands for a version in the list.
func (l *listing) entry(o *object) entry {
	if prefix := l.common(o.Key); prefix != "" {
		return entry{prefix: prefix}
	}
	return entry{object: o}
}

// common is the prefix that stands for a key in the list, "" if the key stands
// for itself.
func (l *listing) common(key string) string {
	if l.delimiter != "" {
		if before, _, found := strings.Cut(key[len(l.prefix):], l.delimiter); found {
			return l.prefix + before + l.delimiter
		}
	}
	return ""
}

// latest says whether a version that comes next after a position is the newest of
// its key. If the list begins within a key only the key can tell.
func (l *listing) latest(tx *store.Tx, o *object, at store.Key) (bool, error) {
	if !l.versions || !bytes.HasPrefix(at, store.K(l.bucket, o.Key)) {
		return true, nil
	}
	if !bytes.Equal(at, l.after) {
		return false, nil
	}
	last, err := find(tx, l.bucket, o.Key, "")
	return err == nil && last.Order == o.Order, err
}

// past is the position behind everything that an entry stands for.
func (l *listing) past(e entry) store.Key {
	switch {
	case e.object == nil:
		return append(store.K(l.bucket).Starting(e.prefix), 0xff)
	case l.versions:
		return versionKey(l.bucket, e.object.Key, e.object.Order)
	}
	return pastKey(l.bucket, e.object.Key)
}

// pastKey is the position behind all versions of a key: no key holds the byte
// 0xff, which UTF-8 does not have.
func pastKey(bucket, key string) store.Key { return append(store.K(bucket, key), 0xff) }
