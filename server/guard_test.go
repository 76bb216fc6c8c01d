package server_test

import (
	"testing"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store"
)

const nothing = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`

const everything = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`

// bob makes a user who may do everything, by an inline policy.
func bob(t *testing.T, lab *awstest.Lab) sigv4.Credentials {
	t.Helper()
	rootCall(t, lab, "CreateUser", map[string]any{"UserName": "bob"})
	rootCall(t, lab, "PutUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "p", "PolicyDocument": everything})
	key := rootCall(t, lab, "CreateAccessKey", map[string]any{"UserName": "bob"})["AccessKey"].(map[string]any)
	return sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
}

func rootCall(t *testing.T, lab *awstest.Lab, operation string, params map[string]any) map[string]any {
	t.Helper()
	out, err := lab.Call(awstest.Root, "iam", operation, params)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What was decided is decided again in the transaction that carries it out, if
// anything was committed in between: here the permission goes between the two.
func TestGuard(t *testing.T) {
	for name, between := range map[string]func(*testing.T, *awstest.Lab){
		"policy deleted": func(t *testing.T, lab *awstest.Lab) {
			rootCall(t, lab, "DeleteUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "p"})
		},
		"nothing that matters": func(t *testing.T, lab *awstest.Lab) {
			rootCall(t, lab, "CreateUser", map[string]any{"UserName": "eve"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			lab := awstest.New(t)
			creds := bob(t, lab)
			wrote := false
			lab.Server.Replace("iam", "CreateGroup", func(c *writ.Call, _ *api.CreateGroupInput) (*api.CreateGroupOutput, error) {
				between(t, lab)
				err := lab.Store.Update(c, func(*store.Tx) error { wrote = true; return nil })
				return new(api.CreateGroupOutput), err
			})
			_, err := lab.Call(creds, "iam", "CreateGroup", map[string]any{"GroupName": "g"})
			if denied := err != nil; denied != (name == "policy deleted") || denied == wrote {
				t.Errorf("error %v, wrote %v", err, wrote)
			}
		})
	}
}

// A decision that was made on what caches hold stands while nothing of that is
// written; what matters is told from what does not.
func TestGuardOfWhatIsCached(t *testing.T) {
	call := func(service, operation string, params map[string]any) func(*testing.T, *awstest.Lab) {
		return func(t *testing.T, lab *awstest.Lab) {
			t.Helper()
			if _, err := lab.Call(awstest.Root, service, operation, params); err != nil {
				t.Fatal(err)
			}
		}
	}
	const denial = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::lab/*"}}`
	for name, test := range map[string]struct {
		between        func(*testing.T, *awstest.Lab)
		denied, stands bool
	}{
		"nothing":               {func(*testing.T, *awstest.Lab) {}, false, true},
		"another user":          {call("iam", "CreateUser", map[string]any{"UserName": "eve"}), false, true},
		"another bucket":        {call("s3", "CreateBucket", map[string]any{"Bucket": "other"}), false, true},
		"another policy of his": {call("iam", "PutUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "q", "PolicyDocument": everything}), false, false},
		"policy deleted":        {call("iam", "DeleteUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "p"}), true, false},
		"group that denies":     {call("iam", "AddUserToGroup", map[string]any{"UserName": "bob", "GroupName": "denied"}), true, false},
		"bucket that denies":    {call("s3", "PutBucketPolicy", map[string]any{"Bucket": "lab", "Policy": denial}), true, false},
		"bucket deleted":        {call("s3", "DeleteBucket", map[string]any{"Bucket": "lab"}), true, false},
	} {
		t.Run(name, func(t *testing.T) {
			lab := awstest.New(t)
			creds := bob(t, lab)
			call("s3", "CreateBucket", map[string]any{"Bucket": "lab"})(t, lab)
			rootCall(t, lab, "CreateGroup", map[string]any{"GroupName": "denied"})
			rootCall(t, lab, "PutGroupPolicy", map[string]any{"GroupName": "denied", "PolicyName": "p", "PolicyDocument": nothing})
			wrote, stood := false, false
			lab.Server.Replace("s3", "PutObject", func(c *writ.Call, _ *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
				made := c.Decision
				test.between(t, lab)
				err := lab.Store.Update(c, func(tx *store.Tx) error { wrote, stood = true, c.Decision == made; return nil })
				return new(s3.PutObjectOutput), err
			})
			_, err := lab.Call(creds, "s3", "PutObject", map[string]any{"Bucket": "lab", "Key": "k", "Body": "x"})
			if denied := err != nil; denied != test.denied || denied == wrote || stood != test.stands {
				t.Errorf("error %v, wrote %v, the first decision stood: %v", err, wrote, stood)
			}
		})
	}
}

// A write without a decision is refused, whoever forgot to ask.
func TestGuardWantsADecision(t *testing.T) {
	lab := awstest.New(t)
	c := &writ.Call{Context: t.Context()}
	for _, decision := range []*writ.Decision{nil, {Allowed: false, Revision: lab.Store.Revision()}} {
		c.Decision = decision
		if err := lab.Store.Update(c, func(*store.Tx) error { return nil }); err == nil {
			t.Errorf("written with decision %v", decision)
		}
	}
}
