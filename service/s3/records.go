package s3

import (
	"math"
	"time"

	"github.com/writ-iam/writ/checksum"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/blobs"
)

// bucket is a bucket with its settings. Names are those of all accounts together.
type bucket struct {
	Name      string
	Partition string
	Account   string
	Region    string
	Created   time.Time
	Policy    string // with principals by their unique ids; "" if there is none

	Versioning string       `json:",omitempty"` // "" until it is set for the first time, then Enabled or Suspended
	MFADelete  string       `json:",omitempty"` // likewise, Enabled or Disabled
	Ownership  string       // BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter; "" if nothing was said, which is the last
	ACL        []grant      // nil is the owner's FULL_CONTROL
	Block      *publicBlock // nil if there is none
	Tags       []tag
	ABAC       bool // the tags decide
	CORS       []corsRule
	Lifecycle  []lifecycleRule
}

var buckets = store.NewTable("s3/bucket",
	func(b *bucket) store.Key { return store.K(b.Name) },
	store.Index("account", func(b *bucket) store.Key { return store.K(b.Account, b.Name) }))

// object is one version of an object, or a mark that it was deleted.
type object struct {
	Bucket    string
	Key       string
	Order     uint64 // grows with each version of a key; 0 while the bucket has had no versions
	VersionID string // "null" for objects of buckets without versions
	Deleted   bool
	Account   string // the owner
	Modified  time.Time

	Size     int64
	ETag     string // without quotes
	Parts    []part
	Content  content
	Metadata map[string]string
	Tags     []tag
	Sums     map[checksum.Algorithm]string // in base64, of composite ones with the number of parts
	SumType  string                        // FULL_OBJECT, COMPOSITE
	Upload   string                        `json:",omitempty"` // the multipart upload that made it
	ACL      []grant                       // nil is the owner's FULL_CONTROL
}

// nullVersion is the version of objects that were written without versions.
const nullVersion = "null"

var objects = store.NewTable("s3/object",
	func(o *object) store.Key { return versionKey(o.Bucket, o.Key, o.Order) },
	store.Unique("null", func(o *object) store.Key {
		if o.VersionID != nullVersion || o.Order == 0 {
			return nil // is found by its order
		}
		return store.K(o.Bucket, o.Key)
	}),
	store.Unique("upload", func(o *object) store.Key {
		if o.Upload == "" {
			return nil
		}
		return uploadKey(o.Bucket, o.Key, o.Upload)
	}))

// versionKey puts the newest version of a key first.
func versionKey(bucket, key string, order uint64) store.Key {
	return store.K(bucket, key, math.MaxUint64-order)
}

// part is a blob: the whole of an object, or what one part of an upload brought.
type part struct {
	ID   string
	Key  store.Secret
	Size int64
	Sums map[checksum.Algorithm]string `json:",omitempty"` // of a part that was uploaded by itself
}

func (p *part) ref() (blobs.Ref, error) {
	key, err := p.Key.Reveal()
	return blobs.Ref{ID: p.ID, Key: key, Size: p.Size}, err
}

// content are the headers that are kept with an object and given back with it.
type content struct {
	Type         string     `json:",omitempty"`
	Encoding     string     `json:",omitempty"`
	Language     string     `json:",omitempty"`
	Disposition  string     `json:",omitempty"`
	CacheControl string     `json:",omitempty"`
	Redirect     string     `json:",omitempty"`
	Expires      *time.Time `json:",omitempty"`
}

type tag struct{ Key, Value string }
