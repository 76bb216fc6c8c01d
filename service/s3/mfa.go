package s3

import (
	"errors"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// Codes is what S3 needs of IAM for MFA delete.
type Codes interface {
	// UseCode uses up a one-time code of a device of the caller and says whether
	// it was good. A device that is not the caller's is store.ErrNotFound.
	UseCode(c *writ.Call, serial, code string) (good bool, err error)
}

// prove asks for the second factor where the bucket or the call demands one: the
// caller must be the bucket's root user, and the header hold serial number and
// code of a device (S3 User Guide, "Configuring MFA delete"). It is asked before
// the transaction, which must hold against the bucket whether it has proved.
func (s *Service) prove(c *writ.Call, name string, header *string, demanded bool) (proved bool, err error) {
	b, err := s.bucket(c, name)
	if err != nil {
		return false, err
	}
	if b.MFADelete != enabled && !demanded {
		return false, nil
	}
	if s.codes == nil {
		return false, writ.NotImplemented("MFA delete is not implemented.")
	}
	serial, code, ok := strings.Cut(value(header), " ")
	if !ok || c.Caller.Type != policy.RootUser || c.Caller.Account != b.Account {
		return false, withoutMFA()
	}
	good, err := s.codes.UseCode(c, serial, code)
	if errors.Is(err, store.ErrNotFound) || err == nil && !good {
		return false, withoutMFA()
	}
	return err == nil, err
}

func withoutMFA() error {
	return writ.AccessDenied("Mfa Authentication must be used for this request")
}
