package s3

import (
	"crypto/rand"
	"slices"
	"strconv"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

// maxDeletions is how many keys one DeleteObjects may name.
const maxDeletions = 1000

// deleteMember is the list that a rule makes its checks for.
const deleteMember = "Delete.Objects"

// elementOf finds what an element of DeleteObjects names, by its place.
func elementOf(input any, place string) (a address, err error) {
	in, ok := input.(*api.DeleteObjectsInput)
	i, notThere := strconv.Atoi(place)
	if !ok || notThere != nil || len(in.Delete.Objects) > maxDeletions {
		return a, malformedXML()
	}
	o := &in.Delete.Objects[i]
	a = address{bucket: in.Bucket, key: o.Key, version: value(o.VersionId), ifMatch: o.ETag}
	if o.VersionId != nil {
		err = checkVersion(a.version)
	}
	return a, err
}

func malformedXML() error {
	return writ.Errorf(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
}

// DeleteObjects deletes what of a list the caller may delete, in one
// transaction, and tells for each of the others why not.
func (s *Service) DeleteObjects(c *writ.Call, in *api.DeleteObjectsInput) (*api.DeleteObjectsOutput, error) {
	all := deletionsOf(in)
	proved, err := s.proveDeletion(c, in.Bucket, in.MFA, slices.ContainsFunc(all, func(d deletion) bool { return d.version != "" }))
	if err != nil {
		return nil, err
	}
	var out *api.DeleteObjectsOutput
	var parts []part
	err = s.db.Update(c, func(tx *store.Tx) error {
		out, parts = new(api.DeleteObjectsOutput), nil
		b, err := s.buckets.GetTx(tx, in.Bucket)
		if err != nil {
			return bucketError(in.Bucket, err)
		}
		for i, d := range all {
			d.decided(c, i, len(all))
			did, err := b.remove(tx, c.Time, d, proved)
			if err := d.tell(out, did, err); err != nil {
				return err
			}
			parts = append(parts, did.parts...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.discard(parts)
	if value(in.Delete.Quiet) {
		out.Deleted = nil
	}
	return out, nil
}

func deletionsOf(in *api.DeleteObjectsInput) []deletion {
	all := make([]deletion, len(in.Delete.Objects))
	for i, o := range in.Delete.Objects {
		all[i] = deletion{key: o.Key, version: value(o.VersionId), ifMatch: o.ETag, random: rand.Text()}
		if o.LastModifiedTime != nil || o.Size != nil {
			all[i].unserved = notImplemented()
		}
	}
	return all
}

// decided takes over what was decided on element i of n: whether it may be
// deleted and, in a second round of checks if any ETag is given, be read.
func (d *deletion) decided(c *writ.Call, i, n int) {
	d.refused = c.Decision.Checks[i].Refused()
	if d.ifMatch != nil {
		d.uncompared = c.Decision.Checks[n+i].Refused()
	}
}

// tell adds what came of a deletion to the answer. Errors that are not for the
// caller it returns.
func (d *deletion) tell(out *api.DeleteObjectsOutput, did deleted, err error) error {
	told, ok := writ.AsError(err)
	switch {
	case err == nil:
		out.Deleted = append(out.Deleted, did.shape(d))
	case ok:
		out.Errors = append(out.Errors, api.Error{Key: &d.key, VersionId: optional(d.version), Code: &told.Code, Message: &told.Message})
	default:
		return err
	}
	return nil
}

func (did *deleted) shape(d *deletion) api.DeletedObject {
	shape := api.DeletedObject{Key: &d.key, VersionId: optional(d.version)}
	if did.mark {
		shape.DeleteMarker, shape.DeleteMarkerVersionId = new(true), &did.version
	}
	return shape
}
