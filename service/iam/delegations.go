package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// GetDelegationRequest shows a request.
func (s *Service) GetDelegationRequest(c *writ.Call, in *api.GetDelegationRequestInput) (*api.GetDelegationRequestOutput, error) {
	out := &api.GetDelegationRequestOutput{}
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		d, err := findDelegation(tx, c, in.DelegationRequestId)
		if err != nil {
			return err
		}
		shape := d.shape(c.Time)
		out.DelegationRequest = &shape
		if or(in.DelegationPermissionCheck, false) {
			result, err := grantable(c, d)
			out.PermissionCheckStatus, out.PermissionCheckResult = new("COMPLETE"), &result
			return err
		}
		return nil
	})
	return out, err
}

// ListDelegationRequests lists the requests that somebody of the account looks after.
func (s *Service) ListDelegationRequests(c *writ.Call, in *api.ListDelegationRequestsInput) (*api.ListDelegationRequestsOutput, error) {
	p, err := list(s, c, paging{in.Marker, in.MaxItems}, func(tx *store.Tx, after store.Key, limit int) ([]*delegation, store.Key, error) {
		return ownedDelegations(tx, c, in.OwnerId, after, limit)
	}, value(in.OwnerId))
	if err != nil {
		return nil, err
	}
	all := convert(p.rows, func(d *delegation) api.DelegationRequest { return d.shape(c.Time) })
	return &api.ListDelegationRequestsOutput{DelegationRequests: all, IsTruncated: &p.IsTruncated, Marker: p.Marker}, nil
}

// ownedDelegations is a page of the account's requests, or of one owner's: then
// it may have fewer than there are places.
func ownedDelegations(tx *store.Tx, c *writ.Call, owner *string, after store.Key, limit int) ([]*delegation, store.Key, error) {
	rows, next, err := delegations.PageBy(tx, "owner", store.K(c.Scope.Account), after, limit)
	if owner == nil {
		return rows, next, err
	}
	var own []*delegation
	for _, d := range rows {
		if d.OwnerARN == *owner {
			own = append(own, d)
		}
	}
	return own, next, err
}
