package authn

import (
	"net/http"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/sigv4"
)

// formFields are what a signed form must have, beside a token if it is signed
// with temporary credentials. All but the policy say how it is signed.
var formFields = []string{"policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"}

// formAge is how long a form's signing key counts; its policy says when it ends
// itself.
const formAge, formSkew = 7 * 24 * time.Hour, 15 * time.Minute

// AuthenticateForm is Authenticate for the form of a browser, given by its fields
// (S3 API Reference, "Authenticating requests in browser-based uploads using
// POST"). What is signed is its policy; that the form is as the policy says is
// for the service to see.
func (a *Authenticator) AuthenticateForm(c *writ.Call, r *http.Request, fields map[string]string) error {
	if _, err := sigv4.Parse(r); !sigv4.IsMissing(err) {
		return formArgument("Authorization", "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified")
	}
	if isUnsigned(fields) {
		c.Caller = &writ.Caller{}
		return nil
	}
	sig, err := formSignature(c, fields)
	if err != nil {
		return err
	}
	return told(c, a.verifyForm(c, sig, fields))
}

func isUnsigned(fields map[string]string) bool {
	for _, name := range append(formFields, "signature", "awsaccesskeyid", "x-amz-security-token") {
		if _, ok := fields[name]; ok {
			return false
		}
	}
	return true
}

// formSignature reads how a form is signed.
func formSignature(c *writ.Call, fields map[string]string) (*sigv4.Signature, error) {
	for _, name := range formFields {
		if fields[name] == "" {
			return nil, formArgument(name, "Bucket POST must contain a field named '"+name+"'.  If it is specified, please check the order of the fields.")
		}
	}
	if fields["x-amz-algorithm"] != "AWS4-HMAC-SHA256" {
		return nil, formArgument("x-amz-algorithm", "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"")
	}
	at, err := time.Parse("20060102T150405Z", fields["x-amz-date"])
	if err != nil {
		return nil, formArgument("x-amz-date", "X-Amz-Date must be formated via ISO8601 Long format")
	}
	credential := strings.Split(fields["x-amz-credential"], "/")
	if n := len(credential); n != 5 || credential[1] != at.Format("20060102") || credential[3] != "s3" || credential[4] != "aws4_request" {
		return nil, formArgument("x-amz-credential", "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".")
	}
	if c.Time.Sub(at) > formAge || at.Sub(c.Time) > formSkew {
		return nil, writ.AccessDenied("Invalid according to Policy: Policy expired.")
	}
	return &sigv4.Signature{AccessKeyID: credential[0], Scope: sigv4.Scope{Date: credential[1], Region: credential[2], Service: credential[3]},
		Time: at, SessionToken: fields["x-amz-security-token"]}, nil
}

func (a *Authenticator) verifyForm(c *writ.Call, sig *sigv4.Signature, fields map[string]string) error {
	secret, caller, err := a.caller(c, sig)
	if err != nil {
		return err
	}
	if !a.signing.Key(sig.AccessKeyID, secret, sig.Scope).VerifyText(fields["policy"], fields["x-amz-signature"]) {
		return writ.Errorf(http.StatusForbidden, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
	}
	return a.proved(c, caller, writ.Signed{Form: true, Time: sig.Time})
}

func formArgument(name, message string) error {
	e := writ.Errorf(http.StatusBadRequest, "InvalidArgument", "%s", message)
	e.Fields = map[string]any{"ArgumentName": name}
	return e
}
