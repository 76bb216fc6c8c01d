package s3

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

func (s *Service) CreateBucket(c *writ.Call, in *api.CreateBucketInput) (*api.CreateBucketOutput, error) {
	if err := checkBucketName(in.Bucket); err != nil {
		return nil, err
	}
	region, err := location(c, in.CreateBucketConfiguration)
	if err != nil {
		return nil, err
	}
	b := &bucket{Name: in.Bucket, Partition: c.Scope.Partition, Account: c.Scope.Account, Region: region, Created: c.Time, Ownership: enforced, Block: closed()}
	if err := b.equip(c, in); err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		switch old, err := buckets.Get(tx, b.Name); {
		case errors.Is(err, store.ErrNotFound):
			return buckets.Insert(tx, b)
		case err != nil:
			return err
		case old.Account == b.Account:
			return writ.Errorf(409, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
		}
		return writ.Errorf(409, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.")
	})
	if err != nil {
		return nil, err
	}
	return &api.CreateBucketOutput{Location: new("/" + b.Name), BucketArn: new(b.arn())}, nil
}

// equip gives a new bucket what the request asks for.
func (b *bucket) equip(c *writ.Call, in *api.CreateBucketInput) (err error) {
	if value(in.ObjectLockEnabledForBucket) || value(in.BucketNamespace) == "account-regional" {
		return writ.NotImplemented("A header you provided implies functionality that is not implemented")
	}
	if in.ObjectOwnership != nil {
		b.Ownership = *in.ObjectOwnership
	}
	if in.CreateBucketConfiguration != nil {
		if b.Tags, err = bucketTags(in.CreateBucketConfiguration.Tags); err != nil {
			return err
		}
	}
	b.ACL, err = askedACL(in, parties{owner: b.Account, bucketOwner: b.Account})
	switch {
	case err != nil:
		return err
	case b.Ownership == enforced && !onlyFor(b.ACL, b.Account):
		return aclDespiteEnforcement()
	case isPublicACL(b.ACL):
		return writ.Errorf(400, "InvalidBucketAclWithBlockPublicAccessError", "Bucket cannot have public ACLs set with BlockPublicAccess enabled")
	}
	return nil
}

// location is the region of a new bucket: the one that the request is sent to,
// which a constraint must not contradict.
func location(c *writ.Call, in *api.CreateBucketConfiguration) (string, error) {
	if in == nil || value(in.LocationConstraint) == "" {
		if c.Scope.Region != "us-east-1" && c.Scope.Partition == "aws" {
			return "", incompatibleLocation("unspecified")
		}
		return c.Scope.Region, nil
	}
	asked := *in.LocationConstraint
	if asked == "EU" {
		asked = "eu-west-1"
	}
	if asked != c.Scope.Region && c.Scope.Region != "us-east-1" {
		return "", incompatibleLocation(asked)
	}
	return asked, nil
}

func incompatibleLocation(constraint string) error {
	return writ.Errorf(400, "IllegalLocationConstraintException",
		"The %s location constraint is incompatible for the region specific endpoint this request was sent to.", constraint)
}

func (s *Service) HeadBucket(c *writ.Call, in *api.HeadBucketInput) (*api.HeadBucketOutput, error) {
	b, err := s.bucket(c, in.Bucket)
	if err != nil {
		return nil, err
	}
	return &api.HeadBucketOutput{BucketArn: new(b.arn()), BucketRegion: &b.Region, AccessPointAlias: new(false)}, nil
}

// GetBucketLocation names no region for us-east-1, as S3 does for historical reasons.
func (s *Service) GetBucketLocation(c *writ.Call, in *api.GetBucketLocationInput) (*api.GetBucketLocationOutput, error) {
	b, err := s.bucket(c, in.Bucket)
	if err != nil {
		return nil, err
	}
	if b.Region == "us-east-1" {
		return &api.GetBucketLocationOutput{LocationConstraint: new("")}, nil
	}
	return &api.GetBucketLocationOutput{LocationConstraint: &b.Region}, nil
}

// DeleteBucket refuses while there is any version of any object in it. Uploads
// that are under way it aborts.
func (s *Service) DeleteBucket(c *writ.Call, in *api.DeleteBucketInput) (*api.DeleteBucketOutput, error) {
	var parts []part
	err := s.db.Update(c, func(tx *store.Tx) error {
		if _, err := buckets.Get(tx, in.Bucket); err != nil {
			return bucketError(in.Bucket, err)
		}
		rows, _, err := objects.Page(tx, store.K(in.Bucket), nil, 1)
		switch {
		case err != nil:
			return err
		case len(rows) > 0 && rows[0].VersionID != nullVersion:
			return notEmpty("The bucket you tried to delete is not empty. You must delete all versions in the bucket.", in.Bucket)
		case len(rows) > 0:
			return notEmpty("The bucket you tried to delete is not empty", in.Bucket)
		}
		if parts, err = endUploads(tx, in.Bucket); err != nil {
			return err
		}
		return buckets.Delete(tx, in.Bucket)
	})
	if err == nil {
		s.discard(parts)
	}
	return &api.DeleteBucketOutput{}, err
}

func notEmpty(message, bucket string) error {
	e := writ.Errorf(409, "BucketNotEmpty", "%s", message)
	e.Fields = map[string]any{"BucketName": bucket}
	return e
}

// bucket returns a bucket as it is now.
func (s *Service) bucket(c *writ.Call, name string) (*bucket, error) {
	b, _, err := s.buckets.Get(c.Context, name)
	return b, bucketError(name, err)
}

func bucketError(name string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return noSuchBucket(name)
	}
	return err
}

func (b *bucket) arn() string { return "arn:" + b.Partition + ":s3:::" + b.Name }
