// Package checksum knows the digests by which S3 and its clients prove that an
// object has arrived whole.
//
// Its one idea: an algorithm is a name, from which its header, its hash and the
// member of the API follow (S3 User Guide, "Checking object integrity").
package checksum

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"strings"

	"github.com/minio/crc64nvme"
)

// Algorithm is the name of one, as the API has it: "CRC32", "SHA256".
type Algorithm string

// The algorithms that are computed here.
const (
	CRC32     Algorithm = "CRC32"
	CRC32C    Algorithm = "CRC32C"
	CRC64NVME Algorithm = "CRC64NVME"
	SHA1      Algorithm = "SHA1"
	SHA256    Algorithm = "SHA256"
	MD5       Algorithm = "MD5" // of Content-MD5 and ETags
)

// Algorithms are those that a client may choose for an object.
var Algorithms = []Algorithm{CRC32, CRC32C, CRC64NVME, SHA1, SHA256}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// New returns a hash of the algorithm, nil for one that is not known here.
func (a Algorithm) New() hash.Hash {
	switch a {
	case CRC32:
		return crc32.NewIEEE()
	case CRC32C:
		return crc32.New(castagnoli)
	case CRC64NVME:
		return crc64nvme.New()
	case SHA1:
		return sha1.New()
	case SHA256:
		return sha256.New()
	case MD5:
		return md5.New()
	}
	return nil
}

// Header is the name of the header or trailer that holds the digest.
func (a Algorithm) Header() string {
	if a == MD5 {
		return "Content-MD5"
	}
	return "x-amz-checksum-" + strings.ToLower(string(a))
}

// Encode is a digest as headers hold it: in base64.
func Encode(h hash.Hash) string { return base64.StdEncoding.EncodeToString(h.Sum(nil)) }

// Valid says whether a text is a digest of the algorithm: base64 of its size.
func (a Algorithm) Valid(text string) bool {
	sum, err := base64.StdEncoding.DecodeString(text)
	return err == nil && len(sum) == a.New().Size()
}
