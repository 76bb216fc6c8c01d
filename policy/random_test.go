package policy_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/plain"
	"github.com/writ-iam/writ/policy"
)

var randomCases = flag.Int("random", 8_000, "number of random cases that the plain evaluator checks")

type object = map[string]any

// world is a case that both evaluators decide.
type world plain.World

func (w *world) decide() (decision, by string) { return (*plain.World)(w).Decide() }

// TestRandom compares the package with the plain evaluator.
func TestRandom(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(*randomCases) {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		w := g.world()
		decision, by := w.decide()
		policies, request := w.compile()
		r := policies.Evaluate(request)
		if r.Decision.String() != decision || r.By.String() != by {
			t.Fatalf("seed %d: %s by %s, the plain evaluator says %s by %s\n%s\n%+v",
				seed, r.Decision, r.By, decision, by, policies.Explain(request).Text(), w)
		}
		seen[decision+" by "+by]++
	}
	for _, outcome := range []string{
		"allowed by identity", "allowed by resource", "allowed by identity+resource", "allowed by root", "allowed by always",
		"implicitDeny by identity", "implicitDeny by resource", "implicitDeny by boundary", "implicitDeny by session", "implicitDeny by scp", "implicitDeny by vpce",
		"explicitDeny by identity", "explicitDeny by resource", "explicitDeny by boundary", "explicitDeny by session", "explicitDeny by scp", "explicitDeny by rcp", "explicitDeny by vpce",
	} {
		if seen[outcome] == 0 {
			t.Errorf("no random case was %s", outcome)
		}
	}
}

// TestRandomProperties: what holds whatever the policies say.
func TestRandomProperties(t *testing.T) {
	for seed := range uint64(*randomCases / 10) {
		g := generator{rand.New(rand.NewPCG(seed, 2))}
		w := g.world()
		policies, request := w.compile()
		before := policies.Evaluate(request)
		checkExplanation(t, policies, request, before)

		statement := g.statement(g.pick("identity", "resource"))
		statement["Effect"] = "Deny"
		with := w
		with.Identity = append([]string{document(statement)}, w.Identity...)
		if after := with.evaluate(); after.Decision == policy.Allow && before.Decision != policy.Allow {
			t.Fatalf("seed %d: a Deny made %s of %s", seed, after.Decision, before.Decision)
		}
		statement["Effect"] = "Allow"
		with.Identity = append([]string{document(statement)}, w.Identity...)
		if after := with.evaluate(); after.Decision != policy.Allow && before.Decision == policy.Allow {
			t.Fatalf("seed %d: an Allow made %s of %s", seed, after.Decision, before.Decision)
		}
	}
}

// checkExplanation: the fast and the explaining way agree, on the decision and
// on the statement behind it.
func checkExplanation(t *testing.T, policies *policy.Policies, request *policy.Request, r policy.Result) {
	t.Helper()
	x := policies.Explain(request)
	if x.Decision != r.Decision || x.By != r.By {
		t.Fatalf("explained as %s by %s, decided as %s by %s", x.Decision, x.By, r.Decision, r.By)
	}
	decided := 0
	for _, p := range x.Policies {
		for _, s := range p.Statements {
			if s.Decided {
				decided++
			}
			if s.Decided && !s.Matched || s.Matched != (s.Mismatches == nil) {
				t.Fatalf("contradicts itself:\n%s", x.Text())
			}
			if s.Matched && s.Effect == "Deny" && x.Decision != policy.ExplicitDeny && x.By != policy.Always {
				t.Fatalf("a Deny matched without an effect:\n%s", x.Text())
			}
		}
	}
	if (r.Statement() != nil) != (decided > 0) {
		t.Fatalf("%d statements decided, the result has %v\n%s", decided, r.Statement(), x.Text())
	}
	if _, err := json.Marshal(x); err != nil {
		t.Fatal(err)
	}
}

func (w *world) evaluate() policy.Result {
	policies, request := w.compile()
	return policies.Evaluate(request)
}

// compile makes of the world what the package takes.
func (w *world) compile() (*policy.Policies, *policy.Request) {
	context := &policy.Context{}
	for key, values := range w.Keys {
		if w.Multi[key] {
			context.SetList(key, values)
		} else {
			context.Set(strings.ToUpper(key), values...)
		}
	}
	p := &policy.Policies{
		Identity:          load(w.Identity),
		Boundary:          load(w.Boundary),
		Session:           load(w.Session),
		Endpoint:          load(w.Endpoint),
		SCPs:              loadLevels(w.SCPs),
		RCPs:              loadLevels(w.RCPs),
		ManagementAccount: w.Management,
	}
	if w.ResourcePolicy != "" {
		p.Resource = policy.Load("resource", []byte(w.ResourcePolicy))
	}
	return p, &policy.Request{Principal: &w.Principal, Action: w.Action, Resource: w.Resource, ResourceAccount: w.ResourceAccount, Context: context}
}

func load(documents []string) []*policy.Policy {
	if documents == nil {
		return nil
	}
	list := []*policy.Policy{}
	for i, d := range documents {
		list = append(list, policy.Load(fmt.Sprint(i+1), []byte(d)))
	}
	return list
}

func loadLevels(levels [][]string) [][]*policy.Policy {
	var list [][]*policy.Policy
	for _, l := range levels {
		list = append(list, load(l))
	}
	return list
}
