// Package cloudtrail is AWS CloudTrail: it shows what the event log holds.
//
// Its one idea: an event is found where its service acts. That is the region of
// the call, and for services with one endpoint in the world (IAM) the
// partition's global region, whose events are therefore seen from every region.
package cloudtrail

import (
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/events"
)

// Service carries out the operations of CloudTrail. It is safe for concurrent use.
type Service struct {
	db  *store.DB
	log *events.Writer
}

// New makes the service on an event log.
func New(db *store.DB, log *events.Writer) *Service { return &Service{db, log} }
