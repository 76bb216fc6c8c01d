package awstest

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store/events"
)

// Run runs every script in dir, each in a lab of its own. Beside testscript's
// own commands a script has
//
//	SERVICE OPERATION [--option value…]   a call, as with the AWS CLI: iam create-user --user-name bob
//	let NAME PATH                         sets $NAME to a value of the last answer: let ID .User.UserId
//	as root                               signs the calls that follow as the root user,
//	as NAME                               as somebody named before,
//	as NAME ID SECRET [TOKEN]             or with new credentials;
//	as nobody                             does not sign them
//	advance DURATION                      sets the clock forward: advance 15m
//
// The answer is on stdout as JSON, an error on stderr as "Code: message". The
// id of the last request that failed is $REQUEST_ID.
func Run(t *testing.T, dir string) {
	commands := map[string]func(*testscript.TestScript, bool, []string){"let": let, "as": as, "advance": advance}
	for _, service := range model.Names() {
		commands[service] = func(ts *testscript.TestScript, neg bool, args []string) { run(ts, service, neg, args) }
	}
	testscript.Run(t, testscript.Params{Dir: dir, Cmds: commands, Setup: func(env *testscript.Env) error {
		l, err := start(env.T().(testing.TB), events.NewMemory(logEntries, logBytes), "memory:")
		if err != nil {
			return err
		}
		env.Values[key{}] = &script{lab: l, creds: Root, known: map[string]sigv4.Credentials{"root": Root, "nobody": {}}}
		return nil
	}})
}

// script is what a running script has come to.
type script struct {
	lab   *Lab
	creds sigv4.Credentials
	known map[string]sigv4.Credentials
	last  map[string]any
}

type key struct{}

func of(ts *testscript.TestScript) *script { return ts.Value(key{}).(*script) }

func run(ts *testscript.TestScript, service string, neg bool, args []string) {
	s := of(ts)
	if len(args) == 0 {
		ts.Fatalf("usage: %s OPERATION [--option value…]", service)
	}
	op, err := command(service, args[0])
	ts.Check(err)
	params, err := options(op, args[1:], ts.ReadFile)
	ts.Check(err)
	s.last, err = s.lab.call(s.creds, op, params)
	var failure *Failure
	if err != nil && !errors.As(err, &failure) {
		ts.Check(err)
	}
	s.show(ts, failure)
	if neg != (failure != nil) {
		ts.Fatalf("%s %s: %v", service, args[0], err)
	}
}

func (s *script) show(ts *testscript.TestScript, failure *Failure) {
	if failure != nil {
		ts.Setenv("REQUEST_ID", failure.RequestID)
		fmt.Fprintln(ts.Stderr(), failure)
		return
	}
	out, err := json.MarshalIndent(s.last, "", "  ")
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "%s\n", out)
}

func let(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: let NAME PATH")
	}
	v, err := pick(of(ts).last, args[1])
	ts.Check(err)
	ts.Setenv(args[0], v)
}

func as(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	switch len(args) {
	case 1:
	case 3:
		s.known[args[0]] = sigv4.Credentials{AccessKeyID: args[1], SecretAccessKey: args[2]}
	case 4:
		s.known[args[0]] = sigv4.Credentials{AccessKeyID: args[1], SecretAccessKey: args[2], SessionToken: args[3]}
	default:
		ts.Fatalf("usage: as NAME [ID SECRET [TOKEN]]")
	}
	creds, ok := s.known[args[0]]
	if !ok {
		ts.Fatalf("nobody named %s", args[0])
	}
	s.creds = creds
}

func advance(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: advance DURATION")
	}
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	of(ts).lab.Advance(d)
}
