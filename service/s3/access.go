package s3

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// access is what a bucket says of who may use it: its policy and its access
// control list, as one. An access control list is a policy: each grant is a
// statement beside those of the bucket's policy, about the thing that the list
// belongs to and so without a Resource.
type access struct {
	bucket *bucket
	doc    *policy.Document // nil if the bucket has no policy
	public bool             // the policy is

	// What applies where no object's own list does: to callers whom the policy
	// may let in and those whom it may only deny, to the bucket and to objects.
	toBuckets, toObjects [2]*policy.Policy
}

// loadAccess compiles the access of a bucket, with the principals of its policy
// as people read them.
func (s *Service) loadAccess(tx *store.Tx, name string) (*access, error) {
	b, err := buckets.Get(tx, name)
	if err != nil {
		return nil, err
	}
	a := &access{bucket: b}
	if b.Policy != "" {
		if a.doc, err = s.shownPolicy(tx, b); err != nil {
			return nil, err
		}
		a.public = isPublic(a.doc)
	}
	for i := range a.toBuckets {
		a.toBuckets[i] = a.compile(i == denying, a.grants(b.ACL, bucketActions))
		a.toObjects[i] = a.compile(i == denying, a.grants(b.ACL, newObjectActions))
	}
	return a, nil
}

// denying is the index of what applies to those whom the policy may only deny.
const denying = 1

// toBucket is what decides about the bucket itself.
func (a *access) toBucket(c *writ.Call, action string) *policy.Policy {
	if a.saves(c.Caller, action) {
		return nil
	}
	if a.restricts(c.Caller) {
		return a.toBuckets[denying]
	}
	return a.toBuckets[0]
}

// toObject is what decides about an object, with its own list; nil is one that is
// yet to be, or whose owner does not matter. An object of somebody else is
// theirs to share: the bucket's policy only denies (S3 User Guide, "Access policy
// guidelines").
func (a *access) toObject(c *writ.Call, o *object) *policy.Policy {
	deny := a.restricts(c.Caller) || a.bucket.ownerOf(o) != a.bucket.Account
	if o != nil && a.bucket.Ownership != enforced && o.ACL != nil {
		return a.compile(deny, a.grants(o.ACL, objectActions))
	}
	if deny {
		return a.toObjects[denying]
	}
	return a.toObjects[0]
}

// restricts says whether the public access block keeps the policy from letting
// this caller in: one of another account, though the policy may name that.
func (a *access) restricts(caller *writ.Caller) bool {
	return a.public && a.bucket.block().RestrictBuckets && caller.Account != a.bucket.Account && caller.Type != policy.Service
}

// saves says whether a policy has no say, lest one that denies everybody could
// never be taken away again: to the root user of the bucket's account (S3 API
// Reference, "DeleteBucketPolicy").
func (a *access) saves(caller *writ.Caller, action string) bool {
	switch action {
	case "s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy":
		return caller.Type == policy.RootUser && caller.Account == a.bucket.Account
	}
	return false
}

// compile joins the policy's statements, or those that deny, with more. It is nil
// if there are none.
func (a *access) compile(deny bool, more []string) *policy.Policy {
	var version string
	var all []string
	if a.doc != nil {
		version = a.doc.Version
		for _, s := range a.doc.Statements {
			if !deny || s.Effect == "Deny" {
				all = append(all, a.doc.Source()[s.Start.Offset:s.End.Offset])
			}
		}
	}
	if all = append(all, more...); len(all) == 0 {
		return nil
	}
	text := `{"Statement": [` + strings.Join(all, ", ") + `]}`
	if version != "" {
		text = `{"Version": "` + version + `", ` + text[1:]
	}
	return policy.Load("policy of bucket "+a.bucket.Name, []byte(text))
}

// grants makes statements of a list, as far as it counts.
func (a *access) grants(acl []grant, actions map[string][]string) (statements []string) {
	if a.bucket.Ownership == enforced {
		return nil
	}
	for i := range acl {
		g := &acl[i]
		if len(actions[g.Permission]) > 0 && !(g.public() && a.bucket.block().IgnoreACLs) {
			statements = append(statements, g.statement(actions[g.Permission]))
		}
	}
	return statements
}

// statement says in the language of policies what a grant does.
func (g *grant) statement(actions []string) string {
	s := map[string]any{"Effect": "Allow", "Action": actions, "Principal": "*"}
	switch g.Group {
	case "":
		s["Principal"] = map[string]string{"CanonicalUser": g.ID}
	case authenticatedUsers:
		s["Condition"] = map[string]any{"Null": map[string]string{"aws:PrincipalAccount": "false"}}
	}
	text, _ := json.Marshal(s) // of strings: it can't fail
	return string(text)
}

// What each permission is in a policy (S3 User Guide, "Mapping of ACL
// permissions and access policy permissions"), for lists of buckets and of
// objects. The permission to write into a bucket is one to make objects.
var (
	bucketActions = withAll(map[string][]string{
		"READ":      {"s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"},
		"READ_ACP":  {"s3:GetBucketAcl"},
		"WRITE_ACP": {"s3:PutBucketAcl"}})
	newObjectActions = withAll(map[string][]string{"WRITE": {"s3:PutObject"}})
	objectActions    = withAll(map[string][]string{
		"READ":      {"s3:GetObject", "s3:GetObjectVersion"},
		"READ_ACP":  {"s3:GetObjectAcl", "s3:GetObjectVersionAcl"},
		"WRITE_ACP": {"s3:PutObjectAcl", "s3:PutObjectVersionAcl"}})
)

// withAll adds FULL_CONTROL, which is all of them.
func withAll(actions map[string][]string) map[string][]string {
	var all []string
	for _, some := range actions {
		all = append(all, some...)
	}
	slices.Sort(all)
	actions[fullControl] = all
	return actions
}
