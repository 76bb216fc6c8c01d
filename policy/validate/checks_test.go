package validate_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy/validate"
)

// TestEveryCheckIsTested: the tables of documents have every code that Checks lists.
func TestEveryCheckIsTested(t *testing.T) {
	for _, tables := range []func(*testing.T){TestForm, TestActions, TestResources, TestVariables, TestConditions, TestPrincipals, TestTrust, TestDangers} {
		tables(t)
	}
	for _, c := range validate.Checks() {
		if !covered[c.Code] && c.Code != "MALFORMED_POLICY_DOCUMENT" { // it stands for faults that no check knows
			t.Errorf("no document has the finding %s", c.Code)
		}
		if c.Summary == "" || c.Severity == "" {
			t.Errorf("%+v is not complete", c)
		}
	}
}

// TestCodesAreListed: every code in the source is one of Checks.
func TestCodesAreListed(t *testing.T) {
	listed := map[string]bool{}
	for _, c := range validate.Checks() {
		if listed[c.Code] {
			t.Errorf("%s is listed twice", c.Code)
		}
		listed[c.Code] = true
	}
	code := regexp.MustCompile(`^[A-Z]+(_[A-Z]+)+$`)
	for text := range literals(t) {
		part := strings.HasSuffix(text, "_WITH_") || map[string]bool{"NOT_ACTION": true, "NOT_RESOURCE": true, "STAR_IN_ACTION": true, "STAR_IN_RESOURCE": true, "STAR_IN_ACTION_AND_RESOURCE": true}[text]
		if code.MatchString(text) && !listed[text] && !part && text != string(validate.SecurityWarning) {
			t.Errorf("%s is not listed", text)
		}
	}
}

// literals collects the strings of the package's source.
func literals(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				text, _ := strconv.Unquote(l.Value)
				all[text] = true
			}
			return true
		})
	}
	return all
}
