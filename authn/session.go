package authn

import (
	"maps"
	"strings"

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

// joined lays session tags over the entity's own. A session tag takes the place
// of the entity's whose key differs in case alone (IAM User Guide, "Pass session
// tags in AWS STS").
func joined(entity, session map[string]string) map[string]string {
	if len(session) == 0 {
		return entity
	}
	all := maps.Clone(session)
	for key, value := range entity {
		if !holds(session, key) {
			all[key] = value
		}
	}
	return all
}

func holds(tags map[string]string, key string) bool {
	for own := range tags {
		if strings.EqualFold(own, key) {
			return true
		}
	}
	return false
}
