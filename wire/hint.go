package wire

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/writ-iam/writ/model"
)

// hint is a service and region that a part of a request names; "" where it
// names none.
type hint struct {
	by              string // the part, for errors
	service, region string
	bucket          string                       // in front of the service's name (S3)
	name            func(*model.Metadata) string // what a service is called there
}

func signingName(m *model.Metadata) string    { return m.SigningName }
func endpointPrefix(m *model.Metadata) string { return m.EndpointPrefix }

// credentialHint looks into the credential scope, KEY/DATE/REGION/SERVICE/
// aws4_request. It only looks: a scope that is wrong is for the signature check
// to refuse.
func credentialHint(r *http.Request) hint {
	credential := headerCredential(r.Header.Get("Authorization"))
	if credential == "" {
		credential = queryCredential(r.URL.RawQuery)
	}
	parts := strings.Split(credential, "/")
	n := len(parts)
	if n < 5 || parts[n-1] != "aws4_request" {
		return hint{}
	}
	return hint{by: "its credential scope", service: parts[n-2], region: parts[n-3], name: signingName}
}

func headerCredential(authorization string) string {
	_, rest, _ := strings.Cut(authorization, "Credential=")
	if i := strings.IndexAny(rest, ", "); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

func queryCredential(query string) string {
	for pair := range strings.SplitSeq(query, "&") {
		if value, ok := strings.CutPrefix(pair, "X-Amz-Credential="); ok {
			credential, _ := url.QueryUnescape(value)
			return credential
		}
	}
	return ""
}

// hostHint reads host names as AWS forms them, and the same before the server's
// own names, of which those below localhost need no DNS. What stands before an
// own name and is no service's is a bucket's. Any other host names nothing.
//
//	iam.amazonaws.com  sts.eu-west-1.amazonaws.com  iam.us-gov.amazonaws.com
//	iam.cn-north-1.amazonaws.com.cn  sts-fips.us-east-1.amazonaws.com  sts.localhost
//	BUCKET.s3.eu-west-1.amazonaws.com  BUCKET.s3.localhost  BUCKET.localhost
func (r *Router) hostHint(host string) hint {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	h := hint{by: "its host", name: endpointPrefix}
	host, suffix := cutSuffix(host, ".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
	own := suffix == ""
	for i := 0; own && suffix == "" && i < len(r.hosts); i++ {
		host, suffix = cutSuffix(host, "."+r.hosts[i])
	}
	if suffix == "" {
		return hint{}
	}
	if h.bucket, h.region = bucketHost(host); h.bucket != "" {
		h.service = "s3"
		return h
	}
	h.service, h.region, _ = strings.Cut(host, ".")
	if own && !r.hasEndpoint(h.service) {
		return hint{by: h.by, name: h.name, service: "s3", bucket: host}
	}
	h.service = strings.TrimSuffix(h.service, "-fips")
	switch {
	case h.region == "us-gov":
		h.region = "us-gov-west-1"
	case h.region == "global":
		h.region = ""
	case h.region == "" && suffix == ".amazonaws.com.cn":
		h.region = "cn-north-1"
	}
	return h
}

// bucketHost takes apart BUCKET.s3 and BUCKET.s3.REGION; the bucket's name may
// hold dots.
func bucketHost(host string) (bucket, region string) {
	labels := strings.Split(host, ".")
	for i := len(labels) - 1; i > 0; i-- {
		if labels[i] == "s3" || labels[i] == "s3-fips" {
			after := labels[i+1:]
			if len(after) > 0 && after[0] == "dualstack" {
				after = after[1:]
			}
			return strings.Join(labels[:i], "."), strings.Join(after, ".")
		}
	}
	return "", ""
}

func (r *Router) hasEndpoint(prefix string) bool {
	prefix = strings.TrimSuffix(prefix, "-fips")
	return slices.ContainsFunc(r.services, func(s *service) bool { return s.meta.EndpointPrefix == prefix })
}

func cutSuffix(host string, suffixes ...string) (before, suffix string) {
	for _, s := range suffixes {
		if before, ok := strings.CutSuffix(host, s); ok {
			return before, s
		}
	}
	return host, ""
}

// target splits the header X-Amz-Target, whose prefix may itself hold dots.
func target(t string) (prefix, operation string) {
	if i := strings.LastIndexByte(t, '.'); i >= 0 {
		return t[:i], t[i+1:]
	}
	return "", t
}

// targetNames says whether a target's prefix names a service. aws-sdk-go-v2 writes
// the service's name alone, "CloudTrail_20131101", where other clients write its
// package before it.
func targetNames(prefix string, m *model.Metadata) bool {
	name := m.TargetPrefix[strings.LastIndexByte(m.TargetPrefix, '.')+1:]
	return prefix != "" && (prefix == m.TargetPrefix || prefix == name)
}
