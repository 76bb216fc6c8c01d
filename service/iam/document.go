package iam

import (
	"net/url"
	"strings"
	"unicode"

	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
)

// document checks a policy document that is about to be stored: its grammar,
// and its size against a quota, unless that is "" (inline policies have theirs
// for all of an entity's together).
func (s *Service) document(kind policy.Kind, text, quota string) error {
	if _, err := parsed(kind, text); err != nil || quota == "" {
		return err
	}
	return s.within(quota, size(text))
}

// parsed reads a policy document that is about to be stored.
func parsed(kind policy.Kind, text string) (*policy.Document, error) {
	doc, err := policy.ParseAs(kind, []byte(text))
	if err != nil {
		return nil, api.MalformedPolicyDocumentException("%s", err.Error())
	}
	return doc, nil
}

// size is a document's length in characters as quotas count it: without white
// space (IAM User Guide, "IAM and AWS STS quotas").
func size(text string) int {
	n := 0
	for _, r := range text {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// encoded is how IAM answers a document: percent-encoded (RFC 3986, section
// 2.1), everything but unreserved characters.
func encoded(document string) string {
	return strings.ReplaceAll(url.QueryEscape(document), "+", "%20")
}
