package inherit

import (
	"strings"
	"testing"
)

// small is a shape with one of everything.
var small = &Shape{Required: []string{"plans"}, Fields: map[string]*Shape{
	"plans": {Most: 2, Free: &Shape{
		Needs:    []string{"mode"},
		Required: []string{"regions"},
		Named:    func(name string, _ *Setting) bool { return name != "bad" },
		Fields: map[string]*Shape{
			"mode":    {Value: func(v string) bool { return v == "on" || v == "off" }},
			"regions": {List: true, Most: 1},
			"more":    Any,
		},
	}},
}}

func TestParse(t *testing.T) {
	for text, wrong := range map[string]bool{
		`{"plans":{"A":{"mode":{"@@assign":"on"}}}}`:                                                  false,
		`{"plans":{"A":{"mode":{"@@operators_allowed_for_child_policies":["@@assign","@@append"]}}}}`: false,
		`{"plans":{"A":{"mode":{},"regions":{"@@append":["x"],"@@remove":["y"]}}}}`:                   false,
		`{"plans":{"A":{"mode":{},"more":{"deep":{"@@assign":[1,true,"x"]}}}}}`:                       false,
		`{"plans":{"@@operators_allowed_for_child_policies":["@@none"]}}`:                             false,
		``:                        true,
		`[]`:                      true,
		`{}{}`:                    true,
		`{"plans":{},"plans":{}}`: true, // twice
		`{"plans":{"A":{"mode":{}},"a":{"mode":{}}}}`: true, // the same, names of plans are not case sensitive
		`{"Plans":{}}`:                                                                              true, // fixed names are
		`{"plans":"x"}`:                                                                             true,
		`{"plans":{"@@assign":"x"}}`:                                                                true, // has members
		`{"plans":{"A":{}}}`:                                                                        true, // needs a mode
		`{"plans":{"bad":{"mode":{}}}}`:                                                             true,
		`{"plans":{"A":{"mode":{"@@assign":"maybe"}}}}`:                                             true,
		`{"plans":{"A":{"mode":{"@@assign":["on"]}}}}`:                                              true, // one value
		`{"plans":{"A":{"mode":{"@@append":["on"]}}}}`:                                              true,
		`{"plans":{"A":{"mode":{"@@assign":null}}}}`:                                                true,
		`{"plans":{"A":{"mode":{"@@assign":{"x":1}}}}}`:                                             true,
		`{"plans":{"A":{"mode":"on"}}}`:                                                             true, // effective policies are no policies
		`{"plans":{"A":{"mode":{"@@enforced_for":["x"]}}}}`:                                         true,
		`{"plans":{"A":{"mode":{},"regions":{"@@assign":"x"}}}}`:                                    true,
		`{"plans":{"A":{"mode":{},"regions":{"@@assign":[["x"]]}}}}`:                                true,
		`{"plans":{"A":{"mode":{},"regions":{"@@append":"x"}}}}`:                                    true,
		`{"plans":{"A":{"mode":{},"regions":{"x":{}}}}}`:                                            true,
		`{"plans":{"A":{"mode":{},"more":{"@@assign":"x","y":{}}}}}`:                                true,
		`{"plans":{"A":{"mode":{},"other":{}}}}`:                                                    true,
		`{"plans":{"A":{"mode":{"@@operators_allowed_for_child_policies":["@@none","@@assign"]}}}}`: true,
		`{"plans":{"A":{"mode":{"@@operators_allowed_for_child_policies":["@@any"]}}}}`:             true,
		`{"plans":{"A":{"mode":{"@@operators_allowed_for_child_policies":[1]}}}}`:                   true,
		`{"plans":{"A":{"mode":{"@@operators_allowed_for_child_policies":[]}}}}`:                    true,
		`{"plans":{"A":{"mode":{"@@operators_allowed_for_child_policies":"@@all"}}}}`:               true,
		"{\"plans\":{\"A\":{\"mode\":{},\"regions\":{\"@@append\":[\"\xff\"]}}}}":                   true,
		`{"plans":{"A":{"mode":{},"more":` + strings.Repeat(`{"x":`, 40) + strings.Repeat(`}`, 43):  true, // deep
		`{"plans":{"A":{"mode":{},"more":{"@@assign":` + strings.Repeat(`[`, 40):                    true,
		`{"plans":`: true,
		`{"plans":{"A":{"mode":{"@@assign":"on"},"more":{"x":{"@@operators_allowed_for_child_policies":["@@all"]}}}}}`: false,
	} {
		if _, err := Parse(text, small); (err != nil) != wrong {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestValidate(t *testing.T) {
	for text, want := range map[string]string{
		`{"plans":{"a":{"mode":{"@@assign":"on"},"regions":{"@@assign":["x"]}}}}`: "",
		`{"plans":{"a":{"mode":{"@@assign":"on"}}}}`:                              "KEY_REQUIRED 'regions' is missing plans/a [p]",
		`{"plans":{"a":{"mode":{},"regions":{"@@assign":["x","y"]}}}}`:            "ELEMENTS_TOO_MANY 'regions' exceeds the allowed maximum limit 1 plans/a/regions [p]",
		`{"plans":{}}`: "", // says nothing
	} {
		s, err := Parse(text, small)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range small.Validate(Merge([][]Policy{{{"p", s}}})) {
			got = append(got, p.Code+" "+p.Message+" "+p.Path+" ["+strings.Join(p.From, " ")+"]")
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
