package main

import (
	"io"
	"strings"
	"time"

	pprof "github.com/google/pprof/profile"
)

// step is a part of the request path, known by a function that it runs under.
type step struct{ name, function string }

// steps are looked for in this order in each stack.
var steps = []step{
	{clients, "main.(*conn).do"},
	{clients, "main.pool.repeat"},
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

const (
	clients   = "clients"
	elsewhere = "scheduler and the rest"
)

// spent is the processor time that one request takes, by step.
type spent map[string]time.Duration

func byStep(raw io.Reader, requests float64) (spent, error) {
	p, err := pprof.Parse(raw)
	if err != nil {
		return nil, err
	}
	nanos := map[string]int64{}
	for _, sample := range p.Sample {
		nanos[stepOf(sample)] += sample.Value[len(sample.Value)-1]
	}
	each := spent{}
	for name, n := range nanos {
		each[name] = time.Duration(float64(n) / requests)
	}
	return each, nil
}

// server is the time of all steps but the clients'.
func (s spent) server() (sum time.Duration) {
	for name, d := range s {
		if name != clients {
			sum += d
		}
	}
	return sum
}

// reportSteps adds a row for each step.
func (r *run) reportSteps(writ, hello spent) {
	r.report.note("processor time of a call", us(writ.server()), "hello "+us(hello.server()))
	seen := map[string]bool{clients: true}
	for _, s := range append(steps, step{name: elsewhere}) {
		if !seen[s.name] {
			seen[s.name] = true
			r.report.note("  "+s.name, us(writ[s.name]), "hello "+us(hello[s.name]))
		}
	}
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
