package wire

import (
	"net/http"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// findAction wants the parameters Action and Version, in a query string or form.
func findAction(s *model.Service, req *Request) (*model.Operation, error) {
	if _, err := req.readParams(); err != nil {
		return nil, err
	}
	if err := checkMethod(req, http.MethodGet, http.MethodPost); err != nil {
		return nil, err
	}
	action, ok := req.param("Action")
	if !ok {
		return nil, writ.Errorf(http.StatusBadRequest, "MissingAction", "The request is missing an action or a required parameter.")
	}
	version, ok := req.param("Version")
	if !ok {
		version = "NO_VERSION_SPECIFIED"
	}
	if op := s.Operations[action]; op != nil && version == s.Metadata.APIVersion {
		return op, nil
	}
	return nil, writ.Errorf(http.StatusBadRequest, "InvalidAction", "Could not find operation %s for version %s", action, version)
}

// findTarget wants one header X-Amz-Target, and no Action beside it.
func findTarget(s *model.Service, req *Request) (*model.Operation, error) {
	if err := checkMethod(req, http.MethodPost); err != nil {
		return nil, err
	}
	targets := req.HTTP.Header.Values("X-Amz-Target")
	if _, err := req.readParams(); err != nil {
		return nil, err
	}
	if _, two := req.param("Action"); two || len(targets) > 1 {
		return nil, writ.Errorf(http.StatusBadRequest, "InvalidRequest", "The request names two operations.")
	}
	if len(targets) == 1 {
		prefix, name := target(targets[0])
		if op := s.Operations[name]; op != nil && targetNames(prefix, &s.Metadata) {
			return op, nil
		}
	}
	return nil, writ.Errorf(http.StatusBadRequest, "UnknownOperationException", "")
}

func findRoute(s *model.Service, req *Request) (*model.Operation, error) {
	if op := findPath(s, req); op != nil {
		return op, nil
	}
	return nil, writ.Errorf(http.StatusNotFound, "UnknownOperationException", "")
}

// findPath finds the operation of a method and path, nil if there is none. Of
// two that match it takes the one with fewer labels, as a literal segment says
// more than a label; of equals always the same.
func findPath(s *model.Service, req *Request) (best *model.Operation) {
	fewest, path := 0, req.HTTP.URL.EscapedPath()
	for _, op := range s.Operations {
		if op.Method != req.HTTP.Method {
			continue
		}
		labels, ok := matchPath(op.URI, path)
		if ok && (best == nil || len(labels) < fewest || len(labels) == fewest && op.Name < best.Name) {
			best, fewest = op, len(labels)
		}
	}
	return best
}

// checkMethod refuses other methods and, as these protocols have no paths, any
// path but the root.
func checkMethod(req *Request, allowed ...string) error {
	if path := req.HTTP.URL.Path; path != "/" && path != "" {
		return writ.Errorf(http.StatusNotFound, "UnknownOperationException", "")
	}
	for _, m := range allowed {
		if req.HTTP.Method == m {
			return nil
		}
	}
	return writ.Errorf(http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.")
}
