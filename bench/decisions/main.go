// Command decisions measures how long an authorization decision takes: package
// policy beside MinIO's and Cedar's engines, in one run.
//
// Its one idea: a workload is written once, in words that belong to no engine,
// and told to each in its own language; an oracle holds the answers to every
// request against each other before anything is timed. Absolute figures move
// with the machine, so what counts are the ratios of one run.
//
//	go run .            everything, about a minute
//	go run . W2 compile only these
package main

import (
	"fmt"
	"os"
	"slices"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "decisions:", err)
		os.Exit(1)
	}
}

func run(names []string) error {
	wanted := func(name string) bool { return len(names) == 0 || slices.Contains(names, name) }
	header()
	for _, w := range workloads() {
		if wanted(w.name) {
			if err := compare(w); err != nil {
				return err
			}
		}
	}
	if wanted("W4") {
		if err := memory(); err != nil {
			return err
		}
	}
	if wanted("W5b") {
		if err := doubling(); err != nil {
			return err
		}
	}
	if wanted("W6") {
		if err := scaling(); err != nil {
			return err
		}
	}
	if wanted("compile") {
		compiling()
	}
	return nil
}

// compare prints one row of the table.
func compare(w *workload) error {
	list := engines()
	for _, e := range list {
		if err := load(e, w); err != nil {
			return err
		}
	}
	allowed, err := agree(w, list)
	if err != nil {
		return err
	}
	row(w, allowed, measure(w, list))
	return nil
}

// memory prints the memory of W4.
func memory() error {
	w := manyUsers()
	fmt.Printf("\nbytes in W4 (%d policies of %d statements, %d users of %d policies)\n", len(w.documents), len(w.documents[0]), len(w.users), len(w.users[0]))
	for _, e := range engines() {
		f, err := measureMemory(w, e)
		if err != nil {
			return err
		}
		fmt.Printf("  %-6s %6.0f a statement, %5.0f a user\n", e.name(), f.statement, f.user)
		if e.name() == "writ" {
			fmt.Printf("         (%.0f of a statement are the document's text; to reach: 200 and 64)\n", f.text)
		}
	}
	return nil
}

// doubling prints W5b with the input doubled four times; engines drop out when
// one decision takes milliseconds.
func doubling() error {
	fmt.Printf("\nns in W5b, input doubled\n")
	for _, e := range engines() {
		fmt.Printf("  %-6s", e.name())
		for times := 1; times <= 16; times *= 2 {
			w := hostile(times)
			if err := load(e, w); err != nil {
				return err
			}
			s := newStopwatch(w, e)
			for range 50 * minPasses {
				s.pass()
			}
			fmt.Printf(" %12.0f", s.perDecision())
			if s.best[0] > 10*moment {
				break
			}
		}
		fmt.Println()
	}
	return nil
}

// scaling prints what all cores do compared with one.
func scaling() error {
	one, all := mixedServices(), mixedServices()
	all.parallel = true
	fmt.Printf("\ndecisions of all cores together, one core does 1\n")
	for _, e := range engines() {
		if err := load(e, one); err != nil {
			return err
		}
		alone, together := measure(one, []engine{e})[0], measure(all, []engine{e})[0]
		fmt.Printf("  %-6s %.2f\n", e.name(), alone.nanoseconds/together.nanoseconds)
	}
	return nil
}
