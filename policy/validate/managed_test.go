package validate_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/validate"
)

var update = flag.Bool("update", false, "write testdata/managed.txt anew")

// TestManagedPolicies: AWS's own policies have no errors but those listed, where
// AWS's policies name what AWS's reference does not: services that are no more,
// actions that are not published.
func TestManagedPolicies(t *testing.T) {
	differences := map[string]bool{}
	for info := range catalogue.ManagedPolicies() {
		m, _ := catalogue.ManagedPolicy(info.ARN)
		findings := validate.Document([]byte(m.Document), policy.ManagedPolicy)
		check(t, m.Document, policy.ManagedPolicy, findings)
		for _, f := range findings {
			if f.Severity == validate.Error {
				differences[f.Code+" "+m.Document[f.Start.Offset:f.End.Offset]] = true
			}
		}
	}
	var lines []string
	for d := range differences {
		lines = append(lines, d+"\n")
	}
	slices.Sort(lines)
	got := strings.Join(lines, "")
	if *update {
		if err := os.WriteFile("testdata/managed.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/managed.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the errors differ from testdata/managed.txt; they are\n%s", got)
	}
}

// TestNotable: what the policies that everybody knows are known for.
func TestNotable(t *testing.T) {
	for name, want := range map[string]string{
		"AdministratorAccess": "FULL_ACCESS PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE PRIVILEGE_ESCALATION CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
		"IAMFullAccess":       "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE PRIVILEGE_ESCALATION CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
		"PowerUserAccess":     "ALLOW_WITH_NOT_ACTION CREATE_SLR_WITH_STAR_IN_RESOURCE",
		"SecurityAudit":       "INVALID_SERVICE_IN_ACTION", // it names services that are no more
	} {
		m, _ := catalogue.ManagedPolicy("arn:aws:iam::aws:policy/" + name)
		findings := slices.DeleteFunc(validate.Document([]byte(m.Document), policy.ManagedPolicy), func(f validate.Finding) bool {
			return f.Severity == validate.Suggestion || strings.HasPrefix(f.Code, "POLICY_SIZE") || strings.HasSuffix(f.Code, "ACTION_WITHOUT_RESOURCE_TYPES")
		})
		if got := codes(findings); got != want {
			t.Errorf("%s has %s, want %s", name, got, want)
		}
	}
}
