package account

import (
	"errors"
	"fmt"
	"strings"

	"github.com/writ-iam/writ/policy"
)

// Problems lists what keeps parts of the account from being decided as AWS
// would: what the dump refers to and does not hold, policies that do not parse,
// which deny every request they take part in, and values that never match.
func (d *Directory) Problems() []error {
	var all []error
	read := reader{}
	note := func(err error) {
		if err != nil {
			all = append(all, err)
		}
	}
	if d.details.IsTruncated {
		note(errors.New("the dump is one page of several: run the AWS CLI without --no-paginate and --max-items"))
	}
	for i := range d.details.UserDetailList {
		u := &d.details.UserDetailList[i]
		list, err := d.identityOf(u)
		_, e := d.boundaryOf(u.Arn, u.PermissionsBoundary)
		note(errors.Join(err, e))
		all = read.unreadable(all, list)
	}
	for i := range d.details.GroupDetailList {
		list, err := d.policiesOf(d.details.GroupDetailList[i].holder())
		note(err)
		all = read.unreadable(all, list)
	}
	for i := range d.details.RoleDetailList {
		r := &d.details.RoleDetailList[i]
		list, err := d.policiesOf(r.holder())
		_, e := d.boundaryOf(r.Arn, r.PermissionsBoundary)
		note(errors.Join(err, e))
		all = read.unreadable(all, append(list, d.trustOf(r)))
	}
	for _, p := range d.details.Policies {
		all = read.unreadable(all, []*policy.Policy{d.compile(p.Arn, p.PolicyVersionList[0].Document)})
	}
	if o := d.details.Organizations; o != nil {
		all = d.inTree(all, o.Root, read)
	}
	return dedupe(all)
}

// reader remembers which policies it has read: many have the same.
type reader map[*policy.Policy]bool

// unreadable adds what in policies has no meaning.
func (read reader) unreadable(all []error, policies []*policy.Policy) []error {
	for _, p := range policies {
		if read[p] {
			continue
		}
		read[p] = true
		if p.Err() != nil {
			all = append(all, fmt.Errorf("%s: %w", p.Name(), p.Err()))
			continue
		}
		for _, problem := range p.Document().Problems() {
			all = append(all, fmt.Errorf("%s: %s", p.Name(), problem))
		}
	}
	return all
}

func (d *Directory) inTree(all []error, u *Unit, read reader) []error {
	places := []place{{u.Id, u.Policies}}
	for _, a := range u.Accounts {
		places = append(places, place{a.Id, a.Policies})
	}
	for _, at := range places {
		for _, kind := range []string{scpType, rcpType} {
			levels, err := d.levels([]place{at}, kind)
			if err != nil {
				all = append(all, err)
				continue
			}
			all = read.unreadable(all, levels[0])
		}
	}
	for i := range u.OrganizationalUnits {
		all = d.inTree(all, &u.OrganizationalUnits[i], read)
	}
	return all
}

// dedupe splits joined errors and leaves out what was said before: a policy is
// met once for each who has it.
func dedupe(errs []error) []error {
	var list []error
	said := map[string]bool{}
	for _, err := range errs {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			if !said[line] {
				said[line] = true
				list = append(list, errors.New(line))
			}
		}
	}
	return list
}
