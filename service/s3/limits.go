package s3

import (
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
)

const (
	maxObject   = 5 << 30 // bytes that one request may bring or copy
	maxKey      = 1024    // bytes of UTF-8
	maxMetadata = 2 << 10 // bytes of all names and values
)

func checkKey(key string) error {
	if len(key) <= maxKey {
		return nil
	}
	e := writ.Errorf(400, "KeyTooLongError", "Your key is too long")
	e.Fields = map[string]any{"Size": strconv.Itoa(len(key)), "MaxSizeAllowed": strconv.Itoa(maxKey)}
	return e
}

func checkMetadata(metadata map[string]string) error {
	size := 0
	for name, value := range metadata {
		size += len(name) + len(value)
	}
	if size <= maxMetadata {
		return nil
	}
	e := writ.Errorf(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
	e.Fields = map[string]any{"Size": strconv.Itoa(size), "MaxSizeAllowed": strconv.Itoa(maxMetadata)}
	return e
}

func checkRedirect(location string) error {
	for _, prefix := range []string{"/", "http://", "https://"} {
		if location == "" || strings.HasPrefix(location, prefix) {
			return nil
		}
	}
	return writ.Errorf(400, "InvalidRedirectLocation", "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.")
}

func tooLarge() error {
	return writ.Errorf(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
}
