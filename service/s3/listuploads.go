package s3

import (
	"strconv"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

// ListParts lists the parts of an upload by their numbers.
func (s *Service) ListParts(c *writ.Call, in *api.ListPartsInput) (*api.ListPartsOutput, error) {
	limit, err := limitOf("max-parts", in.MaxParts)
	if err != nil {
		return nil, err
	}
	marker := value(in.PartNumberMarker)
	if marker < 0 {
		return nil, invalidArgument("part-number-marker", strconv.Itoa(marker), "Argument partNumberMarker must be an integer between 0 and 2147483647.")
	}
	out := &api.ListPartsOutput{Bucket: &in.Bucket, Key: &in.Key, UploadId: &in.UploadId, MaxParts: &limit, PartNumberMarker: &marker,
		StorageClass: new(storageClass), IsTruncated: new(false)}
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		u, err := findUpload(tx, in.Bucket, in.Key, in.UploadId)
		if err != nil {
			return err
		}
		b, err := s.buckets.GetTx(tx, in.Bucket)
		if err != nil {
			return bucketError(in.Bucket, err)
		}
		out.Initiator, out.Owner = u.Initiator.shape(), owner(b.Account)
		if u.Algorithm != "" {
			out.ChecksumAlgorithm, out.ChecksumType = new(string(u.Algorithm)), &u.SumType
		}
		return u.listParts(tx, out)
	})
	return out, err
}

func (u *upload) listParts(tx *store.Tx, out *api.ListPartsOutput) error {
	if *out.MaxParts == 0 {
		return nil
	}
	of := uploadKey(u.Bucket, u.Key, u.ID)
	rows, more, err := uploadedParts.Page(tx, of, of.Add(uint64(*out.PartNumberMarker)), *out.MaxParts)
	for _, p := range rows {
		shape := api.Part{PartNumber: &p.Number, LastModified: &p.Modified, ETag: new(quoted(p.ETag)), Size: &p.Part.Size}
		tellSums(&shape, u.shown(p.Part.Sums))
		out.Parts = append(out.Parts, shape)
		out.NextPartNumberMarker = &p.Number
	}
	out.IsTruncated = new(more != nil)
	return err
}

func (i *initiator) shape() *api.Initiator {
	return &api.Initiator{ID: optional(i.ID), DisplayName: optional(i.Name)}
}

// limitOf is how many entries a page may have.
func limitOf(name string, asked *int) (int, error) {
	switch {
	case asked == nil:
		return maxKeys, nil
	case *asked < 0:
		return 0, invalidArgument(name, strconv.Itoa(*asked), "Argument %s must be an integer between 0 and 2147483647", name)
	}
	return min(*asked, maxKeys), nil
}

// ListMultipartUploads lists the uploads that are under way, by key and then by
// the time when they began.
func (s *Service) ListMultipartUploads(c *writ.Call, in *api.ListMultipartUploadsInput) (*api.ListMultipartUploadsOutput, error) {
	l, err := newListing(in.Bucket, in.Prefix, in.Delimiter, in.MaxUploads, in.EncodingType)
	if err != nil {
		return nil, err
	}
	if value(in.KeyMarker) != "" {
		l.startAfter(*in.KeyMarker)
		if value(in.UploadIdMarker) != "" {
			l.after = uploadKey(in.Bucket, *in.KeyMarker, *in.UploadIdMarker)
			l.inside()
		}
	}
	encode := func(text *string) *string { return encodedMember(in.EncodingType, text) }
	out := &api.ListMultipartUploadsOutput{Bucket: &in.Bucket, Prefix: encode(&l.prefix), Delimiter: encode(in.Delimiter), MaxUploads: &l.limit, EncodingType: in.EncodingType,
		KeyMarker: encode(new(value(in.KeyMarker))), UploadIdMarker: new(value(in.UploadIdMarker)), IsTruncated: new(false)}
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		b, err := s.buckets.GetTx(tx, in.Bucket)
		if err != nil {
			return bucketError(in.Bucket, err)
		}
		return l.uploads(tx, b, out)
	})
	return out, err
}

// uploads fills the answer with one page.
func (l *listing) uploads(tx *store.Tx, b *bucket, out *api.ListMultipartUploadsOutput) error {
	within := store.K(l.bucket).Starting(l.prefix)
	for at, n := l.after, 0; l.limit > 0; {
		rows, _, err := uploads.Page(tx, within, at, 1) // what follows may be jumped over
		if err != nil || len(rows) == 0 {
			return err
		}
		if n++; n > l.limit {
			out.IsTruncated = new(true)
			return nil
		}
		u := rows[0]
		at = uploadKey(u.Bucket, u.Key, u.ID)
		out.NextKeyMarker, out.NextUploadIdMarker = new(encoded(out.EncodingType, u.Key)), &u.ID
		if prefix := l.common(u.Key); prefix != "" {
			at = l.past(entry{prefix: prefix})
			out.CommonPrefixes = append(out.CommonPrefixes, api.CommonPrefix{Prefix: new(encoded(out.EncodingType, prefix))})
			out.NextKeyMarker, out.NextUploadIdMarker = new(encoded(out.EncodingType, prefix)), new("")
			continue
		}
		out.Uploads = append(out.Uploads, u.shape(b, out.EncodingType))
	}
	return nil
}

func (u *upload) shape(b *bucket, encoding *string) api.MultipartUpload {
	shape := api.MultipartUpload{UploadId: &u.ID, Key: new(encoded(encoding, u.Key)), Initiated: &u.Initiated, StorageClass: new(storageClass),
		Owner: owner(b.Account), Initiator: u.Initiator.shape()}
	if u.Algorithm != "" {
		shape.ChecksumAlgorithm, shape.ChecksumType = new(string(u.Algorithm)), &u.SumType
	}
	return shape
}
