package s3

import (
	"time"

	"github.com/writ-iam/writ"
)

// conditions are what a request makes its success depend on (RFC 9110, section
// 13; S3 User Guide, "Conditional requests").
type conditions struct {
	ifMatch, ifNoneMatch               *string
	ifModifiedSince, ifUnmodifiedSince *time.Time
}

// hold says whether a write may take place; newest is nil if there is no object
// yet.
func (w conditions) hold(newest *object, key string) error {
	there := newest != nil && !newest.Deleted
	switch {
	case w.ifMatch != nil && !there:
		return noSuchKey(key)
	case w.ifMatch != nil && *w.ifMatch != "*" && unquoted(*w.ifMatch) != newest.ETag:
		return preconditionFailed("If-Match")
	case w.ifNoneMatch != nil && *w.ifNoneMatch != "*":
		return writ.NotImplemented("A header you provided implies functionality that is not implemented")
	case w.ifNoneMatch != nil && there:
		return preconditionFailed("If-None-Match")
	}
	return nil
}

// read says whether an object may be read as asked; of two conditions the one on
// ETags counts.
func (w conditions) read(o *object) error {
	modified := o.Modified.Truncate(time.Second)
	switch {
	case w.ifMatch != nil && *w.ifMatch != "*" && unquoted(*w.ifMatch) != o.ETag:
		return preconditionFailed("If-Match")
	case w.ifMatch == nil && w.ifUnmodifiedSince != nil && modified.After(*w.ifUnmodifiedSince):
		return preconditionFailed("If-Unmodified-Since")
	case w.ifNoneMatch != nil && (*w.ifNoneMatch == "*" || unquoted(*w.ifNoneMatch) == o.ETag),
		w.ifNoneMatch == nil && w.ifModifiedSince != nil && !modified.After(*w.ifModifiedSince):
		return writ.Errorf(304, "NotModified", "Not Modified")
	}
	return nil
}
