package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Parse reads a dump, or a file with a member Organizations, or one with both.
// It demands that what it reads is one of these and that its entries have their
// names and ARNs; whether its policies parse is for Directory.Problems to say.
func Parse(data []byte) (*Details, error) {
	var d Details
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, explained(data, err)
	}
	if d.UserDetailList == nil && d.GroupDetailList == nil && d.RoleDetailList == nil && d.Policies == nil && d.Organizations == nil {
		return nil, errors.New("not the output of `aws iam get-account-authorization-details`: it has no UserDetailList, GroupDetailList, RoleDetailList or Policies")
	}
	for i := range d.Policies {
		d.Policies[i].PolicyVersionList = slices.DeleteFunc(d.Policies[i].PolicyVersionList, func(v PolicyVersion) bool { return !v.IsDefaultVersion })
	}
	if d.Organizations != nil {
		d.Organizations.unwrap()
	}
	return &d, d.complete()
}

// explained adds the line to an error of encoding/json.
func explained(data []byte, err error) error {
	offset := int64(len(data))
	if e := (*json.SyntaxError)(nil); errors.As(err, &e) {
		offset = e.Offset
	} else if e := (*json.UnmarshalTypeError)(nil); errors.As(err, &e) {
		offset = e.Offset
	}
	line := 1
	for _, c := range data[:min(offset, int64(len(data)))] {
		if c == '\n' {
			line++
		}
	}
	return fmt.Errorf("line %d: %w", line, err)
}

// unwrap takes policies out of the envelopes of describe-policy.
func (o *Organizations) unwrap() {
	for i, p := range o.Policies {
		if p.Policy != nil {
			o.Policies[i] = *p.Policy
		}
	}
}

// complete reports what an entry cannot be used without.
func (d *Details) complete() error {
	for i, u := range d.UserDetailList {
		if u.Arn == "" || u.UserName == "" {
			return fmt.Errorf("UserDetailList[%d] has no Arn or no UserName", i)
		}
	}
	for i, g := range d.GroupDetailList {
		if g.Arn == "" || g.GroupName == "" {
			return fmt.Errorf("GroupDetailList[%d] has no Arn or no GroupName", i)
		}
	}
	for i, r := range d.RoleDetailList {
		if r.Arn == "" || r.RoleName == "" {
			return fmt.Errorf("RoleDetailList[%d] has no Arn or no RoleName", i)
		}
	}
	for i, p := range d.Policies {
		if p.Arn == "" || len(p.PolicyVersionList) != 1 {
			return fmt.Errorf("the policy Policies[%d] has no Arn or no default version", i)
		}
	}
	if d.Organizations != nil && d.Organizations.Root == nil {
		return errors.New("Organizations has no Root")
	}
	return nil
}

// Add adds what another dump has. A user, group or role must not be in both, and
// only one may have Organizations; AWS's own policies are in many.
func (d *Details) Add(more *Details) error {
	if d.Organizations != nil && more.Organizations != nil {
		return errors.New("a second file with Organizations")
	}
	if d.Organizations == nil {
		d.Organizations = more.Organizations
	}
	d.UserDetailList = append(d.UserDetailList, more.UserDetailList...)
	d.GroupDetailList = append(d.GroupDetailList, more.GroupDetailList...)
	d.RoleDetailList = append(d.RoleDetailList, more.RoleDetailList...)
	for _, p := range more.Policies {
		if !slices.ContainsFunc(d.Policies, func(q ManagedPolicy) bool { return q.Arn == p.Arn }) {
			d.Policies = append(d.Policies, p)
		}
	}
	d.IsTruncated = d.IsTruncated || more.IsTruncated
	return d.unique()
}

func (d *Details) unique() error {
	seen := map[string]bool{}
	twice := func(arn string) error {
		if seen[arn] {
			return fmt.Errorf("%s is there twice", arn)
		}
		seen[arn] = true
		return nil
	}
	for _, u := range d.UserDetailList {
		if err := twice(u.Arn); err != nil {
			return err
		}
	}
	for _, g := range d.GroupDetailList {
		if err := twice(g.Arn); err != nil {
			return err
		}
	}
	for _, r := range d.RoleDetailList {
		if err := twice(r.Arn); err != nil {
			return err
		}
	}
	return nil
}
