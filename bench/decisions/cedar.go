package main

import (
	"fmt"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
)

// cedarGo asks cedar-go, and only about the policies of the user.
type cedarGo struct {
	compiled [][]*cedar.Policy  // of each document, one for each statement
	attached []*cedar.PolicySet // of each user
	users    []int
	requests []cedar.Request
}

func (e *cedarGo) name() string { return "cedar" }

func (e *cedarGo) compile(documents []document) error {
	e.compiled = nil
	for _, d := range documents {
		var list []*cedar.Policy
		for _, s := range d {
			p := &cedar.Policy{}
			if err := p.UnmarshalCedar([]byte(cedarText(s))); err != nil {
				return err
			}
			list = append(list, p)
		}
		e.compiled = append(e.compiled, list)
	}
	return nil
}

// cedarText says a statement in Cedar: a lone action without wildcards in the
// scope, all else as conditions on texts of the context, as the wildcards of AWS
// have no other form there.
func cedarText(s statement) string {
	effect, scope := "permit", "action"
	if s.deny {
		effect = "forbid"
	}
	var when []string
	if len(s.actions) == 1 && !strings.Contains(s.actions[0], "*") {
		scope = fmt.Sprintf("action == Action::%q", s.actions[0])
	} else {
		when = append(when, likes("action", s.actions))
	}
	when = append(when, likes("resource", s.resources))
	for _, c := range s.when {
		when = append(when, cedarCondition(c))
	}
	return fmt.Sprintf("%s(principal, %s, resource) when { %s };", effect, scope, strings.Join(when, " && "))
}

// likes: "*?" becomes "*", as Cedar has no wildcard for one character; the
// requests are such that it does not matter, which the oracle checks.
func likes(key string, patterns []string) string {
	var any []string
	for _, p := range patterns {
		any = append(any, fmt.Sprintf("context.%s like %q", key, strings.ReplaceAll(p, "*?", "*")))
	}
	return "(" + strings.Join(any, " || ") + ")"
}

func cedarCondition(c condition) string {
	form := "context[%q] == %q"
	if c.operator == "IpAddress" {
		form = "context[%q].isInRange(ip(%q))"
	}
	var any []string
	for _, v := range c.values {
		any = append(any, fmt.Sprintf(form, c.key, v))
	}
	return "(" + strings.Join(any, " || ") + ")"
}

func (e *cedarGo) attach(users [][]int) {
	e.attached = make([]*cedar.PolicySet, len(users))
	for i, documents := range users {
		e.attached[i] = cedar.NewPolicySet()
		for _, d := range documents {
			for n, p := range e.compiled[d] {
				e.attached[i].Add(cedar.PolicyID(fmt.Sprint(d, ".", n)), p)
			}
		}
	}
}

func (e *cedarGo) prepare(w *workload, requests []request) {
	e.users, e.requests = make([]int, len(requests)), make([]cedar.Request, len(requests))
	for i, r := range requests {
		record := cedar.RecordMap{"action": cedar.String(r.action), "resource": cedar.String(r.resource)}
		for key, value := range w.context {
			record[cedar.String(key)] = cedar.String(value)
		}
		address, _ := types.ParseIPAddr(w.context["aws:SourceIp"])
		record["aws:SourceIp"] = address
		e.users[i] = r.user
		e.requests[i] = cedar.Request{
			Principal: cedar.NewEntityUID("User", "jin"), Action: cedar.NewEntityUID("Action", cedar.String(r.action)),
			Resource: cedar.NewEntityUID("Resource", cedar.String(r.resource)), Context: cedar.NewRecord(record),
		}
	}
}

func (e *cedarGo) decide(i int) bool {
	decision, _ := cedar.Authorize(e.attached[e.users[i]], nil, e.requests[i])
	return decision == cedar.Allow
}
