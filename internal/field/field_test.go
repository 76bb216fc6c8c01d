package field

import (
	"reflect"
	"testing"
)

type inner struct{ Name, Deep string }

type twin struct{ Deep string }

type outer struct {
	Name *string // hides inner's
	inner
	twin  // makes Deep ambiguous
	Other struct{ Name int }
}

func TestByName(t *testing.T) {
	v := reflect.ValueOf(outer{Name: new("a"), inner: inner{"b", "c"}})
	for _, name := range []string{"Name", "Deep", "Other", "inner", "twin", "Nothing", ""} {
		for range 2 {
			if got, want := ByName(v, name), v.FieldByName(name); got != want {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
		}
	}
}

func BenchmarkByName(b *testing.B) {
	v := reflect.ValueOf(outer{})
	b.ReportAllocs()
	for b.Loop() {
		ByName(v, "Other")
	}
}
