package policy

import "strings"

// evaluation is a request on its way to a decision.
type evaluation struct {
	*Request
	principal *Principal // never nil
	policies  *Policies
	service   *service
	topic     topic // of the action
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
	colon := colonOf(e.Action)
	service := e.Action[:colon]
	turn := turnOf(service)
	e.service, e.topic = serviceOf(service, turn), lettersOf(e.Action[colon:]).turned(turn)
}

// find returns the first statement with the effect, in any of the policies,
// that matches; a Result without a Policy if there is none.
func (e *evaluation) find(t Type, effect effect, policies []*Policy) Result {
	if len(policies) == 0 { // of most types there are none
		return Result{}
	}
	return e.findAmong(t, effect, policies)
}

func (e *evaluation) findAmong(t Type, effect effect, policies []*Policy) Result {
	for _, p := range policies {
		if p.topics[effect]&e.topic != 0 {
			if r := e.findIn(t, effect, p); r.Policy != nil {
				return r
			}
		}
	}
	return Result{}
}

func (e *evaluation) findIn(t Type, effect effect, p *Policy) Result {
	r, _ := e.search(t, effect, p, byAccount)
	return r
}

// search is findIn for the statement that reaches the caller most directly; it
// is content with what reaches enough.
func (e *evaluation) search(t Type, effect effect, p *Policy, enough reach) (Result, reach) {
	if p.err != nil { // what cannot be read denies, and is asked for nothing else
		return Result{ExplicitDeny, t, p, -1}, directly
	}
	var h search // a literal would be made elsewhere, and copied
	h.evaluation, h.policy, h.part, h.effect, h.enough = e, p, t, effect, enough
	if p.index != nil {
		p.index.search(&h)
	} else {
		h.all(p.statements)
	}
	if h.best == nil {
		return Result{}, nobody
	}
	return Result{decisionOf[effect], t, p, h.best.index}, h.reach
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

func (e *evaluation) crossAccount() bool { return e.owner() != e.principal.Account }

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
