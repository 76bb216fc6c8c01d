package wire

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// scoped is an Authorization header for a region and service.
func scoped(region, service string) string {
	return "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/" + region + "/" + service + "/aws4_request, SignedHeaders=host, Signature=00"
}

const (
	isForm     = "Content-Type: application/x-www-form-urlencoded; charset=utf-8"
	whoAmI     = "Action=GetCallerIdentity&Version=2011-06-15"
	lookup     = "X-Amz-Target: com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
	explainURL = "/requests/7a62c49f-347e-4fc4-9331-6e8e00000000/explanation"
)

func testRouter(t testing.TB) *Router {
	t.Helper()
	r, err := NewRouter("eu-west-1", nil, model.Names()...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestResolve(t *testing.T) {
	router := testRouter(t)
	for _, c := range []struct {
		name, method, url, body string
		headers                 []string
		want                    string // service operation partition region, or the error
	}{
		{"by credential scope", "POST", "http://10.0.0.1:4810/", whoAmI, []string{isForm, scoped("us-west-2", "sts")}, "sts GetCallerIdentity aws us-west-2"},
		{"in the query string", "GET", "/?" + whoAmI, "", []string{scoped("us-west-2", "sts")}, "sts GetCallerIdentity aws us-west-2"},
		{"presigned", "GET", "/?" + whoAmI + "&X-Amz-Credential=AKID%2F20260102%2Fus-east-2%2Fsts%2Faws4_request", "", nil, "sts GetCallerIdentity aws us-east-2"},
		{"unsigned, by version", "POST", "/", "Action=AssumeRoleWithWebIdentity&Version=2011-06-15", []string{isForm}, "sts AssumeRoleWithWebIdentity aws eu-west-1"},
		{"by host", "POST", "http://sts.ap-southeast-2.amazonaws.com/", whoAmI, []string{isForm}, "sts GetCallerIdentity aws ap-southeast-2"},
		{"by FIPS host", "POST", "http://sts-fips.us-east-1.amazonaws.com/", whoAmI, []string{isForm}, "sts GetCallerIdentity aws us-east-1"},
		{"by localhost name", "POST", "http://STS.localhost:4810/", whoAmI, []string{isForm}, "sts GetCallerIdentity aws eu-west-1"},
		{"China", "POST", "http://sts.cn-north-1.amazonaws.com.cn/", whoAmI, []string{isForm, scoped("cn-north-1", "sts")}, "sts GetCallerIdentity aws-cn cn-north-1"},
		{"IAM in China", "POST", "http://iam.amazonaws.com.cn/", "Action=ListUsers&Version=2010-05-08", []string{isForm, scoped("cn-northwest-1", "iam")}, "iam ListUsers aws-cn cn-north-1"},
		{"GovCloud", "POST", "http://iam.us-gov.amazonaws.com/", "Action=ListUsers&Version=2010-05-08", []string{isForm, scoped("us-gov-west-1", "iam")}, "iam ListUsers aws-us-gov us-gov-west-1"},
		{"IAM acts in us-east-1", "POST", "/", "Action=ListUsers&Version=2010-05-08", []string{isForm, scoped("eu-central-1", "iam")}, "iam ListUsers aws us-east-1"},
		{"dual-stack host", "POST", "http://iam.global.api.aws/", "Action=ListUsers&Version=2010-05-08", []string{isForm}, "iam ListUsers aws us-east-1"},
		{"target", "POST", "/", "{}", []string{lookup, scoped("us-east-1", "cloudtrail")}, "cloudtrail LookupEvents aws us-east-1"},
		{"target of the Go SDK", "POST", "/", "{}", []string{"X-Amz-Target: CloudTrail_20131101.LookupEvents", scoped("us-east-1", "cloudtrail")}, "cloudtrail LookupEvents aws us-east-1"},
		{"target alone", "POST", "/", "{}", []string{lookup}, "cloudtrail LookupEvents aws eu-west-1"},
		{"path", "GET", explainURL, "", []string{scoped("us-east-1", "writ")}, "writ ExplainRequest aws us-east-1"},
		{"path alone", "GET", explainURL + "?a=1&a=2", "", nil, "writ ExplainRequest aws eu-west-1"},
		{"region that opens tomorrow", "POST", "/", whoAmI, []string{isForm, scoped("eu-north-7", "sts")}, "sts GetCallerIdentity aws eu-north-7"},

		{"scope against host", "POST", "http://iam.amazonaws.com/", whoAmI, []string{isForm, scoped("us-east-1", "sts")},
			"400 InvalidRequest: The request names two services: sts by its credential scope, iam by its host."},
		{"scope against target", "POST", "/", "{}", []string{lookup, scoped("us-east-1", "sts")},
			"400 InvalidRequest: The request names two services: sts by its credential scope, com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101 by its target header."},
		{"scope against version", "POST", "/", whoAmI, []string{isForm, scoped("us-east-1", "iam")},
			"400 InvalidAction: Could not find operation GetCallerIdentity for version 2011-06-15"},
		{"two regions", "POST", "http://sts.eu-west-1.amazonaws.com/", whoAmI, []string{isForm, scoped("us-east-1", "sts")},
			"400 InvalidRequest: The request names two regions: us-east-1 and eu-west-1."},
		{"IAM in two partitions", "POST", "http://iam.us-gov.amazonaws.com/", "Action=ListUsers&Version=2010-05-08", []string{isForm, scoped("us-east-1", "iam")},
			"400 InvalidRequest: The request names two regions: us-east-1 and us-gov-west-1."},
		{"no such region", "POST", "/", whoAmI, []string{isForm, scoped("mars-1", "sts")}, "403 SignatureDoesNotMatch: Credential should be scoped to a valid region."},
		{"service not here", "PUT", "/table/key", "", []string{scoped("us-east-1", "s3tables")},
			"501 NotImplemented: There is no service s3tables here, which the request names by its credential scope."},

		{"bucket in the path", "PUT", "/bucket", "", []string{scoped("us-west-2", "s3")}, "s3 CreateBucket aws us-west-2"},
		{"bucket with a slash", "GET", "/bucket/?list-type=2", "", []string{scoped("us-west-2", "s3")}, "s3 ListObjectsV2 aws us-west-2"},
		{"bucket in AWS's host", "GET", "http://my.bucket.s3.us-west-2.amazonaws.com/?acl", "", nil, "s3 GetBucketAcl aws us-west-2"},
		{"bucket in a dual-stack host", "GET", "http://bucket.s3.dualstack.eu-west-1.amazonaws.com/a/b", "", nil, "s3 GetObject aws eu-west-1"},
		{"bucket in localhost's name", "GET", "http://bucket.s3.localhost:4810/key", "", []string{scoped("us-west-2", "s3")}, "s3 GetObject aws us-west-2"},
		{"bucket before localhost", "DELETE", "http://bucket.localhost:4810/key", "", []string{scoped("us-west-2", "s3")}, "s3 DeleteObject aws us-west-2"},
		{"a bucket's host and another service", "POST", "http://bucket.localhost/", whoAmI, []string{isForm, scoped("us-west-2", "sts")},
			"400 InvalidRequest: The request names two services: sts by its credential scope, s3 by its host."},
		{"unsigned object", "GET", "/bucket/key", "", nil, "s3 GetObject aws eu-west-1"},
		{"the demanding operation", "PUT", "/bucket/key?partNumber=1&uploadId=x", "", []string{scoped("us-west-2", "s3")}, "s3 UploadPart aws us-west-2"},
		{"demands in headers", "PUT", "/bucket/key?partNumber=1&uploadId=x", "", []string{scoped("us-west-2", "s3"), "x-amz-copy-source: /a/b"}, "s3 UploadPartCopy aws us-west-2"},
		{"the operation that took another's place", "GET", "/bucket?lifecycle", "", []string{scoped("us-west-2", "s3")}, "s3 GetBucketLifecycleConfiguration aws us-west-2"},
		{"key with slashes", "HEAD", "/bucket//a//b/", "", []string{scoped("us-west-2", "s3")}, "s3 HeadObject aws us-west-2"},
		{"an unknown sub-resource", "DELETE", "/bucket?newthing", "", []string{scoped("us-west-2", "s3")},
			"501 NotImplemented: A parameter you provided implies functionality that is not implemented: newthing"},
		{"a key that is no text", "GET", "/bucket/%ff", "", []string{scoped("us-west-2", "s3")}, "400 InvalidURI: Couldn't parse the specified URI."},
		{"no such method", "PATCH", "/bucket/key", "", []string{scoped("us-west-2", "s3")}, "405 MethodNotAllowed: The specified method is not allowed against this resource."},
		{"nothing at all", "GET", "/", "", nil, "403 MissingAuthenticationToken: Request is missing Authentication Token"},

		{"two actions", "POST", "/", "Action=GetCallerIdentity&" + whoAmI, []string{isForm, scoped("us-east-1", "sts")}, "400 InvalidQueryParameter: The parameter Action is there more than once."},
		{"action in both places", "POST", "/?Action=GetSessionToken", whoAmI, []string{isForm, scoped("us-east-1", "sts")}, "400 InvalidQueryParameter: The parameter Action is there more than once."},
		{"any parameter twice", "POST", "/", whoAmI + "&A.member.1=x&B=y&A.member.1=x", []string{isForm, scoped("us-east-1", "sts")}, "400 InvalidQueryParameter: The parameter A.member.1 is there more than once."},
		{"target and action", "POST", "/?Action=GetTrail", "{}", []string{lookup}, "400 InvalidRequest: The request names two operations."},
		{"two targets", "POST", "/", "{}", []string{lookup, lookup}, "400 InvalidRequest: The request names two operations."},
		{"broken escape", "POST", "/", "Action=%zz", []string{isForm, scoped("us-east-1", "sts")}, "404 MalformedQueryString: The query string contains a syntax error."},
		{"broken UTF-8", "POST", "/", "Action=%ff", []string{isForm, scoped("us-east-1", "sts")}, "404 MalformedQueryString: The query string contains a syntax error."},
		{"parameters without end", "POST", "/", strings.Repeat("a&", maxParams+1), []string{isForm, scoped("us-east-1", "sts")}, "400 InvalidQueryParameter: The request has more than 10000 parameters."},

		{"unknown action", "POST", "/", "Action=NoSuchAction&Version=2011-06-15", []string{isForm, scoped("us-east-1", "sts")}, "400 InvalidAction: Could not find operation NoSuchAction for version 2011-06-15"},
		{"empty action", "POST", "/", "Action=&Version=2011-06-15", []string{isForm, scoped("us-east-1", "sts")}, "400 InvalidAction: Could not find operation  for version 2011-06-15"},
		{"no version", "POST", "/", "Action=GetCallerIdentity", []string{isForm, scoped("us-east-1", "sts")}, "400 InvalidAction: Could not find operation GetCallerIdentity for version NO_VERSION_SPECIFIED"},
		{"empty version", "POST", "/", "Action=GetCallerIdentity&Version=", []string{isForm, scoped("us-east-1", "sts")}, "400 InvalidAction: Could not find operation GetCallerIdentity for version "},
		{"no action", "POST", "/", "Version=2011-06-15", []string{isForm, scoped("us-east-1", "sts")}, "400 MissingAction: The request is missing an action or a required parameter."},
		{"form that is not called one", "POST", "/", whoAmI, []string{scoped("us-east-1", "sts")}, "400 MissingAction: The request is missing an action or a required parameter."},
		{"query with a path", "GET", "/x?" + whoAmI, "", []string{scoped("us-east-1", "sts")}, "404 UnknownOperationException: "},
		{"query with PUT", "PUT", "/?" + whoAmI, "", []string{scoped("us-east-1", "sts")}, "405 MethodNotAllowed: The specified method is not allowed against this resource."},
		{"unknown target", "POST", "/", "{}", []string{lookup + "X", scoped("us-east-1", "cloudtrail")}, "400 UnknownOperationException: "},
		{"target without prefix", "POST", "/", "{}", []string{"X-Amz-Target: LookupEvents", scoped("us-east-1", "cloudtrail")}, "400 UnknownOperationException: "},
		{"no target", "POST", "/", "{}", []string{scoped("us-east-1", "cloudtrail")}, "400 UnknownOperationException: "},
		{"unknown target, no service", "POST", "/", "{}", []string{"X-Amz-Target: DynamoDB_20120810.ListTables"}, "400 UnknownOperationException: "},
		{"unknown path", "GET", "/requests/x", "", []string{scoped("us-east-1", "writ")}, "404 UnknownOperationException: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			route, err := router.Resolve(received(t, c.method, c.url, c.body, c.headers...))
			if got := routed(route, err); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func routed(route Route, err error) string {
	var e *writ.Error
	if errors.As(err, &e) {
		return fmt.Sprintf("%d %s", e.Status, e)
	}
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s %s %s %s", route.Operation.Service.Name, route.Operation.Name, route.Scope.Partition, route.Scope.Region)
}

// TestErrorsKnowTheirProtocol is for errors before a service is known.
func TestErrorsKnowTheirProtocol(t *testing.T) {
	router := testRouter(t)
	for want, req := range map[string]*Request{
		"text/xml":                   received(t, "GET", "/", ""),
		"application/x-amz-json-1.1": received(t, "POST", "/", "{}", "X-Amz-Target: DynamoDB_20120810.ListTables"),
		"application/json":           received(t, "GET", "/requests/x", "", scoped("us-east-1", "writ")),
	} {
		route, err := router.Resolve(req)
		e, _ := writ.AsError(err)
		if got := EncodeError(route, e, requestID).Header.Get("Content-Type"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func FuzzResolve(f *testing.F) {
	f.Add("POST", "/", whoAmI, "application/x-www-form-urlencoded", "", "AWS4-HMAC-SHA256 Credential=A/20260102/us-east-1/sts/aws4_request", "localhost")
	f.Add("GET", explainURL, "", "", "A.B", "", "iam.amazonaws.com")
	router := testRouter(f)
	f.Fuzz(func(t *testing.T, method, query, body, contentType, target, authorization, host string) {
		req := received(t, "POST", "/", body)
		req.HTTP.Method, req.HTTP.URL.RawQuery, req.HTTP.Host = method, query, host
		req.HTTP.Header["Content-Type"], req.HTTP.Header["X-Amz-Target"] = []string{contentType}, []string{target}
		req.HTTP.Header["Authorization"] = []string{authorization}
		route, err := router.Resolve(req)
		if e := new(writ.Error); err != nil && !errors.As(err, &e) {
			t.Errorf("error %v is for nobody", err)
		}
		if err == nil && (route.Operation == nil || route.Scope.Partition == "" || route.Scope.Region == "") {
			t.Errorf("half a route: %+v", route)
		}
	})
}
