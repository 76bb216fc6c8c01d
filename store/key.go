package store

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Key is an ordered tuple. Keys sort by their first part, then their second,
// and so on, and the key of a tuple's first parts is a prefix of its own and
// of no other's. The nil Key is no key at all.
//
// Every part ends in a zero byte; within a part 0 is written 1 1 and 1 is
// written 1 2, which keeps the order.
type Key []byte

// K makes a key of its parts: strings; uint64 and time.Time, which sort by
// value; and keys, whose parts are added. By custom the first part of a record's
// key is the account it belongs to. Other types are a mistake and panic.
func K(parts ...any) Key { return Key{}.Add(parts...) }

// Add returns the key with more parts at its end.
func (k Key) Add(parts ...any) Key {
	added := append(make(Key, 0, len(k)+24*len(parts)), k...)
	for _, part := range parts {
		if more, ok := part.(Key); ok {
			added = append(added, more...)
			continue
		}
		added = append(added.Starting(text(part)), 0)
	}
	return added
}

// Starting returns the prefix of those keys whose next part starts with s.
func (k Key) Starting(s string) Key {
	k = bytes.Clone(k)
	if strings.IndexByte(s, 0) < 0 && strings.IndexByte(s, 1) < 0 {
		return append(k, s...)
	}
	return append(k, escape.Replace(s)...)
}

var (
	escape   = strings.NewReplacer("\x00", "\x01\x01", "\x01", "\x01\x02")
	unescape = strings.NewReplacer("\x01\x01", "\x00", "\x01\x02", "\x01")
)

// instant is RFC 3339 in a form that sorts.
const instant = "2006-01-02T15:04:05.000000000Z"

func text(part any) string {
	switch p := part.(type) {
	case string:
		return p
	case uint64:
		return fmt.Sprintf("%016x", p)
	case time.Time:
		return p.UTC().Format(instant)
	}
	if v := reflect.ValueOf(part); v.Kind() == reflect.String {
		return v.String()
	}
	panic(fmt.Sprintf("store: a %T cannot be part of a key", part))
}

// Parts returns the parts of the key as text.
func (k Key) Parts() []string {
	var parts []string
	for part := range bytes.SplitAfterSeq(k, []byte{0}) {
		if len(part) > 0 {
			parts = append(parts, unescape.Replace(strings.TrimSuffix(string(part), "\x00")))
		}
	}
	return parts
}

// String is the key as change records hold it: each part followed by a bar,
// what is neither printable ASCII nor a plain character written %XX.
func (k Key) String() string {
	var s strings.Builder
	for _, b := range k {
		switch {
		case b == 0:
			s.WriteByte('|')
		case b <= ' ' || b > '~' || b == '|' || b == '%':
			fmt.Fprintf(&s, "%%%02X", b)
		default:
			s.WriteByte(b)
		}
	}
	return s.String()
}

// MarshalText implements encoding.TextMarshaler with String.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (k *Key) UnmarshalText(text []byte) error {
	key := make(Key, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '|':
			key = append(key, 0)
		case '%':
			var b byte
			if i+3 > len(text) {
				return fmt.Errorf("store: key %q ends within an escape", text)
			}
			if _, err := fmt.Sscanf(string(text[i+1:i+3]), "%02X", &b); err != nil {
				return fmt.Errorf("store: key %q: %w", text, err)
			}
			key, i = append(key, b), i+2
		default:
			key = append(key, text[i])
		}
	}
	*k = key
	return nil
}

// end is the first key above all keys that start with k; nil if there is none.
func (k Key) end() Key {
	for i := len(k) - 1; i >= 0; i-- {
		if k[i] != 0xff {
			end := bytes.Clone(k[:i+1])
			end[i]++
			return end
		}
	}
	return nil
}

// whole cuts a prefix that ends within a part back to its whole parts.
func (k Key) whole() Key { return k[:bytes.LastIndexByte(k, 0)+1] }

// heads yields the key's first part, its first two parts, … and the whole key.
func (k Key) heads(yield func(Key) bool) {
	for i, b := range k {
		if b == 0 && !yield(k[:i+1]) {
			return
		}
	}
}
