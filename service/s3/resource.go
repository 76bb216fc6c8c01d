package s3

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/internal/field"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/store"
)

// Resource tells authz of the bucket or object that an operation names. A bucket
// that is not there is told at once, as S3 does; whether an object is there only
// those learn who may list the bucket.
func (s *Service) Resource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	if c.Operation.Name == "CreateBucket" {
		return newBucket(c, id), nil
	}
	at, err := addressed(c, check.ID, id)
	if err != nil {
		return writ.Resource{}, err
	}
	b, err := s.buckets.GetTx(tx, at.bucket)
	if err != nil {
		return writ.Resource{}, bucketError(at.bucket, err)
	}
	if err := expectedOwner(c, b, at); err != nil {
		return writ.Resource{}, err
	}
	a, err := s.access.GetTx(tx, at.bucket)
	if err != nil {
		return writ.Resource{}, err
	}
	r := writ.Resource{ARN: b.arn(), Account: b.Account, Keys: requestKeys(c)}
	r.Keys["s3:ResourceAccount"] = b.Account
	bucketTagKeys(r.Keys, b)
	if check.Type == "object" {
		r.ARN += "/" + at.key
		err = objectResource(tx, c, check, a, &r, &target{bucket: b, key: at.key, version: at.version}, at)
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
func objectResource(tx *store.Tx, c *writ.Call, check *model.Check, a *access, r *writ.Resource, t *target, at address) (err error) {
	r.Record, r.Policy = t, a.toObject(c, nil)
	if at.version != "" && (check.ID == copySourceMember || check.ID == deleteMember) {
		r.Action = versionActions[check.Action]
		r.Keys["s3:VersionId"] = at.version
	}
	if at.ifMatch != nil {
		r.Keys["s3:if-match"] = *at.ifMatch
	}
	if err := copyKeys(c, check, r); err != nil || !asksObject(check.Action) {
		return err
	}
	t.object, err = t.bucket.find(tx, at.key, at.version)
	if errors.Is(err, store.ErrNotFound) {
		r.Absent = true
		return nil
	}
	if err != nil {
		return err
	}
	r.Absent = t.object.Deleted
	for _, tag := range t.object.Tags {
		r.Keys["s3:ExistingObjectTag/"+tag.Key] = tag.Value
	}
	if !makes(c, check) && !t.object.Deleted {
		r.Account, r.Policy = a.bucket.ownerOf(t.object), a.toObject(c, t.object)
		r.Keys["aws:ResourceAccount"] = a.bucket.Account
	}
	return nil
}

// makes says whether a check is about an object that the call makes: whose it
// was before does not matter then, nor what its access control list said.
func makes(c *writ.Call, check *model.Check) bool {
	switch c.Operation.Name {
	case "PutObject", "PostObject", "CreateMultipartUpload":
		return true
	}
	return c.Operation.Name == "CopyObject" && check.ID != copySourceMember
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

// versionActions are what is done to a version, where the same operation does it
// to the newest by another action.
var versionActions = map[string]string{
	"s3:GetObject": "s3:GetObjectVersion", "s3:GetObjectTagging": "s3:GetObjectVersionTagging", "s3:DeleteObject": "s3:DeleteObjectVersion",
}

// asksObject says whether policies may ask an action for the tags of the object
// that is there (Service Authorization Reference, "Actions, resources, and
// condition keys for Amazon S3": s3:ExistingObjectTag).
func asksObject(action string) bool {
	return strings.HasPrefix(action, "s3:GetObject") || strings.HasSuffix(action, "Tagging") || strings.HasSuffix(action, "Acl")
}

// expectedOwner holds the bucket against x-amz-expected-bucket-owner, and that of
// a copy's source against x-amz-source-expected-bucket-owner.
func expectedOwner(c *writ.Call, b *bucket, at address) error {
	name := "ExpectedBucketOwner"
	if at.from != "" {
		name = "ExpectedSourceBucketOwner"
	}
	if expected := member(c.Input, name); expected != nil && *expected != b.Account {
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

// member reads an optional text that some inputs have and some have not; nil if it
// is absent.
func member(input any, name string) *string {
	f := field.ByName(reflect.Indirect(reflect.ValueOf(input)), name)
	if !f.IsValid() {
		return nil
	}
	text, _ := reflect.TypeAssert[*string](f)
	return text
}

// text reads a required text that some inputs have; "" if it is absent.
func text(input any, name string) string {
	f := field.ByName(reflect.Indirect(reflect.ValueOf(input)), name)
	if f.IsValid() && f.Kind() == reflect.String {
		return f.String()
	}
	return ""
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
