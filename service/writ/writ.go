// Package writ is Writ's own service: what people ask of their IAM and AWS has
// no API for. It is modeled, signed, authorized and audited like any other.
package writ

import "github.com/writ-iam/writ/store/events"

// Service carries out the operations of the service writ. It is safe for
// concurrent use.
type Service struct{ log *events.Writer }

// New makes the service on an event log.
func New(log *events.Writer) *Service { return &Service{log} }
