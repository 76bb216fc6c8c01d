// Command bench measures how fast and how large Writ is, each figure beside
// something else that is measured in the same run.
//
// Its one idea: absolute figures move with the machine, ratios hold. So every
// measure runs Writ as its users do (a process of its own, real sockets, real
// files) and, in turns with it, the plainest thing that could do the same work:
// a server that only says hello, the bare hashes, the bare database driver.
//
//	go run .                 everything, a few minutes
//	go run . calls start     only these measures
//	go run . profile         where the time of a call goes
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// measure is one subject; it adds rows to the report.
type measure struct {
	name string
	what string
	run  func(*run) error
}

var measures = []measure{
	{"calls", "GetCallerIdentity against hello", calls},
	{"assume", "AssumeRole against GetCallerIdentity", assumes},
	{"sigv4", "verification against its bare hashes", hashes},
	{"start", "cold start to the first answer", starts},
	{"memory", "memory of an idle server", memory},
	{"users", "creating and listing users, few and many", scale},
	{"create", "durable CreateUser against the bare SQLite driver", creates},
	{"objects", "GET and PUT of 64 KiB against the bare stores", objects},
	{"reset", "POST /_writ/reset", resets},
	{"profile", "processor time of a call by step", profile},
}

// run is what measures share.
type run struct {
	dir    string // scratch, removed at the end
	binary string // writ, built from the tree around this module
	report report
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == helloName {
		hello()
		return
	}
	if len(os.Args) == 2 && os.Args[1] == bareName {
		serveBare()
	}
	if err := all(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func all(names []string) error {
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "writ-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r := &run{dir: dir, binary: filepath.Join(dir, "writ")}
	if out, err := exec.Command("go", "build", "-C", "..", "-o", r.binary, "./cmd/writ").CombinedOutput(); err != nil {
		return fmt.Errorf("building writ: %w\n%s", err, out)
	}
	for _, m := range chosen {
		fmt.Fprintf(os.Stderr, "%s: %s\n", m.name, m.what)
		if err := m.run(r); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	r.report.print(os.Stdout)
	return nil
}

// choose returns the named measures; no names mean all.
func choose(names []string) ([]measure, error) {
	if len(names) == 0 {
		return measures, nil
	}
	var chosen []measure
	for _, name := range names {
		i := slices.IndexFunc(measures, func(m measure) bool { return m.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no measure %q", name)
		}
		chosen = append(chosen, measures[i])
	}
	return chosen, nil
}
