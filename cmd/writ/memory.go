package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// heapFloor is counted by the garbage collector but never touched, and so takes
// up no memory. The server's own heap is a few megabytes; without a floor it
// would be collected hundreds of times a second under load. With one it may
// grow by about as much before that, however much it holds itself.
const heapFloor = 16 << 20

const (
	quiet = 1 << 20 // bytes that an idle server allocates in a second at most
	spent = 4 << 20 // bytes that are worth giving back
)

// returnMemory gives back, until ctx ends, what is no longer used, each time
// that the server falls idle: with the floor an idle process would not collect
// for minutes. Starting comes first; hashing root's password alone takes 19 MiB.
func returnMemory(ctx context.Context) {
	debug.FreeOSMemory()
	returned := allocated()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for last := returned; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := allocated()
		if now-last < quiet && now-returned > spent {
			debug.FreeOSMemory()
			returned = now
		}
		last = now
	}
}

// allocated is the number of bytes that the process has ever allocated.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
