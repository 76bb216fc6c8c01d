package main

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	budget    = 3 * time.Second        // for a workload, but at least some passes
	minPasses = 5                      //
	moment    = 500 * time.Microsecond // short enough to be left alone by other programs, now and then
	lotSize   = 256
)

// timing is what an engine takes for one decision.
type timing struct {
	nanoseconds float64
	allocations float64
}

// stopwatch times one engine's decisions in lots of requests. Of each lot the
// quickest pass counts: between two passes come all others, so that caches are
// no warmer than many requests leave them.
type stopwatch struct {
	engine
	w      *workload
	repeat int // of a lot that is alone, to fill a moment
	best   []time.Duration
}

func newStopwatch(w *workload, e engine) *stopwatch {
	s := &stopwatch{engine: e, w: w, repeat: 1, best: make([]time.Duration, (len(w.requests)+lotSize-1)/lotSize)}
	for len(s.best) == 1 && s.lot(0) < moment {
		s.repeat *= 2
	}
	return s
}

func (s *stopwatch) pass() {
	for n := range s.best {
		if took := s.lot(n); s.best[n] == 0 || took < s.best[n] {
			s.best[n] = took
		}
	}
}

// lot times one lot, on all cores if the workload says so.
func (s *stopwatch) lot(n int) time.Duration {
	from, to := n*lotSize, min((n+1)*lotSize, len(s.w.requests))
	work := func() {
		for range s.repeat {
			for i := from; i < to; i++ {
				s.decide(i)
			}
		}
	}
	if s.w.parallel {
		return together(work)
	}
	return timed(work)
}

func timed(work func()) time.Duration {
	start := time.Now()
	work()
	return time.Since(start)
}

// together does the work on every core, and gives the time of the slowest. The
// clock starts when all are there: to wake a core takes a good part of a moment.
func together(work func()) time.Duration {
	cores := runtime.GOMAXPROCS(0)
	took, all, there := make([]time.Duration, cores), sync.WaitGroup{}, atomic.Int32{}
	for n := range took {
		all.Go(func() {
			for there.Add(1); there.Load() < int32(cores); {
				runtime.Gosched()
			}
			took[n] = timed(work)
		})
	}
	all.Wait()
	return slices.Max(took)
}

// perDecision is the quickest yet, in nanoseconds.
func (s *stopwatch) perDecision() float64 {
	sum, decisions := time.Duration(0), len(s.w.requests)*s.repeat
	for _, lot := range s.best {
		sum += lot
	}
	if s.w.parallel {
		decisions *= runtime.GOMAXPROCS(0)
	}
	return float64(sum.Nanoseconds()) / float64(decisions)
}

// measure times the engines in turns, so that what disturbs one disturbs all.
func measure(w *workload, list []engine) []timing {
	watches, result := make([]*stopwatch, len(list)), make([]timing, len(list))
	for i, e := range list {
		watches[i] = newStopwatch(w, e)
	}
	start := time.Now()
	for pass := 0; pass < minPasses || time.Since(start) < budget; pass++ {
		for _, s := range watches {
			s.pass()
		}
	}
	for i, e := range list {
		result[i] = timing{watches[i].perDecision(), allocations(w, e)}
	}
	return result
}

// allocations of a decision, on average.
func allocations(w *workload, e engine) float64 {
	n := 0
	return testing.AllocsPerRun(100, func() {
		e.decide(n % len(w.requests))
		n++
	})
}
