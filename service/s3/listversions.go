package s3

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

// ListObjectVersions lists all versions of all keys, the newest of each first.
func (s *Service) ListObjectVersions(c *writ.Call, in *api.ListObjectVersionsInput) (*api.ListObjectVersionsOutput, error) {
	l, err := newListing(in.Bucket, in.Prefix, in.Delimiter, in.MaxKeys, in.EncodingType)
	if err != nil {
		return nil, err
	}
	l.versions = true
	if err := checkVersionMarker(in); err != nil {
		return nil, err
	}
	var got []entry
	var next store.Key
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		if _, err := s.buckets.GetTx(tx, in.Bucket); err != nil {
			return bucketError(in.Bucket, err)
		}
		if err := l.startAfterVersion(tx, value(in.KeyMarker), value(in.VersionIdMarker)); err != nil {
			return err
		}
		got, next, err = l.page(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	encode := func(text *string) *string { return encodedMember(in.EncodingType, text) }
	out := &api.ListObjectVersionsOutput{Name: &in.Bucket, Prefix: encode(&l.prefix), Delimiter: encode(in.Delimiter), MaxKeys: &l.limit, EncodingType: in.EncodingType,
		KeyMarker: encode(new(value(in.KeyMarker))), VersionIdMarker: new(value(in.VersionIdMarker)), IsTruncated: new(next != nil)}
	listVersions(out, got, in.EncodingType)
	if next != nil {
		last := got[len(got)-1]
		out.NextKeyMarker = encode(new(last.name()))
		if last.object != nil {
			out.NextVersionIdMarker = &last.object.VersionID
		}
	}
	return out, nil
}

func checkVersionMarker(in *api.ListObjectVersionsInput) error {
	switch marker := in.VersionIdMarker; {
	case marker == nil:
		return nil
	case *marker == "":
		return invalidArgument("version-id-marker", "", "A version-id marker cannot be empty.")
	case value(in.KeyMarker) == "":
		return invalidArgument("version-id-marker", *marker, "A version-id marker cannot be specified without a key marker.")
	case checkVersion(*marker) != nil:
		return invalidArgument("version-id-marker", *marker, "Invalid version id specified")
	}
	return nil
}

// startAfterVersion begins behind a version of a key. One that is gone since has
// its place still, by its id; only for a null version that is gone the key begins
// anew, so that nothing is left out.
func (l *listing) startAfterVersion(tx *store.Tx, key, version string) error {
	if version == "" {
		if key != "" {
			l.startAfter(key)
		}
		return nil
	}
	order, ok := orderOf(version)
	l.after = versionKey(l.bucket, key, order)
	if !ok {
		null, err := find(tx, l.bucket, key, version)
		switch {
		case errors.Is(err, store.ErrNotFound):
			l.after = store.K(l.bucket, key)
		case err != nil:
			return err
		default:
			l.after = versionKey(l.bucket, key, null.Order)
		}
	}
	l.inside()
	return nil
}

// listVersions puts the entries into an answer.
func listVersions(out *api.ListObjectVersionsOutput, all []entry, encoding *string) {
	for _, e := range all {
		switch o := e.object; {
		case o == nil:
			out.CommonPrefixes = append(out.CommonPrefixes, api.CommonPrefix{Prefix: new(encoded(encoding, e.prefix))})
		case o.Deleted:
			out.DeleteMarkers = append(out.DeleteMarkers, api.DeleteMarkerEntry{Key: new(encoded(encoding, o.Key)), VersionId: &o.VersionID,
				IsLatest: &e.latest, LastModified: &o.Modified, Owner: owner(o.Account)})
		default:
			v := api.ObjectVersion{}
			copyMembers(&v, new(o.listed(encoding)))
			v.VersionId, v.IsLatest, v.Owner = &o.VersionID, &e.latest, owner(o.Account)
			out.Versions = append(out.Versions, v)
		}
	}
}
