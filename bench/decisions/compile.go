package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
)

// managed are the AWS managed policies: names and documents.
func managed() (names []string, documents [][]byte) {
	for info := range catalogue.ManagedPolicies() {
		if p, ok := catalogue.ManagedPolicy(info.ARN); ok {
			names, documents = append(names, info.ARN), append(documents, []byte(p.Document))
		}
	}
	return names, documents
}

// compiling prints what it takes to parse and compile all AWS managed policies
// on one core.
func compiling() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // the garbage collector's part counts
	names, documents := managed()
	best := time.Hour
	for range minPasses {
		start := time.Now()
		for i, d := range documents {
			policy.Load(names[i], d)
		}
		best = min(best, time.Since(start))
	}
	size := 0
	for _, d := range documents {
		size += len(d)
	}
	fmt.Printf("\ncompiling %d AWS managed policies, %.1f MB, on one core: %.0f ms (to reach: 300)\n", len(documents), float64(size)/1e6, best.Seconds()*1000)
}
