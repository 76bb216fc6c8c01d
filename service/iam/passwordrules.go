package iam

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	api "github.com/writ-iam/writ/api/iam"
)

// violation refuses a password; the reasons are in AWS's words.
func violation(reasons ...string) error {
	return api.PasswordPolicyViolationException("%s", strings.Join(reasons, ", "))
}

// classes are the kinds of characters that policies ask for, and what AWS says
// where one is missing. Symbols are those that the IAM User Guide lists.
var classes = []struct {
	has      func(r rune) bool
	demanded func(p *passwordPolicy) bool
	missing  string
}{
	{func(r rune) bool { return 'A' <= r && r <= 'Z' }, func(p *passwordPolicy) bool { return p.Uppercase },
		"Password should have at least one uppercase letter"},
	{func(r rune) bool { return 'a' <= r && r <= 'z' }, func(p *passwordPolicy) bool { return p.Lowercase },
		"Password should have at least one lowercase letter"},
	{func(r rune) bool { return r < 0x80 && unicode.IsDigit(r) }, func(p *passwordPolicy) bool { return p.Numbers },
		"Password should have at least one number"},
	{func(r rune) bool { return strings.ContainsRune("!@#$%^&*()_+-=[]{}|'", r) }, func(p *passwordPolicy) bool { return p.Symbols },
		"Password should have at least one symbol"},
}

// check demands what the account's policy says of a password's characters, or
// AWS's default policy says where the account has none. Whatever it says, the
// commonest passwords are refused.
func (p *passwordPolicy) check(a *account, password string) error {
	broken := p.broken(a, password)
	if len(broken) > 0 {
		return violation(broken...)
	}
	if isCommon(password) {
		return violation("Password is one of those that are tried first, with or without digits and symbols around it")
	}
	return nil
}

func (p *passwordPolicy) broken(a *account, password string) []string {
	if p == nil {
		return brokenDefault(a, password)
	}
	broken := tooShort(password, p.MinLength)
	for _, class := range classes {
		if class.demanded(p) && !strings.ContainsFunc(password, class.has) {
			broken = append(broken, class.missing)
		}
	}
	return broken
}

// The default policy: eight characters, of three classes, and neither the
// account's name nor its e-mail address (IAM User Guide, "Default password policy").
const defaultLength, defaultClasses = 8, 3

func brokenDefault(a *account, password string) []string {
	broken := tooShort(password, defaultLength)
	var missing []string
	for _, class := range classes {
		if !strings.ContainsFunc(password, class.has) {
			missing = append(missing, class.missing)
		}
	}
	if lacking := defaultClasses - (len(classes) - len(missing)); lacking > 0 {
		broken = append(broken, fmt.Sprintf("Password should meet %d more of the following requirements: %s", lacking, strings.Join(missing, ", ")))
	}
	if strings.EqualFold(password, a.Email) || strings.EqualFold(password, a.Alias) {
		broken = append(broken, "Password should not be identical to the account name or email address")
	}
	return broken
}

func tooShort(password string, least int) []string {
	if utf8.RuneCountInString(password) >= least {
		return nil
	}
	return []string{fmt.Sprintf("Password should have a minimum length of %d", least)}
}

// errReused is the refusal of a password that is the user's own from before.
func errReused() error {
	return violation("Policy constraint violation with password reuse prevention during password change.")
}
