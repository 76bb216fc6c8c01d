package s3

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

// Object ownership (S3 User Guide, "Controlling ownership of objects and
// disabling ACLs for your bucket").
const (
	enforced  = "BucketOwnerEnforced"  // the bucket's owner owns all objects, and ACLs say nothing
	preferred = "BucketOwnerPreferred" // it owns those that are given to it
)

// nobodysAccount stands for the account of anonymous writers: no caller has it.
const nobodysAccount = "anonymous"

func (s *Service) PutBucketOwnershipControls(c *writ.Call, in *api.PutBucketOwnershipControlsInput) (*api.PutBucketOwnershipControlsOutput, error) {
	if len(in.OwnershipControls.Rules) != 1 {
		return nil, malformedXML()
	}
	asked := in.OwnershipControls.Rules[0].ObjectOwnership
	err := s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		if asked == enforced && !onlyFor(b.ACL, b.Account) {
			return aclDespiteEnforcement()
		}
		b.Ownership = asked
		return nil
	})
	return &api.PutBucketOwnershipControlsOutput{}, err
}

func (s *Service) GetBucketOwnershipControls(c *writ.Call, in *api.GetBucketOwnershipControlsInput) (*api.GetBucketOwnershipControlsOutput, error) {
	b, err := s.bucket(c, in.Bucket)
	if err != nil {
		return nil, err
	}
	if b.Ownership == "" {
		return nil, missing("OwnershipControlsNotFoundError", "The bucket ownership controls were not found", b)
	}
	return &api.GetBucketOwnershipControlsOutput{OwnershipControls: &api.OwnershipControls{Rules: []api.OwnershipControlsRule{{ObjectOwnership: b.Ownership}}}}, nil
}

func (s *Service) DeleteBucketOwnershipControls(c *writ.Call, in *api.DeleteBucketOwnershipControlsInput) (*api.DeleteBucketOwnershipControlsOutput, error) {
	err := s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		b.Ownership = ""
		return nil
	})
	return &api.DeleteBucketOwnershipControlsOutput{}, err
}

// own makes a new object that of whoever it belongs to, with the access control
// list that its writer asks for.
func own(c *writ.Call, b *bucket, o *object) error {
	o.Account = c.Scope.Account
	if o.Account == "" {
		o.Account = nobodysAccount
	}
	canned := value(member(c.Input, "ACL"))
	if b.Ownership == enforced || b.Ownership == preferred && canned == ownerFullControl {
		o.Account = b.Account
	}
	acl, err := askedACL(c.Input, parties{owner: o.Account, bucketOwner: b.Account})
	switch {
	case err != nil && b.Ownership == enforced:
		return aclNotSupported()
	case err != nil:
		return err
	case acl != nil && b.Ownership != enforced:
		o.ACL = acl
	case acl != nil && canned != ownerFullControl && (canned != "" || !onlyFor(acl, b.Account)):
		return aclNotSupported()
	}
	return b.mayGrant(c, o.ACL)
}

// ownerOf is the account that an object belongs to as things stand.
func (b *bucket) ownerOf(o *object) string {
	if o == nil || o.Account == "" || b.Ownership == enforced {
		return b.Account
	}
	return o.Account
}

// ownerFullControl is the canned ACL that gives an object away.
const ownerFullControl = "bucket-owner-full-control"

func aclNotSupported() error {
	return writ.Errorf(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
}

func aclDespiteEnforcement() error {
	return writ.Errorf(400, "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
}
