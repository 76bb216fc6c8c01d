package awstest

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/writ-iam/writ/internal/idp"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/server"
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
//	in REGION                             signs the calls that follow for another region
//	advance DURATION                      sets the clock forward: advance 15m
//	totp NAME SEED [DURATION]             sets $NAME to the one-time code of a seed in base32, now or so much later
//	settle                                waits for what calls have begun in the background
//	csv PATH                              prints a table in the last answer as a line COLUMN=VALUE… for each row
//	token NAME FILE                       sets $NAME to an ID token with the claims of a JSON file (see Issuers)
//	metadata FILE                         writes the metadata of a SAML provider to a file
//	assertion NAME FILE                   sets $NAME to a SAML response of it that says what a JSON file says
//	message NAME                          sets $NAME to the encoded message of the last refusal
//
// The answer is on stdout as JSON, an error on stderr as "Code: message". The
// id of the last request that failed is $REQUEST_ID.
func Run(t *testing.T, dir string) {
	commands := map[string]func(*testscript.TestScript, bool, []string){"let": let, "as": as, "in": in, "advance": advance, "totp": oneTimeCode,
		"settle": settle, "csv": table, "token": token, "metadata": metadata, "assertion": assertion, "message": message}
	for _, service := range model.Names() {
		commands[service] = func(ts *testscript.TestScript, neg bool, args []string) { run(ts, service, neg, args) }
	}
	testscript.Run(t, testscript.Params{Dir: dir, Cmds: commands, Setup: func(env *testscript.Env) error {
		l, err := start(env.T().(testing.TB), events.NewMemory(logEntries, logBytes), func(*server.Options) {})
		if err != nil {
			return err
		}
		env.Values[key{}] = &script{t: env.T().(testing.TB), lab: l, creds: Root, known: map[string]sigv4.Credentials{"root": Root, "nobody": {}}}
		return nil
	}})
}

// script is what a running script has come to.
type script struct {
	t     testing.TB
	lab   *Lab
	idp   *idp.SAML // nil until it is wanted
	creds sigv4.Credentials
	known map[string]sigv4.Credentials
	last  map[string]any
	error string // of the last call, "" if it succeeded
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
	s.error = ""
	if failure != nil {
		s.error = failure.Error()
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

// oneTimeCode computes codes by a library of others, not by what is tested.
func oneTimeCode(ts *testscript.TestScript, _ bool, args []string) {
	at := of(ts).lab.Now()
	switch len(args) {
	case 2:
	case 3:
		later, err := time.ParseDuration(args[2])
		ts.Check(err)
		at = at.Add(later)
	default:
		ts.Fatalf("usage: totp NAME SEED [DURATION]")
	}
	code, err := totp.GenerateCode(args[1], at)
	ts.Check(err)
	ts.Setenv(args[0], code)
}

func settle(ts *testscript.TestScript, _ bool, _ []string) { of(ts).lab.Server.Settle() }

func table(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: csv PATH")
	}
	v, err := pick(of(ts).last, args[0])
	ts.Check(err)
	rows, err := csv.NewReader(strings.NewReader(v)).ReadAll()
	ts.Check(err)
	for _, row := range rows[1:] {
		for i, name := range rows[0] {
			fmt.Fprintf(ts.Stdout(), "%s=%s ", name, row[i])
		}
		fmt.Fprintln(ts.Stdout())
	}
}

func message(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: message NAME")
	}
	_, encoded, ok := strings.Cut(of(ts).error, "Encoded authorization failure message: ")
	if !ok {
		ts.Fatalf("no encoded message in %q", of(ts).error)
	}
	ts.Setenv(args[0], encoded)
}

func in(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: in REGION")
	}
	of(ts).lab.Region = args[0]
}
