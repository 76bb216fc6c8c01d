// Package writ holds the nouns that every part of Writ shares: the Call on its
// way through the server, the Caller who makes it, the Session behind temporary
// credentials, the Scope it acts in, the Resources it acts on, and the Error it
// may end with.
//
// A Call is filled strictly from left to right, each field by the one step of
// the request path that it is named after; nothing travels hidden in a context.
package writ

import (
	"context"
	"net/netip"
	"time"

	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
)

// Call is one request. The server fills it step by step; services read it.
type Call struct {
	// received
	ID     string    // request id (UUID), also the root of the event's id
	Time   time.Time // when it arrived, UTC; the only clock that services see
	Source Source

	// resolve
	Operation *model.Operation
	Scope     Scope

	// authenticate
	Caller *Caller // nil before authentication
	Signed Signed  // how; zero for the anonymous

	// decode
	Input any // *api.XInput

	// authorize
	MFA      time.Time // when the call itself has proved a second factor; zero if it has none
	Decision *Decision // nil before authorization

	// invoke
	Output any // *api.XOutput, nil if the call failed
	Err    error

	// for calls made on someone's behalf
	Chain Chain

	Context context.Context // cancellation only
}

// Signed is how a call was signed, as far as policies may ask (s3:authType,
// s3:signatureAge, s3:x-amz-content-sha256).
type Signed struct {
	Presigned bool      // in the query string, not in a header
	Form      bool      // in the fields of a browser's form
	Time      time.Time // UTC, to the second
	Payload   string    // what the signature says of the body: a hash, UNSIGNED-PAYLOAD …
}

// Scope is where a call acts. The partition is a property of the account.
type Scope struct {
	Partition string // aws, aws-cn, aws-us-gov
	Account   string // 12 digits, "" before the caller is known
	Region    string
}

// Source is where a call came from, as the server saw it.
type Source struct {
	IP        netip.Addr // the TCP peer, or what a configured proxy reports
	UserAgent string
	Host      string // the Host header
	TLS       string // "TLSv1.3", "" for plain HTTP
	Cipher    string // name of the TLS cipher suite, "" for plain HTTP
	VPCE      string // id of the VPC endpoint, "" if none
}

// Chain tells of calls that a service makes for someone
// (IAM User Guide, "Forward access sessions").
type Chain struct {
	ViaAWSService bool     // aws:ViaAWSService
	CalledVia     []string // aws:CalledVia, first service first
	SourceArn     string   // aws:SourceArn, for calls by a service principal
	SourceAccount string   // aws:SourceAccount

	// Instance is the instance that a role is assumed for; nil for other calls.
	Instance *Instance
}

// Decision is what authorization found, at a known revision of the store.
type Decision struct {
	Revision uint64
	Allowed  bool
	Checks   []Check  // in the order they were made; the last one decided
	Unasked  bool     // the call needs another permission than the one denied, which was not asked for
	Reads    []string // what of the store it was derived from, where that is known (store.DB.Recall)
}

// Allows says whether the call may do an action, as far as it was asked: for
// checks whose denial does not end the call (model.Check.Lenient).
func (d *Decision) Allows(action string) bool {
	for i := range d.Checks {
		if d.Checks[i].Action == action {
			return d.Checks[i].Result.Decision == policy.Allow
		}
	}
	return false
}

// Refused is the error of a caller who may not do an action that the call was
// checked for, nil for one who may.
func (d *Decision) Refused(action string) error {
	for i := range d.Checks {
		if d.Checks[i].Action == action {
			return d.Checks[i].Refused()
		}
	}
	return AccessDenied("Access Denied")
}

// Check is the decision on one action and one resource of a call.
type Check struct {
	Action   string
	Resource Resource
	Request  *policy.Request
	Policies *policy.Policies
	Result   policy.Result
	Refusal  func() error // what a caller is told that the check denies
}

// Refused is the error of the check, nil if it allows.
func (c *Check) Refused() error {
	if c.Result.Decision == policy.Allow {
		return nil
	}
	return c.Refusal()
}

// Resource is a thing that a call acts on, as authorization sees it.
type Resource struct {
	ARN     string
	Type    string            // the catalogue's name for its type: "user", "role"; "" means the check's
	Label   string            // how AccessDenied names it: "user bob"; "" means by ARN
	Account string            // its owner; "" means the caller's account
	Tags    map[string]string // aws:ResourceTag/…; nil if untagged or absent
	Policy  *policy.Policy    // resource or trust policy; nil if none
	Keys    map[string]string // context keys that are facts about the resource: iam:PermissionsBoundary
	Action  string            // in place of the check's, where the thing itself says which it is; usually ""
	Absent  bool              // there is no such thing (yet)
	Refusal string            // what AccessDenied says to other accounts that its policy does not let in; "" means the usual
	Record  any               // what the service has read to tell all this, for its own use when the call is carried out
}
