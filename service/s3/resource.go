package s3

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/store"
)

// Resource tells authz of the bucket or object that an operation names, by
// BUCKET or BUCKET/KEY. A bucket that is not there is told at once, as S3 does;
// whether an object is there only those learn who may list the bucket.
func (s *Service) Resource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	name, key, _ := strings.Cut(id, "/")
	if c.Operation.Name == "CreateBucket" {
		return newBucket(c, name), nil
	}
	b, err := s.buckets.GetTx(tx, name)
	if err != nil {
		return writ.Resource{}, bucketError(name, err)
	}
	if err := expectedOwner(c, b); err != nil {
		return writ.Resource{}, err
	}
	a, err := s.access.GetTx(tx, name)
	if err != nil {
		return writ.Resource{}, err
	}
	r := writ.Resource{ARN: b.arn(), Account: b.Account, Keys: requestKeys(c)}
	r.Keys["s3:ResourceAccount"] = b.Account
	bucketTagKeys(r.Keys, b)
	if check.Type == "object" {
		r.ARN += "/" + key
		err = s.objectResource(tx, c, a, check, &r, key)
	} else {
		r.Policy = a.toBucket(c, check.Action)
	}
	r.Label = strconv.Quote(r.ARN)
	return r, err
}

// newBucket is a bucket that is to be made: the caller's own.
func newBucket(c *writ.Call, name string) writ.Resource {
	b := bucket{Name: name, Partition: c.Scope.Partition}
	return writ.Resource{ARN: b.arn(), Label: strconv.Quote(b.arn()), Keys: requestKeys(c)}
}

// objectResource adds what policies may ask of the object itself, and who it
// belongs to.
func (s *Service) objectResource(tx *store.Tx, c *writ.Call, a *access, check *model.Check, r *writ.Resource, key string) error {
	o, err := find(tx, a.bucket.Name, key, text(c.Input, "VersionId"))
	if errors.Is(err, store.ErrNotFound) {
		r.Policy = a.toObject(c, nil)
		return nil
	}
	if err != nil {
		return err
	}
	r.Record = o
	for _, t := range o.Tags {
		r.Keys["s3:ExistingObjectTag/"+t.Key] = t.Value
	}
	if isOfBucket(check.Action) {
		r.Policy = a.toObject(c, nil)
		return nil
	}
	r.Account = a.bucket.ownerOf(o)
	r.Keys["aws:ResourceAccount"] = a.bucket.Account
	r.Policy = a.toObject(c, o)
	return nil
}

// isOfBucket says whether an action on an object is the bucket owner's to allow,
// whoever the object belongs to.
func isOfBucket(action string) bool {
	switch action {
	case "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts":
		return true
	}
	return false
}

// bucketTagKeys are those of a bucket whose tags decide (S3 User Guide,
// "Enabling ABAC in general purpose buckets").
func bucketTagKeys(keys map[string]string, b *bucket) {
	if !b.ABAC {
		return
	}
	for _, t := range b.Tags {
		keys["aws:ResourceTag/"+t.Key] = t.Value
		keys["s3:BucketTag/"+t.Key] = t.Value
	}
}

// expectedOwner holds the bucket against x-amz-expected-bucket-owner.
func expectedOwner(c *writ.Call, b *bucket) error {
	if expected := text(c.Input, "ExpectedBucketOwner"); expected != "" && expected != b.Account {
		return writ.AccessDenied("Access Denied")
	}
	return nil
}

// requestKeys are the context keys of S3 that say how a request was made
// (S3 API Reference, "Amazon S3 Signature Version 4 authentication specific
// policy keys").
func requestKeys(c *writ.Call) map[string]string {
	keys := map[string]string{}
	if c.Source.TLS != "" {
		keys["s3:TlsVersion"] = strings.TrimPrefix(c.Source.TLS, "TLSv")
	}
	if c.Signed.Time.IsZero() {
		return keys
	}
	keys["s3:signatureversion"] = "AWS4-HMAC-SHA256"
	keys["s3:signatureAge"] = strconv.FormatInt(max(0, int64(c.Time.Sub(c.Signed.Time)/time.Millisecond)), 10)
	keys["s3:authType"] = "REST-HEADER"
	switch {
	case c.Signed.Presigned:
		keys["s3:authType"] = "REST-QUERY-STRING"
	case c.Signed.Form:
		keys["s3:authType"] = "POST"
	}
	if c.Signed.Payload != "" {
		keys["s3:x-amz-content-sha256"] = c.Signed.Payload
	}
	return keys
}

// text reads a member that some inputs have and some have not.
func text(input any, member string) string {
	f := reflect.Indirect(reflect.ValueOf(input)).FieldByName(member)
	if p, ok := f, f.IsValid(); ok && p.Kind() == reflect.Pointer && !p.IsNil() && p.Elem().Kind() == reflect.String {
		return p.Elem().String()
	}
	return ""
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
