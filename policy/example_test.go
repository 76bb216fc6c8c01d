package policy_test

import (
	"fmt"

	"github.com/writ-iam/writ/policy"
)

func Example() {
	doc, err := policy.Parse([]byte(`{
		"Version": "2012-10-17",
		"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::home/${aws:username}/*"}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	jin := policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333"}
	policies := policy.Policies{Identity: []*policy.Policy{policy.Compile("own home", doc)}}

	var keys policy.Context
	keys.Set("aws:username", "jin")
	for _, resource := range []string{"arn:aws:s3:::home/jin/notes", "arn:aws:s3:::home/kim/notes"} {
		result := policies.Evaluate(&policy.Request{Principal: &jin, Action: "s3:GetObject", Resource: resource, Context: &keys})
		fmt.Println(result.Decision, "by", result.By)
	}
	// Output:
	// allowed by identity
	// implicitDeny by identity
}

func ExampleParse() {
	_, err := policy.Parse([]byte("{\n  \"Version\": \"2012-10-17\",\n  \"Version\": \"2008-10-17\"\n}"))
	fmt.Println(err)
	// Output: 3:3: duplicate name "Version"
}

func ExampleParseAs() {
	_, err := policy.ParseAs(policy.TrustPolicy, []byte(`{"Statement": {
		"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole", "Resource": "*"}}`))
	fmt.Println(err)
	// Output: Has prohibited field Resource
}

func ExamplePolicies_Explain() {
	policies := policy.Policies{Identity: []*policy.Policy{policy.Load("reader", []byte(`{"Statement": [
		{"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}`))}}
	request := policy.Request{
		Principal: &policy.Principal{Type: policy.User, ARN: "arn:aws:iam::111122223333:user/jin", Account: "111122223333"},
		Action:    "s3:GetObject",
		Resource:  "arn:aws:s3:::b/k",
	}
	fmt.Print(policies.Explain(&request).Text())
	// Output:
	// implicitDeny by identity: s3:GetObject on arn:aws:s3:::b/k
	// identity policy reader
	//   2:3 statement 1 "Read" (Allow): does not match
	//     Condition Bool aws:SecureTransport: the statement has ["true"], the request nothing
	// keys that the request does not have: aws:SecureTransport
}

func ExampleDocument_MapPrincipals() {
	doc, err := policy.Parse([]byte(`{"Statement": {"Effect": "Allow", "Principal": {"AWS": "AIDACKCEVSQ6C2EXAMPLE"}, "Action": "sts:AssumeRole"}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	shown, err := doc.MapPrincipals(func(id string) (string, error) { return "arn:aws:iam::111122223333:user/jin", nil })
	if err != nil {
		panic(err)
	}
	shown.Principals(func(kind, value string) { fmt.Println(kind, value) })
	// Output: AWS arn:aws:iam::111122223333:user/jin
}
