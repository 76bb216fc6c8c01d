package s3_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store/events"
)

const partner = "222222222222"

// sharing is a lab with a bucket, and a second account with a role named reader.
type sharing struct {
	*testing.T
	*awstest.Lab
	otherRoot sigv4.Credentials
	reader    sigv4.Credentials // a session of it
}

const readerRole = "arn:aws:iam::" + partner + ":role/reader"

func newSharing(t *testing.T) *sharing {
	s := &sharing{T: t, Lab: awstest.New(t)}
	s.otherRoot = s.AddAccount(t, partner)
	s.must(s.otherRoot, "iam", "CreateRole", map[string]any{"RoleName": "reader",
		"AssumeRolePolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"` + partner + `"},"Action":"sts:AssumeRole"}}`})
	s.must(s.otherRoot, "iam", "CreateUser", map[string]any{"UserName": "john"})
	s.must(s.otherRoot, "iam", "PutUserPolicy", map[string]any{"UserName": "john", "PolicyName": "assume", "PolicyDocument": allow("sts:AssumeRole")})
	s.reader = s.session(s.must(s.otherRoot, "iam", "CreateAccessKey", map[string]any{"UserName": "john"})["AccessKey"].(map[string]any))
	s.must(awstest.Root, "s3", "CreateBucket", map[string]any{"Bucket": "lab"})
	s.must(awstest.Root, "s3", "PutObject", map[string]any{"Bucket": "lab", "Key": "a", "Body": "hello"})
	return s
}

func (s *sharing) session(john map[string]any) sigv4.Credentials {
	creds := sigv4.Credentials{AccessKeyID: john["AccessKeyId"].(string), SecretAccessKey: john["SecretAccessKey"].(string)}
	c := s.must(creds, "sts", "AssumeRole", map[string]any{"RoleArn": readerRole, "RoleSessionName": "john"})["Credentials"].(map[string]any)
	return sigv4.Credentials{AccessKeyID: c["AccessKeyId"].(string), SecretAccessKey: c["SecretAccessKey"].(string), SessionToken: c["SessionToken"].(string)}
}

func (s *sharing) must(creds sigv4.Credentials, service, operation string, params map[string]any) map[string]any {
	s.Helper()
	out, err := s.Call(creds, service, operation, params)
	if err != nil {
		s.Fatal(err)
	}
	return out
}

func (s *sharing) refused(creds sigv4.Credentials, operation string, params map[string]any, because string) {
	s.Helper()
	if _, err := s.Call(creds, "s3", operation, params); err == nil || !strings.HasPrefix(err.Error(), "AccessDenied: ") || !strings.Contains(err.Error(), because) {
		s.Errorf("%s: %v, want AccessDenied … %s", operation, err, because)
	}
}

func (s *sharing) bucketPolicy(statements ...map[string]any) {
	s.Helper()
	text, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	s.must(awstest.Root, "s3", "PutBucketPolicy", map[string]any{"Bucket": "lab", "Policy": string(text)})
}

func allow(actions string) string {
	return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"` + actions + `","Resource":"*"}}`
}

var (
	object = map[string]any{"Bucket": "lab", "Key": "a"}
	shared = map[string]any{"Effect": "Allow", "Principal": map[string]any{"AWS": readerRole}, "Action": "s3:*", "Resource": []string{"arn:aws:s3:::lab", "arn:aws:s3:::lab/*"}}
)

func denyAll(condition map[string]any) map[string]any {
	return map[string]any{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lab/*", "Condition": condition}
}

// Both accounts have to agree, and what the bucket's policy denies, it denies
// them both.
func TestCrossAccount(t *testing.T) {
	s := newSharing(t)
	s.must(s.otherRoot, "iam", "PutRolePolicy", map[string]any{"RoleName": "reader", "PolicyName": "s3", "PolicyDocument": allow("s3:*")})
	s.refused(s.reader, "GetObject", object, "because no resource-based policy allows the s3:GetObject action")
	s.bucketPolicy(shared)
	if out := s.must(s.reader, "s3", "GetObject", object); out["Body"] != "hello" {
		t.Errorf("read %v", out)
	}
	s.must(s.otherRoot, "iam", "DeleteRolePolicy", map[string]any{"RoleName": "reader", "PolicyName": "s3"})
	s.refused(s.reader, "GetObject", object, "because no identity-based policy allows the s3:GetObject action")
	s.must(s.otherRoot, "iam", "PutRolePolicy", map[string]any{"RoleName": "reader", "PolicyName": "s3", "PolicyDocument": allow("s3:*")})

	s.bucketPolicy(shared, denyAll(map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}}))
	s.refused(s.reader, "GetObject", object, "with an explicit deny in a resource-based policy")
	s.bucketPolicy(shared, denyAll(map[string]any{"NotIpAddress": map[string]any{"aws:SourceIp": "192.0.2.0/24"}}))
	s.refused(s.reader, "GetObject", object, "with an explicit deny in a resource-based policy")
	s.bucketPolicy(shared, denyAll(map[string]any{"NotIpAddress": map[string]any{"aws:SourceIp": "127.0.0.0/8"}}))
	s.must(s.reader, "s3", "GetObject", object)
}

// Both accounts see who read: the reader's its own session, the bucket's one of
// another account.
func TestCrossAccountEvents(t *testing.T) {
	s := newSharing(t)
	s.must(s.otherRoot, "iam", "PutRolePolicy", map[string]any{"RoleName": "reader", "PolicyName": "s3", "PolicyDocument": allow("s3:*")})
	s.bucketPolicy(shared)
	s.must(s.reader, "s3", "GetObject", object)
	for _, account := range []string{partner, awstest.Account} {
		found, _, err := s.Events.Lookup(t.Context(), events.Query{Account: account, Limit: 10, Attribute: &events.Attribute{Name: "EventName", Value: "GetObject"}})
		if err != nil || len(found) != 1 {
			t.Fatalf("%s sees %d events, %v", account, len(found), err)
		}
		if event := string(found[0].Event); !strings.Contains(event, `"recipientAccountId":"`+account+`"`) || !strings.Contains(event, partner) {
			t.Errorf("%s sees %s", account, event)
		}
	}
}

// Where access control lists count, an object is its writer's to share, and the
// bucket's owner may only refuse and delete it, unless it is given away.
func TestObjectOwnership(t *testing.T) {
	s := newSharing(t)
	s.must(s.otherRoot, "iam", "PutRolePolicy", map[string]any{"RoleName": "reader", "PolicyName": "s3", "PolicyDocument": allow("s3:*")})
	s.must(awstest.Root, "s3", "PutBucketOwnershipControls", map[string]any{"Bucket": "lab",
		"OwnershipControls": map[string]any{"Rules": []any{map[string]any{"ObjectOwnership": "BucketOwnerPreferred"}}}})
	s.bucketPolicy(shared, map[string]any{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lab/*",
		"Condition": map[string]any{"IpAddress": map[string]any{"aws:SourceIp": "127.0.0.0/8"}}})
	theirs := map[string]any{"Bucket": "lab", "Key": "theirs", "Body": "x"}
	own := map[string]any{"Bucket": "lab", "Key": "theirs"}
	s.must(s.reader, "s3", "PutObject", theirs)
	if acl := s.must(s.reader, "s3", "GetObjectAcl", own); acl["Owner"].(map[string]any)["ID"] != writ.CanonicalID(partner) {
		t.Errorf("the owner is %v", acl["Owner"])
	}
	s.refused(awstest.Root, "GetObject", own, "")
	s.refused(sigv4.Credentials{}, "GetObject", own, "")

	// A grant lets the bucket's account in.
	s.must(s.reader, "s3", "PutObjectAcl", map[string]any{"Bucket": "lab", "Key": "theirs", "ACL": "bucket-owner-read"})
	s.must(awstest.Root, "s3", "GetObject", own)
	s.refused(awstest.Root, "GetObjectAcl", own, "")

	s.bucketPolicy(shared, denyAll(map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}}))
	s.refused(s.reader, "GetObject", own, "with an explicit deny in a resource-based policy")
	s.must(awstest.Root, "s3", "DeleteObject", own)

	// What is given away is the bucket owner's.
	theirs["ACL"] = "bucket-owner-full-control"
	s.must(s.reader, "s3", "PutObject", theirs)
	if acl := s.must(awstest.Root, "s3", "GetObjectAcl", own); acl["Owner"].(map[string]any)["ID"] != writ.CanonicalID(awstest.Account) {
		t.Errorf("the owner is %v", acl["Owner"])
	}
}

// A public policy lets nobody of another account in while public buckets are
// restricted, though it names one.
func TestRestrictPublicBuckets(t *testing.T) {
	s := newSharing(t)
	s.must(s.otherRoot, "iam", "PutRolePolicy", map[string]any{"RoleName": "reader", "PolicyName": "s3", "PolicyDocument": allow("s3:*")})
	block := func(restrict bool) {
		s.must(awstest.Root, "s3", "PutPublicAccessBlock", map[string]any{"Bucket": "lab", "PublicAccessBlockConfiguration": map[string]any{"RestrictPublicBuckets": restrict}})
	}
	block(false)
	s.bucketPolicy(shared, map[string]any{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lab/public/*"})
	s.must(s.reader, "s3", "GetObject", object)
	block(true)
	s.refused(s.reader, "GetObject", object, "because no resource-based policy allows")
	s.must(awstest.Root, "s3", "GetObject", object)
}
