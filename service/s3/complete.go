package s3

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/checksum"
	"github.com/writ-iam/writ/store"
)

const (
	minPart   = 5 << 20 // bytes of each part but the last
	maxUpload = 5 << 40 // bytes of an object that is uploaded in parts
)

// CompleteMultipartUpload makes an object of parts. No bytes are moved: the
// object refers to the parts as they are. Completing once more, as clients do
// that have not heard the answer, answers the same.
func (s *Service) CompleteMultipartUpload(c *writ.Call, in *api.CompleteMultipartUploadInput) (*api.CompleteMultipartUploadOutput, error) {
	if err := checkCompletion(in); err != nil {
		return nil, err
	}
	done := completion{in: in, random: rand.Text()}
	err := s.db.Update(c, func(tx *store.Tx) error {
		b, err := s.buckets.GetTx(tx, in.Bucket)
		if err != nil {
			return bucketError(in.Bucket, err)
		}
		return done.run(tx, c, b)
	})
	if err != nil {
		return nil, err
	}
	s.discard(done.unneeded)
	o := done.object
	out := &api.CompleteMultipartUploadOutput{Bucket: &in.Bucket, Key: &in.Key, ETag: new(quoted(o.ETag)), ServerSideEncryption: new(encryption),
		Location: new(objectLocation(c, in.Bucket, in.Key)), VersionId: done.bucket.told(o), ChecksumType: &o.SumType}
	tellSums(out, o.Sums)
	return out, nil
}

// checkCompletion checks what needs no looking up.
func checkCompletion(in *api.CompleteMultipartUploadInput) error {
	if err := checkServed(in); err != nil {
		return err
	}
	if in.MultipartUpload == nil || len(in.MultipartUpload.Parts) == 0 {
		return malformedXML()
	}
	last := 0
	for i := range in.MultipartUpload.Parts {
		p := &in.MultipartUpload.Parts[i]
		switch number := value(p.PartNumber); {
		case p.PartNumber == nil || p.ETag == nil:
			return malformedXML()
		case checkPartNumber(number) != nil:
			return checkPartNumber(number)
		case number <= last:
			e := writ.Errorf(400, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
			e.Fields = map[string]any{"UploadId": in.UploadId}
			return e
		default:
			last = number
		}
	}
	return nil
}

// completion is an upload on its way to become an object.
type completion struct {
	in       *api.CompleteMultipartUploadInput
	random   string
	bucket   *bucket
	object   *object
	unneeded []part // parts that were left out, and what the object replaces
}

// run may run more than once.
func (d *completion) run(tx *store.Tx, c *writ.Call, b *bucket) error {
	in := d.in
	d.bucket, d.unneeded = b, nil
	u, err := findUpload(tx, in.Bucket, in.Key, in.UploadId)
	if err != nil {
		return d.again(tx, err)
	}
	if d.object, err = u.join(tx, in); err != nil {
		return err
	}
	d.object.Modified = c.Time
	when := conditions{ifMatch: in.IfMatch, ifNoneMatch: in.IfNoneMatch}
	replaced, err := b.place(tx, c, d.object, when, d.random)
	if err != nil {
		return err
	}
	all, err := u.end(tx)
	d.unneeded = append(replaced, without(all, d.object.Parts)...)
	return err
}

// again finds the object that the upload has become already; missing is the error
// if it has not.
func (d *completion) again(tx *store.Tx, missing error) (err error) {
	d.object, err = objects.By(tx, "upload", uploadKey(d.in.Bucket, d.in.Key, d.in.UploadId))
	if errors.Is(err, store.ErrNotFound) {
		return missing
	}
	if err == nil && d.object.ETag != etagOfParts(d.in.MultipartUpload.Parts) {
		return missing
	}
	return err
}

func without(all, kept []part) (rest []part) {
	ids := map[string]bool{}
	for _, p := range kept {
		ids[p.ID] = true
	}
	for _, p := range all {
		if !ids[p.ID] {
			rest = append(rest, p)
		}
	}
	return rest
}

// join makes the object of the parts that a request lists.
func (u *upload) join(tx *store.Tx, in *api.CompleteMultipartUploadInput) (*object, error) {
	o := &object{Bucket: u.Bucket, Key: u.Key, Content: u.Content, Metadata: u.Metadata, Tags: u.Tags, Account: u.Account, ACL: u.ACL, Upload: u.ID, SumType: u.SumType}
	listed := in.MultipartUpload.Parts
	var small *uploadedPart
	for i := range listed {
		p, err := u.listed(tx, &listed[i])
		if err != nil {
			return nil, err
		}
		if i < len(listed)-1 && p.Part.Size < minPart && small == nil {
			small = p
		}
		o.Parts = append(o.Parts, p.Part)
		o.Size += p.Part.Size
	}
	o.ETag = etagOfParts(listed)
	switch {
	case small != nil:
		return nil, tooSmall(small)
	case o.Size > maxUpload:
		return nil, tooLarge()
	case in.MpuObjectSize != nil && *in.MpuObjectSize != o.Size:
		return nil, writ.Errorf(400, "InvalidRequest", "The provided 'x-amz-mp-object-size' header value %d does not match what was computed: %d", *in.MpuObjectSize, o.Size)
	}
	return o, u.sum(o, in)
}

// listed finds a part that a request lists. It must be the one that the client
// means: of the same ETag and, if given, the same checksum.
func (u *upload) listed(tx *store.Tx, want *api.CompletedPart) (*uploadedPart, error) {
	if err := checkServed(want); err != nil {
		return nil, err
	}
	p, err := uploadedParts.Get(tx, uploadKey(u.Bucket, u.Key, u.ID), uint64(*want.PartNumber))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	a, sum, several := givenSum(want)
	switch {
	case several != nil:
		return nil, several
	case err != nil || unquoted(*want.ETag) != p.ETag, a != "" && p.Part.Sums[a] != "" && p.Part.Sums[a] != sum:
		e := writ.Errorf(400, "InvalidPart", "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.")
		e.Fields = map[string]any{"UploadId": u.ID, "PartNumber": strconv.Itoa(*want.PartNumber), "ETag": unquoted(*want.ETag)}
		return nil, e
	case u.SumType == composite && a != u.Algorithm:
		return nil, writ.Errorf(400, "InvalidRequest",
			"The upload was created using a %s checksum. The complete request must include the checksum for each part. It was missing for part %d in the request.", lower(u.Algorithm), *want.PartNumber)
	}
	return p, nil
}

func tooSmall(p *uploadedPart) error {
	e := writ.Errorf(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
	e.Fields = map[string]any{"ProposedSize": strconv.FormatInt(p.Part.Size, 10), "MinSizeAllowed": strconv.Itoa(minPart),
		"PartNumber": strconv.Itoa(p.Number), "ETag": p.ETag}
	return e
}

// etagOfParts is the MD5 of the parts' MD5s, with their number.
func etagOfParts(parts []api.CompletedPart) string {
	h := md5.New()
	for _, p := range parts {
		raw, _ := hex.DecodeString(unquoted(value(p.ETag)))
		h.Write(raw)
	}
	return fmt.Sprintf("%x-%d", h.Sum(nil), len(parts))
}

// sum makes the checksum of the whole and holds it against the one given.
func (u *upload) sum(o *object, in *api.CompleteMultipartUploadInput) error {
	a := u.keeps()
	text, err := wholeSum(o.Parts, a, u.SumType)
	if err != nil {
		return err
	}
	o.Sums = sums{a: text}
	given, sum, err := givenSum(in)
	asked := value(in.ChecksumType)
	switch {
	case err != nil:
		return err
	case asked != "" && asked != u.SumType:
		return writ.Errorf(400, "InvalidRequest", "The upload was created using the %s checksum mode. The complete request must use the same checksum mode.", u.SumType)
	case given == a && sum != text && sum+"-"+strconv.Itoa(len(o.Parts)) != text, given != "" && given != a && u.Algorithm != "":
		return writ.Errorf(400, "BadDigest", "The %s you specified did not match the calculated checksum.", given)
	case given != "" && given != a:
		return notImplemented() // none was kept of this algorithm
	}
	return nil
}

// wholeSum makes the checksum of a whole of those of its parts.
func wholeSum(parts []part, a checksum.Algorithm, kind string) (string, error) {
	whole, h := []byte(nil), a.New()
	for i, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.Sums[a])
		switch {
		case err != nil:
			return "", fmt.Errorf("s3: the %s of blob %s: %w", a, p.ID, err)
		case kind == composite:
			h.Write(raw)
		case i == 0:
			whole = raw
		default:
			whole = a.Combine(whole, raw, p.Size)
		}
	}
	if kind == composite {
		return base64.StdEncoding.EncodeToString(h.Sum(nil)) + "-" + strconv.Itoa(len(parts)), nil
	}
	return base64.StdEncoding.EncodeToString(whole), nil
}

// objectLocation is the address of an object, in the style that the request was sent.
func objectLocation(c *writ.Call, bucket, key string) string {
	scheme, path := "http", "/"+bucket+"/"
	if c.Source.TLS != "" {
		scheme = "https"
	}
	if strings.HasPrefix(c.Source.Host, bucket+".") {
		path = "/"
	}
	return scheme + "://" + c.Source.Host + path + escaped(key)
}
