package checksum_test

import (
	"encoding/base64"
	"encoding/hex"
	"testing"

	"github.com/writ-iam/writ/checksum"
)

// The check values of the catalogue of parametrised CRC algorithms, and the
// digests of RFC 1321, RFC 3174 and FIPS 180 of "123456789".
func TestKnownDigests(t *testing.T) {
	for algorithm, want := range map[checksum.Algorithm]string{
		checksum.CRC32:     "cbf43926",
		checksum.CRC32C:    "e3069283",
		checksum.CRC64NVME: "ae8b14860a799888",
		checksum.SHA1:      "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
		checksum.SHA256:    "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
		checksum.MD5:       "25f9e794323b453885f5181f1b624d0b",
	} {
		h := algorithm.New()
		h.Write([]byte("123456789"))
		sum := h.Sum(nil)
		if got := hex.EncodeToString(sum); got != want {
			t.Errorf("%s: %s, want %s", algorithm, got, want)
		}
		longer := base64.StdEncoding.EncodeToString(append(sum, 0))
		if text := checksum.Encode(h); !algorithm.Valid(text) || algorithm.Valid(text[1:]) || algorithm.Valid(longer) {
			t.Errorf("%s: Valid is wrong about %s", algorithm, text)
		}
	}
	if checksum.Algorithm("XXHASH3").New() != nil {
		t.Error("an algorithm that is not known has a hash")
	}
}
