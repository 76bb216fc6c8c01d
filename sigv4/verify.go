package sigv4

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
)

// Verify proves that the request was signed with the key and is what was
// signed. It fails unless Check has passed on the same request.
//
// hash is the SHA-256 of the body, or nil if the body has not been read: then
// the declared Payload is believed, and the body must be read through Body.
// Errors are *Error. A mismatch does not tell what the signature would be.
func (s *Signature) Verify(r *http.Request, hash []byte, key *Key) error {
	if s.state < checked || key == nil {
		return refuse(mismatch, textMismatch)
	}
	w := scratches.Get().(*scratch)
	defer w.release()
	line, err := w.payloadLine(s.Payload, hash)
	if err != nil {
		return err
	}
	if err := w.canonicalRequest(r, s, line); err != nil {
		return err
	}
	want := w.sign(s, key)
	w.given = append(w.given[:0], s.signature...)
	if subtle.ConstantTimeCompare(want, w.given) != 1 {
		return refuse(mismatch, textMismatch)
	}
	s.key, s.state = key, verified
	return nil
}

// payloadLine is the last line of the canonical request.
func (w *scratch) payloadLine(declared Payload, hash []byte) ([]byte, error) {
	w.payload = w.payload[:0]
	if hash == nil {
		if declared == "" {
			return nil, refuse(undeclared, "Missing required header for this request: x-amz-content-sha256")
		}
		return append(w.payload, declared...), nil
	}
	if declared != "" && !declared.hashed() {
		return append(w.payload, declared...), nil
	}
	w.payload = hex.AppendEncode(w.payload, hash)
	if len(hash) != sha256.Size || declared != "" && string(declared) != string(w.payload) {
		return nil, refuse(payload, "%s", textPayload)
	}
	return w.payload, nil
}
