package policy_test

import (
	"encoding/json"
	"math/rand/v2"

	"github.com/writ-iam/writ/policy"
)

// generator makes random worlds of few words, so that things often just fit or
// just miss.
type generator struct{ *rand.Rand }

func (g generator) pick(words ...string) string { return words[g.IntN(len(words))] }

func (g generator) chance(percent int) bool { return g.IntN(100) < percent }

// some picks up to n words.
func (g generator) some(n int, words ...string) any {
	if g.chance(50) {
		return g.pick(words...)
	}
	list := []any{}
	for range g.IntN(n + 1) {
		list = append(list, g.pick(words...))
	}
	return list
}

var principals = []policy.Principal{
	{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333", CanonicalID: "c1"},
	{Type: policy.User, ARN: "arn:aws:iam::444455556666:user/eve", Account: "444455556666", CanonicalID: "c4"},
	{Type: policy.RoleSession, ARN: "arn:aws:sts::111122223333:assumed-role/ops/amy", RoleARN: "arn:aws:iam::111122223333:role/team/ops", Account: "111122223333"},
	{Type: policy.RoleSession, ARN: "arn:aws:sts::111122223333:assumed-role/linked/x", RoleARN: "arn:aws:iam::111122223333:role/aws-service-role/x/linked", Account: "111122223333", ServiceLinked: true},
	{Type: policy.FederatedUser, ARN: "arn:aws:sts::111122223333:federated-user/bob", UserARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333"},
	{Type: policy.RootUser, ARN: "arn:aws:iam::111122223333:root", Account: "111122223333"},
	{Type: policy.Service, Service: "lambda.amazonaws.com"},
	{Type: policy.WebIdentity, Provider: "arn:aws:iam::111122223333:oidc-provider/example.com"},
	{Type: policy.SAML, Provider: "arn:aws:iam::111122223333:saml-provider/corp"},
	{Type: policy.Anonymous},
	{Type: policy.RoleSession, ARN: "arn:aws:sts::111122223333:assumed-role/ops/amy", RoleARN: "arn:aws:iam::111122223333:role/team/ops", Account: "111122223333", Delegated: true},
	{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333", Delegated: true},
}

// requests pairs actions with resources.
var requests = [][2]string{
	{"s3:GetObject", "arn:aws:s3:::b/jin/k"},
	{"s3:ListAllMyBuckets", "*"},
	{"sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q:jin"},
	{"kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/k1"},
	{"kms:ListKeys", "*"},
	{"sts:AssumeRole", "arn:aws:iam::111122223333:role/ops"},
	{"sts:GetCallerIdentity", "*"},
	{"sts:GetSessionToken", "*"},
	{"ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/*"},
}

func (g generator) world() world {
	request := requests[g.IntN(len(requests))]
	w := world{
		Principal: principals[g.IntN(len(principals))],
		Action:    request[0],
		Resource:  request[1],
		Keys:      map[string][]string{},
		Multi:     map[string]bool{"aws:tagkeys": true},
	}
	w.ResourceAccount = g.pick("", "111122223333", "444455556666")
	w.Management = g.pick("", "", "", "111122223333", "444455556666")
	for key, values := range contextWords {
		if g.chance(60) {
			w.Keys[key] = []string{g.pick(values...)}
		}
	}
	if g.chance(60) {
		w.Keys["aws:tagkeys"] = []string{}
		for range g.IntN(3) {
			w.Keys["aws:tagkeys"] = append(w.Keys["aws:tagkeys"], g.pick("a", "b", "jin", ""))
		}
	}
	w.Identity = g.documents("identity", 2)
	if g.chance(25) {
		w.Boundary = g.documents("boundary", 1)
	}
	if g.chance(30) {
		w.Session = g.documents("session", 2)
	}
	if g.chance(20) {
		w.Endpoint = g.documents("vpce", 1)
	}
	if g.chance(60) {
		w.ResourcePolicy = g.document("resource")
	}
	if g.chance(30) {
		w.SCPs = [][]string{g.documents("scp", 2), g.documents("scp", 2)}
	}
	if g.chance(20) {
		w.RCPs = [][]string{g.documents("rcp", 1)}
	}
	return w
}

// contextWords are keys and the values that requests have for them.
var contextWords = map[string][]string{
	"aws:username":          {"jin", "kim", "*", "j?n"},
	"aws:principaltag/team": {"red", "RED", "", "${aws:username}"},
	"aws:sourceip":          {"10.1.2.3", "2001:db8::1", "nowhere"},
	"aws:currenttime":       {"2026-01-01T00:00:00Z", "1767225600", "2025-12-31"},
	"s3:max-keys":           {"10", "9.5", "1e1", "ten", "9007199254740993"},
	"aws:securetransport":   {"true", "false"},
	"aws:sourcearn":         {"arn:aws:sns:eu-west-1:111122223333:jin:x", "arn:aws:s3:::b", "b"},
	"x:binary":              {"AAAA", "AAA=", "?"},
}

func (g generator) documents(by string, n int) []string {
	list := []string{}
	for range 1 + g.IntN(n) {
		list = append(list, g.document(by))
	}
	return list
}

func (g generator) document(by string) string {
	n := 1 + g.IntN(3)
	if g.chance(10) { // enough for an index
		n = 8 + g.IntN(8)
	}
	var list []any
	for range n {
		list = append(list, g.statement(by))
	}
	doc := object{"Statement": list}
	if n == 1 && g.chance(50) {
		doc["Statement"] = list[0]
	}
	if g.chance(80) {
		doc["Version"] = g.pick("2012-10-17", "2012-10-17", "2008-10-17")
	}
	return marshal(doc)
}

func document(statement object) string {
	return marshal(object{"Version": "2012-10-17", "Statement": statement})
}

func marshal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (g generator) statement(by string) object {
	s := object{"Effect": "Allow"}
	if g.chance(12) || by == "rcp" {
		s["Effect"] = "Deny"
	}
	actions := []string{"*", "s3:*", "S3:get*", "s3:GetObject", "s3:*AllMy*", "s?:*", "sqs:send???????", "kms:*", "kms:Decrypt", "sts:*", "ec2:Run*", "*:*", "Get*"}
	element := "Action"
	if g.chance(10) {
		element = "NotAction"
	}
	s[element] = g.wellFormed(g.some(3, actions...), "Get*", "s?:*")
	resources := []string{"*", "*", "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/${aws:username}/k", "arn:aws:s3:::${aws:PrincipalTag/Team, 'b'}/*", "arn:aws:s3:::b/jin/?",
		"arn:*:*:*:*:*", "arn:aws:sqs:*:*:q:${aws:username}", "arn:aws:sqs:*:q", "arn:aws:kms:*:*:key/*", "arn:aws:iam::*:role/*", "arn:aws:ec2:eu-*:${x}:*", "arn:aws:s3:::b/${*}"}
	if element = "Resource"; g.chance(10) {
		element = "NotResource"
	}
	if !g.chance(5) {
		s[element] = g.some(6, resources...)
	}
	if by == "resource" || by == "vpce" || by == "rcp" {
		g.principal(s)
	}
	if g.chance(40) {
		s["Condition"] = g.condition()
	}
	return s
}

// wellFormed takes malformed words out, of which the plain evaluator knows nothing.
func (g generator) wellFormed(v any, malformed ...string) any {
	bad := func(v any) bool {
		for _, m := range malformed {
			if v == m {
				return true
			}
		}
		return false
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	kept := []any{}
	for _, v := range list {
		if !bad(v) {
			kept = append(kept, v)
		}
	}
	return kept
}

func (g generator) principal(s object) {
	words := []string{"*", "111122223333", "arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:root", "arn:aws:iam::111122223333:user/jin",
		"arn:aws:iam::444455556666:user/eve", "arn:aws:iam::111122223333:role/team/ops", "arn:aws:sts::111122223333:assumed-role/ops/amy",
		"arn:aws:sts::111122223333:federated-user/bob", "arn:aws:iam::111122223333:user/*", "AIDACKCEVSQ6C2EXAMPLE"}
	var element any = "*"
	if g.chance(80) {
		o := object{}
		if g.chance(80) {
			o["AWS"] = g.some(4, words...)
		}
		if g.chance(30) {
			o["Service"] = g.some(2, "lambda.amazonaws.com", "ec2.amazonaws.com", "*")
		}
		if g.chance(30) {
			o["Federated"] = g.some(2, "arn:aws:iam::111122223333:oidc-provider/example.com", "arn:aws:iam::111122223333:saml-provider/corp", "*")
		}
		if g.chance(20) {
			o["CanonicalUser"] = g.some(2, "c1", "c4")
		}
		element = o
	}
	switch {
	case g.chance(5): // names nobody
	case g.chance(12) && element != "*":
		s["NotPrincipal"] = nonEmpty(element.(object))
	default:
		s["Principal"] = element
	}
}

// nonEmpty gives a list that names somebody.
func nonEmpty(o object) object {
	o["AWS"] = []any{"arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/jin", o["AWS"]}
	if nested, ok := o["AWS"].([]any)[2].(string); ok {
		o["AWS"] = []any{"arn:aws:iam::111122223333:user/jin", nested}
	} else {
		o["AWS"] = []any{"arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/jin", "arn:aws:iam::111122223333:role/team/ops"}
	}
	return o
}

func (g generator) condition() object {
	kinds := []struct {
		operators []string
		keys      []string
		values    []string
	}{
		{[]string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike", "StringSimilar"},
			[]string{"aws:username", "AWS:PrincipalTag/team", "aws:TagKeys", "aws:absent"},
			[]string{"jin", "j*", "j?n", "red", "a", "*", "", "${aws:username}", "${aws:absent}", "${aws:absent, 'red'}", "${*}", "${aws:TagKeys}"}},
		{[]string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
			[]string{"s3:max-keys", "aws:username"}, []string{"10", "9.50", "ten", "9007199254740992", "-1", "${s3:max-keys}"}},
		{[]string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
			[]string{"aws:CurrentTime"}, []string{"2026-01-01T00:00:00Z", "2026-01-01T01:00+01:00", "2026", "2025-12", "1767225600", "soon"}},
		{[]string{"Bool"}, []string{"aws:SecureTransport", "aws:username"}, []string{"true", "false", "maybe"}},
		{[]string{"Null"}, []string{"aws:TagKeys", "aws:username", "aws:absent"}, []string{"true", "false"}},
		{[]string{"BinaryEquals"}, []string{"x:binary"}, []string{"AAAA", "AAA=", "?"}},
		{[]string{"IpAddress", "NotIpAddress"}, []string{"aws:SourceIp"}, []string{"10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "2001:0DB8::1", "10.0.0.0/33"}},
		{[]string{"ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"}, []string{"aws:SourceArn", "aws:username"},
			[]string{"arn:aws:sns:*:111122223333:*", "arn:aws:sns:*:jin:x", "arn:*:*:*:*:${aws:username}:?", "arn:aws:s3", "arn:aws:s3:::b"}},
	}
	c := object{}
	for range 1 + g.IntN(2) {
		k := kinds[g.IntN(len(kinds))]
		operator := k.operators[g.IntN(len(k.operators))]
		if operator != "Null" {
			operator = g.pick("", "", "", "ForAllValues:", "ForAnyValue:") + operator + g.pick("", "", "", "IfExists")
		}
		c[operator] = object{g.pick(k.keys...): g.some(3, k.values...)}
	}
	return c
}
