package s3

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/store"
)

// corsRule lets the scripts of other sites make some requests (S3 User Guide,
// "Using cross-origin resource sharing").
type corsRule struct {
	ID                                string
	Origins, Methods, Headers, Expose []string
	MaxAge                            *int // seconds
}

const maxCORSRules = 100

func (s *Service) PutBucketCors(c *writ.Call, in *api.PutBucketCorsInput) (*api.PutBucketCorsOutput, error) {
	asked := in.CORSConfiguration.CORSRules
	if len(asked) == 0 || len(asked) > maxCORSRules {
		return nil, malformedXML()
	}
	var rules []corsRule
	for i := range asked {
		if err := checkCORS(&asked[i]); err != nil {
			return nil, err
		}
		r := &asked[i]
		rules = append(rules, corsRule{value(r.ID), r.AllowedOrigins, r.AllowedMethods, r.AllowedHeaders, r.ExposeHeaders, r.MaxAgeSeconds})
	}
	err := s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		b.CORS = rules
		return nil
	})
	return &api.PutBucketCorsOutput{}, err
}

func (s *Service) GetBucketCors(c *writ.Call, in *api.GetBucketCorsInput) (*api.GetBucketCorsOutput, error) {
	b, err := s.bucket(c, in.Bucket)
	if err != nil {
		return nil, err
	}
	if b.CORS == nil {
		return nil, missing("NoSuchCORSConfiguration", "The CORS configuration does not exist", b)
	}
	out := &api.GetBucketCorsOutput{}
	for i := range b.CORS {
		r := &b.CORS[i]
		out.CORSRules = append(out.CORSRules, api.CORSRule{ID: override(nil, r.ID), AllowedOrigins: r.Origins, AllowedMethods: r.Methods,
			AllowedHeaders: r.Headers, ExposeHeaders: r.Expose, MaxAgeSeconds: r.MaxAge})
	}
	return out, nil
}

func (s *Service) DeleteBucketCors(c *writ.Call, in *api.DeleteBucketCorsInput) (*api.DeleteBucketCorsOutput, error) {
	err := s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		b.CORS = nil
		return nil
	})
	return &api.DeleteBucketCorsOutput{}, err
}

func checkCORS(r *api.CORSRule) error {
	if len(r.AllowedMethods) == 0 || len(r.AllowedOrigins) == 0 || len(value(r.ID)) > 255 || value(r.MaxAgeSeconds) < 0 {
		return malformedXML()
	}
	for _, method := range r.AllowedMethods {
		if !slices.Contains([]string{"GET", "PUT", "HEAD", "POST", "DELETE"}, method) {
			return invalidRequest("Found unsupported HTTP method in CORS config. Unsupported method is %s", method)
		}
	}
	for _, origin := range r.AllowedOrigins {
		if strings.Count(origin, "*") > 1 {
			return invalidRequest("AllowedOrigin %q can not have more than one wildcard.", origin)
		}
	}
	for _, header := range r.AllowedHeaders {
		if strings.Count(header, "*") > 1 {
			return invalidRequest("AllowedHeader %q can not have more than one wildcard.", header)
		}
	}
	for _, header := range r.ExposeHeaders {
		if strings.Contains(header, "*") {
			return invalidRequest("ExposeHeader %q contains wildcard. We currently do not support wildcard for ExposeHeader.", header)
		}
	}
	return nil
}

func invalidRequest(format string, args ...any) error {
	return writ.Errorf(400, "InvalidRequest", format, args...)
}

// CrossOrigin is a request of a script of another site, or one that it is about
// to make.
type CrossOrigin struct {
	Bucket, Origin, Method string
	Headers                []string // that it is about to send beside the harmless ones
}

// Share returns the headers that let the script read the answer, by their names.
// The error, for the script's browser, is that the bucket does not allow it.
func (s *Service) Share(ctx context.Context, r *CrossOrigin) (map[string]string, error) {
	b, _, err := s.buckets.Get(ctx, r.Bucket)
	if errors.Is(err, store.ErrNotFound) {
		return nil, noSuchBucket(r.Bucket)
	}
	if err != nil {
		return nil, err
	}
	if b.CORS == nil {
		return nil, writ.Errorf(403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.")
	}
	for i := range b.CORS {
		if allowed := b.CORS[i].origin(r); allowed != "" {
			return b.CORS[i].headers(allowed, r), nil
		}
	}
	return nil, writ.Errorf(403, "AccessForbidden", "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, "+
		"request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.")
}

// origin is whom the rule lets read: the request's origin, "*" if anybody, ""
// if the rule does not fit.
func (rule *corsRule) origin(r *CrossOrigin) string {
	if r.Origin == "" || !slices.Contains(rule.Methods, r.Method) {
		return ""
	}
	for _, header := range r.Headers {
		if !slices.ContainsFunc(rule.Headers, func(allowed string) bool { return oneStar(strings.ToLower(allowed), strings.ToLower(header)) }) {
			return ""
		}
	}
	for _, allowed := range rule.Origins {
		switch {
		case allowed == "*":
			return "*"
		case oneStar(allowed, r.Origin):
			return r.Origin
		}
	}
	return ""
}

// oneStar matches a pattern of which only the star is a wildcard.
func oneStar(pattern, text string) bool {
	return !strings.Contains(pattern, "?") && arn.Match(pattern, text) || pattern == text
}

func (rule *corsRule) headers(origin string, r *CrossOrigin) map[string]string {
	h := map[string]string{"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": strings.Join(rule.Methods, ", "),
		"Vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"}
	if origin != "*" {
		h["Access-Control-Allow-Credentials"] = "true"
	}
	if len(r.Headers) > 0 {
		h["Access-Control-Allow-Headers"] = strings.ToLower(strings.Join(r.Headers, ", "))
	}
	if len(rule.Expose) > 0 {
		h["Access-Control-Expose-Headers"] = strings.Join(rule.Expose, ", ")
	}
	if rule.MaxAge != nil {
		h["Access-Control-Max-Age"] = strconv.Itoa(*rule.MaxAge)
	}
	return h
}
