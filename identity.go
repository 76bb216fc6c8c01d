package writ

import "time"

// Identity is what a provider says of somebody who signs in with a token or an
// assertion of it, once that is proved (AssumeRoleWithWebIdentity,
// AssumeRoleWithSAML).
type Identity struct {
	Provider   string // ARN of the provider
	ProviderID string // its unique id
	Issuer     string // how the provider names itself
	Subject    string
	Audience   string // whom the token is for; the recipient of an assertion

	SubjectType   string // of an assertion: "persistent", "transient" or a URI
	NameQualifier string // of an assertion: names the provider in audit events

	AssertionID    string    // of an assertion, which is good once
	Redeemable     time.Time // until when the assertion could be used again
	SessionEnd     time.Time // latest end of what follows; zero if the provider sets none
	SessionName    string    // role session name, where the provider gives it
	SourceIdentity string
	Tags           []Tag // session tags
	// TransitiveTagKeys are keys of Tags that role chaining hands on.
	TransitiveTagKeys []string

	// Keys are the context keys of the sign-in itself; SessionKeys are those of
	// them that the session's later calls have, too.
	Keys        map[string][]string
	SessionKeys map[string][]string
}

// Tag is a key with a value.
type Tag struct{ Key, Value string }
