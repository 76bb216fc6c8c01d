package condition_test

import (
	"testing"

	"github.com/writ-iam/writ/policy/condition"
)

// What is set in a clone is not in the context, nor the other way about.
func TestContextClone(t *testing.T) {
	c := new(condition.Context)
	c.Set("aws:username", "ada")
	one, two := c.Clone(), c.Clone()
	one.Set("aws:username", "bob")
	two.Set("aws:PrincipalOrgID", "o-aa111bb222")
	c.Set("aws:userid", "AIDA")
	for context, want := range map[*condition.Context]map[string]string{
		c:   {"aws:username": "ada", "aws:userid": "AIDA", "aws:PrincipalOrgID": ""},
		one: {"aws:username": "bob", "aws:userid": "", "aws:PrincipalOrgID": ""},
		two: {"aws:username": "ada", "aws:userid": "", "aws:PrincipalOrgID": "o-aa111bb222"},
	} {
		for key, value := range want {
			if got, ok := context.Get(key); ok != (value != "") || ok && got[0] != value {
				t.Errorf("%s is %q, want %q", key, got, value)
			}
		}
	}
}
