package arn_test

import (
	"fmt"
	"testing"

	"github.com/writ-iam/writ/arn"
)

func ExampleParse() {
	a, err := arn.Parse("arn:aws:iam::111122223333:user/team/jin")
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(a.Service, a.Account, a.Resource)
	a.Partition = "aws-cn"
	fmt.Println(a)
	// Output:
	// iam 111122223333 user/team/jin
	// arn:aws-cn:iam::111122223333:user/team/jin
}

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		want arn.ARN
		ok   bool
	}{
		{"arn:aws:s3:::b/k", arn.ARN{Partition: "aws", Service: "s3", Resource: "b/k"}, true},
		{"arn:aws:logs:eu-west-1:111122223333:log-group:g:*", arn.ARN{"aws", "logs", "eu-west-1", "111122223333", "log-group:g:*"}, true},
		{"arn:aws:iam::aws:policy/ReadOnlyAccess", arn.ARN{"aws", "iam", "", "aws", "policy/ReadOnlyAccess"}, true},
		{text: ""},
		{text: "*"},
		{text: "arn:aws:s3"},
		{text: "arn:aws:s3:::"},
		{text: "arn::s3:::b"},
		{text: "arn:aws::::b"},
		{text: "ARN:aws:s3:::b"},
	}
	for _, test := range tests {
		got, err := arn.Parse(test.text)
		if (err == nil) != test.ok || got != test.want {
			t.Errorf("Parse(%q) = %+v, %v", test.text, got, err)
		}
		if test.ok && got.String() != test.text {
			t.Errorf("%q prints as %q", test.text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("arn:aws:s3:::b/k")
	f.Add("arn:aws:s3")
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := arn.Parse(s); err == nil && a.String() != s {
			t.Errorf("%q prints as %q", s, a)
		}
	})
}
