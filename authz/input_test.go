package authz

import (
	"slices"
	"testing"
)

type tagPair struct {
	Key   *string
	Value *string
}

type spec struct {
	Type *string
	Tags []tagPair
}

type sample struct {
	Name  string
	Count *int
	On    *bool
	IDs   []string
	Inner *struct{ Name *string }
	Specs []spec
	Data  []byte
}

func filled() *sample {
	return &sample{Name: "n", Count: new(2), On: new(false), IDs: []string{"a", "b"}, Inner: &struct{ Name *string }{new("i")}, Data: []byte("x"),
		Specs: []spec{{new("x"), []tagPair{{new("k1"), new("v1")}, {new("k2"), nil}}}, {new("y"), []tagPair{{new("k3"), new("v3")}}}, {nil, nil}}}
}

func TestPaths(t *testing.T) {
	for path, want := range map[string]struct {
		all     []string
		several bool
	}{
		"Name":                   {[]string{"n"}, false},
		"Count":                  {[]string{"2"}, false},
		"On":                     {[]string{"false"}, false},
		"IDs":                    {[]string{"a", "b"}, true},
		"Inner.Name":             {[]string{"i"}, false},
		"Specs.Tags.Key":         {[]string{"k1", "k2", "k3"}, true},
		"Specs[Type=y].Tags.Key": {[]string{"k3"}, true},
		"Specs[Type=z].Tags.Key": {nil, true},
		"Specs[Type=x].Type":     {[]string{"x"}, true},
		"Nothing":                {nil, false},
		"Name.Nothing":           {nil, false},
		"Inner.Nothing":          {nil, false},
		"Data":                   {[]string{""}, false},
	} {
		all, several := texts(filled(), path)
		if !slices.Equal(all, want.all) || several != want.several {
			t.Errorf("%s: %q, %v; want %q, %v", path, all, several, want.all, want.several)
		}
		if all, _ := texts(&sample{}, path); all != nil {
			t.Errorf("%s of nothing: %q", path, all)
		}
	}
	if !present(filled(), "Specs[Type=x]") || present(filled(), "Specs[Type=z]") || present(&sample{}, "Specs[Type=x]") || present(nil, "Name") {
		t.Error("what is chosen is not what is present")
	}
	var pairs []string
	tags(filled(), "Specs[Type=x].Tags", func(key, value string) { pairs = append(pairs, key+"="+value) })
	if !slices.Equal(pairs, []string{"k1=v1", "k2="}) {
		t.Errorf("tags %q", pairs)
	}
}
