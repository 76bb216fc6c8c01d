package s3

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

func (s *Service) GetBucketAcl(c *writ.Call, in *api.GetBucketAclInput) (*api.GetBucketAclOutput, error) {
	b, err := s.bucket(c, in.Bucket)
	if err != nil {
		return nil, err
	}
	return &api.GetBucketAclOutput{Owner: owner(b.Account), Grants: b.shownACL(b.ACL, b.Account)}, nil
}

func (s *Service) PutBucketAcl(c *writ.Call, in *api.PutBucketAclInput) (*api.PutBucketAclOutput, error) {
	err := s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		acl, err := b.newACL(c, in.AccessControlPolicy, b.Account)
		if err == nil {
			b.ACL = acl
		}
		return err
	})
	return &api.PutBucketAclOutput{}, err
}

func (s *Service) GetObjectAcl(c *writ.Call, in *api.GetObjectAclInput) (*api.GetObjectAclOutput, error) {
	t, err := decided(c)
	if err != nil {
		return nil, err
	}
	account := t.bucket.ownerOf(t.object)
	return &api.GetObjectAclOutput{Owner: owner(account), Grants: t.bucket.shownACL(t.object.ACL, account)}, nil
}

func (s *Service) PutObjectAcl(c *writ.Call, in *api.PutObjectAclInput) (*api.PutObjectAclOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		t, err := decided(c) // on what is there in this transaction
		if err != nil {
			return err
		}
		o := *t.object
		if o.ACL, err = t.bucket.newACL(c, in.AccessControlPolicy, t.bucket.ownerOf(&o)); err != nil {
			return err
		}
		return objects.Put(tx, &o)
	})
	return &api.PutObjectAclOutput{}, err
}

// newACL is the list that a call puts, by its headers or its body, on something
// that belongs to an account.
func (b *bucket) newACL(c *writ.Call, body *api.AccessControlPolicy, account string) (acl []grant, err error) {
	if b.Ownership == enforced {
		return nil, aclNotSupported()
	}
	acl, err = askedACL(c.Input, parties{owner: account, bucketOwner: b.Account})
	switch {
	case err != nil:
		return nil, err
	case acl != nil && body != nil:
		return nil, writ.Errorf(400, "UnexpectedContent", "This request does not support content")
	case acl == nil && body == nil:
		return nil, writ.Errorf(400, "MissingSecurityHeader", "Your request was missing a required header")
	case acl == nil:
		if acl, err = bodyACL(body, account); err != nil {
			return nil, err
		}
	}
	return acl, b.mayGrant(c, acl)
}

// shownACL is a list as S3 answers with it.
func (b *bucket) shownACL(acl []grant, account string) []api.Grant {
	if acl == nil || b.Ownership == enforced {
		acl = []grant{{ID: canonicalID(account), Permission: fullControl}}
	}
	shown := []api.Grant{}
	for _, g := range acl {
		to := &api.Grantee{Type: "CanonicalUser", ID: &g.ID}
		if g.public() {
			to = &api.Grantee{Type: "Group", URI: &g.Group}
		}
		shown = append(shown, api.Grant{Grantee: to, Permission: &g.Permission})
	}
	return shown
}
