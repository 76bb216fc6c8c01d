package store_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/writ-iam/writ/store"
)

// owned is a key that is made of a text.
type owned struct{ name string }

func (o owned) Clone() owned { return owned{strings.Clone(o.name)} }
func (o owned) Len() int     { return len(o.name) }

// TestCacheKeepsNoRequests asks for what is not there by names that are parts of
// long texts, as they are in a request's header: the texts must not be kept.
func TestCacheKeepsNoRequests(t *testing.T) {
	db := open(t, "memory:")
	byText := store.NewCache(db, func(tx *store.Tx, name string) (*user, error) { return users.By(tx, "id", name) })
	byKey := store.NewCache(db, func(tx *store.Tx, key owned) (*user, error) { return users.By(tx, "id", key.name) })
	const texts, size = 500, 64 << 10
	before := heap()
	for i := range texts {
		name := strings.Repeat("x", size) + fmt.Sprint("/", i)
		_, _, absent := byText.Get(t.Context(), name[size:])
		_, _, alsoAbsent := byKey.Get(t.Context(), owned{name[size:]})
		_, _, tooLong := byText.Get(t.Context(), name)
		_, _, alsoTooLong := byKey.Get(t.Context(), owned{name})
		for _, err := range []error{absent, alsoAbsent, tooLong, alsoTooLong} {
			if !errors.Is(err, store.ErrNotFound) {
				t.Fatal(err)
			}
		}
	}
	if kept := heap() - before; kept > texts*size/4 {
		t.Errorf("%d bytes are kept of %d texts of %d bytes", kept, texts, size)
	}
	runtime.KeepAlive([]any{byText, byKey})
}

func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
