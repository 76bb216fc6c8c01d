package main

import (
	"testing"

	"github.com/writ-iam/writ/policy"
)

// TestAgree: all engines decide every request of every workload alike.
func TestAgree(t *testing.T) {
	for _, w := range append(workloads(), hostile(2)) {
		list := engines()
		for _, e := range list {
			if err := load(e, w); err != nil {
				t.Fatal(err)
			}
		}
		allowed, err := agree(w, list)
		if err != nil {
			t.Error(err)
		}
		if all := len(w.requests) + len(w.others); allowed == 0 || allowed == all {
			t.Errorf("%s: %d of %d are allowed", w.name, allowed, all)
		}
	}
}

// TestNoAllocations: Writ decides without any.
func TestNoAllocations(t *testing.T) {
	for _, w := range workloads() {
		e := &writ{}
		if err := load(e, w); err != nil {
			t.Fatal(err)
		}
		if got := allocations(w, e); got != 0 {
			t.Errorf("%s allocates %v times", w.name, got)
		}
	}
}

func Benchmark(b *testing.B) {
	for _, w := range workloads() {
		for _, e := range engines() {
			b.Run(w.name+"/"+e.name(), func(b *testing.B) {
				if err := load(e, w); err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				if !w.parallel {
					for i := 0; b.Loop(); i++ {
						e.decide(i % len(w.requests))
					}
					return
				}
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						e.decide(0)
					}
				})
			})
		}
	}
}

// BenchmarkCompile parses and compiles all AWS managed policies.
func BenchmarkCompile(b *testing.B) {
	names, documents := managed()
	b.ReportAllocs()
	for b.Loop() {
		for i, d := range documents {
			policy.Load(names[i], d)
		}
	}
}
