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
// yet. Whoever compares ETags must be allowed to read the object.
func (w conditions) hold(c *writ.Call, newest *object, key string) error {
	there := newest != nil && !newest.Deleted
	if w.ifMatch != nil {
		if err := c.Decision.Refused("s3:GetObject"); err != nil {
			return err
		}
	}
	switch {
	case w.ifMatch != nil && !there:
		return noSuchKey(key)
	case w.ifMatch != nil && *w.ifMatch != "*" && unquoted(*w.ifMatch) != newest.ETag:
		return preconditionFailed("If-Match")
	case w.ifNoneMatch != nil && *w.ifNoneMatch != "*":
		return notImplemented()
	case w.ifNoneMatch != nil && there:
		return preconditionFailed("If-None-Match")
	}
	return nil
}

// read says whether an object may be read as asked.
func (w conditions) read(t *target) error {
	failed, unmodified := w.fails(t.object)
	switch {
	case failed != "":
		return preconditionFailed(failed)
	case unmodified != "":
		e := writ.Errorf(304, "NotModified", "Not Modified")
		e.Header = map[string]string{"ETag": quoted(t.object.ETag), "Last-Modified": httpTime(t.object.Modified)}
		if version := t.bucket.told(t.object); version != nil {
			e.Header["x-amz-version-id"] = *version
		}
		return e
	}
	return nil
}

// copied says whether an object may be copied as asked: S3 has one error for all
// that does not hold.
func (w conditions) copied(o *object) error {
	failed, unmodified := w.fails(o)
	switch {
	case failed != "":
		return preconditionFailed("x-amz-copy-source-" + failed)
	case unmodified != "":
		return preconditionFailed("x-amz-copy-source-" + unmodified)
	}
	return nil
}

// fails names the condition that does not hold, and the one by which the client
// has the object already. Of two conditions the one on ETags counts.
func (w conditions) fails(o *object) (failed, unmodified string) {
	modified := o.Modified.Truncate(time.Second)
	switch {
	case w.ifMatch != nil && *w.ifMatch != "*" && unquoted(*w.ifMatch) != o.ETag:
		return "If-Match", ""
	case w.ifMatch == nil && w.ifUnmodifiedSince != nil && modified.After(*w.ifUnmodifiedSince):
		return "If-Unmodified-Since", ""
	case w.ifNoneMatch != nil && (*w.ifNoneMatch == "*" || unquoted(*w.ifNoneMatch) == o.ETag):
		return "", "If-None-Match"
	case w.ifNoneMatch == nil && w.ifModifiedSince != nil && !modified.After(*w.ifModifiedSince):
		return "", "If-Modified-Since"
	}
	return "", ""
}

// httpTime is a time as headers hold it.
func httpTime(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT") }
