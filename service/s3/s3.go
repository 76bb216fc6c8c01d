// Package s3 is Amazon Simple Storage Service: buckets and the objects in them.
//
// Its one idea: an object is a record, and its bytes are sealed blobs that the
// record refers to. Everything that is decided, listed or compared is in the
// record, at a revision of the store; the blobs (package blobs) have neither
// names nor order. A write makes its blobs first and becomes visible with the
// one transaction that writes the record, so that nothing is ever half there; an
// upload in parts becomes an object without moving a byte.
//
// Tables and their keys:
//
//	s3/bucket         name
//	s3/object         bucket, key, version, newest first
//	s3/upload         bucket, key, upload, oldest first
//	s3/uploadedpart   bucket, key, upload, number
package s3

import (
	"time"

	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/blobs"
)

// Principals is what S3 needs of IAM: the principals that a bucket policy names
// are kept by their unique ids, so that one made again inherits nothing.
type Principals interface {
	// StoredPrincipal is an AWS principal as it is kept; one that is not there is
	// store.ErrNotFound.
	StoredPrincipal(tx *store.Tx, partition, text string) (string, error)
	// ShownPrincipal is what people read for a stored principal.
	ShownPrincipal(tx *store.Tx, stored string) (string, error)
}

// Service carries out the operations of S3 and tells authz of its resources. It
// is safe for concurrent use.
type Service struct {
	db         *store.DB
	blobs      *blobs.Store
	principals Principals
	codes      Codes         // nil: there is no MFA delete
	linger     time.Duration // how long discarded bytes stay
	buckets    *store.Cache[string, *bucket]
	access     *store.Cache[string, *access] // by bucket
}

// New makes the service on a store of records and one of bytes. Without codes
// there is no MFA delete.
func New(db *store.DB, bytes *blobs.Store, principals Principals, codes Codes) *Service {
	s := &Service{db: db, blobs: bytes, principals: principals, codes: codes, linger: linger}
	s.buckets = store.NewCache(db, func(tx *store.Tx, name string) (*bucket, error) { return buckets.Get(tx, name) })
	s.access = store.NewCache(db, s.loadAccess)
	return s
}
