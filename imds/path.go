package imds

import (
	"net/url"
	"strings"
)

// maxPath bounds the paths that are looked at.
const maxPath = 1024

// parsePath splits a path into its parts; "/" has none. One slash may follow
// the last. A path that can be read in two ways is none of ours: there are no
// empty parts, no "." and "..", nothing is escaped but what a name (of a tag, a
// key pair) may hold, and never a slash.
func parsePath(u *url.URL) (parts []string, ok bool) {
	raw := u.EscapedPath()
	if len(raw) > maxPath || !strings.HasPrefix(raw, "/") {
		return nil, false
	}
	raw = strings.TrimSuffix(raw[1:], "/")
	if raw == "" {
		return nil, u.Path == "/"
	}
	for escaped := range strings.SplitSeq(raw, "/") {
		part, err := url.PathUnescape(escaped)
		if err != nil || part == "" || part == "." || part == ".." || strings.ContainsAny(part, "/\\\x00") {
			return nil, false
		}
		parts = append(parts, part)
	}
	return parts, true
}
