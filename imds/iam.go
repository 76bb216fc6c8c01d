package imds

import (
	"context"
	"errors"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// iam is there while an instance profile is associated. It has the name of the
// role and its credentials, never what its policies say.
func (s *Service) iam(ctx context.Context, i *Instance, version delivery) directory {
	if i.Profile == nil {
		return nil
	}
	return directory{
		{name: "info", node: leaf(func() (*answer, error) { return s.info(ctx, i) })},
		{name: "security-credentials", as: "security-credentials/", node: lazy(func() (node, error) { return s.roles(ctx, i, version) })},
	}
}

// info says which profile it is (IAM User Guide, "What do the errors from the
// info document in the IAM subtree mean?").
func (s *Service) info(ctx context.Context, i *Instance) (*answer, error) {
	role, err := s.source.ProfileRole(ctx, i.Profile.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return document(object(
			field{"Code", "InstanceProfileNotFound"},
			field{"Message", "Instance Profile " + i.Profile.ARN + " cannot be found. Please see documentation at " + troubleshooting},
			field{"LastUpdated", stamp(i.Profile.Since)})), nil
	case err != nil:
		return nil, err
	}
	all := []field{{"Code", "Success"}, {"LastUpdated", stamp(i.Profile.Since)},
		{"InstanceProfileArn", i.Profile.ARN}, {"InstanceProfileId", i.Profile.ID}}
	if role == nil {
		all = append(all, field{"Message", "Instance Profile does not contain a role. Please see documentation at " + troubleshooting})
	}
	return document(object(all...)), nil
}

const troubleshooting = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html."

// roles lists the one role of the profile, if it holds one.
func (s *Service) roles(ctx context.Context, i *Instance, version delivery) (node, error) {
	role, err := s.role(ctx, i)
	if err != nil {
		return nil, err
	}
	if role == nil {
		return nil, store.ErrNotFound
	}
	return directory{{name: role.Name, node: leaf(func() (*answer, error) { return s.credentials(ctx, i, role, version) })}}, nil
}

// role is the role that the instance has now, nil if it has none.
func (s *Service) role(ctx context.Context, i *Instance) (*writ.Issuer, error) {
	if i.Profile == nil {
		return nil, nil
	}
	return s.source.ProfileRole(ctx, i.Profile.ID)
}

func (s *Service) credentials(ctx context.Context, i *Instance, role *writ.Issuer, by delivery) (*answer, error) {
	c, err := s.current(ctx, i, role, by)
	if err != nil {
		return nil, err
	}
	if c.refused != nil {
		return document(object(
			field{"Code", "AssumeRoleUnauthorizedAccess"},
			field{"Message", "EC2 cannot assume the role " + role.Name + ". Please see documentation at " + troubleshooting},
			field{"LastUpdated", stamp(c.updated)})), nil
	}
	return document(object(
		field{"Code", "Success"},
		field{"LastUpdated", stamp(c.updated)},
		field{"Type", "AWS-HMAC"},
		field{"AccessKeyId", c.issued.AccessKeyId},
		field{"SecretAccessKey", c.issued.SecretAccessKey},
		field{"Token", c.issued.SessionToken},
		field{"Expiration", stamp(c.issued.Expiration)})), nil
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
