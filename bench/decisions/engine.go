package main

import "fmt"

// engine decides the requests of a workload. What can be done before a request
// comes is done before it is timed.
type engine interface {
	name() string
	compile([]document) error         // every document, once
	attach(users [][]int)             // to each user its documents
	prepare(w *workload, r []request) // what the engine wants to be asked
	decide(i int) bool                // the i-th of the requests prepared
}

// engines are Writ, then its peers.
func engines() []engine { return []engine{&writ{}, &minio{}, &cedarGo{}} }

// load makes an engine ready for the timed requests of w.
func load(e engine, w *workload) error {
	if err := e.compile(w.documents); err != nil {
		return fmt.Errorf("%s, %s: %w", w.name, e.name(), err)
	}
	e.attach(w.users)
	e.prepare(w, w.requests)
	return nil
}

// agree is the oracle: every engine must decide every request as the first
// does. It returns how many are allowed, and leaves the timed requests prepared.
func agree(w *workload, list []engine) (allowed int, err error) {
	all := append(w.requests[:len(w.requests):len(w.requests)], w.others...)
	for _, e := range list {
		e.prepare(w, all)
	}
	for i, r := range all {
		want := list[0].decide(i)
		if want {
			allowed++
		}
		for _, e := range list[1:] {
			if got := e.decide(i); got != want {
				return 0, fmt.Errorf("%s: user %d, %s on %s: %s says %t, %s says %t", w.name, r.user, r.action, r.resource, list[0].name(), want, e.name(), got)
			}
		}
	}
	for _, e := range list {
		e.prepare(w, w.requests)
	}
	return allowed, nil
}
