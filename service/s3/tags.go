package s3

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
)

// The rules for tags (S3 User Guide, "Categorizing your objects
// using tags").
const (
	maxTags       = 10
	maxBucketTags = 50  // S3 User Guide, "Using cost allocation S3 bucket tags"
	maxTagKey     = 128 // characters
	maxTagValue   = 256
)

// tagsOfHeader reads x-amz-tagging, which has the form of a query string.
func tagsOfHeader(header *string) ([]tag, error) {
	if value(header) == "" {
		return nil, nil
	}
	var tags []tag
	for pair := range strings.SplitSeq(*header, "&") {
		key, text, _ := strings.Cut(pair, "=")
		k, errKey := url.QueryUnescape(key)
		v, errValue := url.QueryUnescape(text)
		if errKey != nil || errValue != nil || !utf8.ValidString(k) || !utf8.ValidString(v) || taken(tags, k) {
			return nil, invalidArgument("x-amz-tagging", *header,
				"The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.")
		}
		tags = append(tags, tag{k, v})
	}
	return tags, checkTags(tags)
}

// tagsOfBody reads the TagSet of an object.
func tagsOfBody(set []api.Tag) ([]tag, error) {
	tags, err := distinct(set)
	if err != nil {
		return nil, err
	}
	return tags, checkTags(tags)
}

// bucketTags reads the TagSet of a bucket.
func bucketTags(set []api.Tag) ([]tag, error) {
	tags, err := distinct(set)
	if err != nil {
		return nil, err
	}
	if len(tags) > maxBucketTags {
		return nil, writ.Errorf(400, "BadRequest", "Bucket tag count cannot be greater than %d", maxBucketTags)
	}
	return tags, checkEach(tags)
}

func distinct(set []api.Tag) (tags []tag, err error) {
	for _, t := range set {
		if taken(tags, t.Key) {
			return nil, invalidTag(t.Key, "Cannot provide multiple Tags with the same key")
		}
		tags = append(tags, tag(t))
	}
	return tags, nil
}

func taken(tags []tag, key string) bool {
	return slices.ContainsFunc(tags, func(t tag) bool { return t.Key == key })
}

func checkTags(tags []tag) error {
	if len(tags) > maxTags {
		return writ.Errorf(400, "BadRequest", "Object tags cannot be greater than %d", maxTags)
	}
	return checkEach(tags)
}

func checkEach(tags []tag) error {
	for _, t := range tags {
		switch {
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return invalidTag(t.Key, "System tags cannot be added/updated by requester")
		case t.Key == "" || utf8.RuneCountInString(t.Key) > maxTagKey || !tagCharacters(t.Key):
			return invalidTag(t.Key, "The TagKey you have provided is invalid")
		case utf8.RuneCountInString(t.Value) > maxTagValue || !tagCharacters(t.Value):
			return invalidTag(t.Key, "The TagValue you have provided is invalid")
		}
	}
	return nil
}

// tagCharacters are letters, numbers and spaces of any script, and + - = . _ : / @.
func tagCharacters(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsNumber(c) && !unicode.IsSpace(c) && !strings.ContainsRune("+-=._:/@", c)
	})
}

func invalidTag(key, message string) error {
	e := writ.Errorf(400, "InvalidTag", "%s", message)
	e.Fields = map[string]any{"TagKey": key}
	return e
}

func tagSet(tags []tag) []api.Tag {
	set := make([]api.Tag, len(tags))
	for i, t := range tags {
		set[i] = api.Tag{Key: t.Key, Value: t.Value}
	}
	return set
}
