package imds

import (
	"net/http"
	"strings"
)

// containers answers at the endpoint from which ECS tasks and what else runs in
// containers get credentials (SDKs and Tools Reference Guide, "Container
// credential provider"). A GET is all it takes there, so each needs a seal that
// only who starts the container is told: at 169.254.170.2 as the path's end
// (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI), elsewhere as AWS_CONTAINER_AUTHORIZATION_TOKEN
// beside AWS_CONTAINER_CREDENTIALS_FULL_URI.
type containers struct {
	*Service
	sealedPath bool
}

const credentialsPath = "/v2/credentials/"

func (s containers) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.answer(r).send(w) }

func (s containers) answer(r *http.Request) *answer {
	switch {
	case !s.limiter.AllowN(s.now(), 1):
		return problem(http.StatusServiceUnavailable, "ThrottlingException", "Rate exceeded")
	case !knownHost(r.Host) || browser(r):
		return problem(http.StatusForbidden, "AccessDenied", "Browsers and names are refused.")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return problem(http.StatusMethodNotAllowed, "InvalidMethod", "Use GET.")
	}
	id, ok := strings.CutPrefix(r.URL.EscapedPath(), credentialsPath)
	switch {
	case !ok, !s.sealedPath && id != s.id, s.sealedPath && !s.proves(id):
		return problem(http.StatusNotFound, "ResourceNotFound", "There are no such credentials.")
	case !s.sealedPath && !s.authorized(r):
		return problem(http.StatusUnauthorized, "AccessDenied", "The authorization token is missing or wrong.")
	}
	return s.task(r)
}

func (s containers) proves(seal string) bool {
	_, ok := s.seals.check(containerSeal, seal, s.now())
	return ok
}

func (s containers) authorized(r *http.Request) bool {
	tokens := r.Header.Values("Authorization")
	return len(tokens) == 1 && s.proves(tokens[0])
}

// task is the answer to who may ask.
func (s containers) task(r *http.Request) *answer {
	i, err := s.instance(r.Context())
	if err != nil {
		return s.failed(r, err)
	}
	role := roleOf(i)
	if role == nil {
		return problem(http.StatusNotFound, "ResourceNotFound", "The instance has no role.")
	}
	c, err := s.current(r.Context(), i, role, container)
	if err != nil {
		return s.failed(r, err)
	}
	if c.refused != nil {
		return problem(http.StatusBadRequest, "AssumeRoleUnauthorizedAccess", principal+" cannot assume the role "+role.Name+".")
	}
	return document(object(
		field{"RoleArn", role.ARN},
		field{"AccessKeyId", c.issued.AccessKeyId},
		field{"SecretAccessKey", c.issued.SecretAccessKey},
		field{"Token", c.issued.SessionToken},
		field{"Expiration", stamp(c.issued.Expiration)}))
}

// failed is what the metadata service answers, in the form of this endpoint.
func (s containers) failed(r *http.Request, err error) *answer {
	status := s.Service.failed(r, err).status
	return problem(status, "ServerError", http.StatusText(status))
}

// problem is an error as the container agent tells it.
func problem(status int, code, message string) *answer {
	a := document(object(field{"code", code}, field{"message", message}))
	a.status = status
	return a
}
