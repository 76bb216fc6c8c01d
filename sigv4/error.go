package sigv4

import (
	"errors"
	"fmt"
)

// Error is why a request is refused, in AWS's words for the Query protocol (IAM,
// STS). It never holds a secret, nor what the signature would have been.
type Error struct {
	Code    string // AWS's code: "SignatureDoesNotMatch"
	Message string // AWS's text
	Status  int    // HTTP status

	reason reason
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// reason is what an Error means, whatever a protocol calls it.
type reason uint8

const (
	foreign         reason = iota // not an Error of this package
	missing                       // no signature at all
	incomplete                    // the Authorization header is malformed
	incompleteQuery               // the parameters of a presigned URL are malformed
	ambiguous                     // more than one signature
	malformedURL                  // bad percent escape
	skewed                        // client's clock is off, or the request is old
	expired                       // presigned URL was good once
	early                         // presigned URL is not good yet
	misscoped                     // for another service, region or day
	unsignedHeader                // a header that counts is not covered
	payload                       // body and its declared hash differ
	undeclared                    // S3 wants x-amz-content-sha256
	mismatch                      // wrong secret, or altered on the way
	truncated                     // the chunks end early, or are none
	badTrailer                    // the headers after the last chunk
	unknownKey                    // no such access key
	invalidToken                  // session token is not ours
	expiredToken                  // session token was good once
	reasons                       // how many there are
)

// Style is how a family of services words the same refusals.
type Style uint8

const (
	Query    Style = iota // AWS Query and EC2 (IAM, STS): the form that Parse, Check and Verify return
	JSON                  // AWS JSON 1.0 and 1.1: codes end in Exception, status 400
	RESTJSON              // REST JSON: codes as JSON, status 403
	S3                    // S3's own codes and texts
	styles                // how many there are
)

// wording is the code, status and text of a refusal. Where the text is empty,
// the message of the Error stands; a text with %s frames that message.
type wording struct {
	code   string
	status int
	text   string
}

const (
	textMissing      = "Request is missing Authentication Token"
	textMismatch     = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	textUnknownKey   = "The security token included in the request is invalid."
	textExpiredToken = "The security token included in the request is expired"
	textPayload      = "The provided 'x-amz-content-sha256' header does not match what was computed."

	textHeaderMalformed = "The authorization header is malformed; %s"
)

// wordings has a row for each reason: Query, JSON, RESTJSON, S3
// (API references, "Common Errors"; S3 API Reference, "Error responses").
var wordings = [reasons][styles]wording{
	missing: {
		{"MissingAuthenticationToken", 403, ""}, {"MissingAuthenticationTokenException", 400, ""},
		{"MissingAuthenticationTokenException", 403, ""}, {"AccessDenied", 403, "Access Denied"},
	},
	incomplete: {
		{"IncompleteSignature", 400, ""}, {"IncompleteSignatureException", 400, ""},
		{"IncompleteSignatureException", 400, ""}, {"AuthorizationHeaderMalformed", 400, textHeaderMalformed},
	},
	incompleteQuery: {
		{"IncompleteSignature", 400, ""}, {"IncompleteSignatureException", 400, ""},
		{"IncompleteSignatureException", 400, ""}, {"AuthorizationQueryParametersError", 400, ""},
	},
	ambiguous: {
		{"SignatureDoesNotMatch", 403, ""}, {"InvalidSignatureException", 400, ""},
		{"InvalidSignatureException", 403, ""}, {"InvalidArgument", 400, "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"},
	},
	malformedURL: {
		{"MalformedQueryString", 400, ""}, {"MalformedQueryString", 400, ""},
		{"MalformedQueryString", 400, ""}, {"InvalidURI", 400, "Couldn't parse the specified URI."},
	},
	skewed: {
		{"SignatureDoesNotMatch", 403, ""}, {"InvalidSignatureException", 400, ""},
		{"InvalidSignatureException", 403, ""}, {"RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large."},
	},
	expired: {
		{"SignatureDoesNotMatch", 403, ""}, {"InvalidSignatureException", 400, ""},
		{"InvalidSignatureException", 403, ""}, {"AccessDenied", 403, "Request has expired"},
	},
	early: {
		{"SignatureDoesNotMatch", 403, ""}, {"InvalidSignatureException", 400, ""},
		{"InvalidSignatureException", 403, ""}, {"AccessDenied", 403, "Request is not valid yet"},
	},
	misscoped: {
		{"SignatureDoesNotMatch", 403, ""}, {"InvalidSignatureException", 400, ""},
		{"InvalidSignatureException", 403, ""}, {"AuthorizationHeaderMalformed", 400, textHeaderMalformed},
	},
	unsignedHeader: {
		{"SignatureDoesNotMatch", 403, ""}, {"InvalidSignatureException", 400, ""},
		{"InvalidSignatureException", 403, ""}, {"AccessDenied", 403, ""},
	},
	payload: {
		{"SignatureDoesNotMatch", 403, ""}, {"InvalidSignatureException", 400, ""},
		{"InvalidSignatureException", 403, ""}, {"XAmzContentSHA256Mismatch", 400, ""},
	},
	undeclared: {
		{"SignatureDoesNotMatch", 403, ""}, {"InvalidSignatureException", 400, ""},
		{"InvalidSignatureException", 403, ""}, {"InvalidRequest", 400, ""},
	},
	mismatch: {
		{"SignatureDoesNotMatch", 403, ""}, {"InvalidSignatureException", 400, ""},
		{"InvalidSignatureException", 403, ""}, {"SignatureDoesNotMatch", 403, "The request signature we calculated does not match the signature you provided. Check your key and signing method."},
	},
	truncated: {
		{"IncompleteBody", 400, ""}, {"IncompleteBody", 400, ""},
		{"IncompleteBody", 400, ""}, {"IncompleteBody", 400, ""},
	},
	badTrailer: {
		{"MalformedTrailerError", 400, ""}, {"MalformedTrailerError", 400, ""},
		{"MalformedTrailerError", 400, ""}, {"MalformedTrailerError", 400, ""},
	},
	unknownKey: {
		{"InvalidClientTokenId", 403, ""}, {"UnrecognizedClientException", 400, ""},
		{"UnrecognizedClientException", 403, ""}, {"InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."},
	},
	invalidToken: {
		{"InvalidClientTokenId", 403, ""}, {"UnrecognizedClientException", 400, ""},
		{"UnrecognizedClientException", 403, ""}, {"InvalidToken", 400, "The provided token is malformed or otherwise invalid."},
	},
	expiredToken: {
		{"ExpiredToken", 403, ""}, {"ExpiredTokenException", 400, ""},
		{"ExpiredTokenException", 403, ""}, {"ExpiredToken", 400, "The provided token has expired."},
	},
}

func refuse(why reason, format string, args ...any) *Error {
	w := wordings[why][Query]
	return &Error{Code: w.code, Status: w.status, Message: fmt.Sprintf(format, args...), reason: why}
}

// For is e in the words of another family of services. An Error that this
// package did not make is returned unchanged.
func (e *Error) For(style Style) *Error {
	if style >= styles || e.reason == foreign {
		return e
	}
	w := wordings[e.reason][style]
	message := e.Message
	switch w.text {
	case "":
	case textHeaderMalformed:
		message = fmt.Sprintf(w.text, e.Message)
	default:
		message = w.text
	}
	return &Error{Code: w.code, Status: w.status, Message: message, reason: e.reason}
}

// The caller, who knows the credentials, answers with the errors below.

// UnknownKey refuses an access key that does not exist, or may not be used.
func UnknownKey() *Error { return refuse(unknownKey, textUnknownKey) }

// InvalidToken refuses a session token that does not belong to its access key.
func InvalidToken() *Error { return refuse(invalidToken, textUnknownKey) }

// ExpiredToken refuses a session that is over.
func ExpiredToken() *Error { return refuse(expiredToken, textExpiredToken) }

// IsMissing tells whether err says that a request is not signed at all, for
// operations that may be called so.
func IsMissing(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.reason == missing
}
