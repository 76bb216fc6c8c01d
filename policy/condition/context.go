package condition

import (
	"iter"
	"strings"
)

// Context holds the context keys of one request with their values. Names
// ignore case, in the tag part too (R76). The zero Context is empty and ready
// for use. Filling is not safe for concurrent use; reading is.
type Context struct {
	hashes  []uint64 // of the folded names; apart from the entries, so that a search reads few bytes
	entries []entry
	values  []string // of all entries, one after the other
}

type entry struct {
	name     string // as it was set
	from, to int    // its part of Context.values
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
	from := len(c.values)
	c.values = append(c.values, values...)
	e := entry{name: key, from: from, to: len(c.values), multi: multi}
	if i := c.find(h, key); i >= 0 {
		c.entries[i] = e
		return
	}
	c.hashes = append(c.hashes, h)
	c.entries = append(c.entries, e)
}

// Get returns the values of key, which the caller must not change. ok is false
// if the key is missing; a present key may have no values.
func (c *Context) Get(key string) (values []string, ok bool) {
	return c.get(hash(key), key)
}

func (c *Context) get(h uint64, key string) (values []string, ok bool) {
	i := c.find(h, key)
	if i < 0 {
		return nil, false
	}
	e := &c.entries[i]
	return c.values[e.from:e.to:e.to], true
}

// All walks over the keys, as they were spelled when set and in that order,
// with their values.
func (c *Context) All() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		if c == nil {
			return
		}
		for i := range c.entries {
			e := &c.entries[i]
			if !yield(e.name, c.values[e.from:e.to:e.to]) {
				return
			}
		}
	}
}

// Reset empties the context and keeps its memory for the next request.
func (c *Context) Reset() {
	clear(c.entries)
	clear(c.values)
	c.hashes, c.entries, c.values = c.hashes[:0], c.entries[:0], c.values[:0]
}

// find returns the index of key, -1 if it is missing. A nil Context is empty.
func (c *Context) find(h uint64, key string) int {
	if c == nil {
		return -1
	}
	for i, have := range c.hashes {
		if have == h && (c.entries[i].name == key || strings.EqualFold(c.entries[i].name, key)) {
			return i
		}
	}
	return -1
}
