package policy

// Decision is the outcome of an evaluation. The zero Decision denies.
type Decision uint8

const (
	ImplicitDeny Decision = iota // nothing denied, and an Allow was lacking
	Allow
	ExplicitDeny // a Deny applied
)

var decisions = [...]string{"implicitDeny", "allowed", "explicitDeny"}

// String gives the word that SimulatePrincipalPolicy's EvalDecision uses:
// "allowed", "implicitDeny", "explicitDeny".
func (d Decision) String() string { return decisions[d] }

// MarshalText gives the word of String.
func (d Decision) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Type is the part that a policy plays in an evaluation, and so what granted,
// denied or lacked the Allow.
type Type uint8

const (
	Identity            Type = iota // policies of the user, its groups, or the role
	Resource                        // policy of the resource; trust policy of a role
	IdentityAndResource             // both were needed, and both allowed
	Boundary                        // permissions boundary
	Session                         // session policies
	SCP                             // service control policies
	RCP                             // resource control policies
	Endpoint                        // VPC endpoint policy
	Root                            // the root user's own right (R21)
	Always                          // the action needs no permission (R47)
)

var types = [...]string{"identity", "resource", "identity+resource", "boundary", "session", "scp", "rcp", "vpce", "root", "always"}

// String gives the word that the policy test format uses for the type.
func (t Type) String() string { return types[t] }

// MarshalText gives the word of String.
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }
