package writ

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
)

// Prefixes of unique ids (IAM User Guide, "IAM identifiers").
const (
	UserID            = "AIDA"
	RoleID            = "AROA"
	GroupID           = "AGPA"
	InstanceProfileID = "AIPA"
	PolicyID          = "ANPA"
	LongTermKeyID     = "AKIA"
	TemporaryKeyID    = "ASIA"

	ServerCertificateID = "ASCA"
	ServiceCredentialID = "ACCA"
	SSHKeyID            = "APKA"
)

// base32 without padding, in the alphabet of AWS's ids: A-Z2-7.
var idEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewID makes a unique id of 21 characters: the prefix and 85 random bits.
func NewID(prefix string) string {
	var b [11]byte
	rand.Read(b[:])
	return prefix + idEncoding.EncodeToString(b[:])[:17]
}

// NewAccessKeyID makes an access key id of 20 characters that carries its
// account, as AWS's have since 2019: of the 80 bits after the prefix the first
// is set, the next 40 are the account number, the rest is random.
func NewAccessKeyID(prefix, account string) string {
	n, err := strconv.ParseUint(account, 10, 40)
	if err != nil {
		panic(fmt.Sprintf("writ: account %q is not a number of 12 digits", account))
	}
	var b [10]byte
	rand.Read(b[:])
	tail := uint64(b[5] & 0x7f) // the seven random bits that share the 48 with the account
	var head [8]byte
	binary.BigEndian.PutUint64(head[:], 1<<47|n<<7|tail)
	copy(b[:6], head[2:])
	return prefix + idEncoding.EncodeToString(b[:])
}

// AccountOfKey returns the account that an access key id carries; ok is false
// for ids that carry none.
func AccountOfKey(id string) (account string, ok bool) {
	if len(id) != 20 {
		return "", false
	}
	b, err := idEncoding.DecodeString(id[4:])
	if err != nil || b[0]&0x80 == 0 {
		return "", false
	}
	var head [8]byte
	copy(head[2:], b[:6])
	n := binary.BigEndian.Uint64(head[:]) >> 7 & (1<<40 - 1)
	return fmt.Sprintf("%012d", n), n < 1e12
}

// NewSecret makes a secret access key: 240 random bits in 40 characters of base64's alphabet.
func NewSecret() string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	var b [40]byte
	rand.Read(b[:])
	for i := range b {
		b[i] = alphabet[b[i]&63]
	}
	return string(b[:])
}

// CanonicalID is the canonical user id of an account, by which S3's owners, ACLs
// and policies name it: 64 hex digits that stay.
func CanonicalID(account string) string {
	sum := sha256.Sum256([]byte("canonical user id of account " + account))
	return hex.EncodeToString(sum[:])
}
