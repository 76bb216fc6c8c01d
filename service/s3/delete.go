package s3

import (
	"cmp"
	"crypto/rand"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

// DeleteObject marks an object as deleted, or removes it or one of its versions
// for good. It succeeds whether or not the object is there.
func (s *Service) DeleteObject(c *writ.Call, in *api.DeleteObjectInput) (*api.DeleteObjectOutput, error) {
	d := deletion{key: in.Key, version: value(in.VersionId), ifMatch: in.IfMatch, random: rand.Text()}
	proved, err := s.proveDeletion(c, in.Bucket, in.MFA, d.version != "")
	if err != nil {
		return nil, err
	}
	var did deleted
	err = s.db.Update(c, func(tx *store.Tx) error {
		b, err := s.buckets.GetTx(tx, in.Bucket)
		if err != nil {
			return bucketError(in.Bucket, err)
		}
		d.uncompared = c.Decision.Refused("s3:GetObject")
		did, err = b.remove(tx, c.Time, d, proved)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.discard(did.parts)
	return &api.DeleteObjectOutput{DeleteMarker: yes(did.mark), VersionId: optional(did.version)}, nil
}

// proveDeletion asks for the second factor only where versions are removed.
func (s *Service) proveDeletion(c *writ.Call, bucket string, header *string, versions bool) (bool, error) {
	if !versions {
		return false, nil
	}
	return s.prove(c, bucket, header, false)
}

// deletion is what one key of a request asks for.
type deletion struct {
	key, version string
	ifMatch      *string
	unserved     error  // it asks for what is not done here
	refused      error  // the caller may not delete it
	uncompared   error  // the caller may not compare ETags
	random       string // for the id of a mark
}

// deleted is what was done: a version was removed, or a mark was set.
type deleted struct {
	mark    bool   // the version is a mark of deletion
	version string // "" in buckets without versions
	parts   []part // to be discarded
}

func (b *bucket) remove(tx *store.Tx, now time.Time, d deletion, proved bool) (deleted, error) {
	if err := cmp.Or(d.refused, d.unserved); err != nil {
		return deleted{}, err
	}
	if err := b.allows(tx, d); err != nil {
		return deleted{}, err
	}
	switch {
	case d.version != "" && b.MFADelete == enabled && !proved:
		return deleted{}, withoutMFA()
	case d.version != "" || b.Versioning == "":
		return b.removeVersion(tx, d)
	}
	last, err := b.newest(tx, d.key)
	if err != nil {
		return deleted{}, err
	}
	mark := &object{Bucket: b.Name, Key: d.key, Account: b.Account, Modified: now, Deleted: true}
	parts, err := b.add(tx, mark, last, now, d.random)
	return deleted{true, mark.VersionID, parts}, err
}

func (b *bucket) removeVersion(tx *store.Tx, d deletion) (deleted, error) {
	version := d.version
	if version == "" {
		version = nullVersion
	}
	o, err := drop(tx, b.Name, d.key, version)
	if err != nil || o == nil {
		return deleted{version: d.version}, err
	}
	return deleted{o.Deleted, d.version, o.Parts}, nil
}

// allows checks If-Match, which speaks of the newest version (S3 User Guide,
// "How to perform conditional deletes"). Whoever compares ETags must be allowed
// to read the object.
func (b *bucket) allows(tx *store.Tx, d deletion) error {
	if d.ifMatch == nil {
		return nil
	}
	last, err := b.newest(tx, d.key)
	there := last != nil && !last.Deleted
	switch {
	case err != nil:
		return err
	case *d.ifMatch == "*" && !there:
		return preconditionFailed("If-Match")
	case *d.ifMatch == "*":
		return nil
	case d.uncompared != nil:
		return d.uncompared
	case !there:
		return noSuchKey(d.key)
	case unquoted(*d.ifMatch) != last.ETag:
		return preconditionFailed("If-Match")
	}
	return nil
}

// yes is true, or nothing at all.
func yes(b bool) *bool {
	if b {
		return &b
	}
	return nil
}
