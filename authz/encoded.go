package authz

import (
	"encoding/base64"
	"encoding/json"
	"slices"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// An encoded message tells those whom their account lets see it why a call was
// denied (STS API reference, DecodeAuthorizationMessage). It quotes policies and
// tags, so it is sealed, and bound to the account of whoever made the call.

// message is the decision in the form that AWS documents.
type message struct {
	Allowed           bool             `json:"allowed"`
	ExplicitDeny      bool             `json:"explicitDeny"`
	MatchedStatements items[statement] `json:"matchedStatements"`
	Failures          items[struct{}]  `json:"failures"`
	Context           struct {
		Principal  messagePrincipal `json:"principal"`
		Action     string           `json:"action"`
		Resource   string           `json:"resource"`
		Conditions items[condition] `json:"conditions"`
	} `json:"context"`
}

type items[T any] struct {
	Items []T `json:"items"`
}

func itemsOf[T any](all ...T) items[T] { return items[T]{append([]T{}, all...)} }

type messagePrincipal struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	ARN  string `json:"arn"`
}

type statement struct {
	ID              string           `json:"statementId"`
	Effect          string           `json:"effect"`
	Principals      items[value]     `json:"principals"`
	PrincipalGroups items[value]     `json:"principalGroups"`
	Actions         items[value]     `json:"actions"`
	Resources       items[value]     `json:"resources"`
	Conditions      items[condition] `json:"conditions"`
}

type condition struct {
	Key    string       `json:"key"`
	Values items[value] `json:"values"`
}

type value struct {
	Value string `json:"value"`
}

// encoded seals why a check failed.
func (a *Authorizer) encoded(c *writ.Call, made *writ.Check) (string, error) {
	var m message
	m.ExplicitDeny = made.Result.Decision == policy.ExplicitDeny
	m.MatchedStatements, m.Failures = itemsOf[statement](), itemsOf[struct{}]()
	if m.ExplicitDeny {
		m.MatchedStatements = matched(c, made)
	}
	m.Context.Principal = messagePrincipal{c.Caller.ID, c.Caller.Name, c.Caller.ARN}
	m.Context.Action, m.Context.Resource = made.Action, made.Resource.ARN
	m.Context.Conditions = itemsOf[condition]()
	for key, values := range made.Request.Context.All() {
		m.Context.Conditions.Items = append(m.Context.Conditions.Items, condition{key, valuesOf(values)})
	}
	text, err := a.sealed(c, &m)
	for _, shorten := range []func(*message){withoutValues, withoutKeys} {
		if err == nil && len(text) > longestMessage {
			shorten(&m)
			text, err = a.sealed(c, &m)
		}
	}
	return text, err
}

// longestMessage is the longest that DecodeAuthorizationMessage takes.
const longestMessage = 10240

func (a *Authorizer) sealed(c *writ.Call, m *message) (string, error) {
	plain, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(a.keys.Seal(store.EncodedMessages, plain, []byte(c.Caller.Account))), nil
}

// withoutValues leaves the statement that denied its id alone. (It is not packed:
// from the length of what is packed, who may not read it could learn what it says.)
func withoutValues(m *message) {
	for i := range m.MatchedStatements.Items {
		s := &m.MatchedStatements.Items[i]
		s.Actions, s.Resources, s.Conditions = itemsOf[value](), itemsOf[value](), itemsOf[condition]()
	}
}

func withoutKeys(m *message) { m.Context.Conditions = itemsOf[condition]() }

// matched is the statement that denied. A policy that does not parse denies with
// none.
func matched(c *writ.Call, made *writ.Check) items[statement] {
	s := made.Result.Statement()
	if s == nil {
		return itemsOf[statement]()
	}
	all := statement{ID: s.Sid, Effect: "DENY", Principals: valuesOf([]string{c.Caller.ID}), PrincipalGroups: valuesOf(nil),
		Actions: quoted(slices.Concat(s.Action, s.NotAction)), Resources: quoted(slices.Concat(s.Resource, s.NotResource)), Conditions: itemsOf[condition]()}
	for _, cond := range s.Conditions {
		all.Conditions.Items = append(all.Conditions.Items, condition{cond.Key.Text, quoted(cond.Values)})
	}
	return itemsOf(all)
}

func quoted(texts []policy.Value) items[value] {
	all := itemsOf[value]()
	for _, t := range texts {
		all.Items = append(all.Items, value{t.Text})
	}
	return all
}

func valuesOf(texts []string) items[value] {
	all := itemsOf[value]()
	for _, t := range texts {
		all.Items = append(all.Items, value{t})
	}
	return all
}

// Decode opens an encoded message for an account. The error is store.ErrSealed
// for what is no message, or another account's.
func Decode(keys *store.Keyring, account, text string) (string, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", store.ErrSealed
	}
	plain, err := keys.Open(store.EncodedMessages, sealed, []byte(account))
	return string(plain), err
}
