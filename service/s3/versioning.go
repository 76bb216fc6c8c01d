package s3

import (
	"errors"
	"fmt"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

// What a bucket says of its versions, and of deleting them.
const (
	enabled   = "Enabled"
	suspended = "Suspended"
	disabled  = "Disabled"
)

// PutBucketVersioning turns versions on, or lets new ones replace the null
// version. Once MFA delete is on, any change needs a second factor.
func (s *Service) PutBucketVersioning(c *writ.Call, in *api.PutBucketVersioningInput) (*api.PutBucketVersioningOutput, error) {
	status, mfaDelete := value(in.VersioningConfiguration.Status), value(in.VersioningConfiguration.MFADelete)
	if status == "" {
		return nil, writ.Errorf(400, "IllegalVersioningConfigurationException", "The Versioning element must be specified")
	}
	proved, err := s.prove(c, in.Bucket, in.MFA, mfaDelete == enabled)
	if err != nil {
		return nil, err
	}
	err = s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		if (b.MFADelete == enabled || mfaDelete == enabled) && !proved {
			return withoutMFA()
		}
		b.Versioning = status
		if mfaDelete != "" {
			b.MFADelete = mfaDelete
		}
		return nil
	})
	return &api.PutBucketVersioningOutput{}, err
}

func (s *Service) GetBucketVersioning(c *writ.Call, in *api.GetBucketVersioningInput) (*api.GetBucketVersioningOutput, error) {
	b, err := s.bucket(c, in.Bucket)
	if err != nil {
		return nil, err
	}
	return &api.GetBucketVersioningOutput{Status: optional(b.Versioning), MFADelete: optional(b.MFADelete)}, nil
}

// add makes o the newest version of its key, of which newest is the one so far,
// nil if there is none. It returns the parts of the version that o replaces.
func (b *bucket) add(tx *store.Tx, o, newest *object, now time.Time, random string) (replaced []part, err error) {
	o.VersionID, o.Order = nullVersion, 0
	if b.Versioning == "" {
		if newest != nil {
			replaced = newest.Parts
		}
		return replaced, objects.Put(tx, o)
	}
	o.Order = uint64(now.UnixNano())
	if newest != nil {
		o.Order = max(o.Order, newest.Order+1)
	}
	if b.Versioning == enabled {
		o.VersionID = versionID(o.Order, random)
		return nil, objects.Insert(tx, o)
	}
	null, err := drop(tx, o.Bucket, o.Key, nullVersion)
	if err != nil {
		return nil, err
	}
	if null != nil {
		replaced = null.Parts
	}
	return replaced, objects.Insert(tx, o)
}

// drop removes a version and returns it, nil if there was none.
func drop(tx *store.Tx, bucket, key, version string) (*object, error) {
	o, err := find(tx, bucket, key, version)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return o, objects.Delete(tx, versionKey(o.Bucket, o.Key, o.Order))
}

// orderDigits and randomLength are the parts of a version's id: its order, by
// which a list can go on behind a version that is gone, and what makes it hard
// to guess.
const orderDigits, randomLength = 16, 16

func versionID(order uint64, random string) string {
	return fmt.Sprintf("%0*x", orderDigits, order) + random[:randomLength]
}

// orderOf is the order of a version that has an id; ok is false for what is none.
func orderOf(version string) (order uint64, ok bool) {
	if len(version) != orderDigits+randomLength {
		return 0, false
	}
	n, err := fmt.Sscanf(version[:orderDigits], "%016x", &order)
	return order, n == 1 && err == nil && version == fmt.Sprintf("%0*x", orderDigits, order)+version[orderDigits:]
}

// checkVersion refuses what can't be the id of a version.
func checkVersion(version string) error {
	if version == "" {
		return invalidArgument("versionId", version, "Version id cannot be the empty string")
	}
	if _, ok := orderOf(version); !ok && version != nullVersion {
		return invalidArgument("versionId", version, "Invalid version id specified")
	}
	return nil
}

// told is the version that answers name: none while the bucket has never had any.
func (b *bucket) told(o *object) *string {
	if b.Versioning == "" {
		return nil
	}
	return &o.VersionID
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
