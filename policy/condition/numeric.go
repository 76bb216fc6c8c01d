package condition

import (
	"strconv"
	"strings"
)

// number is a decimal number of any size, compared by value (R90): its digits,
// without leading zeros, and how many of them stand before the point.
type number struct {
	negative bool
	whole    string // the digits as written before the point,
	fraction string // and after it
	skip     int    // leading zeros among them
	point    int    // place of the point, counted from the first digit that is not skipped
}

type numbers struct {
	list []number
	fits order
}

func numeric(fits order) func(values) operand {
	return func(v values) operand { return &numbers{parsed(v, parseNumber), fits} }
}

func (o *numbers) match(value string, _ *Context) bool {
	n, ok := parseNumber(value)
	for i := range o.list {
		if ok && o.fits(n.compare(&o.list[i])) {
			return true
		}
	}
	return false
}

// IsNumber says whether numeric operators can compare a value.
func IsNumber(value string) bool {
	_, ok := parseNumber(value)
	return ok
}

// parseNumber reads [+-]digits[.digits][e[+-]digits].
func parseNumber(s string) (n number, ok bool) {
	switch {
	case strings.HasPrefix(s, "-"):
		n.negative, s = true, s[1:]
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	exponent := 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if exponent, ok = parseExponent(s[i+1:]); !ok {
			return n, false
		}
		s = s[:i]
	}
	whole, fraction, dot := strings.Cut(s, ".")
	if !digits(whole) || dot && !digits(fraction) {
		return n, false
	}
	n.whole, n.fraction = whole, strings.TrimRight(fraction, "0")
	for n.skip < n.len() && n.digit(n.skip) == '0' {
		n.skip++
	}
	n.point = len(whole) + exponent - n.skip
	if n.skip == n.len() { // zero
		n = number{}
	}
	return n, true
}

// maxExponent keeps exponents within an int32, far beyond any number in use.
const maxExponent = 9 // digits

func parseExponent(s string) (int, bool) {
	sign := 1
	switch {
	case strings.HasPrefix(s, "-"):
		sign, s = -1, s[1:]
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	if !digits(s) || len(s) > maxExponent {
		return 0, false
	}
	e, _ := strconv.Atoi(s)
	return sign * e, true
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || '9' < s[i] {
			return false
		}
	}
	return s != ""
}

func (n *number) len() int { return len(n.whole) + len(n.fraction) }

func (n *number) digit(i int) byte {
	switch {
	case i < len(n.whole):
		return n.whole[i]
	case i < n.len():
		return n.fraction[i-len(n.whole)]
	}
	return '0'
}

// sign is -1, 0 or 1.
func (n *number) sign() int {
	switch {
	case n.len() == 0:
		return 0
	case n.negative:
		return -1
	}
	return 1
}

// compare is negative if n is less than m, positive if it is greater.
func (n *number) compare(m *number) int {
	if n.sign() != m.sign() {
		return n.sign() - m.sign()
	}
	if n.negative {
		n, m = m, n
	}
	if n.point != m.point {
		return n.point - m.point
	}
	for i := range max(n.len()-n.skip, m.len()-m.skip) {
		if a, b := n.digit(n.skip+i), m.digit(m.skip+i); a != b {
			return int(a) - int(b)
		}
	}
	return 0
}
