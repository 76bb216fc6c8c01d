package policy_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/writ-iam/writ/policy/policytest"
)

// ruleCases reads every case under testdata.
func ruleCases(t testing.TB) []*policytest.Case {
	t.Helper()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	var cases []*policytest.Case
	for _, file := range files {
		list, err := policytest.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, list...)
	}
	return cases
}

func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range ruleCases(t) {
		t.Run(c.ID, func(t *testing.T) {
			if seen[c.ID] {
				t.Error("the id is not unique")
			}
			seen[c.ID] = true
			if r := c.Run(); !r.OK {
				t.Errorf("%s by %s, want %s by %s\n%s", r.Decision, r.By, c.Expect, c.ExpectBy, c.Explain().Text())
			}
		})
	}
}

// TestEveryRuleHasCases: one that grants, one that does not, and a near miss.
func TestEveryRuleHasCases(t *testing.T) {
	count := map[string]int{}
	rule := regexp.MustCompile(`^R[0-9]+`)
	for _, c := range ruleCases(t) {
		count[rule.FindString(c.ID)]++
	}
	for n := 1; n <= 130; n++ {
		if name := fmt.Sprintf("R%02d", n); count[name] < 3 {
			t.Errorf("%s has %d cases", name, count[name])
		}
	}
}
