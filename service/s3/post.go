package s3

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/checksum"
)

// PostObject is PutObject for the forms of browsers (S3 API Reference, "POST
// Object"). A signed form does what its policy says, and nothing else.
func (s *Service) PostObject(c *writ.Call, in *api.PostObjectInput) (*api.PostObjectOutput, error) {
	if err := checkKey(in.Key); err != nil {
		return nil, err
	}
	size, err := permitted(c, in)
	if err != nil {
		return nil, err
	}
	o, err := formObject(c, in)
	if err != nil {
		return nil, err
	}
	d, err := formDigests(in.Fields)
	if err != nil {
		return nil, err
	}
	file := &atMost{in.Body, size.most}
	body, err := s.seal(file, d, func(r *received) error {
		if r.size < size.least {
			return size.tooSmall(r.size)
		}
		return r.check(file, d)
	})
	if err != nil {
		return nil, size.told(err)
	}
	body.fill(o)
	b, err := s.place(c, o, conditions{})
	if err != nil {
		return nil, err
	}
	out := posted(c, in, o)
	out.VersionId = b.told(o)
	return out, nil
}

// formObject is what a form says of its object beside the bytes. A field that
// would be without effect is refused.
func formObject(c *writ.Call, in *api.PostObjectInput) (*object, error) {
	o := &object{Bucket: in.Bucket, Key: in.Key, Modified: c.Time, Metadata: map[string]string{}}
	for name, text := range in.Fields {
		key, isMetadata := strings.CutPrefix(name, "x-amz-meta-")
		switch {
		case isMetadata:
			o.Metadata[key] = text
		case name == "content-type":
			o.Content.Type = text
		case name == "content-encoding":
			o.Content.Encoding = text
		case name == "content-disposition":
			o.Content.Disposition = text
		case name == "cache-control":
			o.Content.CacheControl = text
		case name == "x-amz-website-redirect-location":
			o.Content.Redirect = text
		case name == "expires":
			if t, err := time.Parse("Mon, 02 Jan 2006 15:04:05 GMT", text); err == nil {
				o.Content.Expires = &t
			}
		case name == "tagging", strings.HasPrefix(name, "x-amz-") && !isUnderstood(name, text):
			return nil, writ.NotImplemented("A header you provided implies functionality that is not implemented: %s", name)
		}
	}
	return o, nil
}

func isUnderstood(name, text string) bool {
	switch name {
	case "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature", "x-amz-security-token", "x-amz-checksum-algorithm":
		return true
	case "x-amz-storage-class":
		return text == "STANDARD"
	case "x-amz-server-side-encryption":
		return text == encryption
	}
	return formChecksums[name] != ""
}

// formChecksums are the fields that say what the file must be.
var formChecksums = map[string]checksum.Algorithm{"content-md5": checksum.MD5, "x-amz-checksum-crc32": checksum.CRC32, "x-amz-checksum-crc32c": checksum.CRC32C,
	"x-amz-checksum-crc64nvme": checksum.CRC64NVME, "x-amz-checksum-sha1": checksum.SHA1, "x-amz-checksum-sha256": checksum.SHA256}

func formDigests(fields map[string]string) (digests, error) {
	d := digests{keep: checksum.CRC64NVME}
	for name, a := range formChecksums {
		given, ok := fields[name]
		switch {
		case !ok:
		case given == "":
			return d, invalidArgument(name, given, "Value for %s header is invalid.", name)
		case a == checksum.MD5:
			d.md5 = given
		case d.algorithm != "":
			return d, writ.Errorf(400, "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
		default:
			d.algorithm, d.sum, d.keep = a, given, a
		}
	}
	return d, nil
}

// posted is the answer that the form asks for.
func posted(c *writ.Call, in *api.PostObjectInput, o *object) *api.PostObjectOutput {
	etag := quoted(o.ETag)
	at := objectLocation(c, o.Bucket, o.Key)
	out := &api.PostObjectOutput{StatusCode: new(204), ETag: &etag, Location: &at}
	to := in.Fields["success_action_redirect"]
	if to == "" {
		to = in.Fields["redirect"]
	}
	if u, err := url.Parse(to); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		q := u.Query()
		q.Set("bucket", o.Bucket)
		q.Set("key", o.Key)
		q.Set("etag", etag)
		u.RawQuery = q.Encode()
		out.StatusCode, out.Location = new(303), new(u.String())
		return out
	}
	switch in.Fields["success_action_status"] {
	case "200":
		out.StatusCode = new(200)
	case "201":
		out.StatusCode, out.PostResponse = new(201), &api.PostResponse{Location: &at, Bucket: &o.Bucket, Key: &o.Key, ETag: &etag}
	}
	return out
}

// atMost breaks off a body that is longer than it may be.
type atMost struct {
	from interface{ Read([]byte) (int, error) }
	left int64
}

var errTooLong = errors.New("s3: a file is longer than its policy allows")

func (r *atMost) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if r.left -= int64(n); r.left < 0 {
		return n, errTooLong
	}
	return n, err
}

// sizes are how long a form's file may be, in bytes.
type sizes struct{ least, most int64 }

func (z sizes) told(err error) error {
	if !errors.Is(err, errTooLong) {
		return err
	}
	e := writ.Errorf(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
	e.Fields = map[string]any{"MaxSizeAllowed": strconv.FormatInt(z.most, 10)}
	return e
}

func (z sizes) tooSmall(size int64) error {
	e := writ.Errorf(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
	e.Fields = map[string]any{"ProposedSize": strconv.FormatInt(size, 10), "MinSizeAllowed": strconv.FormatInt(z.least, 10)}
	return e
}
