package condition

import (
	"strings"
	"testing"
)

// A value that an attacker wrote is read in linear time: were it quadratic, two
// megabytes of the worst that there is would outlast the test's patience.
func TestParseTextIsLinear(t *testing.T) {
	for _, unit := range []string{"*a", "${", "${a", "${a,'", "${a, ", "${*}", "$", "a?"} {
		s := strings.Repeat(unit, (2<<20)/len(unit))
		if text := ParseText(s, Wildcards|Variables); text.constant == "" && text.parts == nil {
			t.Errorf("%q repeated is nothing", unit)
		}
	}
}
