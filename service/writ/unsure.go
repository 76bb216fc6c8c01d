package writ

import (
	"regexp"
	"slices"
	"strings"

	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/policy"
)

// unsure names the context keys that a decision may hang on and that were not
// recorded, "" if none does. Whatever the values of the keys were, the truth lies
// between two extremes: every statement that asks for one denies if it can, or
// every one lets through if it can.
func (c *ceilings) unsure(r *policy.Request, now, then bool) string {
	var missing []string
	for _, strict := range []bool{true, false} {
		for _, side := range []struct {
			levels [][]*policy.Policy
			denies bool
		}{{c.now, now}, {c.then, then}} {
			if c.denies(extreme(side.levels, strict, &missing), r) != side.denies {
				slices.Sort(missing)
				return strings.Join(slices.Compact(missing), ", ")
			}
		}
	}
	return ""
}

func extreme(levels [][]*policy.Policy, strict bool, missing *[]string) [][]*policy.Policy {
	all := make([][]*policy.Policy, len(levels))
	for i, level := range levels {
		for _, p := range level {
			all[i] = append(all[i], extremely(p, strict, missing))
		}
	}
	return all
}

// extremely is a policy whose statements hang on nothing that was not recorded:
// those that do apply always, or never.
func extremely(p *policy.Policy, strict bool, missing *[]string) *policy.Policy {
	d := p.Document()
	if d == nil {
		return p
	}
	sure := *d
	sure.Statements = nil
	for _, s := range d.Statements {
		one, asked := withoutUntold(s)
		*missing = append(*missing, asked...)
		if len(asked) == 0 || (s.Effect == "Deny") == strict {
			sure.Statements = append(sure.Statements, one)
		}
	}
	return policy.Compile(p.Name(), &sure)
}

// withoutUntold is a statement without the conditions on keys that events do not
// tell, and those keys. Resources that are written with such a key are all.
func withoutUntold(s *policy.Statement) (*policy.Statement, []string) {
	var asked []string
	sure := *s
	sure.Conditions = slices.DeleteFunc(slices.Clone(s.Conditions), func(c policy.Condition) bool {
		keys := untold(append(variables(c.Values), c.Key.Text))
		asked = append(asked, keys...)
		return len(keys) > 0
	})
	if keys := untold(append(variables(s.Resource), variables(s.NotResource)...)); len(keys) > 0 {
		asked = append(asked, keys...)
		sure.Resource, sure.NotResource = []policy.Value{{Text: "*"}}, nil
	}
	return &sure, asked
}

func untold(keys []string) []string {
	return slices.DeleteFunc(keys, audit.Told)
}

var variable = regexp.MustCompile(`\$\{([^},*?$]+)`)

// variables are the keys that texts are written with.
func variables(texts []policy.Value) (keys []string) {
	for _, t := range texts {
		for _, m := range variable.FindAllStringSubmatch(t.Text, -1) {
			keys = append(keys, strings.TrimSpace(m[1]))
		}
	}
	return keys
}
