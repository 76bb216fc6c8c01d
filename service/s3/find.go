package s3

import (
	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// find returns a version of an object, the newest if version is "", which may be
// a mark of deletion. It returns store.ErrNotFound if there is none.
func find(tx *store.Tx, bucket, key, version string) (*object, error) {
	if version != "" {
		return objects.By(tx, "version", store.K(bucket, key, version))
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

// decided returns the object that the decision was made on. One that is missing
// is told only to those who may list the bucket; for the others it is denied
// like one that is there.
func decided(c *writ.Call, key, version string) (*object, error) {
	o, _ := c.Decision.Checks[0].Resource.Record.(*object)
	if o != nil && !o.Deleted {
		return o, nil
	}
	if !c.Decision.Allows("s3:ListBucket") {
		return nil, writ.AccessDenied("Access Denied")
	}
	if o == nil && version != "" {
		return nil, noSuchVersion(key, version)
	}
	return nil, noSuchKey(key)
}
