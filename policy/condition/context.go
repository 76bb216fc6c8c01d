package condition

import (
	"iter"
	"slices"
	"strings"
)

// Context holds the context keys of one request with their values. Names
// ignore case, in the tag part too (R76). The zero Context is empty and ready
// for use. Filling is not safe for concurrent use; reading is.
type Context struct {
	newest  [buckets]int32 // of the entries whose hashes end alike: its number, from 1; 0 if there is none
	entries []entry
	values  []string // of all entries, one after the other
}

const buckets = 16

type entry struct {
	hash     uint64 // of the folded name
	name     string // as it was set
	from, to int32  // its part of Context.values
	older    int32  // the one before it in Context.newest
	multi    bool   // multivalued: no use as a variable (R107)
}

// Set gives key its values in place of what it had. One value makes the key
// single-valued, unless it is multivalued by nature, as aws:TagKeys is.
func (c *Context) Set(key string, values ...string) {
	h := hash(key)
	c.set(h, key, values, len(values) != 1 || multivalued[h])
}

// SetList gives a multivalued key its values, which may be none: the key is
// then present, and empty.
func (c *Context) SetList(key string, values []string) {
	c.set(hash(key), key, values, true)
}

func (c *Context) set(h uint64, key string, values []string, multi bool) {
	e := c.find(h, key)
	if e == nil {
		first := &c.newest[h%buckets]
		c.entries = append(c.entries, entry{hash: h, older: *first})
		*first = int32(len(c.entries))
		e = &c.entries[*first-1]
	}
	from := len(c.values)
	c.values = append(c.values, values...)
	e.name, e.from, e.to, e.multi = key, int32(from), int32(len(c.values)), multi
}

// Get returns the values of key, which the caller must not change. ok is false
// if the key is missing; a present key may have no values.
func (c *Context) Get(key string) (values []string, ok bool) {
	e := c.find(hash(key), key)
	return c.of(e), e != nil
}

// of returns the values of an entry, none if it is nil.
func (c *Context) of(e *entry) []string {
	if e == nil {
		return nil
	}
	return c.values[e.from:e.to:e.to]
}

// All walks over the keys, as they were spelled when set and in that order,
// with their values.
func (c *Context) All() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		if c == nil {
			return
		}
		for i := range c.entries {
			if e := &c.entries[i]; !yield(e.name, c.of(e)) {
				return
			}
		}
	}
}

// Clone is a context with the same keys, which can be filled on its own.
func (c *Context) Clone() *Context {
	clone := *c
	clone.entries, clone.values = slices.Clone(c.entries), slices.Clone(c.values)
	return &clone
}

// Reset empties the context and keeps its memory for the next request.
func (c *Context) Reset() {
	clear(c.newest[:])
	clear(c.entries)
	clear(c.values)
	c.entries, c.values = c.entries[:0], c.values[:0]
}

// find returns the entry of key, nil if it is missing. A nil Context is empty.
func (c *Context) find(h uint64, key string) *entry {
	if c == nil {
		return nil
	}
	for n := c.newest[h%buckets]; n > 0; {
		e := &c.entries[n-1]
		if e.hash == h && (e.name == key || strings.EqualFold(e.name, key)) {
			return e
		}
		n = e.older
	}
	return nil
}
