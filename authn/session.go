package authn

import (
	"maps"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
)

// assumed makes c the session of a role. Its ARN has no path, the role's has (R67).
func assumed(c *writ.Caller, s *writ.Session, role *Entity) {
	c.Type, c.RoleARN, c.ServiceLinked = policy.RoleSession, role.ARN, role.ServiceLinked
	c.ARN = stsARN(s, "assumed-role/"+role.Name+"/"+s.Name)
	c.ID = s.Issuer.ID + ":" + s.Name
	c.Tags = joined(role.Tags, s.Tags)
}

// federated makes c a federated user, whose issuer is the user or root that
// called GetFederationToken.
func federated(c *writ.Caller, s *writ.Session, issuer *Entity) {
	c.Type, c.Name, c.UserARN = policy.FederatedUser, s.Name, issuer.ARN
	c.ARN = stsARN(s, "federated-user/"+s.Name)
	c.ID = s.Issuer.Account + ":" + s.Name
	c.Tags = joined(issuer.Tags, s.Tags)
}

func stsARN(s *writ.Session, resource string) string {
	return arn.ARN{Partition: s.Issuer.Partition, Service: "sts", Account: s.Issuer.Account, Resource: resource}.String()
}

// joined lays session tags over the entity's own (IAM User Guide, "Pass session tags").
func joined(entity, session map[string]string) map[string]string {
	if len(session) == 0 {
		return entity
	}
	all := maps.Clone(entity)
	if all == nil {
		return session
	}
	maps.Copy(all, session)
	return all
}
