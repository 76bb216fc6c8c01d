package iam

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed commonpasswords.txt
var commonText string

// commonPasswords are those that are tried first, in lower case.
var commonPasswords = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
			all[line] = true
		}
	}
	return all
})

// shortest is the length of the shortest word that makes a password a common one.
const shortest = 4

// isCommon says whether a password is one of those that are tried first, or
// such a one in disguise: in capitals, with digits and symbols around it, or
// with those that look like its letters ("P@ssw0rd1!", "Summer2026!", "1qaz@WSX").
func isCommon(password string) bool {
	lower := strings.ToLower(password)
	for _, form := range []string{
		lower,
		unlike.Replace(lower),
		strings.TrimRight(lower, symbols),
		strings.TrimRight(unlike.Replace(lower), digits+symbols),
		unlike.Replace(strings.Trim(lower, digits+symbols)),
		unshifted.Replace(lower),
	} {
		if len(form) >= shortest && commonPasswords()[form] {
			return true
		}
	}
	return false
}

const (
	digits  = "0123456789"
	symbols = "!@#$%^&*()_+-=[]{}|'\"\\,.<>/?:;`~ "
)

var (
	// unlike undoes what looks like a letter.
	unlike = strings.NewReplacer("@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t")
	// unshifted undoes what the shift key makes of digits.
	unshifted = strings.NewReplacer("!", "1", "@", "2", "#", "3", "$", "4", "%", "5", "^", "6", "&", "7", "*", "8", "(", "9", ")", "0")
)
