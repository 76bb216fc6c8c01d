// Package ec2 is the part of Amazon EC2 that IAM meets: instances with their
// roles, metadata options and tags, and key pairs; and as much of networks,
// images and types as clients need to be told to get there.
//
// Its one idea: an instance is a record of what somebody was allowed to start.
// What it is on this host (a namespace, a process, another machine) belongs to
// whoever runs it, who reads Instance and Running here and learns of changes
// from the store. So states change at once, and everything around an instance
// that nobody can change (the default VPC, its subnets and security group, the
// host as the one image) is computed from account and region and stored nowhere.
//
// Tables and their keys:
//
//	ec2/instance  account, region, instance id
//	ec2/key-pair  account, region, name
//	ec2/tag       account, region, resource id, key
package ec2

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// Service carries out the operations of EC2. It is safe for concurrent use.
type Service struct {
	db       *store.DB
	profiles Profiles
	regions  Regions
}

// Regions is the source of the regions that accounts have enabled.
type Regions interface {
	// EnabledRegions are those that an account has beside the default ones.
	EnabledRegions(tx *store.Tx, account string) ([]string, error)
}

// Profiles is what EC2 reads of IAM. What is not there is store.ErrNotFound.
type Profiles interface {
	// InstanceProfile returns an instance profile of the account by name or ARN.
	InstanceProfile(tx *store.Tx, account, nameOrARN string) (*writ.InstanceProfile, error)
	// InstanceProfileByID returns the instance profile of that unique id.
	InstanceProfileByID(tx *store.Tx, id string) (*writ.InstanceProfile, error)
}

// New makes the service on a store.
func New(db *store.DB, profiles Profiles, regions Regions) *Service {
	return &Service{db, profiles, regions}
}

// newID makes the id of a new thing: "i-0123456789abcdef0".
func newID(prefix string) string {
	var b [9]byte
	rand.Read(b[:])
	return prefix + hex.EncodeToString(b[:])[:17]
}

// computedID is the id of a thing that is always there.
func computedID(prefix string, of ...string) string {
	sum := sha256.Sum256([]byte(prefix + strings.Join(of, "\x00")))
	return prefix + hex.EncodeToString(sum[:])[:17]
}
