package authz

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// policies gathers every policy that takes part in a check.
func (a *Authorizer) policies(tx *store.Tx, c *writ.Call, r *writ.Resource, over *organizations) (*policy.Policies, error) {
	p := &policy.Policies{Resource: r.Policy}
	over.limit(p)
	if err := a.identityPolicies(tx, c, p); err != nil {
		return nil, err
	}
	if err := a.sessionPolicies(tx, c, p); err != nil {
		return nil, err
	}
	return p, a.endpointPolicy(tx, c, p)
}

// identityPolicies adds the policies of the user or role behind the caller. One
// that is gone has none, and what has none may do nothing.
func (a *Authorizer) identityPolicies(tx *store.Tx, c *writ.Call, p *policy.Policies) error {
	issuer, ok := issuerOf(c.Caller)
	if !ok {
		return nil
	}
	identity, err := a.identities.GetTx(tx, issuer)
	if errors.Is(err, store.ErrNotFound) {
		return gone(c)
	}
	if err != nil {
		return err
	}
	p.Identity, p.Boundary = identity.Policies, identity.Boundary
	return nil
}

// issuerOf names the entity whose identity policies a caller has; root users,
// services and the anonymous have none.
func issuerOf(c *writ.Caller) (Issuer, bool) {
	if s := c.Session; s != nil {
		return Issuer{s.Issuer.Account, s.Issuer.Type, s.Issuer.Name, s.Issuer.ID}, s.Issuer.Type != writ.IssuerRoot
	}
	return Issuer{c.Account, writ.IssuerUser, c.Name, c.ID}, c.Type == policy.User
}

// sessionPolicies adds what the session was cut down to when it was issued.
// Managed session policies apply as they are now; one that was deleted since
// leaves an empty set, which allows nothing.
func (a *Authorizer) sessionPolicies(tx *store.Tx, c *writ.Call, p *policy.Policies) error {
	s := c.Caller.Session
	if s == nil || (s.Policy == "" && len(s.PolicyARNs) == 0) {
		return nil
	}
	p.Session = []*policy.Policy{}
	if s.Policy != "" {
		doc, err := policy.Parse([]byte(s.Policy))
		if err != nil {
			return fmt.Errorf("authz: session policy in a token: %w", err)
		}
		p.Session = append(p.Session, policy.Compile("session", doc))
	}
	if err := a.managedSessionPolicies(tx, c, p); err != nil {
		return err
	}
	if s.Operation == "AssumeRoot" && len(p.Session) > 0 {
		p.Session = append(p.Session, rootRights)
	}
	return nil
}

// rootRights is what the policies of root's tasks take for granted: they have
// only Denies (IAM User Guide, "AWS managed policies for AssumeRoot").
var rootRights = policy.Load("root", []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`))

func (a *Authorizer) managedSessionPolicies(tx *store.Tx, c *writ.Call, p *policy.Policies) error {
	s := c.Caller.Session
	for _, arn := range s.PolicyARNs {
		managed, err := a.managed.GetTx(tx, managedKey{s.Issuer.Account, arn})
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err == nil {
			p.Session = append(p.Session, managed)
		}
	}
	return nil
}

// endpointPolicy adds the policy of the VPC endpoint that the call came through.
func (a *Authorizer) endpointPolicy(tx *store.Tx, c *writ.Call, p *policy.Policies) error {
	if c.Source.VPCE == "" || a.sources.Endpoints == nil {
		return nil
	}
	e, err := a.sources.Endpoints.EndpointPolicy(tx, c.Source.VPCE)
	if err != nil {
		return err
	}
	p.Endpoint = []*policy.Policy{e}
	return nil
}

// gone is the answer to a caller whose user or role was deleted between
// authentication and decision: the same that the next request will get.
func gone(c *writ.Call) error {
	switch c.Operation.Service.Metadata.Protocol {
	case "query":
		return writ.Errorf(http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid.")
	case "ec2":
		return writ.Errorf(http.StatusUnauthorized, "AuthFailure", "AWS was not able to validate the provided access credentials")
	}
	return writ.Errorf(http.StatusForbidden, "UnrecognizedClientException", "The security token included in the request is invalid.")
}

// unavailable is the answer of a node that can't know whether its policies are
// the current ones.
func unavailable(err error) error {
	return fmt.Errorf("%w: %w", writ.Errorf(http.StatusServiceUnavailable, "ServiceUnavailable",
		"The request has failed due to a temporary failure of the server."), err)
}
