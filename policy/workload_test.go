package policy_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy"
)

// The workloads are shapes of policies that people have, or that have hurt
// other engines. Each is built once; what is measured is one decision.

var benchJin = &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333"}

func benchContext() *policy.Context {
	c := &policy.Context{}
	for key, value := range map[string]string{
		"aws:PrincipalArn": benchJin.ARN, "aws:PrincipalAccount": "111122223333", "aws:PrincipalType": "User", "aws:userid": "AIDACKCEVSQ6C2EXAMPLE", "aws:username": "jin",
		"aws:SourceIp": "203.0.113.77", "aws:CurrentTime": "2026-01-01T00:00:00Z", "aws:EpochTime": "1767225600", "aws:SecureTransport": "true", "aws:UserAgent": "aws-cli/2.9.19",
		"aws:RequestedRegion": "eu-west-1", "aws:ViaAWSService": "false", "aws:ResourceAccount": "111122223333", "aws:PrincipalTag/team": "red", "aws:ResourceTag/team": "red",
	} {
		c.Set(key, value)
	}
	return c
}

func bucketRequest() *policy.Request {
	return &policy.Request{Principal: benchJin, Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/2026/11/summary.csv", Context: benchContext()}
}

// one statement for everything.
func oneStatement() *policy.Policies {
	return &policy.Policies{Identity: load([]string{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::reports/2026/*"}}`})}
}

// ten policies of five statements; the last of all decides, by three conditions.
func mixedServices() *policy.Policies {
	services := []string{"ec2", "sqs", "sns", "dynamodb", "lambda", "kms", "logs", "iam", "s3"}
	var documents []string
	for p := range 10 {
		var statements []any
		for i := range 5 {
			n := p*5 + i
			name := services[n%len(services)]
			s := object{"Effect": "Allow", "Action": []any{name + ":Describe*", name + ":List*", name + ":CreateThing"}, "Resource": fmt.Sprintf("arn:aws:%s:eu-west-1:111122223333:thing/%d/*", name, n)}
			if n == 22 {
				s["Effect"] = "Deny"
			}
			if n == 49 {
				s = object{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", "Condition": object{
					"StringEquals": object{"aws:username": "jin", "aws:ResourceTag/team": "${aws:PrincipalTag/team}"},
					"IpAddress":    object{"aws:SourceIp": []any{"198.51.100.0/24", "203.0.113.0/24"}},
				}}
			}
			statements = append(statements, s)
		}
		documents = append(documents, marshal(object{"Version": "2012-10-17", "Statement": statements}))
	}
	return &policy.Policies{Identity: load(documents)}
}

// a thousand statements of one family, every tenth a Deny; only the last allows.
func manyStatements() *policy.Policies {
	var statements []any
	for n := range 1000 {
		s := object{"Effect": "Allow", "Action": "s3:GetObject", "Resource": fmt.Sprintf("arn:aws:s3:::company-shared-data-lake-production/region/eu-west-1/team-%04d/*", n)}
		if n%3 == 1 {
			s["Resource"] = fmt.Sprintf("arn:aws:s3:::*/team-%04d/private/*", n)
		}
		if n%10 == 0 {
			s["Effect"] = "Deny"
		}
		if n == 999 {
			s["Effect"], s["Resource"] = "Allow", "arn:aws:s3:::company-shared-data-lake-production/region/eu-west-1/team-last/*"
		}
		statements = append(statements, s)
	}
	return &policy.Policies{Identity: load([]string{marshal(object{"Version": "2012-10-17", "Statement": statements})})}
}

// twenty patterns of many stars, the last one with the given end.
func manyStars(end string) *policy.Policies {
	var resources []any
	for n := range 20 {
		resources = append(resources, fmt.Sprintf("arn:aws:s3:::*-prod%d-*/*/data/*?%s", n, end))
	}
	return &policy.Policies{Identity: load([]string{marshal(object{"Version": "2012-10-17", "Statement": object{"Effect": "Allow", "Action": "s3:*", "Resource": resources}})})}
}

// a thousand actions of a hundred services in one statement, as AWS's
// ReadOnlyAccess has them.
func manyActions() *policy.Policies {
	var actions []any
	for n := range 1000 {
		actions = append(actions, fmt.Sprintf("service%d:Describe%d*", n/10, n%10))
	}
	actions = append(actions, "s3:List*", "s3:Get*")
	return &policy.Policies{Identity: load([]string{marshal(object{"Version": "2012-10-17", "Statement": object{"Effect": "Allow", "Action": actions, "Resource": "*"}})})}
}

func withResource(resource string) *policy.Request {
	r := bucketRequest()
	r.Resource = resource
	return r
}

func BenchmarkEvaluate(b *testing.B) {
	hostile := "arn:aws:s3:::" + strings.Repeat("a-prod19-/data/", 8)
	workloads := []struct {
		name     string
		policies *policy.Policies
		request  *policy.Request
		want     policy.Decision
	}{
		{"W1", oneStatement(), bucketRequest(), policy.Allow},
		{"W2", mixedServices(), bucketRequest(), policy.Allow},
		{"W3", manyStatements(), withResource("arn:aws:s3:::company-shared-data-lake-production/region/eu-west-1/team-last/x/y.parquet"), policy.Allow},
		{"W5a", manyStars(""), withResource("arn:aws:s3:::logs-prod19-eu/2026/data/part-0001"), policy.Allow},
		{"W5b", manyStars("end"), withResource(hostile), policy.ImplicitDeny},
		{"actions", manyActions(), bucketRequest(), policy.Allow},
		{"W5b-doubled", manyStars("end"), withResource("arn:aws:s3:::" + strings.Repeat(hostile, 16)), policy.ImplicitDeny},
	}
	for _, w := range workloads {
		if got := w.policies.Evaluate(w.request); got.Decision != w.want {
			b.Fatalf("%s: %s", w.name, w.policies.Explain(w.request).Text())
		}
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.policies.Evaluate(w.request)
			}
		})
	}
	b.Run("W6", func(b *testing.B) {
		policies := mixedServices()
		b.RunParallel(func(pb *testing.PB) {
			r := bucketRequest()
			for pb.Next() {
				policies.Evaluate(r)
			}
		})
	})
}

// BenchmarkUsers is W4: many users who share some of many managed policies.
func BenchmarkUsers(b *testing.B) {
	g := rand.New(rand.NewPCG(4, 4))
	services := []string{"s3", "sqs", "sns", "dynamodb", "lambda", "kms", "logs", "ec2"}
	managed := make([]*policy.Policy, 2000)
	for n := range managed {
		var statements []any
		for range 5 {
			name := services[g.IntN(len(services))]
			statements = append(statements, object{"Effect": "Allow", "Action": []any{name + ":Get*", name + ":List*"}, "Resource": fmt.Sprintf("arn:aws:%s:*:111122223333:thing-%d*", name, g.IntN(4))})
		}
		managed[n] = load([]string{marshal(object{"Version": "2012-10-17", "Statement": statements})})[0]
	}
	users := make([][]*policy.Policy, 100_000)
	for n := range users {
		for range 5 {
			users[n] = append(users[n], managed[g.IntN(len(managed))])
		}
	}
	requests := make([]*policy.Request, 16_384)
	policies := make([]*policy.Policies, len(requests))
	context, allowed := benchContext(), 0
	for n := range requests {
		name := services[g.IntN(len(services))]
		requests[n] = &policy.Request{Principal: benchJin, Action: name + ":GetThing", Context: context,
			Resource: fmt.Sprintf("arn:aws:%s:eu-west-1:111122223333:thing-%d/x", name, g.IntN(6))}
		policies[n] = &policy.Policies{Identity: users[g.IntN(len(users))]}
		if policies[n].Evaluate(requests[n]).Decision == policy.Allow {
			allowed++
		}
	}
	b.ReportMetric(float64(allowed)/float64(len(requests)), "allowed")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		n := i % len(requests)
		policies[n].Evaluate(requests[n])
	}
}
