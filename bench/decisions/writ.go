package main

import (
	"encoding/json"
	"strconv"

	"github.com/writ-iam/writ/policy"
)

// writ asks package policy.
type writ struct {
	compiled []*policy.Policy
	attached []*policy.Policy // of all users, one after the other
	from     []uint32         // where those of a user begin
	requests []policy.Request
	policies []policy.Policies // for each request
}

func (e *writ) name() string { return "writ" }

type object map[string]any

func (e *writ) compile(documents []document) error {
	e.compiled = make([]*policy.Policy, len(documents))
	for i, d := range documents {
		e.compiled[i] = policy.Load(strconv.Itoa(i), awsJSON(d, func(arn string) string { return arn }))
		if err := e.compiled[i].Err(); err != nil {
			return err
		}
	}
	return nil
}

// awsJSON writes a document as AWS has it, with the resources that f makes.
func awsJSON(d document, f func(arn string) string) []byte {
	var statements []object
	for _, s := range d {
		o := object{"Effect": "Allow", "Action": scalar(s.actions)}
		if s.deny {
			o["Effect"] = "Deny"
		}
		var resources []string
		for _, r := range s.resources {
			resources = append(resources, f(r))
		}
		o["Resource"] = scalar(resources)
		if s.when != nil {
			o["Condition"] = conditions(s.when)
		}
		statements = append(statements, o)
	}
	text, err := json.Marshal(object{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		panic(err) // texts and lists of them
	}
	return text
}

// scalar writes a single value as most people do, without a list.
func scalar(values []string) any {
	if len(values) == 1 {
		return values[0]
	}
	return values
}

func conditions(list []condition) object {
	o := object{}
	for _, c := range list {
		if o[c.operator] == nil {
			o[c.operator] = object{}
		}
		o[c.operator].(object)[c.key] = c.values
	}
	return o
}

func (e *writ) attach(users [][]int) {
	e.attached = make([]*policy.Policy, 0, len(users)*len(users[0]))
	e.from = make([]uint32, 0, len(users)+1)
	for _, documents := range users {
		e.from = append(e.from, uint32(len(e.attached)))
		for _, d := range documents {
			e.attached = append(e.attached, e.compiled[d])
		}
	}
	e.from = append(e.from, uint32(len(e.attached)))
}

func (e *writ) prepare(w *workload, requests []request) {
	jin := &policy.Principal{Type: policy.User, ARN: w.context["aws:PrincipalArn"], Account: w.context["aws:PrincipalAccount"]}
	c := &policy.Context{}
	for key, value := range w.context {
		c.Set(key, value)
	}
	e.requests, e.policies = make([]policy.Request, len(requests)), make([]policy.Policies, len(requests))
	for i, r := range requests {
		e.policies[i].Identity = e.attached[e.from[r.user]:e.from[r.user+1]]
		e.requests[i] = policy.Request{Principal: jin, Action: r.action, Resource: r.resource, Context: c}
	}
}

func (e *writ) decide(i int) bool {
	return e.policies[i].Evaluate(&e.requests[i]).Decision == policy.Allow
}
