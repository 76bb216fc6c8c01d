package conformance

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// needs skips the test, with a word, where a program is not on the machine.
func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not on this machine", program)
	}
}

// scripts runs every script in dir, each with a durable server of its own and
// the environment of a shell after eval "$(writ env)". Beside testscript's own
// commands a script has
//
//	aws …, terraform …, writ …      the programs
//	let NAME PATH                   sets $NAME to a value of the last answer: let ID .User.UserId
//	as admin                        signs the calls that follow with the administrator's key,
//	as NAME ID SECRET [TOKEN]       or with another
//
// and $ACCOUNT, the number of the account.
func scripts(t *testing.T, dir string, setup func(*testscript.Env) error) {
	testscript.Run(t, testscript.Params{
		Dir: dir,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"aws": program("aws"), "terraform": program("terraform"), "writ": program("writ"), "let": let, "as": as,
		},
		Setup: func(env *testscript.Env) error {
			w := start(env.T().(testing.TB), "serve", "--account", account, "--metadata-listen", freeAddress(env.T().(testing.TB)))
			env.Vars = append(env.Vars, w.environ...)
			env.Setenv("ACCOUNT", account)
			env.Values[key{}] = w
			return setup(env)
		},
	})
}

const account = "123456789012"

type key struct{}

func server(ts *testscript.TestScript) *writ { return ts.Value(key{}).(*writ) }

// program runs a program, which must fail if the line begins with "!".
func program(name string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		path := name
		if name == "writ" {
			path = server(ts).path
		}
		err := ts.Exec(path, args...)
		if neg != (err != nil) {
			ts.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
		}
	}
}

func let(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: let NAME PATH")
	}
	var answer any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &answer))
	v, err := pick(answer, args[1])
	ts.Check(err)
	ts.Setenv(args[0], v)
}

// pick takes a value out of an answer: .Users.0.Arn. A string that is JSON
// itself may be stepped into.
func pick(v any, path string) (string, error) {
	for step := range strings.SplitSeq(strings.TrimPrefix(path, "."), ".") {
		if text, ok := v.(string); ok {
			if err := json.Unmarshal([]byte(text), &v); err != nil {
				return "", fmt.Errorf("%s: %w", path, err)
			}
		}
		switch within := v.(type) {
		case map[string]any:
			v = within[step]
		case []any:
			if i, err := strconv.Atoi(step); err == nil && i < len(within) {
				v = within[i]
				continue
			}
			v = nil
		default:
			v = nil
		}
	}
	if v == nil {
		return "", fmt.Errorf("the answer has no %s", path)
	}
	return fmt.Sprint(v), nil
}

func as(ts *testscript.TestScript, _ bool, args []string) {
	w, token := server(ts), ""
	switch {
	case len(args) == 1 && args[0] == "admin":
		args = []string{"admin", w.value("AWS_ACCESS_KEY_ID"), w.value("AWS_SECRET_ACCESS_KEY")}
	case len(args) == 4:
		token = args[3]
	case len(args) != 3:
		ts.Fatalf("usage: as admin, or as NAME ID SECRET [TOKEN]")
	}
	ts.Setenv("AWS_ACCESS_KEY_ID", args[1])
	ts.Setenv("AWS_SECRET_ACCESS_KEY", args[2])
	ts.Setenv("AWS_SESSION_TOKEN", token)
}
