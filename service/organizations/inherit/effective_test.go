package inherit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// The policies of the examples of the Organizations User Guide ("Inheritance
// examples", "AI services opt-out policy examples"). In its policy D enforced_for
// stands in tag_value, which can't be meant.
var guide = map[string]string{
	"A": `{"tags":{"costcenter":{"tag_key":{"@@assign":"CostCenter"},"tag_value":{"@@assign":["Development","Support"]}}}}`,
	"B": `{"tags":{"costcenter":{"tag_key":{"@@assign":"CostCenter"},"tag_value":{"@@assign":["Sandbox"]},"enforced_for":{"@@assign":["redshift:*","dynamodb:table"]}}}}`,
	"C": `{"tags":{"costcenter":{"tag_key":{"@@assign":"CostCenter"},"tag_value":{"@@append":["Marketing"]},"enforced_for":{"@@append":["redshift:*","dynamodb:table"]}}}}`,
	"D": `{"tags":{"costcenter":{"tag_value":{"@@remove":["Development","Marketing"]},"enforced_for":{"@@remove":["redshift:*","dynamodb:table"]}}}}`,
	"E": `{"tags":{"project":{"tag_key":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"Project"},"tag_value":{"@@operators_allowed_for_child_policies":["@@append"],"@@assign":["Maintenance","Escalations"]}}}}`,
	"F": `{"tags":{"project":{"tag_key":{"@@assign":"PROJECT"},"tag_value":{"@@append":["Escalations - research"]}}}}`,
	"G": `{"tags":{"project":{"tag_value":{"@@operators_allowed_for_child_policies":["@@append"],"@@assign":["Maintenance"]}}}}`,
	"H": `{"tags":{"project":{"tag_value":{"@@operators_allowed_for_child_policies":["@@append","@@remove"]}}}}`,
	"J": `{"tags":{"project":{"tag_key":{"@@assign":"PROJECT"},"tag_value":{"@@append":["Maintenance"]}}}}`,
	"K": `{"tags":{"project":{"tag_key":{"@@assign":"project"}}}}`,

	"values":     `{"tags":{"Project":{"tag_value":{"@@assign":["A","B"]}}}}`,
	"take":       `{"tags":{"project":{"tag_value":{"@@remove":["Maintenance"]}}}}`,
	"add":        `{"tags":{"project":{"tag_value":{"@@append":["Second","Maintenance"]}}}}`,
	"overwrite":  `{"tags":{"project":{"tag_value":{"@@assign":["Other"]}}}}`,
	"free again": `{"tags":{"project":{"tag_value":{"@@operators_allowed_for_child_policies":["@@all"],"@@append":["More"]}}}}`,

	"out":     `{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{"@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}`,
	"default": `{"services":{"default":{"@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}`,
	"lex in":  `{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}`,
	"all in":  `{"services":{"default":{"opt_out_policy":{"@@assign":"optIn"},"more":{"@@assign":"x"}}}}`,
	"open":    `{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{"opt_out_policy":{"@@assign":"optOut"}}}}`,
	"append":  `{"services":{"@@operators_allowed_for_child_policies":["@@append"]}}`,
	"nothing": `{"tags":{}}`,
}

// merged merges policies of the guide. Levels are separated by "/", the policies
// of one by ",".
func merged(t testing.TB, levels string) *Effective {
	t.Helper()
	var all [][]Policy
	for level := range strings.SplitSeq(levels, "/") {
		var at []Policy
		for name := range strings.SplitSeq(level, ",") {
			s, err := Parse(guide[name], Any)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			at = append(at, Policy{name, s})
		}
		all = append(all, at)
	}
	return Merge(all)
}

func TestMerge(t *testing.T) {
	for _, test := range []struct{ levels, want string }{
		{"A/B", `{"tags":{"costcenter":{"enforced_for":["redshift:*","dynamodb:table"],"tag_key":"CostCenter","tag_value":["Sandbox"]}}}`},
		{"A/C", `{"tags":{"costcenter":{"enforced_for":["redshift:*","dynamodb:table"],"tag_key":"CostCenter","tag_value":["Development","Support","Marketing"]}}}`},
		{"A/C/D", `{"tags":{"costcenter":{"tag_key":"CostCenter","tag_value":["Support"]}}}`},
		{"E/F", `{"tags":{"project":{"tag_key":"Project","tag_value":["Maintenance","Escalations","Escalations - research"]}}}`},
		{"G,H/take", `{"tags":{"project":{"tag_value":["Maintenance"]}}}`},
		{"H,G/take", `{"tags":{"project":{"tag_value":["Maintenance"]}}}`},
		{"G,H/add", `{"tags":{"project":{"tag_value":["Maintenance","Second"]}}}`},
		{"G,H/overwrite", `{"tags":{"project":{"tag_value":["Maintenance"]}}}`},
		{"J,K", `{"tags":{"project":{"tag_key":"PROJECT","tag_value":["Maintenance"]}}}`},
		{"K,J", `{"tags":{"project":{"tag_key":"project","tag_value":["Maintenance"]}}}`},

		// What several policies of one level add and take away does not depend on
		// their order.
		{"add,take,J", `{"tags":{"project":{"tag_key":"PROJECT","tag_value":["Second"]}}}`},
		{"take,J,add", `{"tags":{"project":{"tag_key":"PROJECT","tag_value":["Second"]}}}`},
		{"overwrite,add", `{"tags":{"project":{"tag_value":["Other","Second","Maintenance"]}}}`},
		{"add,overwrite", `{"tags":{"project":{"tag_value":["Other","Second","Maintenance"]}}}`},

		// A limit stays, whatever a policy below it says.
		{"G/free again/take", `{"tags":{"project":{"tag_value":["Maintenance","More"]}}}`},
		// No policy limits its neighbours.
		{"G,take", `{}`},
		{"E,K", `{"tags":{"project":{"tag_key":"Project","tag_value":["Maintenance","Escalations"]}}}`},

		{"out/lex in", `{"services":{"default":{"opt_out_policy":"optOut"}}}`},
		{"out/all in", `{"services":{"default":{"opt_out_policy":"optOut"}}}`},
		{"default/lex in", `{"services":{"default":{"opt_out_policy":"optOut"},"lex":{"opt_out_policy":"optIn"}}}`},
		{"open/lex in", `{"services":{"default":{"opt_out_policy":"optOut"}}}`},
		{"open/all in", `{"services":{"default":{"more":"x","opt_out_policy":"optIn"}}}`},
		{"append/lex in", `{}`},
		{"values/take", `{"tags":{"project":{"tag_value":["A","B"]}}}`},
		{"nothing", `{}`},
		{"nothing/A/nothing", `{"tags":{"costcenter":{"tag_key":"CostCenter","tag_value":["Development","Support"]}}}`},
	} {
		if got := merged(t, test.levels).JSON(); got != test.want {
			t.Errorf("%s: %s, want %s", test.levels, got, test.want)
		}
	}
}

// TestFrom: the policies that a value comes from are known.
func TestFrom(t *testing.T) {
	e := merged(t, "A/C/D").Members["tags"].Members["costcenter"]
	if got := fmt.Sprint(e.Members["tag_value"].From, e.Members["tag_key"].From, e.sources()); got != "[A C D] [C] [A C D]" {
		t.Error(got)
	}
}

func TestEffectiveIsNotChanged(t *testing.T) {
	e := merged(t, "A")
	before := e.JSON()
	d, _ := Parse(guide["C"], Any)
	merge(e, all, []Policy{{"C", d}})
	if e.JSON() != before {
		t.Error(e.JSON())
	}
}

// assigning makes the policy that assigns all that an effective policy says.
func assigning(v any) any {
	members, ok := v.(map[string]any)
	if !ok {
		return map[string]any{assignName: v}
	}
	all := map[string]any{}
	for name, m := range members {
		all[name] = assigning(m)
	}
	return all
}

// FuzzMerge: nothing panics, and what an effective policy says is, assigned, the
// same effective policy.
func FuzzMerge(f *testing.F) {
	for _, p := range guide {
		f.Add(p, guide["C"], guide["D"])
	}
	f.Fuzz(func(t *testing.T, root, unit, account string) {
		var levels [][]Policy
		for _, text := range []string{root, unit, account} {
			s, err := Parse(text, Any)
			if err != nil {
				return
			}
			levels = append(levels, []Policy{{text, s}})
		}
		e := Merge(levels)
		v, err := read(e.JSON())
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(assigning(v))
		if err != nil {
			t.Fatal(err)
		}
		s, err := Parse(string(text), Any)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if again := Merge([][]Policy{{{"", s}}}); again.JSON() != e.JSON() {
			t.Fatalf("%s, then %s", e.JSON(), again.JSON())
		}
	})
}
