package s3_test

import (
	"testing"
	"time"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/service/s3"
	"github.com/writ-iam/writ/store/blobs"
)

// expiring is a lab with a bucket whose objects under logs/, and the uploads that
// are to make such, end after two days.
type expiring struct {
	*testing.T
	*awstest.Lab
	service *s3.Service
}

func newExpiring(t *testing.T) *expiring {
	e := &expiring{T: t, Lab: awstest.New(t)}
	bytes, err := blobs.Open("memory:")
	if err != nil {
		t.Fatal(err)
	}
	e.service = s3.New(e.Store, bytes, nil, nil)
	e.must("CreateBucket", map[string]any{"Bucket": "lab"})
	e.must("PutBucketLifecycleConfiguration", map[string]any{"Bucket": "lab", "LifecycleConfiguration": map[string]any{"Rules": []any{
		map[string]any{"Status": "Enabled", "Filter": map[string]any{"Prefix": "logs/"}, "Expiration": map[string]any{"Days": 2},
			"AbortIncompleteMultipartUpload": map[string]any{"DaysAfterInitiation": 2}}}}})
	return e
}

func (e *expiring) must(operation string, params map[string]any) map[string]any {
	e.Helper()
	out, err := e.Call(awstest.Root, "s3", operation, params)
	if err != nil {
		e.Fatal(err)
	}
	return out
}

// after sets the clock forward and lets the server tend.
func (e *expiring) after(days int) {
	e.Helper()
	e.Advance(time.Duration(days) * 24 * time.Hour)
	if err := e.service.Expire(e.Context(), e.Now()); err != nil {
		e.Fatal(err)
	}
}

func (e *expiring) gone(key string) {
	e.Helper()
	if _, err := e.Call(awstest.Root, "s3", "GetObject", at(key)); err == nil || err.Error() != "NoSuchKey: The specified key does not exist." {
		e.Errorf("%s: %v", key, err)
	}
}

func at(key string) map[string]any { return map[string]any{"Bucket": "lab", "Key": key} }

// What is past its time is gone when the server has tended to it, and nothing
// else is.
func TestExpire(t *testing.T) {
	e := newExpiring(t)
	e.must("PutObject", with("logs/a"))
	e.must("PutObject", with("data/a"))
	e.must("CreateMultipartUpload", at("logs/b"))
	e.must("CreateMultipartUpload", at("data/b"))
	uploads := func() int {
		all, _ := e.must("ListMultipartUploads", map[string]any{"Bucket": "lab"})["Uploads"].([]any)
		return len(all)
	}
	e.after(2)
	e.must("HeadObject", at("logs/a"))
	if n := uploads(); n != 2 {
		t.Errorf("%d uploads after two days", n)
	}
	e.after(1)
	e.gone("logs/a")
	e.must("HeadObject", at("data/a"))
	if n := uploads(); n != 1 {
		t.Errorf("%d uploads after three days", n)
	}
}

// Where there are versions nothing is lost: the object is marked as deleted, the
// null version from before them too.
func TestExpireVersioned(t *testing.T) {
	e := newExpiring(t)
	e.must("PutObject", with("logs/null"))
	e.must("PutBucketVersioning", map[string]any{"Bucket": "lab", "VersioningConfiguration": map[string]any{"Status": "Enabled"}})
	version := e.must("PutObject", with("logs/a"))["VersionId"]
	e.after(3)
	e.gone("logs/a")
	e.gone("logs/null")
	e.must("GetObject", map[string]any{"Bucket": "lab", "Key": "logs/a", "VersionId": version})
	e.must("GetObject", map[string]any{"Bucket": "lab", "Key": "logs/null", "VersionId": "null"})
	e.after(3) // the marks have nothing to end: versions are under them
	e.gone("logs/a")
}

func with(key string) map[string]any {
	return map[string]any{"Bucket": "lab", "Key": key, "Body": "some"}
}
