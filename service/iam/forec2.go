package iam

import (
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/store"
)

// The methods of this file are what EC2 asks of IAM.

// InstanceProfile returns an instance profile of an account by its ARN or, if
// text is no ARN, by its name; store.ErrNotFound if there is none of exactly that.
func (s *Service) InstanceProfile(tx *store.Tx, account, text string) (*writ.InstanceProfile, error) {
	name := text
	if strings.HasPrefix(text, "arn:") {
		a, err := arn.Parse(text)
		if err != nil || a.Account != account {
			return nil, store.ErrNotFound
		}
		name = lastPart(a.Resource)
	}
	p, err := instanceProfiles.Get(tx, account, strings.ToLower(name))
	if err == nil && name != text && p.arn() != text {
		return nil, store.ErrNotFound
	}
	return carried(tx, p, err)
}

// InstanceProfileByID returns the instance profile that has this unique id.
func (s *Service) InstanceProfileByID(tx *store.Tx, id string) (*writ.InstanceProfile, error) {
	p, err := instanceProfiles.By(tx, "id", id)
	return carried(tx, p, err)
}

// carried is an instance profile with its role. In a closed account there is none.
func carried(tx *store.Tx, p *instanceProfile, err error) (*writ.InstanceProfile, error) {
	if err != nil {
		return nil, err
	}
	if _, err := openAccount(tx, p.Account); err != nil {
		return nil, err
	}
	out := &writ.InstanceProfile{ARN: p.arn(), ID: p.ID, Name: p.Name}
	if p.RoleID == "" {
		return out, nil
	}
	r, err := roles.By(tx, "id", p.RoleID)
	if err != nil {
		return nil, err
	}
	out.Role = &writ.Issuer{Type: writ.IssuerRole, Partition: r.Partition, Account: r.Account, Name: r.Name, ID: r.ID, ARN: r.arn()}
	out.RoleTags = tagMap(r.Tags)
	return out, nil
}
