package imds

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"github.com/writ-iam/writ/store"
)

// seals makes and checks what an instance proves itself with. A seal is bound
// to the instance and to what it is for, opens on every node, and nothing of it
// is stored; AEAD compares in constant time.
type seals struct {
	keys *store.Keyring
	id   string
}

// What a seal is for.
const (
	sessionSeal   = "session"   // X-aws-ec2-metadata-token
	addressSeal   = "address"   // the path that stands for the instance on a shared listener
	containerSeal = "container" // AWS_CONTAINER_AUTHORIZATION_TOKEN
)

// encoding needs no escaping in a path.
var encoding = base64.RawURLEncoding.Strict()

// maxSeal bounds what is looked at.
const maxSeal = 256

// make returns a seal that is good until a time.
func (s seals) make(purpose string, until time.Time) string {
	plain := binary.BigEndian.AppendUint64(nil, uint64(until.Unix()))
	return encoding.EncodeToString(s.keys.Seal(store.MetadataSeals, plain, s.context(purpose)))
}

// check returns how long a seal is still good; ok is false if it is not.
func (s seals) check(purpose, seal string, now time.Time) (left time.Duration, ok bool) {
	// Strict decoders skip line ends all the same.
	if len(seal) > maxSeal || strings.ContainsAny(seal, "\r\n") {
		return 0, false
	}
	sealed, err := encoding.DecodeString(seal)
	if err != nil {
		return 0, false
	}
	plain, err := s.keys.Open(store.MetadataSeals, sealed, s.context(purpose))
	if err != nil || len(plain) != 8 {
		return 0, false
	}
	left = time.Unix(int64(binary.BigEndian.Uint64(plain)), 0).Sub(now)
	return left, left > 0
}

func (s seals) context(purpose string) []byte { return []byte(purpose + "\x00" + s.id) }

// lasting is the end of seals that are good as long as their instance runs.
var lasting = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
