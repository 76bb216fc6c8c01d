package s3

import (
	"github.com/writ-iam/writ"
)

// The errors of S3 (S3 API Reference, "List of error codes").

func noSuchBucket(name string) error {
	e := writ.Errorf(404, "NoSuchBucket", "The specified bucket does not exist")
	e.Fields = map[string]any{"BucketName": name}
	return e
}

func noSuchKey(key string) *writ.Error {
	e := writ.Errorf(404, "NoSuchKey", "The specified key does not exist.")
	e.Fields = map[string]any{"Key": key}
	return e
}

func noSuchVersion(key, version string) error {
	e := writ.Errorf(404, "NoSuchVersion", "The specified version does not exist.")
	e.Fields = map[string]any{"Key": key, "VersionId": version}
	return e
}

func invalidArgument(name, value, format string, args ...any) error {
	e := writ.Errorf(400, "InvalidArgument", format, args...)
	e.Fields = map[string]any{"ArgumentName": name, "ArgumentValue": value}
	return e
}

func preconditionFailed(condition string) error {
	e := writ.Errorf(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	e.Fields = map[string]any{"Condition": condition}
	return e
}

// notImplemented is the answer to whatever of a request would have no effect.
func notImplemented() error {
	return writ.NotImplemented("A header you provided implies functionality that is not implemented")
}

// missing is the answer where a setting was never made.
func missing(code, message string, b *bucket) error {
	e := writ.Errorf(404, code, "%s", message)
	e.Fields = map[string]any{"BucketName": b.Name}
	return e
}
