// Package events keeps the event log: one Entry for each API call, in the form
// that CloudTrail gives events, appended for good and looked up newest first.
//
// The central idea: an entry has one place in one order, its time and then its
// id, and is found under a few 64-bit keys (its account, its region, each of
// its attributes). Every log, whether in memory, in segment files or in
// PostgreSQL, only has to keep keys in that order; what a key found is then
// compared exactly. A page ends at a place, not at a number, so paging stays
// right while entries are appended, and an entry appended twice has one place
// and is returned once.
//
// A Writer stands in front of a Log on the request path: it gathers entries in
// the background and lets many callers share one sync of the disk.
package events

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// MaxEntry bounds the bytes of one Entry, all fields together. (CloudTrail
// itself cuts events at 256 KiB.)
const MaxEntry = 1 << 20

// EventID is the name of the lookup attribute that every Entry has without
// listing it: its ID.
const EventID = "EventId"

var (
	// ErrNotFound says that no entry has the id.
	ErrNotFound = errors.New("events: no such event")

	// ErrInvalid says that a log cannot take an entry or a query as it is.
	// Trying again will not help.
	ErrInvalid = errors.New("events: invalid")

	// ErrClosed says that the log or the Writer has been closed.
	ErrClosed = errors.New("events: closed")
)

// Entry is the record of one API call.
type Entry struct {
	Time       time.Time // between 1970 and 2262, kept to the nanosecond, returned in UTC
	ID         string    // a UUID, 36 characters in lower case
	Account    string    // "" for calls that no account can be named for
	Region     string
	Attributes []Attribute // what the entry is looked up by, EventId aside; a name may come more than once
	Event      []byte      // the event as CloudTrail writes it, JSON
	Note       []byte      // what the account must not read (why a call was decided as it was); nil if none
}

// Attribute is one name and value that an entry is looked up by, in the words
// of CloudTrail's LookupEvents: EventName, ReadOnly, Username, ResourceType,
// ResourceName, EventSource, AccessKeyId.
type Attribute struct{ Name, Value string }

// Query asks for entries of one account, newest first.
type Query struct {
	Account   string     // "" asks for the installation's own entries, never for all
	Region    string     // "" means every region
	From, To  time.Time  // both inclusive, as in LookupEvents; zero means unbounded
	Attribute *Attribute // compared exactly; nil means every entry
	After     Position   // where the page before ended; "" begins with the newest
	Limit     int        // entries in a page, at least 1
}

// Log is an append-only log of entries. Its methods may be called from several
// goroutines at once.
//
// Entries of account "" belong to the installation itself. They are bounded
// apart from the others, oldest given up first, so that a flood of calls from
// nobody can neither fill the disk nor push out what accounts did.
type Log interface {
	// Append adds entries; when it returns nil they are durable. An entry may
	// be appended again (same account, id and time): the first one counts. On
	// an error any part of entries may have been added. Append does not keep
	// the memory of entries. With no entries it only tries whether the log can
	// be written. It returns ErrInvalid if an entry cannot be kept.
	Append(ctx context.Context, entries []Entry) error

	// Lookup returns a page of entries and where the next page begins, "" if
	// this is the last. It returns ErrInvalid for a Position that is not one
	// or a Limit below 1.
	Lookup(ctx context.Context, q Query) (page []Entry, next Position, err error)

	// Get returns the account's entry of that id, or ErrNotFound.
	Get(ctx context.Context, account, id string) (Entry, error)

	// Missing returns those of ids, in their order, that the account has no entry of.
	Missing(ctx context.Context, account string, ids []string) ([]string, error)

	// Trim deletes entries older than before. A log may keep some of them
	// longer, if they stand together with younger ones; it deletes no younger.
	Trim(ctx context.Context, before time.Time) error

	// Close frees what the log holds. What was appended stays.
	Close() error
}

// size is the number of bytes that e takes, roughly.
func (e *Entry) size() int {
	n := len(e.ID) + len(e.Account) + len(e.Region) + len(e.Event) + len(e.Note)
	for i := range e.Attributes {
		n += len(e.Attributes[i].Name) + len(e.Attributes[i].Value) + 8
	}
	return n
}

// check says whether every log can keep e and give it back unchanged.
func (e *Entry) check() error {
	switch {
	case e.Time.Before(minTime) || e.Time.After(maxTime):
		return fmt.Errorf("%w: time %v", ErrInvalid, e.Time)
	case !plain(e.Account) || !plain(e.Region):
		return fmt.Errorf("%w: account %q, region %q", ErrInvalid, e.Account, e.Region)
	case e.size() > MaxEntry:
		return fmt.Errorf("%w: %d bytes, at most %d can be kept", ErrInvalid, e.size(), MaxEntry)
	}
	_, err := parseID(e.ID)
	return err
}

// plain says whether s can stand in any database's text: short printable ASCII.
// Attributes, which callers of the API have a hand in, may be any bytes.
func plain(s string) bool {
	return len(s) <= 64 && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}
