package writ

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/writ-iam/writ/policy"
)

// Inner carries out calls that services and doors make of other services. They
// go the way of every request from authorization on: decided for their own
// Caller, and recorded with an event of their own.
type Inner interface {
	// Call carries out an operation with an input of its type (*api.XInput) and
	// returns its output (*api.XOutput). c is fresh, made by Via or ByService;
	// afterwards it holds the decision. The input does not come off the wire, so
	// constraints of the model are not checked: who passes on what a client sent
	// checks it.
	Call(c *Call, service, operation string, in any) (out any, err error)
}

// Via makes the call that a service ("ssm.amazonaws.com") makes with the rights
// of c's caller, to carry c out (IAM User Guide, "Forward access sessions").
func (c *Call) Via(service string) *Call {
	chain := Chain{ViaAWSService: true, CalledVia: append(slices.Clone(c.Chain.CalledVia), service)}
	return &Call{ID: uuid.NewString(), Time: c.Time, Source: Source{UserAgent: service}, Scope: c.Scope,
		Caller: c.Caller, Chain: chain, Context: c.Context}
}

// ByService makes the call that a service ("ec2.amazonaws.com") makes with its
// own rights, at a time (UTC), in the account and region of scope. chain says
// what it makes it for; its SourceArn and SourceAccount keep the service from
// being used as a confused deputy.
func ByService(ctx context.Context, at time.Time, service string, scope Scope, chain Chain) *Call {
	caller := &Caller{Principal: policy.Principal{Type: policy.Service, Service: service}, Partition: scope.Partition}
	return &Call{ID: uuid.NewString(), Time: at, Source: Source{UserAgent: service}, Scope: scope,
		Caller: caller, Chain: chain, Context: ctx}
}

// Invoker is the service that makes the call, "" if it came from outside.
func (c *Call) Invoker() string {
	if n := len(c.Chain.CalledVia); n > 0 {
		return c.Chain.CalledVia[n-1]
	}
	if c.Caller != nil && c.Caller.Type == policy.Service {
		return c.Caller.Service
	}
	return ""
}
