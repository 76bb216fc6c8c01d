package checksum_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/writ-iam/writ/checksum"
)

func sum(a checksum.Algorithm, data []byte) []byte {
	h := a.New()
	h.Write(data)
	return h.Sum(nil)
}

// What is combined of parts is what is computed of the whole.
func TestCombine(t *testing.T) {
	data := make([]byte, 100_000)
	random := rand.NewChaCha8([32]byte{})
	random.Read(data)
	for _, a := range checksum.Algorithms {
		if !a.Combines() {
			continue
		}
		for _, at := range []int{0, 1, 7, 4096, 65_537, len(data)} {
			got := a.Combine(sum(a, data[:at]), sum(a, data[at:]), int64(len(data)-at))
			if !bytes.Equal(got, sum(a, data)) {
				t.Errorf("%s, cut at %d: %x, want %x", a, at, got, sum(a, data))
			}
		}
	}
	if checksum.SHA256.Combines() || checksum.MD5.Combines() {
		t.Error("only CRCs combine")
	}
}
