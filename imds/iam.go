package imds

import (
	"context"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/service/ec2"
)

// iam is there while an instance profile is associated. It has the name of the
// role and its credentials, never what its policies say.
func (s *Service) iam(ctx context.Context, i *ec2.Instance, version delivery) directory {
	if i.ProfileSince.IsZero() {
		return nil
	}
	d := directory{{name: "info", node: leaf(func() (*answer, error) { return document(info(i)), nil })}}
	if role := roleOf(i); role != nil {
		d.dir("security-credentials", directory{{name: role.Name,
			node: leaf(func() (*answer, error) { return s.credentials(ctx, i, role, version) })}})
	}
	return d
}

// info says which profile it is (IAM User Guide, "What do the errors from the
// info document in the IAM subtree mean?").
func info(i *ec2.Instance) string {
	since := field{"LastUpdated", stamp(i.ProfileSince)}
	if i.Profile == nil {
		return object(
			field{"Code", "InstanceProfileNotFound"},
			field{"Message", "The instance profile cannot be found. " + troubleshooting}, since)
	}
	all := []field{{"Code", "Success"}, since, {"InstanceProfileArn", i.Profile.ARN}, {"InstanceProfileId", i.Profile.ID}}
	if i.Profile.Role == nil {
		all = append(all, field{"Message", "Instance Profile does not contain a role. " + troubleshooting})
	}
	return object(all...)
}

const troubleshooting = "Please see documentation at https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html."

func (s *Service) credentials(ctx context.Context, i *ec2.Instance, role *writ.Issuer, by delivery) (*answer, error) {
	c, err := s.current(ctx, i, role, by)
	if err != nil {
		return nil, err
	}
	if c.refused != nil {
		return document(object(
			field{"Code", "AssumeRoleUnauthorizedAccess"},
			field{"Message", "EC2 cannot assume the role " + role.Name + ". " + troubleshooting},
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
