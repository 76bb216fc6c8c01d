package s3

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// maxPolicy is the largest bucket policy in bytes (S3 User Guide, "Policies and
// permissions in Amazon S3").
const maxPolicy = 20 << 10

func (s *Service) PutBucketPolicy(c *writ.Call, in *api.PutBucketPolicyInput) (*api.PutBucketPolicyOutput, error) {
	if len(in.Policy) > maxPolicy {
		return nil, writ.Errorf(400, "PolicyTooLarge", "Policy is larger than the maximum allowed size")
	}
	doc, err := policy.ParseAs(policy.ResourcePolicy, []byte(in.Policy))
	if err != nil {
		return nil, malformedPolicy(err)
	}
	err = s.change(c, in.Bucket, func(tx *store.Tx, b *bucket) error {
		if b.block().BlockPolicy && isPublic(doc) {
			return blocked(c, "policies", "BlockPublicPolicy")
		}
		stored, err := s.storedPolicy(tx, b, doc)
		b.Policy = stored
		return err
	})
	return &api.PutBucketPolicyOutput{}, err
}

func (s *Service) GetBucketPolicy(c *writ.Call, in *api.GetBucketPolicyInput) (out *api.GetBucketPolicyOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		b, err := buckets.Get(tx, in.Bucket)
		if err != nil {
			return bucketError(in.Bucket, err)
		}
		if b.Policy == "" {
			return noSuchBucketPolicy(b.Name)
		}
		doc, err := s.shownPolicy(tx, b)
		if err == nil {
			out = &api.GetBucketPolicyOutput{Policy: new(doc.Source())}
		}
		return err
	})
	return out, err
}

func (s *Service) DeleteBucketPolicy(c *writ.Call, in *api.DeleteBucketPolicyInput) (*api.DeleteBucketPolicyOutput, error) {
	err := s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		b.Policy = ""
		return nil
	})
	return &api.DeleteBucketPolicyOutput{}, err
}

// change writes what fn has made of a bucket.
func (s *Service) change(c *writ.Call, name string, fn func(tx *store.Tx, b *bucket) error) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		b, err := buckets.Get(tx, name)
		if err != nil {
			return bucketError(name, err)
		}
		if err := fn(tx, b); err != nil {
			return err
		}
		return buckets.Put(tx, b)
	})
}

// storedPolicy replaces the principals of a policy by what is kept of them.
func (s *Service) storedPolicy(tx *store.Tx, b *bucket, doc *policy.Document) (string, error) {
	stored, err := doc.MapPrincipals(func(principal string) (string, error) {
		id, err := s.principals.StoredPrincipal(tx, b.Partition, principal)
		if errors.Is(err, store.ErrNotFound) {
			err = writ.Errorf(400, "MalformedPolicy", "Invalid principal in policy")
		}
		return id, err
	})
	if err != nil {
		return "", err
	}
	return stored.Source(), nil
}

// shownPolicy is the opposite of storedPolicy. A principal that is gone has no
// ARN any more, and what is no ARN matches nobody (R72).
func (s *Service) shownPolicy(tx *store.Tx, b *bucket) (*policy.Document, error) {
	doc, err := policy.Parse([]byte(b.Policy))
	if err != nil {
		return nil, err
	}
	return doc.MapPrincipals(func(stored string) (string, error) { return s.principals.ShownPrincipal(tx, stored) })
}

func malformedPolicy(err error) error {
	return writ.Errorf(400, "MalformedPolicy", "%s", err)
}

func noSuchBucketPolicy(bucket string) error {
	e := writ.Errorf(404, "NoSuchBucketPolicy", "The bucket policy does not exist")
	e.Fields = map[string]any{"BucketName": bucket}
	return e
}
