package policy

import "errors"

// Kind says what a document is written for, and so what its grammar demands.
type Kind uint8

const (
	IdentityPolicy Kind = iota // also permissions boundaries
	SessionPolicy
	TrustPolicy
	ResourcePolicy
	EndpointPolicy
	ServiceControlPolicy
	ResourceControlPolicy
)

// Check is the strict test of a document that is about to be stored. The
// error's text is the message of AWS's MalformedPolicyDocument.
func (d *Document) Check(kind Kind) error { return errors.ErrUnsupported }
