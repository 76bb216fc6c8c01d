package account

import (
	"maps"
	"slices"
)

// Summary counts what is in Details.
type Summary struct {
	Accounts                        []string // sorted
	Users, Groups, Roles            int
	ManagedPolicies, InlinePolicies int
	Organization                    string `json:",omitempty"` // its id
	OrganizationAccounts            int    `json:",omitempty"`
	OrganizationPolicies            int    `json:",omitempty"`
}

// Summary counts.
func (d *Details) Summary() Summary {
	s := Summary{Users: len(d.UserDetailList), Groups: len(d.GroupDetailList), Roles: len(d.RoleDetailList), ManagedPolicies: len(d.Policies)}
	accounts := map[string]bool{}
	count := func(h holder) {
		accounts[accountOf(h.arn)] = true
		s.InlinePolicies += len(h.inline)
	}
	for i := range d.UserDetailList {
		count(d.UserDetailList[i].holder())
	}
	for i := range d.GroupDetailList {
		count(d.GroupDetailList[i].holder())
	}
	for i := range d.RoleDetailList {
		count(d.RoleDetailList[i].holder())
	}
	s.Accounts = slices.Sorted(maps.Keys(accounts))
	if o := d.Organizations; o != nil {
		s.Organization, s.OrganizationPolicies = o.Organization.Id, len(o.Policies)
		s.OrganizationAccounts = o.Root.accounts()
	}
	return s
}

// accounts counts those below the unit.
func (u *Unit) accounts() int {
	n := len(u.Accounts)
	for i := range u.OrganizationalUnits {
		n += u.OrganizationalUnits[i].accounts()
	}
	return n
}
