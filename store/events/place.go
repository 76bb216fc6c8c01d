package events

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"fmt"
	"math"
	"time"
)

// Position is where a page ended. It stays right whatever is appended or
// trimmed meanwhile, in this process or a later one. It is not sealed: who
// hands it to a client has to see that it comes back unchanged.
type Position string

var (
	minTime = time.Unix(0, 0)
	maxTime = time.Unix(0, math.MaxInt64-1) // one less, for a bound that lies behind
)

// eventID is an Entry's ID in binary; its order is that of the text.
type eventID [16]byte

// place is where an entry stands in the log's order.
type place struct {
	nanos int64 // since 1970
	id    eventID
}

// endOfTime lies behind every entry.
var endOfTime = place{nanos: math.MaxInt64}

func (p place) compare(o place) int {
	if c := cmp.Compare(p.nanos, o.nanos); c != 0 {
		return c
	}
	return bytes.Compare(p.id[:], o.id[:])
}

func (p place) time() time.Time { return time.Unix(0, p.nanos).UTC() }

// placeOf is the place of an entry that passed check.
func placeOf(e *Entry) place {
	id, _ := parseID(e.ID)
	return place{e.Time.UnixNano(), id}
}

// nanosAt brings t into the range that entries may have.
func nanosAt(t time.Time) int64 {
	if t.Before(minTime) {
		return 0
	}
	if t.After(maxTime) {
		return maxTime.UnixNano()
	}
	return t.UnixNano()
}

func (p place) position() Position {
	return Position(fmt.Sprintf("%016x%x", p.nanos, p.id[:]))
}

// parse is the inverse of place.position.
func (s Position) parse() (p place, err error) {
	var b [24]byte
	if len(s) != 2*len(b) {
		return p, fmt.Errorf("%w: position", ErrInvalid)
	}
	if _, err := hex.Decode(b[:], []byte(s)); err != nil || b[0] > math.MaxInt8 {
		return p, fmt.Errorf("%w: position", ErrInvalid)
	}
	for _, c := range b[:8] {
		p.nanos = p.nanos<<8 | int64(c)
	}
	copy(p.id[:], b[8:])
	return p, nil
}

// parseID reads the canonical form of a UUID and no other, so that an id has
// one text only.
func parseID(s string) (id eventID, err error) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, fmt.Errorf("%w: id %.40q", ErrInvalid, s)
	}
	at := 0
	for i := range id {
		if s[at] == '-' {
			at++
		}
		high, low := hexDigit(s[at]), hexDigit(s[at+1])
		if high|low > 15 {
			return id, fmt.Errorf("%w: id %.40q", ErrInvalid, s)
		}
		id[i] = high<<4 | low
		at += 2
	}
	return id, nil
}

// hexDigit is the value of a lower-case hexadecimal digit, 255 for anything else.
func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 255
}

func (id eventID) String() string {
	text := make([]byte, 0, 36)
	for i, b := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, []byte{b})
	}
	return string(text)
}

// idSet holds those of ids that an entry can have.
func idSet(ids []string) map[eventID]bool {
	set := make(map[eventID]bool, len(ids))
	for _, text := range ids {
		if id, err := parseID(text); err == nil {
			set[id] = true
		}
	}
	return set
}

// remaining returns those of ids that are in set, or that no entry can have.
func remaining(ids []string, set map[eventID]bool) (left []string) {
	for _, text := range ids {
		if id, err := parseID(text); err != nil || set[id] {
			left = append(left, text)
		}
	}
	return left
}
