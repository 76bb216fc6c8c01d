package catalogue

import (
	"slices"
	"strings"
)

// ConditionKey is a name that policies can compare with.
type ConditionKey struct {
	// Name is the key, or a template for keys: "aws:RequestTag/${TagKey}".
	Name string `json:"name"`
	// Type is AWS's word for its values: String, ARN, Bool, Numeric, Date or
	// IPAddress, with ArrayOf before it if a request can hold several.
	Type string `json:"type"`
}

// Multivalued says whether a request can hold several values of the key, so that
// conditions on it need ForAllValues or ForAnyValue.
func (k *ConditionKey) Multivalued() bool { return strings.HasPrefix(k.Type, arrayOf) }

// ValueType is the type of one value: String, ARN, Bool, Numeric, Date or IPAddress.
func (k *ConditionKey) ValueType() string { return strings.TrimPrefix(k.Type, arrayOf) }

const arrayOf = "ArrayOf"

// Files of the archive that hold condition keys and no service.
const (
	globalKeys  = "keys/global"  // any request can have them
	foreignKeys = "keys/foreign" // their prefix is no service, or one that does not have them: "saml:aud"
)

func isKeyFile(name string) bool { return strings.HasPrefix(name, "keys/") }

// GlobalKeys returns the condition keys that any request can have, by name. A
// few belong to services: "ec2:SourceInstanceArn".
func GlobalKeys() []ConditionKey { return services()[globalKeys]().ConditionKeys }

// LookupKey returns the condition key with this full name, in whatever case,
// global or of a service. "aws:PrincipalTag/team" and the template itself both
// give "aws:PrincipalTag/${TagKey}". Keys of OIDC providers are known only for
// the providers that AWS documents.
func LookupKey(name string) (*ConditionKey, bool) {
	prefix, _, _ := strings.Cut(strings.ToLower(name), ":")
	for _, file := range []string{globalKeys, prefix, foreignKeys} {
		if open, ok := services()[file]; ok {
			if k, ok := open().ConditionKey(name); ok {
				return k, true
			}
		}
	}
	return nil, false
}

// ConditionKey returns the service's condition key with this full name, in
// whatever case, or the template that the name fits.
func (s *Service) ConditionKey(name string) (*ConditionKey, bool) {
	if k, ok := find(s.ConditionKeys, name, func(k *ConditionKey) string { return k.Name }); ok {
		return k, true
	}
	name = strings.ToLower(name)
	i := slices.IndexFunc(s.ConditionKeys, func(k ConditionKey) bool {
		return fits(strings.ToLower(k.Name), name)
	})
	if i < 0 {
		return nil, false
	}
	return &s.ConditionKeys[i], true
}

// fits says whether a name is made from a template by putting one or more
// characters in place of each ${variable}.
func fits(template, name string) bool {
	text, template, variable := strings.Cut(template, "${")
	name, ok := strings.CutPrefix(name, text)
	for ok && variable && name != "" {
		_, template, _ = strings.Cut(template, "}")
		text, template, variable = strings.Cut(template, "${")
		if !variable {
			return strings.HasSuffix(name[1:], text)
		}
		_, name, ok = strings.Cut(name[1:], text)
	}
	return ok && !variable && name == ""
}
