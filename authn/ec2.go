package authn

import (
	"net/http"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/sigv4"
)

// ec2 says a refusal in EC2's words (EC2 API reference, "Error codes"): it does
// not tell an unknown key from a wrong signature.
func ec2(e *sigv4.Error) error {
	switch e.Code {
	case "InvalidClientTokenId", "SignatureDoesNotMatch", "MissingAuthenticationToken":
		return writ.Errorf(http.StatusUnauthorized, "AuthFailure", "AWS was not able to validate the provided access credentials")
	case "ExpiredToken":
		return writ.Errorf(http.StatusBadRequest, "RequestExpired", "Request has expired.")
	}
	return writ.Errorf(e.Status, e.Code, "%s", e.Message)
}
