package main

import (
	"bytes"
	"strings"

	"github.com/minio/pkg/v3/policy"
)

// minio asks the policies of the MinIO server, merged for each user as that
// server does. It knows no resources but objects in buckets: ARNs of other
// services stand in the place of the bucket.
type minio struct {
	compiled []policy.Policy
	merged   []policy.Policy
	users    []int
	requests []policy.Args
}

func (e *minio) name() string { return "minio" }

func (e *minio) compile(documents []document) error {
	e.compiled = nil
	for _, d := range documents {
		p, err := policy.ParseConfig(bytes.NewReader(awsJSON(d, func(arn string) string { return policy.ResourceARNPrefix + path(arn) })))
		if p == nil { // it parses what it would not store: actions of other services
			return err
		}
		e.compiled = append(e.compiled, *p)
	}
	return nil
}

// path is what stands after the prefix of an ARN of S3, and all of another.
func path(arn string) string { return strings.TrimPrefix(arn, policy.ResourceARNPrefix) }

func (e *minio) attach(users [][]int) {
	e.merged = make([]policy.Policy, len(users))
	for i, documents := range users {
		p := policy.Policy{Version: policy.DefaultVersion, Statements: make([]policy.Statement, 0, len(documents)*len(e.compiled[0].Statements))}
		for _, d := range documents { // MergePolicies would copy every statement
			p.Statements = append(p.Statements, e.compiled[d].Statements...)
		}
		e.merged[i] = p
	}
}

func (e *minio) prepare(w *workload, requests []request) {
	values := map[string][]string{}
	for key, value := range w.context {
		_, name, _ := strings.Cut(key, ":")
		values[name] = []string{value}
	}
	e.users, e.requests = make([]int, len(requests)), make([]policy.Args, len(requests))
	for i, r := range requests {
		bucket, object, _ := strings.Cut(path(r.resource), "/")
		e.users[i] = r.user
		e.requests[i] = policy.Args{Action: policy.Action(r.action), BucketName: bucket, ObjectName: object, ConditionValues: values}
	}
}

func (e *minio) decide(i int) bool { return e.merged[e.users[i]].IsAllowed(e.requests[i]) }
