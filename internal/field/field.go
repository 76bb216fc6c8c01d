// Package field finds fields of structs by names that are data: the members that
// rules speak of, or that only some inputs of a service have.
package field

import (
	"reflect"
	"sync"
)

// ByName is v.FieldByName(name), which looks through all fields each time, made
// cheap. It returns the zero Value if the struct has no such field.
func ByName(v reflect.Value, name string) reflect.Value {
	index, ok := indexes(v.Type())[name]
	if !ok {
		return reflect.Value{}
	}
	return v.FieldByIndex(index)
}

var known sync.Map // reflect.Type to map[string][]int

// indexes are the places of a struct's fields.
func indexes(t reflect.Type) map[string][]int {
	if all, ok := known.Load(t); ok {
		return all.(map[string][]int)
	}
	all := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		if found, ok := t.FieldByName(f.Name); ok {
			all[f.Name] = found.Index
		}
	}
	known.Store(t, all)
	return all
}
