package s3

import (
	"errors"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// find returns a version of an object, the newest if version is "", which may be
// a mark of deletion. It returns store.ErrNotFound if there is none.
func find(tx *store.Tx, bucket, key, version string) (*object, error) {
	if version != "" {
		return findVersion(tx, bucket, key, version)
	}
	rows, _, err := objects.Page(tx, store.K(bucket, key), nil, 1)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, store.ErrNotFound
	}
	return rows[0], nil
}

// findVersion goes by the order that is in the version's id. A null version has
// order 0, or is in an index.
func findVersion(tx *store.Tx, bucket, key, version string) (*object, error) {
	if version == nullVersion {
		o, err := objects.By(tx, "null", store.K(bucket, key))
		if errors.Is(err, store.ErrNotFound) {
			return objects.Get(tx, versionKey(bucket, key, 0))
		}
		return o, err
	}
	order, _ := orderOf(version)
	o, err := objects.Get(tx, versionKey(bucket, key, order))
	if err == nil && o.VersionID != version {
		return nil, store.ErrNotFound
	}
	return o, err
}

// find is find for who knows the bucket: without versions an object has one place.
func (b *bucket) find(tx *store.Tx, key, version string) (*object, error) {
	if b.Versioning == "" && (version == "" || version == nullVersion) {
		return objects.Get(tx, versionKey(b.Name, key, 0))
	}
	return find(tx, b.Name, key, version)
}

// newest is find for those to whom it is no error that there is none.
func (b *bucket) newest(tx *store.Tx, key string) (*object, error) {
	o, err := b.find(tx, key, "")
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return o, err
}

// target is what a decision was made on.
type target struct {
	bucket  *bucket
	key     string
	version string  // that was asked for, "" for the newest
	object  *object // nil if there is none, or if the action asks nothing of it
}

// decided returns what the first check of a call was made on, which must be
// there. That it is missing is told only to those who may list the bucket; for
// the others it is denied like one that is there.
func decided(c *writ.Call) (*target, error) {
	t := c.Decision.Checks[0].Resource.Record.(*target)
	if t.object != nil && !t.object.Deleted {
		return t, nil
	}
	if err := c.Decision.Refused("s3:ListBucket"); err != nil {
		return nil, err
	}
	return nil, t.missing()
}

// missing is the error of an object that is not there, or is marked as deleted.
func (t *target) missing() error {
	switch {
	case t.object != nil && t.version != "":
		return t.mark(writ.Errorf(405, "MethodNotAllowed", "The specified method is not allowed against this resource."))
	case t.object != nil:
		return t.mark(noSuchKey(t.key))
	case t.version != "":
		return noSuchVersion(t.key, t.version)
	}
	return noSuchKey(t.key)
}

// mark says that there is a mark of deletion.
func (t *target) mark(e *writ.Error) error {
	e.Header = map[string]string{"x-amz-delete-marker": "true", "x-amz-version-id": t.object.VersionID}
	if e.Status == 405 {
		e.Header["Allow"] = "DELETE"
		e.Header["Last-Modified"] = httpTime(t.object.Modified)
		e.Fields = map[string]any{"ResourceType": "DeleteMarker"}
	}
	return e
}

// address is how a request names a bucket or an object.
type address struct {
	bucket, key, version string
	from                 string // the header that names it, "" if it is not a copy's source
	ifMatch              *string
}

// addressed takes apart the id of a check: BUCKET or BUCKET/KEY, what a copy is
// made from, or the place of an element of a list.
func addressed(c *writ.Call, check string, id string) (a address, err error) {
	switch check {
	case copySourceMember:
		return parseCopySource(id)
	case deleteMember:
		return elementOf(c.Input, id)
	}
	a.bucket, a.key, _ = strings.Cut(id, "/")
	if version := member(c.Input, "VersionId"); version != nil {
		a.version, err = *version, checkVersion(*version)
	}
	return a, err
}
