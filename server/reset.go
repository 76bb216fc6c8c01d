package server

import (
	"net/http"

	"github.com/writ-iam/writ/service/iam"
)

// resetHeader must stand in a request to /_writ/reset. A form or a link of
// another site can't set it.
const resetHeader = "X-Writ-Reset"

// AllowReset opens POST /_writ/reset, which forgets everything and makes the
// first account anew. It is for servers in memory; on durable data the reset
// fails.
func (s *Server) AllowReset(f iam.Foundation) { s.foundation = &f }

func (s *Server) reset(w http.ResponseWriter, r *http.Request) {
	if s.foundation == nil {
		http.NotFound(w, r)
		return
	}
	if r.Header.Get(resetHeader) != "true" {
		http.Error(w, "The header "+resetHeader+": true is missing.", http.StatusForbidden)
		return
	}
	err := s.Reset(r.Context())
	if err == nil {
		err = s.Found(r.Context(), *s.foundation)
	}
	if err != nil {
		s.log.Error("reset", "error", err)
		http.Error(w, "The reset failed.", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
