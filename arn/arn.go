// Package arn parses, prints and matches Amazon Resource Names.
//
// An ARN is six fields joined by colons, arn:partition:service:region:account:resource.
// The one central idea: fields are compared one by one, so that no wildcard
// reaches across a colon, except in the last field, which may itself hold colons.
package arn

import (
	"fmt"
	"strings"
)

// ARN is a name in its fields. Region and Account may be empty.
type ARN struct {
	Partition string // aws, aws-cn, aws-us-gov
	Service   string // iam, s3
	Region    string
	Account   string // 12 digits
	Resource  string // everything after the fifth colon: user/path/name
}

// Parse splits an ARN into its fields. It demands the six fields and that
// partition, service and resource are not empty; whether such a partition,
// service or resource exists is for others to say.
func Parse(s string) (ARN, error) {
	f, ok := Split(s)
	if !ok || f[0] != "arn" || f[1] == "" || f[2] == "" || f[5] == "" {
		return ARN{}, fmt.Errorf("arn: %q is not an ARN", s)
	}
	return ARN{f[1], f[2], f[3], f[4], f[5]}, nil
}

// String gives the ARN's text. For what Parse returned it is the text parsed.
func (a ARN) String() string {
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.Account + ":" + a.Resource
}

// Split cuts s at its first five colons. ok is false if there are fewer.
func Split(s string) (fields [6]string, ok bool) {
	for i := range 5 {
		colon := strings.IndexByte(s, ':')
		if colon < 0 {
			return fields, false
		}
		fields[i], s = s[:colon], s[colon+1:]
	}
	fields[5] = s
	return fields, true
}
