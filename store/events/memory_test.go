package events

import (
	"runtime"
	"strings"
	"testing"
)

// TestMemoryKeepsEntriesAlone gives a log texts that are parts of longer ones, as
// those of a request's header are.
func TestMemoryKeepsEntriesAlone(t *testing.T) {
	const size, n = 64 << 10, 500
	log := NewMemory(n, 1<<30)
	heap := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before := heap()
	for i := range n {
		e := entry(alice, i)
		e.Region = (strings.Repeat("x", size) + e.Region)[size:]
		e.Attributes[0].Value = (strings.Repeat("x", size) + e.Attributes[0].Value)[size:]
		if err := log.Append(t.Context(), []Entry{e}); err != nil {
			t.Fatal(err)
		}
	}
	if kept := heap() - before; kept > n*size/4 {
		t.Errorf("%d bytes are kept of %d entries", kept, n)
	}
	runtime.KeepAlive(log)
}
