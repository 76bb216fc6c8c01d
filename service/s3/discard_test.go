package s3

import (
	"reflect"
	"slices"
	"testing"
	"time"

	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store/blobs"
)

// What is replaced goes, but not at once: whoever was just allowed to read it does.
func TestDiscardLingers(t *testing.T) {
	bytes, err := blobs.Open("memory:")
	if err != nil {
		t.Fatal(err)
	}
	w, err := bytes.Create()
	if err != nil {
		t.Fatal(err)
	}
	ref, err := w.Commit()
	if err != nil {
		t.Fatal(err)
	}
	s := &Service{blobs: bytes, linger: 50 * time.Millisecond}
	s.discard([]part{{ID: ref.ID}})
	if _, err := bytes.Open(ref); err != nil {
		t.Errorf("at once: %v", err)
	}
	for range 100 {
		if _, err = bytes.Open(ref); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("it is there for ever")
}

// served are the members of inputs that have the effect they should have. Each of
// the others is one that checkServed refuses.
var served = []string{
	"Body", "Bucket", "Key", "ContentLength", "ContentMD5", "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires",
	"WebsiteRedirectLocation", "Metadata", "Tagging", "IfMatch", "IfNoneMatch", "ExpectedBucketOwner", "ServerSideEncryption", "StorageClass", "ACL",
	"GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP",
	"ChecksumAlgorithm", "ChecksumType", "ChecksumCRC32", "ChecksumCRC32C", "ChecksumCRC64NVME", "ChecksumSHA1", "ChecksumSHA256",
	"CopySource", "CopySourceIfMatch", "CopySourceIfModifiedSince", "CopySourceIfNoneMatch", "CopySourceIfUnmodifiedSince", "CopySourceRange",
	"MetadataDirective", "TaggingDirective", "ExpectedSourceBucketOwner", "PartNumber", "UploadId", "MultipartUpload", "MpuObjectSize", "ETag",
	"RequestPayer", // here as there it has no effect on buckets whose owner pays
}

// No header is accepted and then ignored.
func TestEveryMemberIsServedOrRefused(t *testing.T) {
	for _, in := range []any{api.PutObjectInput{}, api.CopyObjectInput{}, api.CreateMultipartUploadInput{}, api.UploadPartInput{}, api.UploadPartCopyInput{},
		api.CompleteMultipartUploadInput{}, api.AbortMultipartUploadInput{}, api.CompletedPart{}} {
		for f := range reflect.TypeOf(in).Fields() {
			v := reflect.New(reflect.TypeOf(in))
			if f.Type.Kind() == reflect.Pointer {
				v.Elem().FieldByIndex(f.Index).Set(reflect.New(f.Type.Elem()))
			}
			if refused := checkServed(v.Interface()) != nil; refused == slices.Contains(served, f.Name) {
				t.Errorf("%T.%s: refused is %v", in, f.Name, refused)
			}
		}
	}
}
