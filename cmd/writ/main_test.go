package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts run this test binary as writ.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"writ": main})
}

// TestScripts runs each script with a free port of its own in $LISTEN. Beside
// testscript's commands a script has
//
//	ready           waits until the server at $LISTEN is ready
//	setenvs         sets what the last command has printed as export NAME=VALUE
//	get URL         makes a GET, the answer on stdout
//	unit NAME VAR   sets $VAR to the id of a unit that writ organization show has printed
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Setenv("LISTEN", l.Addr().String())
			return l.Close()
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"ready": ready, "setenvs": setenvs, "get": get, "unit": unit},
	})
}

func ready(ts *testscript.TestScript, _ bool, _ []string) {
	for range 200 {
		answer, err := http.Get("http://" + ts.Getenv("LISTEN") + "/_writ/ready")
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(25 * time.Millisecond)
	}
	ts.Fatalf("the server is not ready")
}

func setenvs(ts *testscript.TestScript, _ bool, _ []string) {
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		if ok {
			ts.Setenv(name, strings.Trim(value, "'"))
		}
	}
}

func unit(ts *testscript.TestScript, _ bool, args []string) {
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == args[0] {
			ts.Setenv(args[1], f[1])
			return
		}
	}
	ts.Fatalf("no unit %s is shown", args[0])
}

func get(ts *testscript.TestScript, neg bool, args []string) {
	answer, err := http.Get(args[0])
	if err != nil {
		ts.Fatalf("%v", err)
	}
	defer answer.Body.Close()
	fmt.Fprintf(ts.Stdout(), "%s\n", answer.Status)
	if neg != (answer.StatusCode >= 300) {
		ts.Fatalf("%s", answer.Status)
	}
}

func TestEnvironmentNamesAreFlags(t *testing.T) {
	cmd := serveCommand()
	if err := fromEnvironment(cmd.Flags(), []string{"WRIT_LISTEN=127.0.0.1:1", "HOME=/", masterKeyVariable + "=x"}); err != nil {
		t.Fatal(err)
	}
	if got := cmd.Flags().Lookup("listen").Value.String(); got != "127.0.0.1:1" {
		t.Errorf("listen is %s", got)
	}
	if err := fromEnvironment(cmd.Flags(), []string{"WRIT_LISTN=127.0.0.1:1"}); err == nil {
		t.Error("a misspelt name is accepted")
	}
}

func TestFile(t *testing.T) {
	cmd := serveCommand()
	if err := cmd.Flags().Set("region", "eu-west-1"); err != nil {
		t.Fatal(err)
	}
	file := "region: us-west-2 # the flag wins\nhost: [a.example, b.example]\nquota: {UsersPerAccount: 7}\n"
	if err := fromFile(cmd.Flags(), []byte(file)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"region": "eu-west-1", "host": "[a.example,b.example]", "quota": "[UsersPerAccount=7]"} {
		if got := cmd.Flags().Lookup(name).Value.String(); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	for _, wrong := range []string{"regoin: x", "config: y", "help: true", "listen: {a: b", "keep-events: soon"} {
		if err := fromFile(serveCommand().Flags(), []byte(wrong)); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}

func TestLoopback(t *testing.T) {
	for address, want := range map[string]bool{"127.0.0.1:1": true, "localhost:1": true, "[::1]:1": true, "0.0.0.0:1": false, ":1": false, "192.0.2.1:1": false, "nonsense": false} {
		if got := loopback(address); got != want {
			t.Errorf("loopback(%q) = %v", address, got)
		}
	}
}

func TestReachable(t *testing.T) {
	for address, want := range map[string]string{"127.0.0.1:1": "127.0.0.1:1", ":1": "127.0.0.1:1", "0.0.0.0:1": "127.0.0.1:1", "10.0.0.0:1": "10.0.0.0:1", "[::]:1": "localhost:1", "[::1]:1": "[::1]:1"} {
		if got := reachable(address); got != want {
			t.Errorf("reachable(%q) = %q, want %q", address, got, want)
		}
	}
}
