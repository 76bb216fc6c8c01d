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
	b, err := s.buckets.GetTx(tx, name)
	if err != nil {
		return writ.Resource{}, bucketError(name, err)
	}
	if err := expectedOwner(c, b); err != nil {
		return writ.Resource{}, err
	}
	r := writ.Resource{ARN: b.arn(), Account: b.Account, Keys: requestKeys(c)}
	if r.Policy, err = s.policies.GetTx(tx, name); errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	if err == nil && check.Type == "object" {
		r.ARN += "/" + key
		err = s.objectResource(tx, c, &r, name, key)
	}
	r.Label = strconv.Quote(r.ARN)
	return r, err
}

// objectResource adds what policies may ask of the object itself.
func (s *Service) objectResource(tx *store.Tx, c *writ.Call, r *writ.Resource, bucket, key string) error {
	o, err := find(tx, bucket, key, text(c.Input, "VersionId"))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	r.Record = o
	for _, t := range o.Tags {
		r.Keys["s3:ExistingObjectTag/"+t.Key] = t.Value
	}
	return nil
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
	if c.Signed.Time.IsZero() {
		return keys
	}
	keys["s3:signatureversion"] = "AWS4-HMAC-SHA256"
	keys["s3:signatureAge"] = strconv.FormatInt(max(0, int64(c.Time.Sub(c.Signed.Time)/time.Millisecond)), 10)
	keys["s3:authType"] = "REST-HEADER"
	if c.Signed.Presigned {
		keys["s3:authType"] = "REST-QUERY-STRING"
	}
	if c.Signed.Payload != "" {
		keys["s3:x-amz-content-sha256"] = c.Signed.Payload
	}
	if c.Source.TLS != "" {
		keys["s3:TlsVersion"] = strings.TrimPrefix(c.Source.TLS, "TLSv")
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
