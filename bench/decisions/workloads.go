package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// workloads are shapes of policies that people have, or that have hurt other engines.
func workloads() []*workload {
	list := []*workload{oneStatement(), mixedServices(), manyStatements(), manyUsers(), manyStars(), hostile(1), mixedServices()}
	list[6].name, list[6].what, list[6].parallel = "W6", "W2 from all cores at once", true
	list[6].minio, list[6].cedar, list[6].target = 5000, 8100, 80
	return list
}

func oneStatement() *workload {
	documents := []document{{{actions: []string{"s3:Get*"}, resources: []string{"arn:aws:s3:::reports/2026/*"}}}}
	return &workload{
		name: "W1", what: "one statement", minio: 379, cedar: 542, target: 60,
		documents: documents, users: single(documents), context: context(),
		requests: ask("s3:GetObject", "arn:aws:s3:::reports/2026/11/summary.csv"),
		others: append(ask("s3:GetObject", "arn:aws:s3:::reports/2025/11/summary.csv", "arn:aws:s3:::reports/2026/"),
			ask("s3:PutObject", "arn:aws:s3:::reports/2026/11/summary.csv")...),
	}
}

// mixedServices: the last of fifty statements decides, by three conditions.
func mixedServices() *workload {
	services := []string{"ec2", "sqs", "sns", "dynamodb", "lambda", "logs", "glue", "rds", "s3"}
	documents := make([]document, 10)
	for n := range 50 {
		name := services[n%len(services)]
		documents[n/5] = append(documents[n/5], statement{
			deny:      n == 22,
			actions:   []string{name + ":Describe*", name + ":List*", name + ":CreateThing"},
			resources: []string{fmt.Sprintf("arn:aws:%s:eu-west-1:111122223333:thing/%d/*", name, n)},
		})
	}
	documents[9][4] = statement{actions: []string{"s3:GetObject"}, resources: []string{"arn:aws:s3:::reports/*"}, when: []condition{
		{"StringEquals", "aws:username", []string{"jin"}},
		{"IpAddress", "aws:SourceIp", []string{"198.51.100.0/24", "203.0.113.0/24"}},
		{"StringEquals", "s3:ExistingObjectTag/team", []string{"blue", "red"}},
	}}
	return &workload{
		name: "W2", what: "ten policies of five statements, three conditions", minio: 9800, cedar: 10900, target: 150,
		documents: documents, users: single(documents), context: context(),
		requests: ask("s3:GetObject", "arn:aws:s3:::reports/2026/11/summary.csv"),
		others: append(ask("s3:GetObject", "arn:aws:s3:::drafts/2026/11/summary.csv"),
			request{action: "dynamodb:ListThings", resource: "arn:aws:dynamodb:eu-west-1:111122223333:thing/3/x"},
			request{action: "lambda:ListThings", resource: "arn:aws:lambda:eu-west-1:111122223333:thing/22/x"}),
	}
}

// manyStatements: every tenth is a Deny, and only the last allows.
func manyStatements() *workload {
	const lake = "arn:aws:s3:::company-shared-data-lake-production/region/eu-west-1/"
	var d document
	for n := range 1000 {
		resource := fmt.Sprintf("%steam-%04d/*", lake, n)
		if n%3 == 1 {
			resource = fmt.Sprintf("arn:aws:s3:::*/team-%04d/private/*", n)
		}
		d = append(d, statement{deny: n%10 == 0, actions: []string{"s3:GetObject"}, resources: []string{resource}})
	}
	d[999].resources = []string{lake + "team-last/*"}
	return &workload{
		name: "W3", what: "a thousand statements of one family", minio: 523_000, cedar: 124_000, target: 500,
		documents: []document{d}, users: [][]int{{0}}, context: context(),
		requests: ask("s3:GetObject", lake+"team-last/x/y.parquet"),
		others:   ask("s3:GetObject", lake+"team-0500/x", lake+"team-0501/x", "arn:aws:s3:::b/c/team-0502/private/x", "arn:aws:s3:::b/c/team-0460/private/x", lake+"team-9999/x"),
	}
}

// manyUsers share some of many managed policies; about half of the requests
// are allowed. All is about buckets, which every engine knows.
func manyUsers() *workload {
	g := rand.New(rand.NewPCG(4, 4))
	verb := func() string { return []string{"Get", "Put", "List"}[g.IntN(3)] }
	bucket := func() string { return fmt.Sprintf("arn:aws:s3:::bucket-%d/", g.IntN(40)) }
	w := &workload{
		name: "W4", what: "100,000 users with five of 2,000 policies", minio: 4700, cedar: 15_400, target: 500,
		documents: make([]document, 2000), users: make([][]int, 100_000), context: context(), requests: make([]request, 16_384),
	}
	for n := range w.documents {
		for range 5 {
			w.documents[n] = append(w.documents[n], statement{deny: g.IntN(20) == 0, actions: []string{"s3:" + verb() + "*"}, resources: []string{bucket() + "*"}})
		}
	}
	for n := range w.users {
		for range 5 {
			w.users[n] = append(w.users[n], g.IntN(len(w.documents)))
		}
	}
	for n := range w.requests {
		w.requests[n] = request{g.IntN(len(w.users)), "s3:" + verb() + "Object", bucket() + "2026/report.csv"}
		if n%2 == 0 { // what some statement of the user is about
			s := w.documents[w.users[w.requests[n].user][g.IntN(5)]][g.IntN(5)]
			w.requests[n].action = strings.TrimSuffix(s.actions[0], "*") + "Object"
			w.requests[n].resource = strings.TrimSuffix(s.resources[0], "*") + "2026/report.csv"
		}
	}
	return w
}

// manyStars: twenty patterns, of which the last fits.
func manyStars() *workload {
	var resources []string
	for n := range 20 {
		resources = append(resources, fmt.Sprintf("arn:aws:s3:::*-prod-*/*/data/part-%02d*?", n))
	}
	documents := []document{{{actions: []string{"s3:*"}, resources: resources}}}
	return &workload{
		name: "W5a", what: "twenty patterns of many stars", minio: 14_400, cedar: 3800, target: 500,
		documents: documents, users: single(documents), context: context(),
		requests: ask("s3:GetObject", "arn:aws:s3:::acme-prod-eu/2026/data/part-19.parquet"),
		others:   ask("s3:GetObject", "arn:aws:s3:::acme-prod-eu/2026/date/part-19.parquet", "arn:aws:s3:::acme-test-eu/2026/data/part-01.x", "arn:aws:s3:::acme-prod-eu/2026/data/part-20.x"),
	}
}

// hostile is input that looks like matching all the time, and never does.
func hostile(times int) *workload {
	var resources []string
	for n := range 20 {
		resources = append(resources, fmt.Sprintf("arn:aws:s3:::*-prod-*/*/data/*?.%02d", n))
	}
	documents := []document{{{actions: []string{"s3:*"}, resources: resources}}}
	return &workload{
		name: "W5b", what: "the same with a closing literal, hostile input", minio: 47_000, cedar: 2600, target: 150,
		documents: documents, users: single(documents), context: context(),
		requests: ask("s3:GetObject", "arn:aws:s3:::x"+strings.Repeat("-prod-/a/data/", 2*times)+".2"),
		others:   ask("s3:GetObject", "arn:aws:s3:::x-prod-/a/data/y.19", "arn:aws:s3:::x-prod-/a/data/y.20"),
	}
}
