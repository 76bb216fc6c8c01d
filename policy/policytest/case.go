// Package policytest reads and runs policy test cases: a request, the policies
// that take part, and the decision to expect.
//
// The one central idea: a case is data, in JSON or YAML, that says everything
// the decision depends on; nothing is added, so the same file means the same
// in CI, in the command line tool and in the tests of package policy itself.
package policytest

import (
	"time"

	"github.com/writ-iam/writ/policy"
)

// Case is one test case.
type Case struct {
	ID       string
	Why      string
	Policies policy.Policies
	Request  policy.Request
	Expect   policy.Decision
	ExpectBy string // word of policy.Type; "" for any
}

// Outcome is what became of a case.
type Outcome struct {
	ID       string          `json:"id"`
	Decision policy.Decision `json:"decision"`
	By       policy.Type     `json:"by"`
	Micros   float64         `json:"micros"` // time of the decision
	OK       bool            `json:"ok"`
}

// Run decides the case.
func (c *Case) Run() Outcome {
	start := time.Now()
	r := c.Policies.Evaluate(&c.Request)
	return Outcome{
		ID:       c.ID,
		Decision: r.Decision,
		By:       r.By,
		Micros:   float64(time.Since(start).Nanoseconds()) / 1000,
		OK:       r.Decision == c.Expect && (c.ExpectBy == "" || c.ExpectBy == r.By.String()),
	}
}

// Explain tells why the case is decided as it is.
func (c *Case) Explain() *policy.Explanation { return c.Policies.Explain(&c.Request) }
