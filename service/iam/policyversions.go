package iam

import (
	"errors"
	"slices"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

func (s *Service) CreatePolicyVersion(c *writ.Call, in *api.CreatePolicyVersionInput) (out *api.CreatePolicyVersionOutput, err error) {
	if err := s.document(policy.ManagedPolicy, in.PolicyDocument, "PolicySize"); err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		p, err := findPolicy(tx, c, in.PolicyArn)
		if err != nil {
			return err
		}
		if err := s.anotherVersion(tx, p); err != nil {
			return err
		}
		v := p.next(in.PolicyDocument, c.Time.Truncate(1e9))
		p.Updated = v.Created
		if in.SetAsDefault != nil && *in.SetAsDefault {
			p.Default = v.Number
		}
		out = &api.CreatePolicyVersionOutput{PolicyVersion: new(v.listed(p))}
		return errors.Join(policyVersions.Insert(tx, v), policies.Put(tx, p))
	})
	return out, err
}

// anotherVersion says whether a policy may get one more version.
func (s *Service) anotherVersion(tx *store.Tx, p *managedPolicy) error {
	n, err := policyVersions.Count(tx, store.K(p.Account, p.ID))
	if err != nil {
		return err
	}
	if limit := s.quotas["VersionsPerPolicy"]; n >= limit {
		return api.LimitExceededException("A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", limit)
	}
	return nil
}

// next makes the policy's next version. Its number has never been used.
func (p *managedPolicy) next(document string, now time.Time) *policyVersion {
	p.Last++
	return &policyVersion{Account: p.Account, PolicyID: p.ID, Number: p.Last, Document: document, Created: now}
}

func (s *Service) GetPolicyVersion(c *writ.Call, in *api.GetPolicyVersionInput) (out *api.GetPolicyVersionOutput, err error) {
	if isAWS(in.PolicyArn) {
		return getAWSVersion(c, in)
	}
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		p, err := findPolicy(tx, c, in.PolicyArn)
		if err != nil {
			return err
		}
		v, err := findVersion(tx, p, in.VersionId)
		if err != nil {
			return err
		}
		out = &api.GetPolicyVersionOutput{PolicyVersion: new(v.shape(p))}
		return nil
	})
	return out, err
}

func getAWSVersion(c *writ.Call, in *api.GetPolicyVersionInput) (*api.GetPolicyVersionOutput, error) {
	p, err := awsPolicy(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	v, ok := p.Version(in.VersionId)
	if !ok {
		return nil, noVersion(in.PolicyArn, in.VersionId)
	}
	return &api.GetPolicyVersionOutput{PolicyVersion: new(awsVersion(p, v))}, nil
}

// awsVersion is a version of one of AWS's policies with its document.
func awsVersion(p *catalogue.Managed, v catalogue.Version) api.PolicyVersion {
	return api.PolicyVersion{Document: new(encoded(v.Document)), VersionId: &v.ID,
		IsDefaultVersion: new(v.ID == p.DefaultVersion), CreateDate: date(v.Created)}
}

// ListPolicyVersions lists the newest version first.
func (s *Service) ListPolicyVersions(c *writ.Call, in *api.ListPolicyVersionsInput) (*api.ListPolicyVersionsOutput, error) {
	all, err := s.versions(c, in.PolicyArn)
	if err != nil {
		return nil, err
	}
	page, truncated, marker, err := part(s, c, paging{in.Marker, in.MaxItems}, in.PolicyArn, all)
	return &api.ListPolicyVersionsOutput{Versions: page, IsTruncated: &truncated, Marker: marker}, err
}

func (s *Service) versions(c *writ.Call, arn string) (all []api.PolicyVersion, err error) {
	if isAWS(arn) {
		return awsVersions(c, arn)
	}
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		p, err := findPolicy(tx, c, arn)
		if err != nil {
			return err
		}
		for v, err := range policyVersions.Scan(tx, store.K(p.Account, p.ID)) {
			if err != nil {
				return err
			}
			all = append(all, v.listed(p))
		}
		slices.Reverse(all)
		return nil
	})
	return all, err
}

func awsVersions(c *writ.Call, arn string) (all []api.PolicyVersion, err error) {
	p, err := awsPolicy(c, arn)
	if err != nil {
		return nil, err
	}
	for v := range p.Versions() {
		all = append(all, api.PolicyVersion{VersionId: &v.ID, IsDefaultVersion: new(v.ID == p.DefaultVersion), CreateDate: date(v.Created)})
	}
	return all, nil
}

func (s *Service) DeletePolicyVersion(c *writ.Call, in *api.DeletePolicyVersionInput) (*api.DeletePolicyVersionOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		p, err := findPolicy(tx, c, in.PolicyArn)
		if err != nil {
			return err
		}
		v, err := findVersion(tx, p, in.VersionId)
		if err != nil {
			return err
		}
		if v.Number == p.Default {
			return api.DeleteConflictException("Cannot delete the default version of a policy.")
		}
		return policyVersions.Delete(tx, p.Account, p.ID, v.Number)
	})
	return &api.DeletePolicyVersionOutput{}, err
}

func (s *Service) SetDefaultPolicyVersion(c *writ.Call, in *api.SetDefaultPolicyVersionInput) (*api.SetDefaultPolicyVersionOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		p, err := findPolicy(tx, c, in.PolicyArn)
		if err != nil {
			return err
		}
		v, err := findVersion(tx, p, in.VersionId)
		if err != nil {
			return err
		}
		p.Default = v.Number
		return policies.Put(tx, p)
	})
	return &api.SetDefaultPolicyVersionOutput{}, err
}

// findVersion finds a version by its id, "v1".
func findVersion(tx *store.Tx, p *managedPolicy, id string) (*policyVersion, error) {
	n, ok := versionNumber(id)
	if !ok {
		return nil, noVersion(p.arn(), id)
	}
	v, err := policyVersions.Get(tx, p.Account, p.ID, n)
	if errors.Is(err, store.ErrNotFound) {
		return nil, noVersion(p.arn(), id)
	}
	return v, err
}

func noVersion(arn, id string) error {
	return api.NoSuchEntityException("Policy %s version %s does not exist or is not attachable.", arn, id)
}

// shape is the version with its document.
func (v *policyVersion) shape(p *managedPolicy) api.PolicyVersion {
	shape := v.listed(p)
	shape.Document = new(encoded(v.Document))
	return shape
}

// listed is the version as lists show it: without its document.
func (v *policyVersion) listed(p *managedPolicy) api.PolicyVersion {
	return api.PolicyVersion{VersionId: new(versionID(v.Number)), IsDefaultVersion: new(v.Number == p.Default), CreateDate: &v.Created}
}
