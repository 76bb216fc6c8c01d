package s3

import (
	"bytes"
	"errors"
	"net/url"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

func (s *Service) ListObjectsV2(c *writ.Call, in *api.ListObjectsV2Input) (*api.ListObjectsV2Output, error) {
	l, err := newListing(in.Bucket, in.Prefix, in.Delimiter, in.MaxKeys, in.EncodingType)
	if err != nil {
		return nil, err
	}
	scope := strings.Join([]string{"ListObjectsV2", in.Bucket, l.prefix, l.delimiter}, "\x00")
	switch l.after, err = s.db.OpenMarker(scope, value(in.ContinuationToken)); {
	case errors.Is(err, store.ErrMarker):
		return nil, invalidArgument("continuation-token", *in.ContinuationToken, "The continuation token provided is incorrect")
	case err != nil:
		return nil, err
	case l.after == nil && value(in.StartAfter) != "":
		l.startAfter(*in.StartAfter)
	}
	got, next, err := s.list(c, l)
	if err != nil {
		return nil, err
	}
	out := &api.ListObjectsV2Output{Name: &in.Bucket, Prefix: new(encoded(in.EncodingType, l.prefix)), Delimiter: encodedMember(in.EncodingType, in.Delimiter), MaxKeys: &l.limit,
		KeyCount: new(len(got)), IsTruncated: new(next != nil), EncodingType: in.EncodingType, ContinuationToken: in.ContinuationToken,
		StartAfter: encodedMember(in.EncodingType, in.StartAfter)}
	out.Contents, out.CommonPrefixes = contents(got, in.EncodingType, value(in.FetchOwner))
	if next != nil {
		out.NextContinuationToken = new(s.db.SealMarker(scope, next))
	}
	return out, nil
}

// ListObjects is the first version of the list, whose marker is a key.
func (s *Service) ListObjects(c *writ.Call, in *api.ListObjectsInput) (*api.ListObjectsOutput, error) {
	l, err := newListing(in.Bucket, in.Prefix, in.Delimiter, in.MaxKeys, in.EncodingType)
	if err != nil {
		return nil, err
	}
	if value(in.Marker) != "" {
		l.startAfter(*in.Marker)
	}
	got, next, err := s.list(c, l)
	if err != nil {
		return nil, err
	}
	out := &api.ListObjectsOutput{Name: &in.Bucket, Prefix: new(encoded(in.EncodingType, l.prefix)), Marker: new(encoded(in.EncodingType, value(in.Marker))),
		Delimiter: encodedMember(in.EncodingType, in.Delimiter), MaxKeys: &l.limit, IsTruncated: new(next != nil), EncodingType: in.EncodingType}
	out.Contents, out.CommonPrefixes = contents(got, in.EncodingType, true)
	if next != nil && l.delimiter != "" {
		out.NextMarker = new(encoded(in.EncodingType, got[len(got)-1].name()))
	}
	return out, nil
}

func newListing(bucket string, prefix, delimiter *string, limit *int, encoding *string) (*listing, error) {
	l := &listing{bucket: bucket, prefix: value(prefix), delimiter: value(delimiter)}
	var err error
	if l.limit, err = limitOf("maxKeys", limit); err != nil {
		return nil, err
	}
	if encoding != nil && *encoding != "url" {
		return nil, invalidArgument("encoding-type", *encoding, "Invalid Encoding Method specified in Request")
	}
	return l, nil
}

// startAfter begins behind a key, or behind all that begins with it if it is one
// of the prefixes that an earlier page ended with.
func (l *listing) startAfter(key string) {
	l.after = pastKey(l.bucket, key)
	if l.delimiter != "" && strings.HasPrefix(key, l.prefix) && strings.HasSuffix(key, l.delimiter) {
		l.after = l.past(entry{prefix: key})
	}
	l.inside()
}

// inside handles a start that does not begin with the prefix: all keys lie behind
// it, or none.
func (l *listing) inside() {
	within := store.K(l.bucket).Starting(l.prefix)
	switch {
	case bytes.HasPrefix(l.after, within):
	case bytes.Compare(l.after, within) < 0:
		l.after = nil
	default:
		l.after = append(within, 0xff)
	}
}

func (s *Service) list(c *writ.Call, l *listing) (got []entry, next store.Key, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		if _, err := s.buckets.GetTx(tx, l.bucket); err != nil {
			return bucketError(l.bucket, err)
		}
		got, next, err = l.page(tx)
		return err
	})
	return got, next, err
}

// contents are the entries as the API shows them.
func contents(all []entry, encoding *string, owners bool) (objects []api.Object, prefixes []api.CommonPrefix) {
	for _, e := range all {
		if e.object == nil {
			prefixes = append(prefixes, api.CommonPrefix{Prefix: new(encoded(encoding, e.prefix))})
			continue
		}
		shape := e.object.listed(encoding)
		if owners {
			shape.Owner = owner(e.object.Account)
		}
		objects = append(objects, shape)
	}
	return objects, prefixes
}

func (o *object) listed(encoding *string) api.Object {
	shape := api.Object{Key: new(encoded(encoding, o.Key)), LastModified: &o.Modified, ETag: new(quoted(o.ETag)), Size: &o.Size, StorageClass: new("STANDARD")}
	for a := range o.Sums {
		shape.ChecksumAlgorithm, shape.ChecksumType = append(shape.ChecksumAlgorithm, string(a)), &o.SumType
	}
	return shape
}

func (e entry) name() string {
	if e.object != nil {
		return e.object.Key
	}
	return e.prefix
}

// encoded is a key as the request wants it: in its own characters, or escaped so
// that XML can hold all of them.
func encoded(encoding *string, key string) string {
	if value(encoding) != "url" {
		return key
	}
	return escaped(key)
}

func escaped(key string) string { return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/") }

func encodedMember(encoding, member *string) *string {
	if member == nil {
		return nil
	}
	return new(encoded(encoding, *member))
}
