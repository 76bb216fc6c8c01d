package organizations

import "testing"

// A fifth of the members may be closed in a month, but never fewer than some nor
// more than a thousand.
func TestClosuresOf(t *testing.T) {
	for _, test := range []struct{ members, least, want int }{
		{9, 250, 250}, {1250, 250, 250}, {1255, 250, 251}, {5000, 250, 1000}, {10000, 250, 1000}, {40, 3, 8},
	} {
		if got := closuresOf(test.members, test.least); got != test.want {
			t.Errorf("of %d members, %d at least: %d, want %d", test.members, test.least, got, test.want)
		}
	}
}
