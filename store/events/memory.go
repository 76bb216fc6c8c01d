package events

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// Memory is a Log that is gone with its process: for development and tests. It
// holds a bounded number of the youngest entries and its Append is durable only
// in that nothing before the end of the process loses them.
type Memory struct {
	mu           sync.RWMutex
	accounts     shelf
	installation shelf
}

// NewMemory returns an empty log that holds at most the given number and bytes
// of accounts' entries, and a tenth of both of the installation's own.
func NewMemory(entries, bytes int) *Memory {
	return &Memory{
		accounts:     shelf{maxEntries: entries, maxBytes: bytes},
		installation: shelf{maxEntries: max(entries/10, 1), maxBytes: max(bytes/10, MaxEntry)},
	}
}

// Append copies entries into the log and gives up the oldest if they are too many.
func (m *Memory) Append(_ context.Context, entries []Entry) error {
	if err := checkAll(entries); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range entries {
		m.shelf(entries[i].Account).add(&entries[i])
	}
	return nil
}

// Lookup implements Log.
func (m *Memory) Lookup(_ context.Context, q Query) ([]Entry, Position, error) {
	s, err := newSearch(q)
	if err != nil {
		return nil, "", err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	page, next := s.page(m.shelf(q.Account).find(s))
	return page, next, nil
}

// Get implements Log.
func (m *Memory) Get(_ context.Context, account, id string) (Entry, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, r := range slices.Backward(m.shelf(account).records) {
		if r.ID == id && r.Account == account {
			return r.copy(), nil
		}
	}
	return Entry{}, ErrNotFound
}

// Missing implements Log.
func (m *Memory) Missing(_ context.Context, account string, ids []string) ([]string, error) {
	wanted := idSet(ids)
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, r := range m.shelf(account).records {
		if r.Account == account {
			delete(wanted, r.id)
		}
	}
	return remaining(ids, wanted), nil
}

// Trim deletes exactly the entries older than before.
func (m *Memory) Trim(_ context.Context, before time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.accounts.trim(before)
	m.installation.trim(before)
	return nil
}

// Close implements Log; there is nothing to free.
func (m *Memory) Close() error { return nil }

func (m *Memory) shelf(account string) *shelf {
	if account == "" {
		return &m.installation
	}
	return &m.accounts
}

// shelf holds entries in their order, the oldest first.
type shelf struct {
	records              []record
	bytes                int
	maxEntries, maxBytes int
}

type record struct {
	place
	Entry
}

// compare orders by place; one call may be an event of two accounts.
func (r record) compare(o record) int {
	return cmp.Or(r.place.compare(o.place), cmp.Compare(r.Account, o.Account))
}

func (r record) copy() Entry { return clone(&r.Entry) }

func (s *shelf) add(e *Entry) {
	r := record{placeOf(e), owned(e)}
	at := len(s.records)
	if at > 0 && s.records[at-1].compare(r) >= 0 {
		var found bool
		if at, found = slices.BinarySearchFunc(s.records, r, record.compare); found {
			return
		}
	}
	s.records = slices.Insert(s.records, at, r)
	s.bytes += r.size()
	for len(s.records) > s.maxEntries || s.bytes > s.maxBytes {
		s.drop()
	}
}

// drop gives up the oldest entry.
func (s *shelf) drop() {
	s.bytes -= s.records[0].size()
	s.records[0] = record{}
	s.records = s.records[1:]
}

func (s *shelf) trim(before time.Time) {
	for len(s.records) > 0 && s.records[0].Time.Before(before) {
		s.drop()
	}
}

// find returns the newest entries that match, one more than the limit if there are.
func (s *shelf) find(q *search) (found []Entry) {
	end, _ := slices.BinarySearchFunc(s.records, q.hi, func(r record, p place) int { return r.place.compare(p) })
	for _, r := range slices.Backward(s.records[:end]) {
		if len(found) > q.Limit || r.place.compare(q.lo) < 0 {
			break
		}
		if q.matches(&r.Entry) {
			found = append(found, r.copy())
		}
	}
	return found
}

// clone copies what a caller might change; strings are shared.
func clone(e *Entry) Entry {
	c := *e
	c.Time = placeOf(e).time()
	c.Attributes = append([]Attribute(nil), e.Attributes...)
	c.Event = append([]byte(nil), e.Event...)
	c.Note = append([]byte(nil), e.Note...)
	return c
}

// owned copies an entry that is to be kept, strings too: they may be parts of a
// request's header, of which the bounds of a log would not know.
func owned(e *Entry) Entry {
	c := clone(e)
	c.ID, c.Account, c.Region = strings.Clone(c.ID), strings.Clone(c.Account), strings.Clone(c.Region)
	for i, a := range c.Attributes {
		c.Attributes[i] = Attribute{strings.Clone(a.Name), strings.Clone(a.Value)}
	}
	return c
}

func checkAll(entries []Entry) error {
	for i := range entries {
		if err := entries[i].check(); err != nil {
			return err
		}
	}
	return nil
}
