package events

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// typical is an entry of the usual size: 1,200 bytes of JSON, eight attributes.
func typical(n int) Entry {
	return Entry{
		Time:    noon.Add(time.Duration(n) * time.Millisecond),
		ID:      fmt.Sprintf("%08x-0000-4000-8000-%012x", uint32(n)*2654435761, n),
		Account: []string{alice, bob}[n%2],
		Region:  "us-east-1",
		Attributes: []Attribute{
			{"EventName", []string{"GetCallerIdentity", "GetUser", "ListUsers", "CreateUser"}[n/2%4]},
			{"ReadOnly", "true"},
			{"Username", fmt.Sprint("user-", n%1000)},
			{"ResourceType", "AWS::IAM::User"},
			{"ResourceName", fmt.Sprint("user-", n%5003)},
			{"EventSource", "iam.amazonaws.com"},
			{"AccessKeyId", fmt.Sprintf("AKIAQ%015d", n%100_003)},
		},
		Event: document,
	}
}

var document = append(append([]byte(`{"x":"`), bytes.Repeat([]byte("0123456789"), 119)...), `"}`...)

func benchmarkLogs(b *testing.B, run func(b *testing.B, l Log)) {
	b.Run("memory", func(b *testing.B) { run(b, NewMemory(100_000, 64<<20)) })
	b.Run("segments", func(b *testing.B) { run(b, openSegments(b, b.TempDir(), Options{})) })
	b.Run("postgres", func(b *testing.B) { run(b, openPostgres(b)) })
}

// BenchmarkWrite is what the request path pays for a plain entry, and what the
// log takes in the long run: the clock stops when all is durable.
func BenchmarkWrite(b *testing.B) {
	for _, goroutines := range []int{1, 16} {
		b.Run(fmt.Sprint(goroutines), func(b *testing.B) {
			benchmarkLogs(b, func(b *testing.B, l Log) {
				w := NewWriter(l)
				each(b, goroutines, func(e Entry) error { return w.Write(e) })
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// BenchmarkWriteDurable is a caller who waits for the disk.
func BenchmarkWriteDurable(b *testing.B) {
	for _, goroutines := range []int{1, 16} {
		b.Run(fmt.Sprint(goroutines), func(b *testing.B) {
			benchmarkLogs(b, func(b *testing.B, l Log) {
				w := NewWriter(l)
				each(b, goroutines, func(e Entry) error { return w.WriteDurable(b.Context(), e) })
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// each runs write b.N times in all from several goroutines.
func each(b *testing.B, goroutines int, write func(Entry) error) {
	made := make([]Entry, 1<<12)
	for i := range made {
		made[i] = typical(i)
	}
	ids := make([]string, b.N)
	for i := range ids {
		ids[i] = typical(i).ID
	}
	b.ReportAllocs()
	b.ResetTimer()
	var next atomic.Int64
	var running sync.WaitGroup
	for range goroutines {
		running.Go(func() {
			for n := int(next.Add(1) - 1); n < b.N; n = int(next.Add(1) - 1) {
				e := made[n%len(made)]
				e.ID, e.Time = ids[n], noon.Add(time.Duration(n)*time.Microsecond)
				if err := write(e); err != nil {
					b.Error(err)
				}
			}
		})
	}
	running.Wait()
}

// BenchmarkLookup asks a log of a million entries in segment files for a page
// of fifty.
func BenchmarkLookup(b *testing.B) {
	const million = 1_000_000
	dir := b.TempDir()
	l := openSegments(b, dir, Options{})
	for n := 0; n < million; n += 10_000 {
		var some []Entry
		for i := range 10_000 {
			some = append(some, typical(n+i))
		}
		if err := l.Append(b.Context(), some); err != nil {
			b.Fatal(err)
		}
	}
	lone := typical(million / 2)
	lone.ID, lone.Attributes = id(1), []Attribute{{"Username", "mallory"}}
	if err := l.Append(b.Context(), []Entry{lone}); err != nil {
		b.Fatal(err)
	}
	closeLog(b, l)
	begun := time.Now()
	l = openSegments(b, dir, Options{})
	b.Logf("opened in %v", time.Since(begun))
	defer closeLog(b, l)
	mid := noon.Add(million / 2 * time.Millisecond)
	queries := map[string]Query{
		"newest":          {},
		"middle":          {From: mid, To: mid.Add(time.Minute)},
		"rare":            {Attribute: &Attribute{"AccessKeyId", fmt.Sprintf("AKIAQ%015d", 2)}},
		"one":             {Attribute: &Attribute{"Username", "mallory"}},
		"none":            {Attribute: &Attribute{"Username", "nobody"}},
		"EventId":         {Attribute: &Attribute{EventID, typical(2222).ID}},
		"common":          {Attribute: &Attribute{"ReadOnly", "true"}},
		"anotherRegion":   {Region: "eu-west-1"},
		"commonElsewhere": {Region: "eu-west-1", Attribute: &Attribute{"ReadOnly", "true"}},
	}
	for name, q := range queries {
		q.Account, q.Limit = alice, 50
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := l.Lookup(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOpen is what the log adds to the start of a server whose last
// segment is full.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	l := openSegments(b, dir, Options{})
	var some []Entry
	for n := range 20_000 {
		some = append(some, typical(n))
	}
	if err := l.Append(b.Context(), some); err != nil {
		b.Fatal(err)
	}
	closeLog(b, l)
	for b.Loop() {
		closeLog(b, openSegments(b, dir, Options{}))
	}
}
