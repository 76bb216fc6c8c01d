package policy

import "strings"

// evaluation is a request on its way to a decision.
type evaluation struct {
	*Request
	principal *Principal // never nil
	policies  *Policies
	service   *service
	kin       kin   // of the action
	topic     topic // of the action

	// What is looked for.
	policy *Policy // in which it is looked for now
	part   Type    // that the policy plays
	effect effect
	enough reach // at which the search ends

	// What is found.
	best  int   // statement of the policy, -1 if none
	reach reach // of it
}

var anonymous Principal

func newEvaluation(p *Policies, r *Request) evaluation {
	e := evaluation{Request: r, principal: r.Principal, policies: p}
	e.begin()
	return e
}

// begin works out what all policies will ask for.
func (e *evaluation) begin() {
	if e.principal == nil {
		e.principal = &anonymous
	}
	e.kin = kinOf(e.Action)
	e.topic, e.service = e.kin.topic(), &ordinary
	if specialKin>>((e.kin.service()-1)%64)&1 != 0 {
		e.service = serviceOf(e.Action)
	}
}

// find looks in the policies, one after the other, for a statement with the
// effect, and reports whether one matches. It is found then.
func (e *evaluation) find(t Type, effect effect, policies []*Policy) bool {
	return len(policies) != 0 && e.findAmong(t, effect, policies) // of most types there are none
}

func (e *evaluation) findAmong(t Type, effect effect, policies []*Policy) bool {
	e.part, e.effect, e.enough = t, effect, byAccount
	topic, which := e.topic, int(effect&1) // what the loop need not look up, or check, again
	for _, p := range policies {
		if p.topics[which]&topic != 0 && e.search(p) {
			return true
		}
	}
	return false
}

// found is the decision that the statement found makes.
func (e *evaluation) found() Result {
	return Result{decisionOf[e.effect], e.part, e.policy, e.policy.sieves[e.best].index}
}

var decisionOf = [...]Decision{deny: ExplicitDeny, allow: Allow}

// lacking is the decision when an Allow of the type was needed and not there.
func lacking(t Type) Result { return Result{By: t, statement: -1} }

// owner is the account of the resource.
func (e *evaluation) owner() string {
	if e.ResourceAccount == "" {
		return e.principal.Account
	}
	return e.ResourceAccount
}

func (e *evaluation) crossAccount() bool {
	return e.ResourceAccount != "" && e.ResourceAccount != e.principal.Account
}

// inAccount reports whether p belongs to an account, which then has a say too.
func (p *Principal) inAccount() bool { return p.hasPolicies() || p.Type == RootUser }

// hasPolicies reports whether p may have policies of its own.
func (p *Principal) hasPolicies() bool {
	return p.Type == User || p.Type == RoleSession || p.Type == FederatedUser
}

// isRoot reports whether p has the root user's rights, itself or through a
// federated session that root issued.
func (p *Principal) isRoot() bool {
	return p.Type == RootUser ||
		p.Type == FederatedUser && p.Account != "" && strings.HasSuffix(p.UserARN, ":iam::"+p.Account+":root")
}
