package iam

import (
	"slices"
	"time"

	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/store"
)

// userDetail is all that is known of what a user may do. Empty lists are there,
// but for that of inline policies: AWS leaves it out.
func userDetail(tx *store.Tx, u *user) (detail, error) {
	inline, attached, err := policiesOf(tx, &u.entity)
	if err != nil {
		return nil, err
	}
	names, err := groupNames(tx, u)
	if err != nil {
		return nil, err
	}
	shape := api.UserDetail{Path: &u.Path, UserName: &u.Name, UserId: &u.ID, Arn: new(u.arn()), CreateDate: &u.Created,
		GroupList: names, AttachedManagedPolicies: attached, PermissionsBoundary: boundaryShape(u.Boundary), Tags: presentTags(u.Tags)}
	if len(inline) > 0 {
		shape.UserPolicyList = inline
	}
	return func(out *api.GetAccountAuthorizationDetailsOutput) {
		out.UserDetailList = append(out.UserDetailList, shape)
	}, nil
}

func groupDetail(tx *store.Tx, g *group) (detail, error) {
	inline, attached, err := policiesOf(tx, &g.entity)
	if err != nil {
		return nil, err
	}
	shape := api.GroupDetail{Path: &g.Path, GroupName: &g.Name, GroupId: &g.ID, Arn: new(g.arn()), CreateDate: &g.Created,
		GroupPolicyList: inline, AttachedManagedPolicies: attached}
	return func(out *api.GetAccountAuthorizationDetailsOutput) {
		out.GroupDetailList = append(out.GroupDetailList, shape)
	}, nil
}

func (s *Service) roleDetail(tx *store.Tx, r *role, now time.Time) (detail, error) {
	inline, attached, err := policiesOf(tx, &r.entity)
	if err != nil {
		return nil, err
	}
	brief, err := r.brief(tx)
	if err != nil {
		return nil, err
	}
	profiles := []api.InstanceProfile{}
	for p, err := range instanceProfiles.ScanBy(tx, "role", store.K(r.Account, r.ID)) {
		if err != nil {
			return nil, err
		}
		profile := p.empty()
		profile.Roles = append(profile.Roles, *brief)
		profiles = append(profiles, *profile)
	}
	last, err := s.lastUse(tx, r.ID)
	shape := api.RoleDetail{Path: &r.Path, RoleName: &r.Name, RoleId: &r.ID, Arn: &brief.Arn, CreateDate: &r.Created,
		AssumeRolePolicyDocument: brief.AssumeRolePolicyDocument, InstanceProfileList: profiles, RolePolicyList: inline,
		AttachedManagedPolicies: attached, PermissionsBoundary: boundaryShape(r.Boundary), Tags: presentTags(r.Tags), RoleLastUsed: last.roleShape(now)}
	return func(out *api.GetAccountAuthorizationDetailsOutput) {
		out.RoleDetailList = append(out.RoleDetailList, shape)
	}, err
}

// policiesOf are the inline and the attached policies of an entity.
func policiesOf(tx *store.Tx, e *entity) (inline []api.PolicyDetail, attached []api.AttachedPolicy, err error) {
	inline, attached = []api.PolicyDetail{}, []api.AttachedPolicy{}
	for p, err := range inlinePolicies.Scan(tx, store.K(e.Account, e.ID)) {
		if err != nil {
			return nil, nil, err
		}
		inline = append(inline, api.PolicyDetail{PolicyName: &p.Name, PolicyDocument: new(encoded(p.Document))})
	}
	for a, err := range attachments.Scan(tx, store.K(e.Account, e.ID)) {
		if err != nil {
			return nil, nil, err
		}
		attached = append(attached, a.shape())
	}
	return inline, attached, nil
}

func groupNames(tx *store.Tx, u *user) ([]string, error) {
	names := []string{}
	for m, err := range memberships.Scan(tx, store.K(u.Account, u.ID)) {
		if err != nil {
			return nil, err
		}
		g, err := groups.By(tx, "id", m.GroupID)
		if err != nil {
			return nil, err
		}
		names = append(names, g.Name)
	}
	return names, nil
}

// policyDetail is a policy of the account with all its versions, the newest first.
func policyDetail(tx *store.Tx, p *managedPolicy) (detail, error) {
	versions := []api.PolicyVersion{}
	for v, err := range policyVersions.Scan(tx, store.K(p.Account, p.ID)) {
		if err != nil {
			return nil, err
		}
		versions = append(versions, v.shape(p))
	}
	slices.Reverse(versions)
	return managedDetail(tx, p.Account, p, versions)
}

// awsPolicyDetail is nil for a policy that AWS has withdrawn.
func awsPolicyDetail(tx *store.Tx, account, arn string) (detail, error) {
	p, ok := catalogue.ManagedPolicy(arn)
	if !ok {
		return nil, nil
	}
	var versions []api.PolicyVersion
	for v := range p.Versions() {
		versions = append(versions, awsVersion(p, v))
	}
	return managedDetail(tx, account, awsRecord(&p.ManagedInfo), versions)
}

// managedDetail is a policy as ListPolicies shows it, with its versions.
func managedDetail(tx *store.Tx, account string, p *managedPolicy, versions []api.PolicyVersion) (detail, error) {
	used, err := countsOf(tx, account, p.arn())
	if err != nil {
		return nil, err
	}
	listed := p.listed(used)
	shape := api.ManagedPolicyDetail{PolicyName: listed.PolicyName, PolicyId: listed.PolicyId, Arn: listed.Arn, Path: listed.Path,
		DefaultVersionId: listed.DefaultVersionId, AttachmentCount: listed.AttachmentCount,
		PermissionsBoundaryUsageCount: listed.PermissionsBoundaryUsageCount, IsAttachable: listed.IsAttachable,
		CreateDate: listed.CreateDate, UpdateDate: listed.UpdateDate, PolicyVersionList: versions}
	return func(out *api.GetAccountAuthorizationDetailsOutput) { out.Policies = append(out.Policies, shape) }, nil
}
