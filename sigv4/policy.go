package sigv4

import (
	"crypto/hmac"
	"encoding/hex"
)

// SignText signs a text as it is: the policy of a browser's form (S3 API
// Reference, "Authenticating requests in browser-based uploads using POST").
func (k *Key) SignText(text string) string { return hex.EncodeToString(k.appendMAC(nil, []byte(text))) }

// VerifyText checks such a signature, in constant time.
func (k *Key) VerifyText(text, signature string) bool {
	given, err := hex.DecodeString(signature)
	return err == nil && hmac.Equal(k.appendMAC(nil, []byte(text)), given)
}
