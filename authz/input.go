package authz

import (
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/internal/field"
)

// The functions of this file read an input by the paths of rules (model.Check
// says what a path is), since rules are data and inputs are plain structs.

// walk calls yield for each value at a path below v that is not absent. several
// says whether the path leads through a list.
func walk(v reflect.Value, path string, yield func(reflect.Value)) (several bool) {
	v = reflect.Indirect(v)
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8 {
		for i := range v.Len() {
			walk(v.Index(i), path, yield)
		}
		return true
	}
	if path == "" {
		if v.IsValid() {
			yield(v)
		}
		return false
	}
	step, rest, _ := strings.Cut(path, ".")
	name, only, chosen := strings.Cut(step, "[")
	if v.Kind() != reflect.Struct {
		return false
	}
	f := field.ByName(v, name)
	switch {
	case !f.IsValid() || f.IsZero():
		return false
	case chosen:
		return walkChosen(f, strings.TrimSuffix(only, "]"), rest, yield)
	}
	return walk(f, rest, yield)
}

// walkChosen goes on from the elements of a list of which a member is as only,
// "Member=value", says.
func walkChosen(list reflect.Value, only, rest string, yield func(reflect.Value)) bool {
	name, value, _ := strings.Cut(only, "=")
	for i := range list.Len() {
		if elem := list.Index(i); text(elem.Interface(), name) == value {
			walk(elem, rest, yield)
		}
	}
	return true
}

// asked is what holds a member of a call: its input, or what a provider says of
// somebody who signs in and whose input has nothing of the kind.
func asked(c *writ.Call, name string) any {
	if i := c.Caller.Identity; i != nil && !present(c.Input, name) {
		return i
	}
	return c.Input
}

// member returns the first value at a path; the zero Value if there is none.
func member(input any, path string) (first reflect.Value) {
	walk(reflect.ValueOf(input), path, func(v reflect.Value) {
		if !first.IsValid() {
			first = v
		}
	})
	return first
}

func present(input any, path string) bool { return member(input, path).IsValid() }

// text returns a scalar as a context key or template shows it, "" if it is absent.
func text(input any, path string) string { return show(member(input, path)) }

func show(v reflect.Value) string {
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

// texts returns all scalars at a path; several is false if there can only be one.
func texts(input any, path string) (all []string, several bool) {
	several = walk(reflect.ValueOf(input), path, func(v reflect.Value) { all = append(all, show(v)) })
	return all, several
}

// tags calls yield for each element of a list of structs with Key and Value, or
// each pair of a text in the form of a query string.
func tags(input any, path string, yield func(key, value string)) {
	walk(reflect.ValueOf(input), path, func(tag reflect.Value) {
		if tag.Kind() != reflect.String {
			yield(text(tag.Interface(), "Key"), text(tag.Interface(), "Value"))
			return
		}
		pairs, _ := url.ParseQuery(tag.String()) // what is no query string the service refuses
		for key, values := range pairs {
			yield(key, values[0])
		}
	})
}
