// Package validate finds what is wrong or dangerous in a policy document before
// anybody is allowed or denied by it.
//
// The one central idea: package policy says what a document means, package
// catalogue what AWS has; a finding is where the two disagree, or where what is
// meant is seldom what was wanted. Findings carry the types and issue codes of
// IAM Access Analyzer where it has a check for the same thing (checks.go lists
// them), a place in the text, and a repair if there is an obvious one.
//
// Not everything that Access Analyzer reports is a finding here: private ranges
// in aws:SourceIp, for one, are as good as others where the network is private.
// And not all that it accepts is none: keys that no request of an action has,
// resources that an action does not act on, conditions on MFA that a missing
// key slips through.
package validate

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
)

// maxFindings is how many findings are given at most. Who has more has not
// written a policy.
const maxFindings = 1000

// Document validates the text of a policy document that is written for kind. The
// findings are in the order of the text; there are none if nothing is wrong, and
// never more than a thousand, the most severe. Every document that policy.ParseAs refuses has a
// finding of severity Error.
func Document(src []byte, kind policy.Kind) []Finding {
	c := &checker{src: source(src), kind: kind, at: -1, counts: map[Severity]int{}, faults: map[int]*found{}, templates: map[*catalogue.ResourceType]*[6]pattern{}}
	doc, err := policy.Parse(src)
	if err != nil {
		c.syntax(err)
	} else {
		c.document(doc)
	}
	return c.findings()
}

// checker collects the findings of one document.
type checker struct {
	src    source
	kind   policy.Kind
	doc    *policy.Document
	at     int // index of the statement that is looked at, -1 outside of all
	found  []*found
	counts map[Severity]int
	work   int            // that was put into searching
	faults map[int]*found // by the offset of the problem that they tell of

	templates map[*catalogue.ResourceType]*[6]pattern
}

// maxWork bounds what is put into searching, in comparisons of letters: about a
// second. Documents within AWS's quotas stay far below it; in others what is
// beyond is not searched for.
const maxWork = 200_000_000

// afford reports whether there is still time for some work.
func (c *checker) afford(work int) bool {
	c.work += work
	return c.work <= maxWork
}

// found is a Finding that is not yet complete.
type found struct {
	Finding
	span
	grammar bool // keeps the document from being stored
}

func (c *checker) document(doc *policy.Document) {
	c.doc = doc
	c.structure()
	c.version()
	c.sids()
	c.size()
	statements := make([]*statement, len(doc.Statements))
	for i, s := range doc.Statements {
		statements[i] = c.statement(s)
	}
	c.at = -1
	c.redundantStatements(statements)
	c.nearAdministrator(statements)
	c.refusal()
}

// statement checks one statement. One that AWS would refuse has no meaning to
// look into.
func (c *checker) statement(policyStatement *policy.Statement) *statement {
	s := c.newStatement(policyStatement)
	c.at = s.Index
	c.grammar(s)
	c.actions(s)
	c.resources(s)
	c.conditions(s)
	if !c.faulty(s) {
		c.roles(s)
		c.fit(s)
		c.dangers(s)
		c.redundancies(s)
	}
	return s
}

// faulty reports whether the grammar of the statement is at fault.
func (c *checker) faulty(s *statement) bool {
	return slices.ContainsFunc(c.found, func(f *found) bool { return f.grammar && f.Statement == s.Index })
}

// report adds a finding about a piece of the text.
func (c *checker) report(code string, at span, format string, args ...any) *found {
	return c.add(&found{span: at, Finding: Finding{Code: code, Severity: severities[code], Message: fmt.Sprintf(format, args...), Statement: c.at}})
}

// refuse reports what keeps AWS from storing the document.
func (c *checker) refuse(code string, at span, format string, args ...any) *found {
	return c.add(&found{span: at, grammar: true, Finding: Finding{Code: code, Severity: Error, Message: fmt.Sprintf(format, args...), Statement: c.at}})
}

func (c *checker) add(f *found) *found {
	if c.counts[f.Severity]++; c.counts[f.Severity] <= maxFindings {
		c.found = append(c.found, f)
	}
	return f
}

// findings completes what was found with places, in the order of the text. If
// there is too much the most severe is kept.
func (c *checker) findings() []Finding {
	slices.SortStableFunc(c.found, func(a, b *found) int { return cmp.Compare(a.Severity.rank(), b.Severity.rank()) })
	c.found = c.found[:min(len(c.found), maxFindings)]
	slices.SortStableFunc(c.found, func(a, b *found) int { return cmp.Compare(a.from, b.from) })
	place := c.src.places()
	list := make([]Finding, len(c.found))
	for i, f := range c.found {
		f.Start = place(f.from)
		f.End = c.src.after(f.Start, f.to)
		list[i] = f.Finding
	}
	return list
}
