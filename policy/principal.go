package policy

import "strings"

// reach is how strongly a Principal element names a caller.
type reach uint8

const (
	nobody    reach = iota // not at all
	byAccount              // its account, which may then decide itself (R09)
	byEntity               // the role or user behind a session, whose limits still hold (R07, R20)
	directly               // the caller itself, or everybody (R06, R08, R10)
)

// principalName is one principal that a statement names.
type principalName struct {
	kind      principalKind
	text      string // account id, ARN, service, provider or canonical id
	partition string // of the account's ARN; "" fits all
}

type principalKind uint8

const (
	everybody    principalKind = iota // * or {"AWS": "*"}
	anyService                        // {"Service": "*"}
	anyProvider                       // {"Federated": "*"}
	anAccount                         // 12 digits or the ARN of the root user (R66)
	anEntity                          // ARN of a user, role or session
	aService                          //
	aProvider                         //
	aCanonicalID                      // stands for its account (R66)
)

var lone = map[string]principalKind{star: everybody, "AWS": everybody, "Service": anyService, "Federated": anyProvider}

var named = map[string]principalKind{"AWS": anEntity, "Service": aService, "Federated": aProvider, "CanonicalUser": aCanonicalID}

// parsePrincipal reads a principal. Wildcards are nothing special but in a lone
// star (R65), and what is no principal names nobody (R72).
func parsePrincipal(v PrincipalValue) (n principalName, problem string) {
	var ok bool
	if v.Text == star {
		if n.kind, ok = lone[v.Kind]; !ok {
			return n, "no wildcard is possible here"
		}
		return n, ""
	}
	if n.kind, ok = named[v.Kind]; !ok || v.Text == "" {
		return n, "not a principal"
	}
	n.text = v.Text
	if n.kind == anEntity {
		return parseAWSPrincipal(n)
	}
	return n, ""
}

func parseAWSPrincipal(n principalName) (principalName, string) {
	if isAccount(n.text) {
		return principalName{kind: anAccount, text: n.text}, ""
	}
	if !strings.HasPrefix(n.text, "arn:") {
		return n, "neither an account nor an ARN" // unique ids are of principals that are gone
	}
	if strings.ContainsAny(n.text, "*?") {
		return n, "wildcards do not match parts of a principal"
	}
	f := strings.Split(n.text, ":")
	if len(f) == 6 && f[2] == "iam" && f[3] == "" && isAccount(f[4]) && f[5] == "root" {
		return principalName{kind: anAccount, text: f[4], partition: f[1]}, ""
	}
	return n, ""
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// reach tells how strongly n names p.
func (n *principalName) reach(p *Principal) reach {
	switch n.kind {
	case everybody:
		return directly
	case anyService:
		return when(p.Type == Service, directly)
	case aService:
		return when(p.Type == Service && p.Service == n.text, directly)
	case anyProvider:
		return when(p.signsIn(), directly)
	case aProvider:
		return when(p.signsIn() && p.Provider == n.text, directly)
	case aCanonicalID:
		return when(p.Account != "" && p.CanonicalID == n.text, byAccount)
	case anAccount:
		return when(p.Account == n.text && n.fitsPartition(p), byAccount)
	}
	return n.reachEntity(p)
}

// reachEntity compares ARNs exactly, letter case included (R64, R67).
func (n *principalName) reachEntity(p *Principal) reach {
	switch p.Type {
	case User:
		return when(p.ARN == n.text, directly)
	case RoleSession:
		return max(when(p.ARN == n.text, directly), when(p.RoleARN == n.text, byEntity))
	case FederatedUser:
		return max(when(p.ARN == n.text, directly), when(p.UserARN == n.text, byEntity))
	}
	return nobody
}

// fitsPartition compares the partition of an account with that of the caller's ARN.
func (n *principalName) fitsPartition(p *Principal) bool {
	if n.partition == "" || p.ARN == "" {
		return true
	}
	rest, ok := strings.CutPrefix(p.ARN, "arn:")
	return ok && strings.HasPrefix(rest, n.partition) && strings.HasPrefix(rest[len(n.partition):], ":")
}

func when(named bool, r reach) reach {
	if named {
		return r
	}
	return nobody
}

// signsIn reports whether p is about to get its session from a provider.
func (p *Principal) signsIn() bool { return p.Type == WebIdentity || p.Type == SAML }

// reachOf tells how strongly a list names p.
func reachOf(names []principalName, p *Principal) reach {
	best := nobody
	for i := range names {
		best = max(best, names[i].reach(p))
	}
	return best
}

// reach tells how strongly the statement names the caller. Policies of
// identities and service control policies name nobody and are about everybody
// they are attached to; all others must name somebody (R72).
func (s *statement) reach(e *evaluation) reach {
	if s.principal == nil && s.notPrincipal == nil {
		return unnamed[e.part]
	}
	return s.reachNamed(e)
}

// unnamed is the reach of statements that name nobody, by the type of their policy.
var unnamed = [...]reach{Identity: directly, Resource: nobody, Boundary: directly, Session: directly, SCP: directly, RCP: nobody, Endpoint: nobody}

func (s *statement) reachNamed(e *evaluation) reach {
	r := directly
	if s.principal != nil {
		r = reachOf(s.principal, e.principal)
	}
	if s.notPrincipal != nil && s.spares(e) {
		return nobody
	}
	return r
}

// spares reports whether NotPrincipal leaves the caller out. From an Allow it
// does when it names the caller in any way (R71). From a Deny it does only when
// it names the whole chain from the account down (R69), and never a caller with
// a permissions boundary (R70).
func (s *statement) spares(e *evaluation) bool {
	p, names := e.principal, s.notPrincipal
	if e.effect == allow {
		return reachOf(names, p) > nobody
	}
	if e.policies.Boundary != nil && p.hasPolicies() {
		return false
	}
	switch p.Type {
	case User, FederatedUser:
		return listsAccount(names, p) && lists(names, p.ARN)
	case RoleSession:
		return listsAccount(names, p) && lists(names, p.RoleARN) && lists(names, p.ARN)
	}
	return reachOf(names, p) > nobody
}

// listsAccount reports whether names name the account of p, which is its root user.
func listsAccount(names []principalName, p *Principal) bool {
	root := Principal{Type: RootUser, ARN: p.ARN, Account: p.Account, CanonicalID: p.CanonicalID}
	return reachOf(names, &root) > nobody
}

// lists reports whether the ARN, or everybody, is among names.
func lists(names []principalName, arn string) bool {
	for i := range names {
		if n := &names[i]; n.kind == everybody || n.kind == anEntity && n.text == arn {
			return true
		}
	}
	return false
}
