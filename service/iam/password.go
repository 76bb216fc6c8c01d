package iam

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/writ-iam/writ"
)

// The cost of a password hash: OWASP's second choice for argon2id, about a
// tenth of a second here.
const (
	hashMemory  = 19 << 10 // KiB
	hashPasses  = 2
	hashThreads = 1
	hashSize    = 32
	saltSize    = 16
)

// hashWait is how long a password waits for its turn to be hashed.
const hashWait = 5 * time.Second

// hashing bounds how many passwords are hashed at once: each takes a processor
// and 19 MiB, and everybody may ask for one.
type hashing chan struct{}

func newHashing() hashing { return make(hashing, runtime.GOMAXPROCS(0)) }

// turn runs f when it may. It refuses what would have to wait too long.
func (h hashing) turn(ctx context.Context, f func()) error {
	late := time.NewTimer(hashWait)
	defer late.Stop()
	select {
	case h <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	case <-late.C:
		return writ.Errorf(503, "ServiceUnavailable",
			"The request has failed due to a temporary failure of the server.")
	}
	defer func() { <-h }()
	f()
	return nil
}

// hashed is argon2id of a password in the PHC string format.
type hashed string

// recipe is how a password was hashed: stored hashes outlive changes of the cost.
type recipe struct {
	memory, passes uint32
	threads        uint8
	salt           []byte
}

// newRecipe has the cost of today and a new salt.
func newRecipe() recipe {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	return recipe{hashMemory, hashPasses, hashThreads, salt}
}

func hashPassword(password string) hashed { return newRecipe().hash(password) }

func (r recipe) hash(password string) hashed {
	sum := argon2.IDKey([]byte(password), r.salt, r.passes, r.memory, r.threads, hashSize)
	b64 := base64.RawStdEncoding
	return hashed(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, r.memory, r.passes, r.threads,
		b64.EncodeToString(r.salt), b64.EncodeToString(sum)))
}

// recipe reads how a hash was made; a new one if h is no hash at all.
func (h hashed) recipe() recipe {
	var r recipe
	parts := strings.Split(string(h), "$")
	if len(parts) != 6 {
		return newRecipe()
	}
	_, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &r.memory, &r.passes, &r.threads)
	if err != nil || r.passes == 0 || r.threads == 0 {
		return newRecipe()
	}
	if r.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return newRecipe()
	}
	return r
}

// matches says whether h is the hash of a password. It hashes whatever h is, so
// that a user who has no password costs as much as one who has.
func (h hashed) matches(password string) bool { return h.equal(h.recipe().hash(password)) }

func (h hashed) equal(other hashed) bool {
	return subtle.ConstantTimeCompare([]byte(h), []byte(other)) == 1
}
