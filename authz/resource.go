package authz

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// names are how the input names the things that a check is about: one "" if it
// names none, or if they need no looking up. Structures go by their place.
func names(c *writ.Call, check *model.Check) []string {
	if check.Type == "" || check.ID == "" {
		return []string{""}
	}
	if strings.Contains(check.ID, "{") {
		return []string{expand(check.ID, c)}
	}
	var all []string
	walk(reflect.ValueOf(c.Input), check.ID, func(v reflect.Value) {
		if v.Kind() == reflect.Struct {
			all = append(all, strconv.Itoa(len(all)))
			return
		}
		all = append(all, show(v))
	})
	if len(all) == 0 {
		return []string{""}
	}
	return all
}

// resource finds what a check is about (model.Check says how it is named).
func (a *Authorizer) resource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	switch {
	case check.Type != "":
		return a.existing(tx, c, check, id)
	case check.ARN != "":
		return writ.Resource{ARN: expand(check.ARN, c), Type: check.Kind, Label: expand(check.Label, c)}, nil
	default:
		return writ.Resource{ARN: "*"}, nil
	}
}

// existing asks the service that owns the type.
func (a *Authorizer) existing(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	owner, ok := a.sources.Resources[check.Owner()]
	if !ok {
		return writ.Resource{}, fmt.Errorf("authz: no service answers for %s", check.Action)
	}
	if id == "" && check.Self && c.Caller.Type == policy.User {
		id = c.Caller.Name
	}
	r, err := owner.Resource(tx, c, check, id)
	if check.Label != "" {
		r.Label = expand(check.Label, c)
	}
	if r.Type == "" && check.Type != model.AnyType {
		r.Type = check.Type
	}
	return r, err
}

// expand fills a template of a rule. A member that is absent and has no text to
// stand for it becomes "".
func expand(template string, c *writ.Call) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(fill(name, c))
		template = after
	}
}

func fill(name string, c *writ.Call) string {
	name, fallback, _ := strings.Cut(name, "|")
	switch name {
	case "partition":
		return c.Scope.Partition
	case "account":
		return c.Scope.Account
	case "region":
		return c.Scope.Region
	}
	if v := text(c.Input, name); v != "" {
		return v
	}
	return fallback
}
