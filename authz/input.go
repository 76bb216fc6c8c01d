package authz

import (
	"reflect"
	"strconv"

	"github.com/writ-iam/writ"
)

// The functions of this file read members of an input by name, since rules are
// data and inputs are plain structs.

// member returns a member's value, following a pointer; the zero Value if it is absent.
func member(input any, name string) reflect.Value {
	v := reflect.Indirect(reflect.ValueOf(input))
	if v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	f := v.FieldByName(name)
	if !f.IsValid() || f.IsZero() {
		return reflect.Value{}
	}
	return reflect.Indirect(f)
}

// asked is what holds a member of a call: its input, or what a provider says of
// somebody who signs in and whose input has nothing of the kind.
func asked(c *writ.Call, name string) any {
	if i := c.Caller.Identity; i != nil && !present(c.Input, name) {
		return i
	}
	return c.Input
}

func present(input any, name string) bool { return member(input, name).IsValid() }

// text returns a scalar member as a context key or template shows it, "" if it is absent.
func text(input any, name string) string {
	v := member(input, name)
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	}
	return ""
}

// texts returns a list of strings, nil if the member is absent or no such list.
func texts(input any, name string) []string {
	list, _ := reflect.TypeAssert[[]string](orNil(member(input, name)))
	return list
}

func orNil(v reflect.Value) reflect.Value {
	if v.IsValid() {
		return v
	}
	return reflect.ValueOf([]string(nil))
}

// tags calls yield for each element of a list of structs with Key and Value.
func tags(input any, name string, yield func(key, value string)) {
	list := member(input, name)
	if list.Kind() != reflect.Slice {
		return
	}
	for i := range list.Len() {
		tag := list.Index(i).Interface()
		yield(text(tag, "Key"), text(tag, "Value"))
	}
}
