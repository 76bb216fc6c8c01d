package server

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/service/s3"
	"github.com/writ-iam/writ/wire"
)

// Other sites get in to one place alone: buckets of S3 whose owners let them, by
// a CORS configuration that names the site and the method. Whether the request
// is for the bucket says the same function that will lead it there, and nothing
// under /_writ/ is a bucket's, whatever the host.

// shares says whether a bucket lets a page of another site make this request,
// and tells the browser so.
func (s *Server) shares(w http.ResponseWriter, r *http.Request) bool {
	headers, err := s.share(r, r.Method, nil)
	if err != nil {
		return false
	}
	for name, value := range headers {
		w.Header().Set(name, value)
	}
	return true
}

// preflight answers the browser that asks before it sends what a page of another
// site wants to be sent.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request) {
	var asked []string
	for header := range strings.SplitSeq(strings.Join(r.Header.Values("Access-Control-Request-Headers"), ","), ",") {
		if header = strings.TrimSpace(header); header != "" {
			asked = append(asked, header)
		}
	}
	headers, err := s.share(r, r.Header.Get("Access-Control-Request-Method"), asked)
	if err != nil {
		told, _ := writ.AsError(err)
		send(w, wire.EncodeError(wire.Route{Service: model.Metadata{Protocol: "rest-xml"}}, told, uuid.NewString()))
		return
	}
	for name, value := range headers {
		w.Header().Set(name, value)
	}
	w.WriteHeader(http.StatusOK)
}

func (s *Server) share(r *http.Request, method string, headers []string) (map[string]string, error) {
	bucket := s.router.Bucket(r)
	if bucket == "" || isOwn(r) {
		return nil, writ.Errorf(http.StatusForbidden, "AccessForbidden", "CORSResponse: This is no bucket.")
	}
	return s.services.s3.Share(r.Context(), &s3.CrossOrigin{Bucket: bucket, Origin: r.Header.Get("Origin"), Method: method, Headers: headers})
}

// isOwn says whether a request is for Writ itself, and none of AWS's.
func isOwn(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/_writ/") }
