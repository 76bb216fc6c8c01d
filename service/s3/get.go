package s3

import (
	"reflect"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/internal/field"
)

func (s *Service) GetObject(c *writ.Call, in *api.GetObjectInput) (*api.GetObjectOutput, error) {
	t, err := decided(c)
	if err != nil {
		return nil, err
	}
	out, r, err := t.show(in)
	if err != nil {
		return nil, err
	}
	out.Body, err = s.open(t.object, r)
	return out, err
}

// HeadObject says what GetObject says, without the bytes.
func (s *Service) HeadObject(c *writ.Call, in *api.HeadObjectInput) (*api.HeadObjectOutput, error) {
	t, err := decided(c)
	if err != nil {
		return nil, err
	}
	as := new(api.GetObjectInput)
	copyMembers(as, in)
	got, _, err := t.show(as)
	if err != nil {
		return nil, err
	}
	out := new(api.HeadObjectOutput)
	copyMembers(out, got)
	return out, nil
}

// show makes the answer to a request for an object, but for the bytes, of which
// it says which they are.
func (t *target) show(in *api.GetObjectInput) (*api.GetObjectOutput, span, error) {
	o := t.object
	if in.SSECustomerAlgorithm != nil || in.SSECustomerKey != nil || in.SSECustomerKeyMD5 != nil {
		return nil, span{}, writ.Errorf(400, "InvalidRequest", "The encryption parameters are not applicable to this object.")
	}
	when := conditions{in.IfMatch, in.IfNoneMatch, in.IfModifiedSince, in.IfUnmodifiedSince}
	if err := when.read(t); err != nil {
		return nil, span{}, err
	}
	v, err := o.asked(in.Range, in.PartNumber)
	if err != nil {
		return nil, span{}, err
	}
	out := &api.GetObjectOutput{AcceptRanges: new("bytes"), ContentLength: &v.length, ContentRange: optional(v.header), PartsCount: v.parts,
		ETag: new(quoted(o.ETag)), LastModified: &o.Modified, Metadata: o.Metadata, ServerSideEncryption: new(encryption), VersionId: t.bucket.told(o), TagCount: count(o.Tags),
		CacheControl: override(in.ResponseCacheControl, o.Content.CacheControl), ContentDisposition: override(in.ResponseContentDisposition, o.Content.Disposition),
		ContentEncoding: override(in.ResponseContentEncoding, o.Content.Encoding), ContentLanguage: override(in.ResponseContentLanguage, o.Content.Language),
		ContentType: override(in.ResponseContentType, o.contentType()), WebsiteRedirectLocation: optional(o.Content.Redirect), Expires: o.Content.Expires}
	if in.ResponseExpires != nil {
		out.Expires = in.ResponseExpires
	}
	if value(in.ChecksumMode) == "ENABLED" && v.sums != nil {
		out.ChecksumType = &o.SumType
		tellSums(out, v.sums)
	}
	return out, v.span, nil
}

// copyMembers fills the members of a struct with those of another that have the
// same names.
func copyMembers(to, from any) {
	t, f := reflect.ValueOf(to).Elem(), reflect.ValueOf(from).Elem()
	for i := range t.NumField() {
		if v := field.ByName(f, t.Type().Field(i).Name); v.IsValid() {
			t.Field(i).Set(v)
		}
	}
}

// override is what the request wants a header of the answer to be, or what the
// object says; nil for nothing.
func override(asked *string, kept string) *string {
	if asked != nil {
		return asked
	}
	return optional(kept)
}

func (o *object) contentType() string {
	if o.Content.Type == "" {
		return "binary/octet-stream"
	}
	return o.Content.Type
}

func count(tags []tag) *int {
	if len(tags) == 0 {
		return nil
	}
	return new(len(tags))
}
