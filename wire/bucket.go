package wire

import (
	"net/http"
	"net/url"
)

// Bucket returns the name of S3's bucket that a request is for, "" if Resolve
// leads it elsewhere or nowhere. It reads no body, and so does not know where a
// form leads, which may name its service itself.
func (r *Router) Bucket(h *http.Request) string {
	req := &Request{HTTP: h, payload: http.NoBody}
	if req.isForm() {
		return ""
	}
	hints := []hint{credentialHint(h), r.hostHint(h.Host)}
	s, err := r.service(req, hints)
	if err != nil || s.meta.Protocol != "rest-xml" {
		return ""
	}
	req.addressBucket(hints[1].bucket)
	name, _ := cutSegment(req.path())
	name, err = url.PathUnescape(name)
	if err != nil {
		return ""
	}
	return name
}
