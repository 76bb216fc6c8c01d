package wire

import (
	"net/http"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/checksum"
)

// checkDigests holds a whole body against the digests that came with it. (What
// streams is for its service to check.)
func checkDigests(h http.Header, body []byte) error {
	for _, a := range append([]checksum.Algorithm{checksum.MD5}, checksum.Algorithms...) {
		given := h.Get(a.Header())
		if given == "" {
			continue
		}
		sum := a.New()
		sum.Write(body)
		if err := writ.CheckDigest(a, given, sum); err != nil {
			return err
		}
	}
	return nil
}
