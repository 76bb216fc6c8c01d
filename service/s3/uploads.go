package s3

import (
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/checksum"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// upload is a multipart upload that is neither completed nor aborted.
type upload struct {
	Bucket    string
	Key       string
	ID        string // sorts by time
	Initiated time.Time
	Initiator initiator
	Content   content
	Metadata  map[string]string
	Tags      []tag
	Account   string             // whose the object will be
	ACL       []grant            // that it will have
	Algorithm checksum.Algorithm // that the client has chosen, "" if none
	SumType   string
}

// initiator is who began an upload: a user or role by ARN, root by its account's
// canonical id.
type initiator struct{ ID, Name string }

var uploads = store.NewTable("s3/upload", func(u *upload) store.Key { return uploadKey(u.Bucket, u.Key, u.ID) })

func uploadKey(bucket, key, id string) store.Key { return store.K(bucket, key, id) }

// uploadedPart is a part that was uploaded and belongs to no object yet.
type uploadedPart struct {
	Bucket   string
	Key      string
	Upload   string
	Number   int
	Part     part
	ETag     string
	Modified time.Time
}

var uploadedParts = store.NewTable("s3/uploadedpart", func(p *uploadedPart) store.Key {
	return uploadKey(p.Bucket, p.Key, p.Upload).Add(uint64(p.Number))
})

// keeps is the algorithm of the checksums that are kept of parts.
func (u *upload) keeps() checksum.Algorithm {
	if u.Algorithm == "" {
		return checksum.CRC64NVME
	}
	return u.Algorithm
}

func (s *Service) CreateMultipartUpload(c *writ.Call, in *api.CreateMultipartUploadInput) (*api.CreateMultipartUploadOutput, error) {
	o, err := describe(in, in.Metadata, in.Expires)
	if err != nil {
		return nil, err
	}
	if err := checkKey(in.Key); err != nil {
		return nil, err
	}
	u := &upload{Bucket: in.Bucket, Key: in.Key, ID: fmt.Sprintf("%016x", c.Time.UnixNano()) + rand.Text(), Initiated: c.Time, Initiator: initiatorOf(c.Caller),
		Content: o.Content, Metadata: o.Metadata, Tags: o.Tags, Algorithm: checksum.Algorithm(value(in.ChecksumAlgorithm))}
	if u.SumType, err = sumType(u.Algorithm, value(in.ChecksumType)); err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		b, err := s.buckets.GetTx(tx, u.Bucket)
		if err != nil {
			return bucketError(u.Bucket, err)
		}
		if err := own(c, b, o); err != nil {
			return err
		}
		u.Account, u.ACL = o.Account, o.ACL
		return uploads.Insert(tx, u)
	})
	if err != nil {
		return nil, err
	}
	out := &api.CreateMultipartUploadOutput{Bucket: &u.Bucket, Key: &u.Key, UploadId: &u.ID, ServerSideEncryption: new(encryption)}
	if u.Algorithm != "" {
		out.ChecksumAlgorithm, out.ChecksumType = new(string(u.Algorithm)), &u.SumType
	}
	return out, nil
}

func initiatorOf(c *writ.Caller) initiator {
	switch c.Type {
	case policy.Anonymous:
		return initiator{}
	case policy.RootUser:
		return initiator{ID: writ.CanonicalID(c.Account)}
	}
	return initiator{c.ARN, c.Name}
}

// sumType is what the checksum of the whole will be of: its bytes, or the
// checksums of the parts (S3 User Guide, "Checking object integrity").
func sumType(a checksum.Algorithm, asked string) (string, error) {
	usual := composite
	if a == "" || a == checksum.CRC64NVME {
		usual = fullObject
	}
	switch {
	case a != "" && a.New() == nil:
		return "", unsupportedSum()
	case asked == "":
		return usual, nil
	case asked != fullObject && asked != composite:
		return "", invalidArgument("x-amz-checksum-type", asked, "Value for x-amz-checksum-type header is invalid.")
	case a == "":
		return "", writ.Errorf(400, "InvalidRequest", "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
	case asked == composite && a == checksum.CRC64NVME, asked == fullObject && !a.Combines():
		return "", writ.Errorf(400, "InvalidRequest", "The %s checksum type cannot be used with the %s checksum algorithm.", asked, lower(a))
	}
	return asked, nil
}

func (s *Service) AbortMultipartUpload(c *writ.Call, in *api.AbortMultipartUploadInput) (*api.AbortMultipartUploadOutput, error) {
	if err := checkServed(in); err != nil {
		return nil, err
	}
	var parts []part
	err := s.db.Update(c, func(tx *store.Tx) error {
		u, err := findUpload(tx, in.Bucket, in.Key, in.UploadId)
		if err != nil {
			return err
		}
		parts, err = u.end(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.discard(parts)
	return &api.AbortMultipartUploadOutput{}, nil
}

// end forgets an upload and its parts, which are returned.
func (u *upload) end(tx *store.Tx) (parts []part, err error) {
	var numbers []int
	for p, err := range uploadedParts.Scan(tx, uploadKey(u.Bucket, u.Key, u.ID)) {
		if err != nil {
			return nil, err
		}
		parts, numbers = append(parts, p.Part), append(numbers, p.Number)
	}
	for _, n := range numbers {
		if err := uploadedParts.Delete(tx, uploadKey(u.Bucket, u.Key, u.ID), uint64(n)); err != nil {
			return nil, err
		}
	}
	return parts, uploads.Delete(tx, uploadKey(u.Bucket, u.Key, u.ID))
}

func findUpload(tx *store.Tx, bucket, key, id string) (*upload, error) {
	u, err := uploads.Get(tx, bucket, key, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, noSuchUpload(id)
	}
	return u, err
}

func noSuchUpload(id string) error {
	e := writ.Errorf(404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
	e.Fields = map[string]any{"UploadId": id}
	return e
}

// endUploads forgets all uploads of a bucket and returns their parts.
func endUploads(tx *store.Tx, bucket string) (parts []part, err error) {
	for {
		rows, _, err := uploads.Page(tx, store.K(bucket), nil, 1)
		if err != nil || len(rows) == 0 {
			return parts, err
		}
		ended, err := rows[0].end(tx)
		if err != nil {
			return nil, err
		}
		parts = append(parts, ended...)
	}
}
