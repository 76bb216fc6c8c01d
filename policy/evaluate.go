package policy

// This file is the whole decision rule: which policies take part, in which
// order, and what they must say. statement.go tells when a statement matches.

// Evaluate decides the request. It does not allocate.
func (p *Policies) Evaluate(r *Request) Result {
	var e evaluation // a literal would be made elsewhere, and copied
	e.Request, e.principal, e.policies = r, r.Principal, p
	e.begin()
	return e.decide()
}

func (e *evaluation) decide() Result {
	var free, always bool
	if e.service.free != nil {
		free, always = e.service.needsNothing(e)
	}
	if always { // R47
		return Result{Decision: Allow, By: Always, statement: -1}
	}
	if e.denied() { // R02
		return e.found()
	}
	if free {
		return Result{Decision: Allow, By: Always, statement: -1}
	}
	if e.scpsApply() && !e.allowedAtEveryLevel() { // R22
		return lacking(SCP)
	}
	if e.policies.Endpoint != nil && !e.find(Endpoint, allow, e.policies.Endpoint) { // R32
		return lacking(Endpoint)
	}
	var granted Result
	var reach reach
	if e.policies.Resource != nil {
		granted, reach = e.granted()
	}
	cross, own := e.crossAccount(), e.service.own != "" && e.service.own.MatchARN(e.Resource)
	switch {
	case reach == nobody && (own && !cross || !e.principal.inAccount()): // R34 to R36, R40, R43
		return lacking(Resource)
	case reach == directly && !cross && !e.principal.Delegated || !e.principal.inAccount(): // R06, R08, R10, R14, R19
		return granted
	case reach >= byEntity && !cross: // R07, R20
		return e.limited(granted)
	}
	r := e.limited(e.entitled()) // R05, R09, R13
	switch {
	case r.Decision != Allow || !own && !cross:
	case reach == nobody: // R11, R41
		return lacking(Resource)
	case r.By == Root:
		r.By = Resource
	default: // R11, R37, R38, R40
		r.By = IdentityAndResource
	}
	return r
}

// denied looks for a Deny in every policy that takes part.
func (e *evaluation) denied() bool {
	p := e.policies
	if e.rcpsApply() && e.deniedBy(RCP, p.RCPs) || // R29
		e.scpsApply() && e.deniedBy(SCP, p.SCPs) || // R23
		e.find(Endpoint, deny, p.Endpoint) ||
		p.Resource != nil && e.find(Resource, deny, []*Policy{p.Resource}) { // R12
		return true
	}
	return e.principal.hasPolicies() && (e.find(Identity, deny, p.Identity) || e.find(Boundary, deny, p.Boundary)) ||
		e.principal.inAccount() && e.find(Session, deny, p.Session) // R15
}

// deniedBy looks for a Deny at every level of an organization.
func (e *evaluation) deniedBy(t Type, levels [][]*Policy) bool {
	for _, level := range levels {
		if e.find(t, deny, level) {
			return true
		}
	}
	return false
}

// allowedAtEveryLevel reports whether the service control policies allow.
func (e *evaluation) allowedAtEveryLevel() bool {
	for _, level := range e.policies.SCPs {
		if !e.find(SCP, allow, level) {
			return false
		}
	}
	return true
}

// granted looks in the resource's policy for the Allow that reaches the caller
// most directly.
func (e *evaluation) granted() (Result, reach) {
	e.part, e.effect, e.enough = Resource, allow, directly
	if !e.search(e.policies.Resource) {
		return Result{}, nobody
	}
	return e.found(), e.reach
}

// entitled reports whether the caller's identity policies allow (R03).
func (e *evaluation) entitled() Result {
	switch {
	case e.principal.isRoot(): // R21
		return Result{Decision: Allow, By: Root, statement: -1}
	case e.find(Identity, allow, e.policies.Identity):
		return e.found()
	}
	return lacking(Identity)
}

// limited cuts what was allowed by the caller's boundary and session policies
// (R13, R17). Without them there is no such limit, but a federated user has the
// rights that a session policy names, and no others (R20). A session of the root
// user can have session policies; boundaries are no matter of root's (R21).
func (e *evaluation) limited(r Result) Result {
	p := e.policies
	switch {
	case r.Decision != Allow || !e.principal.inAccount():
		return r
	case p.Boundary != nil && e.principal.hasPolicies() && !e.find(Boundary, allow, p.Boundary):
		return lacking(Boundary)
	case p.Session == nil && e.principal.Type != FederatedUser:
		return r
	case !e.find(Session, allow, p.Session):
		return lacking(Session)
	}
	return r
}

// scpsApply: R25 to R28.
func (e *evaluation) scpsApply() bool {
	p := e.principal
	return e.policies.SCPs != nil && p.inAccount() && !p.ServiceLinked && p.Account != e.policies.ManagementAccount
}

// rcpsApply: R30, R31.
func (e *evaluation) rcpsApply() bool {
	return e.policies.RCPs != nil && e.isControlled()
}

func (e *evaluation) isControlled() bool {
	owner := e.owner()
	return !e.principal.ServiceLinked && (owner == "" || owner != e.policies.ManagementAccount) && isControlled(e.Action)
}
