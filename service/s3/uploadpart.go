package s3

import (
	"errors"
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/checksum"
	"github.com/writ-iam/writ/store"
)

// maxParts is how many parts an upload has at most.
const maxParts = 10_000

func (s *Service) UploadPart(c *writ.Call, in *api.UploadPartInput) (*api.UploadPartOutput, error) {
	u, err := s.uploadFor(c, in, in.Bucket, in.Key, in.UploadId, in.PartNumber)
	if err != nil {
		return nil, err
	}
	if err := u.fits(in); err != nil {
		return nil, err
	}
	body, err := s.receive(in.Body, in.ContentLength, in, u.keeps())
	if err != nil {
		return nil, err
	}
	p, err := s.addPart(c, u, in.PartNumber, body)
	if err != nil {
		return nil, err
	}
	out := &api.UploadPartOutput{ETag: new(quoted(p.ETag)), ServerSideEncryption: new(encryption)}
	tellSums(out, u.shown(p.Part.Sums))
	return out, nil
}

// UploadPartCopy makes a part of the bytes of an object.
func (s *Service) UploadPartCopy(c *writ.Call, in *api.UploadPartCopyInput) (*api.UploadPartCopyOutput, error) {
	t, err := source(c)
	if err != nil {
		return nil, err
	}
	u, err := s.uploadFor(c, in, in.Bucket, in.Key, in.UploadId, in.PartNumber)
	if err != nil {
		return nil, err
	}
	when := conditions{in.CopySourceIfMatch, in.CopySourceIfNoneMatch, in.CopySourceIfModifiedSince, in.CopySourceIfUnmodifiedSince}
	if err := when.copied(t.object); err != nil {
		return nil, err
	}
	r, err := copiedRange(in.CopySourceRange, t.object.Size)
	if err != nil {
		return nil, err
	}
	body, err := s.reseal(t.object, r, u.keeps())
	if err != nil {
		return nil, err
	}
	p, err := s.addPart(c, u, in.PartNumber, body)
	if err != nil {
		return nil, err
	}
	result := &api.CopyPartResult{ETag: new(quoted(p.ETag)), LastModified: &p.Modified}
	tellSums(result, u.shown(p.Part.Sums))
	return &api.UploadPartCopyOutput{CopyPartResult: result, CopySourceVersionId: t.bucket.told(t.object), ServerSideEncryption: new(encryption)}, nil
}

// uploadFor finds the upload that a part is for, before its bytes are read.
func (s *Service) uploadFor(c *writ.Call, in any, bucket, key, id string, number int) (u *upload, err error) {
	if err := checkServed(in); err != nil {
		return nil, err
	}
	if err := checkPartNumber(number); err != nil {
		return nil, err
	}
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		u, err = findUpload(tx, bucket, key, id)
		return err
	})
	return u, err
}

func checkPartNumber(number int) error {
	if number >= 1 && number <= maxParts {
		return nil
	}
	return invalidArgument("partNumber", strconv.Itoa(number), "Part number must be an integer between 1 and %d, inclusive", maxParts)
}

// fits wants the parts of an upload to have the kind of checksum that it was
// begun with. Only a whole whose checksum is of all bytes does without.
func (u *upload) fits(in *api.UploadPartInput) error {
	d, err := digestsOf(in, in.Body, "")
	if err != nil || u.Algorithm == "" || d.algorithm == u.Algorithm || d.algorithm == "" && u.SumType == fullObject {
		return err
	}
	actual := lower(d.algorithm)
	if actual == "" {
		actual = "null"
	}
	return writ.Errorf(400, "InvalidRequest", "Checksum Type mismatch occurred, expected checksum Type: %s, actual checksum Type: %s", lower(u.Algorithm), actual)
}

func lower(a checksum.Algorithm) string { return strings.ToLower(string(a)) }

// shown are the checksums that answers tell: those that the client has chosen.
func (u *upload) shown(all sums) sums {
	if u.Algorithm == "" {
		return nil
	}
	return all
}

// addPart puts a part into an upload, in place of the one that had its number.
func (s *Service) addPart(c *writ.Call, u *upload, number int, body *received) (*uploadedPart, error) {
	body.part.Sums = body.sums()
	p := &uploadedPart{Bucket: u.Bucket, Key: u.Key, Upload: u.ID, Number: number, Part: body.part, ETag: body.etag(), Modified: c.Time}
	var replaced []part
	err := s.db.Update(c, func(tx *store.Tx) error {
		replaced = nil
		if _, err := findUpload(tx, u.Bucket, u.Key, u.ID); err != nil {
			return err
		}
		old, err := uploadedParts.Get(tx, uploadKey(u.Bucket, u.Key, u.ID), uint64(number))
		switch {
		case err == nil:
			replaced = []part{old.Part}
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		return uploadedParts.Put(tx, p)
	})
	if err != nil {
		s.abandon(err, []part{p.Part})
		return nil, err
	}
	s.discard(replaced)
	return p, nil
}

// copiedRange reads x-amz-copy-source-range, which wants both ends.
func copiedRange(header *string, size int64) (span, error) {
	if header == nil {
		if size > maxObject {
			return span{}, writ.Errorf(400, "InvalidRequest", "The specified copy source is larger than the maximum allowable size for a copy source: %d", int64(maxObject))
		}
		return span{0, size}, nil
	}
	bounds, ok := strings.CutPrefix(*header, "bytes=")
	from, to, dashed := strings.Cut(bounds, "-")
	first, okFirst := position(from)
	last, okLast := position(to)
	switch {
	case !ok || !dashed || !okFirst || !okLast || last < first:
		return span{}, invalidArgument("x-amz-copy-source-range", *header,
			"The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")
	case last >= size:
		return span{}, invalidArgument("x-amz-copy-source-range", *header, "Range specified is not valid for source object of size: %d", size)
	case last-first >= maxObject:
		return span{}, tooLarge()
	}
	return span{first, last - first + 1}, nil
}
