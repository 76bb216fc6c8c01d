package s3

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/checksum"
)

func (s *Service) GetObject(c *writ.Call, in *api.GetObjectInput) (*api.GetObjectOutput, error) {
	o, err := decided(c, in.Key, value(in.VersionId))
	if err != nil {
		return nil, err
	}
	when := conditions{in.IfMatch, in.IfNoneMatch, in.IfModifiedSince, in.IfUnmodifiedSince}
	if err := when.read(o); err != nil {
		return nil, err
	}
	r, partial, err := requestedRange(value(in.Range), o.Size)
	if err != nil {
		return nil, err
	}
	body, err := s.open(o, r)
	if err != nil {
		return nil, err
	}
	out := &api.GetObjectOutput{Body: body, AcceptRanges: new("bytes"), ContentLength: &r.length, ETag: new(quoted(o.ETag)), LastModified: &o.Modified,
		Metadata: o.Metadata, ServerSideEncryption: new(encryption), VersionId: o.version(), TagCount: count(o.Tags),
		CacheControl: override(in.ResponseCacheControl, o.Content.CacheControl), ContentDisposition: override(in.ResponseContentDisposition, o.Content.Disposition),
		ContentEncoding: override(in.ResponseContentEncoding, o.Content.Encoding), ContentLanguage: override(in.ResponseContentLanguage, o.Content.Language),
		ContentType: override(in.ResponseContentType, o.contentType()), WebsiteRedirectLocation: override(nil, o.Content.Redirect), Expires: o.Content.Expires}
	if in.ResponseExpires != nil {
		out.Expires = in.ResponseExpires
	}
	if partial {
		out.ContentRange = new(r.header(o.Size))
	} else if value(in.ChecksumMode) == "ENABLED" {
		out.ChecksumCRC32, out.ChecksumCRC32C, out.ChecksumCRC64NVME = o.sum(checksum.CRC32), o.sum(checksum.CRC32C), o.sum(checksum.CRC64NVME)
		out.ChecksumSHA1, out.ChecksumSHA256, out.ChecksumType = o.sum(checksum.SHA1), o.sum(checksum.SHA256), &o.SumType
	}
	return out, nil
}

func (s *Service) HeadObject(c *writ.Call, in *api.HeadObjectInput) (*api.HeadObjectOutput, error) {
	o, err := decided(c, in.Key, value(in.VersionId))
	if err != nil {
		return nil, err
	}
	when := conditions{in.IfMatch, in.IfNoneMatch, in.IfModifiedSince, in.IfUnmodifiedSince}
	if err := when.read(o); err != nil {
		return nil, err
	}
	r, partial, err := requestedRange(value(in.Range), o.Size)
	if err != nil {
		return nil, err
	}
	out := &api.HeadObjectOutput{AcceptRanges: new("bytes"), ContentLength: &r.length, ETag: new(quoted(o.ETag)), LastModified: &o.Modified,
		Metadata: o.Metadata, ServerSideEncryption: new(encryption), VersionId: o.version(), TagCount: count(o.Tags),
		CacheControl: override(in.ResponseCacheControl, o.Content.CacheControl), ContentDisposition: override(in.ResponseContentDisposition, o.Content.Disposition),
		ContentEncoding: override(in.ResponseContentEncoding, o.Content.Encoding), ContentLanguage: override(in.ResponseContentLanguage, o.Content.Language),
		ContentType: override(in.ResponseContentType, o.contentType()), WebsiteRedirectLocation: override(nil, o.Content.Redirect), Expires: o.Content.Expires}
	if in.ResponseExpires != nil {
		out.Expires = in.ResponseExpires
	}
	if partial {
		out.ContentRange = new(r.header(o.Size))
	} else if value(in.ChecksumMode) == "ENABLED" {
		out.ChecksumCRC32, out.ChecksumCRC32C, out.ChecksumCRC64NVME = o.sum(checksum.CRC32), o.sum(checksum.CRC32C), o.sum(checksum.CRC64NVME)
		out.ChecksumSHA1, out.ChecksumSHA256, out.ChecksumType = o.sum(checksum.SHA1), o.sum(checksum.SHA256), &o.SumType
	}
	return out, nil
}

// override is what the request wants a header of the answer to be, or what the
// object says; nil for nothing.
func override(asked *string, kept string) *string {
	if asked != nil {
		return asked
	}
	if kept == "" {
		return nil
	}
	return &kept
}

func (o *object) contentType() string {
	if o.Content.Type == "" {
		return "binary/octet-stream"
	}
	return o.Content.Type
}

// version is told of objects that have one.
func (o *object) version() *string {
	if o.VersionID == nullVersion && o.Order == 0 {
		return nil
	}
	return &o.VersionID
}

func count(tags []tag) *int {
	if len(tags) == 0 {
		return nil
	}
	return new(len(tags))
}
