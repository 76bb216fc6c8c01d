package s3

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// publicBlock is a bucket's public access block (S3 User Guide, "Blocking public
// access to your Amazon S3 storage").
type publicBlock struct {
	BlockACLs       bool // no public ACL is accepted
	IgnoreACLs      bool // those that are there grant nothing to the public
	BlockPolicy     bool // no public policy is accepted
	RestrictBuckets bool // a public policy lets in the owner's account and AWS services alone
}

// closed is what new buckets have.
func closed() *publicBlock { return &publicBlock{true, true, true, true} }

// block is what applies: nothing where there is no configuration.
func (b *bucket) block() publicBlock { return value(b.Block) }

func (s *Service) PutPublicAccessBlock(c *writ.Call, in *api.PutPublicAccessBlockInput) (*api.PutPublicAccessBlockOutput, error) {
	asked := &in.PublicAccessBlockConfiguration
	err := s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		b.Block = &publicBlock{value(asked.BlockPublicAcls), value(asked.IgnorePublicAcls), value(asked.BlockPublicPolicy), value(asked.RestrictPublicBuckets)}
		return nil
	})
	return &api.PutPublicAccessBlockOutput{}, err
}

func (s *Service) GetPublicAccessBlock(c *writ.Call, in *api.GetPublicAccessBlockInput) (*api.GetPublicAccessBlockOutput, error) {
	b, err := s.bucket(c, in.Bucket)
	if err != nil {
		return nil, err
	}
	if b.Block == nil {
		return nil, missing("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found", b)
	}
	return &api.GetPublicAccessBlockOutput{PublicAccessBlockConfiguration: &api.PublicAccessBlockConfiguration{BlockPublicAcls: &b.Block.BlockACLs,
		IgnorePublicAcls: &b.Block.IgnoreACLs, BlockPublicPolicy: &b.Block.BlockPolicy, RestrictPublicBuckets: &b.Block.RestrictBuckets}}, nil
}

func (s *Service) DeletePublicAccessBlock(c *writ.Call, in *api.DeletePublicAccessBlockInput) (*api.DeletePublicAccessBlockOutput, error) {
	err := s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		b.Block = nil
		return nil
	})
	return &api.DeletePublicAccessBlockOutput{}, err
}

// blocked refuses what a public access block keeps out: public policies, public
// access control lists.
func blocked(c *writ.Call, what, setting string) error {
	who, check := c.Caller.ARN, &c.Decision.Checks[0]
	if c.Caller.Type == policy.Anonymous {
		return writ.AccessDenied("Access Denied")
	}
	return writ.AccessDenied("User: %s is not authorized to perform: %s on resource: %s because public %s are prevented by the %s setting in S3 Block Public Access.",
		who, check.Action, check.Resource.Label, what, setting)
}
