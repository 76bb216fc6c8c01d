package driver

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// disk is a database that only counts, and whose commits can fail.
type disk struct {
	revision uint64
	commits  int
	fail     atomic.Bool
}

type batch struct {
	Reader // nil: nothing reads
	disk   *disk
	size   uint64
}

var errDisk = errors.New("disk full")

func (d *disk) begin() (Batch, error) { return &batch{disk: d}, nil }

func (b *batch) Revision() uint64    { return b.disk.revision + b.size }
func (b *batch) Apply([]Write) error { b.size++; return nil }
func (b *batch) Rollback()           {}
func (b *batch) Commit() error {
	if b.disk.fail.Load() {
		return errDisk
	}
	b.disk.revision += b.size
	b.disk.commits++
	return nil
}

var writes = []Write{{Key: []byte("k"), Value: []byte("v")}}

// TestGroup has many updates at once, some of which fail: the others commit,
// in fewer commits than there are updates, and are told in order.
func TestGroup(t *testing.T) {
	d := new(disk)
	g := Group{Begin: d.begin}
	var told []uint64
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range 100 {
		wait.Go(func() {
			<-start
			var mine uint64
			err := g.Update(t.Context(), func(r Reader) ([]Write, error) {
				if i%4 == 0 {
					return writes, errDisk
				}
				mine = r.Revision() + 1
				return writes, nil
			}, func() { told = append(told, mine) })
			if (err != nil) != (i%4 == 0) {
				t.Errorf("update %d: %v", i, err)
			}
		})
	}
	close(start)
	wait.Wait()
	if d.revision != 75 || len(told) != 75 {
		t.Fatalf("revision %d, %d told; want 75", d.revision, len(told))
	}
	for i, revision := range told {
		if revision != uint64(i+1) {
			t.Fatalf("told %v", told)
		}
	}
	t.Logf("%d commits", d.commits)
}

// TestGroupCommitFails makes two updates share a commit that fails: both must
// hear of it, also the one that had nothing to write, and nobody is told.
func TestGroupCommitFails(t *testing.T) {
	d := new(disk)
	g := Group{Begin: d.begin}
	d.fail.Store(true)
	told := func() { t.Error("told of a commit that failed") }
	var wait sync.WaitGroup
	err := g.Update(t.Context(), func(Reader) ([]Write, error) {
		wait.Go(func() {
			err := g.Update(t.Context(), func(Reader) ([]Write, error) { return nil, nil }, told)
			if !errors.Is(err, errDisk) {
				t.Errorf("the second Update = %v, want the commit's error", err)
			}
		})
		for g.waiting.Load() < 2 {
			runtime.Gosched()
		}
		return writes, nil
	}, told)
	if !errors.Is(err, errDisk) {
		t.Errorf("Update = %v, want the commit's error", err)
	}
	wait.Wait()
	d.fail.Store(false)
	var after bool
	err = g.Update(t.Context(), func(Reader) ([]Write, error) { return writes, nil }, func() { after = true })
	if err != nil || !after || d.revision != 1 {
		t.Errorf("after the failure: %v, told %t, revision %d", err, after, d.revision)
	}
}

func TestGroupCancelled(t *testing.T) {
	d := new(disk)
	g := Group{Begin: d.begin}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := g.Update(ctx, func(Reader) ([]Write, error) { return writes, nil }, func() {})
	if !errors.Is(err, context.Canceled) || d.revision != 0 {
		t.Errorf("Update = %v at revision %d", err, d.revision)
	}
}
