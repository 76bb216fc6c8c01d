package main

import (
	"fmt"
	"io"
	"strings"

	pprof "github.com/google/pprof/profile"
)

// step is a part of the request path, known by a function that it runs under.
type step struct{ name, function string }

// steps are looked for in this order in each stack.
var steps = []step{
	{"clients", "main.(*conn).do"},
	{"clients", "main.pool.repeat"},
	{"read", "wire.Read"},
	{"resolve", "wire.(*Router).Resolve"},
	{"authenticate", "authn.(*Authenticator).Authenticate"},
	{"decode", "wire.Decode"},
	{"authorize", "authz.(*Authorizer).Authorize"},
	{"invoke", "server.(*method).invoke"},
	{"encode", "server.(*Server).encode"},
	{"audit", "audit.(*Log).Record"},
	{"audit: writing to the log", "events.(*Writer).run"},
	{"last use, metrics", "iam.(*Service).Used"},
	{"last use, metrics", "server.(*metrics).observe"},
	{"the rest of serve", "server.(*Server).serve"},
	{"the rest of serve", "server.(*Server).ServeHTTP"},
	{"the rest of serve", "server.(*Server).door"},
	{"net/http: system calls", "http.(*conn).serve+syscall"},
	{"net/http: the rest", "http.(*conn).serve"},
	{"net/http: the rest", "http.(*connReader)"},
	{"garbage collection", "runtime.gcBgMarkWorker"},
	{"garbage collection", "runtime.bgsweep"},
	{"garbage collection", "runtime.bgscavenge"},
}

const elsewhere = "scheduler"

// reportSteps adds a row for each step: its processor time in one call and its
// share of the server's.
func (r *run) reportSteps(raw io.Reader, calls float64) error {
	p, err := pprof.Parse(raw)
	if err != nil {
		return err
	}
	nanos, total := map[string]int64{}, int64(0)
	for _, sample := range p.Sample {
		name, spent := stepOf(sample), sample.Value[len(sample.Value)-1]
		nanos[name] += spent
		if name != "clients" {
			total += spent
		}
	}
	r.report.note("processor time of a call", fmt.Sprintf("%.1f µs", float64(total)/calls/1e3), fmt.Sprintf("%.0f calls", calls))
	seen := map[string]bool{"clients": true}
	for _, s := range append(steps, step{name: elsewhere}) {
		if !seen[s.name] {
			seen[s.name] = true
			n := float64(nanos[s.name])
			r.report.note("  "+s.name, fmt.Sprintf("%.2f µs", n/calls/1e3), fmt.Sprintf("%.0f %%", 100*n/float64(total)))
		}
	}
	return nil
}

// stepOf names the step that a sample was taken in.
func stepOf(sample *pprof.Sample) string {
	var stack strings.Builder
	for _, location := range sample.Location {
		for _, line := range location.Line {
			stack.WriteString(line.Function.Name + "\n")
		}
	}
	for _, s := range steps {
		all := true
		for part := range strings.SplitSeq(s.function, "+") {
			all = all && strings.Contains(stack.String(), part)
		}
		if all {
			return s.name
		}
	}
	return elsewhere
}
