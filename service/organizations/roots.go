package organizations

import (
	"errors"
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// ListRoots has one root, so there is never a second page.
func (s *Service) ListRoots(c *writ.Call, in *api.ListRootsInput) (*api.ListRootsOutput, error) {
	out := new(api.ListRootsOutput)
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		out.Roots = []api.Root{*o.root()}
		return first(in.NextToken)
	})
	return out, err
}

func (o *organization) root() *api.Root {
	r := &api.Root{Id: &o.Root, Arn: new(o.nodeARN(o.Root)), Name: new(rootName), PolicyTypes: []api.PolicyTypeSummary{}}
	for _, t := range o.PolicyTypes {
		r.PolicyTypes = append(r.PolicyTypes, api.PolicyTypeSummary{Type: &t, Status: new(enabled)})
	}
	return r
}

// EnablePolicyType lets policies of a type take effect. Control policies are
// filters, so everything gets one that lets all through.
func (s *Service) EnablePolicyType(c *writ.Call, in *api.EnablePolicyTypeInput) (*api.EnablePolicyTypeOutput, error) {
	out := new(api.EnablePolicyTypeOutput)
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		switch {
		case in.RootId != o.Root:
			return noRoot()
		case !o.AllFeatures:
			return api.PolicyTypeNotAvailableForOrganizationException("You can't use the specified policy type with the feature set currently enabled for this organization.")
		case slices.Contains(o.PolicyTypes, in.PolicyType):
			return api.PolicyTypeAlreadyEnabledException("The specified policy type is already enabled.")
		}
		o.PolicyTypes = append(o.PolicyTypes, in.PolicyType)
		slices.Sort(o.PolicyTypes)
		out.Root = o.root()
		return errors.Join(organizations.Put(tx, o), o.attachFullAccess(tx, in.PolicyType))
	})
	return out, err
}

// DisablePolicyType detaches all policies of a type. The policies stay.
func (s *Service) DisablePolicyType(c *writ.Call, in *api.DisablePolicyTypeInput) (*api.DisablePolicyTypeOutput, error) {
	out := new(api.DisablePolicyTypeOutput)
	err := s.change(c, func(tx *store.Tx, o *organization) error {
		switch {
		case in.RootId != o.Root:
			return noRoot()
		case !slices.Contains(o.PolicyTypes, in.PolicyType):
			return notEnabled()
		}
		o.PolicyTypes = slices.DeleteFunc(o.PolicyTypes, func(t string) bool { return t == in.PolicyType })
		out.Root = o.root()
		return errors.Join(organizations.Put(tx, o), o.detachAll(tx, in.PolicyType))
	})
	return out, err
}

func (o *organization) detachAll(tx *store.Tx, policyType string) error {
	for a, err := range attachments.ScanBy(tx, "type", store.K(o.ID, policyType)) {
		if err == nil {
			err = attachments.Delete(tx, a.Organization, a.Target, a.Type, a.Policy)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func noRoot() error { return api.RootNotFoundException("You specified a root that doesn't exist.") }

func notEnabled() error {
	return api.PolicyTypeNotEnabledException("This operation can be performed only for enabled policy types.")
}
