package conformance

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// newBucket makes a bucket; the client sends it in the path, since the server has
// an address and no name.
func (l *lab) newBucket(t *testing.T, name string) *s3.Client {
	t.Helper()
	c := s3.NewFromConfig(l.cfg, func(o *s3.Options) { o.UsePathStyle = true })
	must(c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}))(t)
	return c
}

func noise(size int) []byte {
	data := make([]byte, size)
	rand.NewChaCha8([32]byte{1}).Read(data)
	return data
}

// objects are put, read, listed, copied and deleted, one by one and many at once.
func objects(t *testing.T, l *lab) {
	ctx, bucket := t.Context(), aws.String("sdk-objects")
	c := l.newBucket(t, *bucket)
	for _, key := range []string{"a/1", "a/2", "b", "ü/ ?+%"} {
		put := must(c.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: strings.NewReader(key), Metadata: map[string]string{"k": "v"}}))(t)
		equal(t, "checksum of "+key, put.ChecksumCRC32 != nil, true)
		got := must(c.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: &key}))(t)
		equal(t, key, string(must(io.ReadAll(got.Body))(t)), key)
		equal(t, "metadata", got.Metadata["k"], "v")
	}
	var keys []string
	for p := s3.NewListObjectsV2Paginator(c, &s3.ListObjectsV2Input{Bucket: bucket, MaxKeys: aws.Int32(3)}); p.HasMorePages(); {
		for _, o := range must(p.NextPage(ctx))(t).Contents {
			keys = append(keys, *o.Key)
		}
	}
	equal(t, "keys", strings.Join(keys, " "), "a/1 a/2 b ü/ ?+%")
	folders := must(c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket, Delimiter: aws.String("/")}))(t)
	equal(t, "folders", len(folders.CommonPrefixes), 2)

	must(c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: bucket, Key: aws.String("copy"), CopySource: aws.String("sdk-objects/a/1")}))(t)
	copied := must(c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("copy")}))(t)
	equal(t, "size of the copy", *copied.ContentLength, 3)
	_, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("nothing")})
	typed[*s3types.NoSuchKey](t, err)
	_, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("nothing")})
	typed[*s3types.NotFound](t, err)

	all := []s3types.ObjectIdentifier{{Key: aws.String("copy")}}
	for _, key := range keys {
		all = append(all, s3types.ObjectIdentifier{Key: &key})
	}
	gone := must(c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: bucket, Delete: &s3types.Delete{Objects: all}}))(t)
	equal(t, "deleted", len(gone.Deleted), 5)
	must(c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: bucket}))(t)
}

// objectVersions come back in the order in which they were put.
func objectVersions(t *testing.T, l *lab) {
	ctx, bucket, key := t.Context(), aws.String("sdk-versions"), aws.String("k")
	c := l.newBucket(t, *bucket)
	must(c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: bucket,
		VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}}))(t)
	var put []string
	for _, text := range []string{"one", "two"} {
		put = append(put, *must(c.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader(text)}))(t).VersionId)
	}
	must(c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: key}))(t)
	got := must(c.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: bucket}))(t)
	var listed []string
	for _, v := range got.Versions {
		listed = append(listed, *v.VersionId)
	}
	slices.Reverse(listed)
	equal(t, "versions", strings.Join(listed, " "), strings.Join(put, " "))
	equal(t, "marks", len(got.DeleteMarkers), 1)
	first := must(c.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, VersionId: &put[0]}))(t)
	equal(t, "the first version", string(must(io.ReadAll(first.Body))(t)), "one")
}

// transfers are large objects that the SDK sends and reads in parts, with
// checksums of each part and of the whole.
func transfers(t *testing.T, l *lab) {
	ctx, bucket := t.Context(), aws.String("sdk-transfers")
	c := l.newBucket(t, *bucket)
	data := noise(17 << 20)
	m := transfermanager.New(c)
	must(m.UploadObject(ctx, &transfermanager.UploadObjectInput{Bucket: bucket, Key: aws.String("large"), Body: bytes.NewReader(data)}))(t)
	got := must(m.GetObject(ctx, &transfermanager.GetObjectInput{Bucket: bucket, Key: aws.String("large")}))(t)
	equal(t, "what came back is what was sent", bytes.Equal(must(io.ReadAll(got.Body))(t), data), true)
	head := must(c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("large"), PartNumber: aws.Int32(1)}))(t)
	equal(t, "it was sent in parts", *head.PartsCount > 1, true)
}

// presignedObjects are put and read by somebody without a key.
func presignedObjects(t *testing.T, l *lab) {
	ctx, bucket := t.Context(), aws.String("sdk-presigned")
	p := s3.NewPresignClient(l.newBucket(t, *bucket))
	put := must(p.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: aws.String("a b"), Body: strings.NewReader("hello")}))(t)
	get := must(p.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("a b")}))(t)
	for _, each := range []struct {
		method, url, body string
		header            http.Header
	}{{"PUT", put.URL, "hello", put.SignedHeader}, {"GET", get.URL, "", get.SignedHeader}} {
		r := must(http.NewRequestWithContext(ctx, each.method, each.url, strings.NewReader(each.body)))(t)
		for name, values := range each.header {
			if name != "Host" && name != "Content-Length" {
				r.Header[name] = values
			}
		}
		answer := must(http.DefaultClient.Do(r))(t)
		body := must(io.ReadAll(answer.Body))(t)
		answer.Body.Close()
		equal(t, each.method+" "+string(body), answer.StatusCode, http.StatusOK)
		if each.method == "GET" {
			equal(t, "body", string(body), "hello")
		}
	}
	forged := must(http.Get(strings.Replace(get.URL, "a%20b", "other", 1)))(t)
	forged.Body.Close()
	equal(t, "another key", forged.StatusCode, http.StatusForbidden)
}
