package s3

import (
	"net/url"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// copySourceMember is the member that names what a copy is made from.
const copySourceMember = "CopySource"

// parseCopySource reads x-amz-copy-source: [/]BUCKET/KEY[?versionId=VERSION], of
// which bucket and key are escaped as in a path.
func parseCopySource(header string) (a address, err error) {
	path, query, _ := strings.Cut(strings.TrimPrefix(header, "/"), "?")
	path, errPath := url.PathUnescape(path)
	values, errQuery := url.ParseQuery(query)
	a.bucket, a.key, _ = strings.Cut(path, "/")
	a.from = header
	if errPath != nil || errQuery != nil || a.bucket == "" || a.key == "" {
		return a, invalidArgument("x-amz-copy-source", header, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
	}
	for name := range values {
		if name != "versionId" {
			return a, invalidArgument("x-amz-copy-source", header, "Unsupported copy source parameter.")
		}
	}
	if values.Has("versionId") {
		a.version, err = values.Get("versionId"), checkVersion(values.Get("versionId"))
	}
	return a, err
}

// copyKeys tells policies on the target of a copy what is copied, always in the
// same words: a policy that forbids a source must not be got round by another
// way to write it.
func copyKeys(c *writ.Call, check *model.Check, r *writ.Resource) error {
	source := text(c.Input, copySourceMember)
	if source == "" || check.Action != "s3:PutObject" {
		return nil
	}
	a, err := parseCopySource(source)
	r.Keys["s3:x-amz-copy-source"] = a.bucket + "/" + a.key
	return err
}

// source returns what a copy is made from, as it was decided on.
func source(c *writ.Call) (*target, error) {
	t, err := decided(c)
	if err == nil {
		return t, nil
	}
	if found := c.Decision.Checks[0].Resource.Record.(*target); found.object != nil && found.version != "" && c.Decision.Refused("s3:ListBucket") == nil {
		return nil, writ.Errorf(400, "InvalidRequest", "The source of a copy request may not specifically refer to a delete marker by version id.")
	}
	return nil, err
}
