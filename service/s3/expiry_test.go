package s3_test

import (
	"testing"
	"time"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/service/s3"
	"github.com/writ-iam/writ/store/blobs"
)

// What is past its time is gone when the server has tended to it, and nothing
// else is.
func TestExpire(t *testing.T) {
	lab := awstest.New(t)
	must := func(operation string, params map[string]any) {
		t.Helper()
		if _, err := lab.Call(awstest.Root, "s3", operation, params); err != nil {
			t.Fatal(err)
		}
	}
	must("CreateBucket", map[string]any{"Bucket": "lab"})
	must("PutObject", map[string]any{"Bucket": "lab", "Key": "logs/a", "Body": "old"})
	must("PutObject", map[string]any{"Bucket": "lab", "Key": "data/a", "Body": "kept"})
	must("PutBucketLifecycleConfiguration", map[string]any{"Bucket": "lab", "LifecycleConfiguration": map[string]any{"Rules": []any{
		map[string]any{"Status": "Enabled", "Filter": map[string]any{"Prefix": "logs/"}, "Expiration": map[string]any{"Days": 2}}}}})
	bytes, err := blobs.Open("memory:")
	if err != nil {
		t.Fatal(err)
	}
	service := s3.New(lab.Store, bytes, nil, nil)
	expire := func() {
		t.Helper()
		if err := service.Expire(t.Context(), lab.Now()); err != nil {
			t.Fatal(err)
		}
	}
	lab.Advance(48 * time.Hour)
	expire()
	must("HeadObject", map[string]any{"Bucket": "lab", "Key": "logs/a"})
	lab.Advance(24 * time.Hour)
	expire()
	if _, err := lab.Call(awstest.Root, "s3", "GetObject", map[string]any{"Bucket": "lab", "Key": "logs/a"}); err == nil || err.Error() != "NoSuchKey: The specified key does not exist." {
		t.Errorf("after three days: %v", err)
	}
	must("HeadObject", map[string]any{"Bucket": "lab", "Key": "data/a"})
}
