package condition

import "strings"

// address is an IP address as two words. IPv4 is mapped to ::ffff:0:0/96, as it
// may be written too. Package net/netip would read it as well, but what it says
// of a malformed one is allocated.
type address struct {
	high, low uint64
	v4        bool
}

const mapped = 0xffff << 32

func (a *address) isMapped() bool { return a.high == 0 && a.low&^(1<<32-1) == mapped }

// parseAddress takes any spelling.
func parseAddress(s string) (a address, ok bool) {
	if v4, ok := parseIPv4(s); ok { // nearly always
		return address{low: mapped | uint64(v4), v4: true}, true
	}
	return parseIPv6(s)
}

func parseIPv6(s string) (a address, ok bool) {
	head, tail, gap := strings.Cut(s, "::")
	var groups [8]uint16
	before, ok := parseGroups(head, groups[:], !gap)
	if !gap {
		return addressOf(&groups), ok && before == len(groups)
	}
	var last [8]uint16
	after, okAfter := parseGroups(tail, last[:], true)
	if !ok || !okAfter || before+after >= len(groups) { // a gap is of one group or more
		return a, false
	}
	copy(groups[len(groups)-after:], last[:after])
	return addressOf(&groups), true
}

func addressOf(groups *[8]uint16) (a address) {
	for _, g := range groups[:4] {
		a.high = a.high<<16 | uint64(g)
	}
	for _, g := range groups[4:] {
		a.low = a.low<<16 | uint64(g)
	}
	a.v4 = a.isMapped()
	return a
}

// parseGroups reads hexadecimal numbers with colons between them, or nothing.
// The last may be an IPv4 address, which is two groups.
func parseGroups(s string, groups []uint16, last bool) (n int, ok bool) {
	for more := s != ""; more; {
		var text string
		if text, s, more = strings.Cut(s, ":"); n == len(groups) {
			return 0, false
		}
		v4, ok := parseIPv4(text)
		if ok && last && !more && n+2 <= len(groups) {
			groups[n], groups[n+1] = uint16(v4>>16), uint16(v4)
			return n + 2, true
		}
		if groups[n], ok = parseGroup(text); !ok {
			return 0, false
		}
		n++
	}
	return n, true
}

func parseGroup(s string) (n uint16, ok bool) {
	for i := range len(s) {
		c := s[i] | 0x20
		switch {
		case '0' <= s[i] && s[i] <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		default:
			return 0, false
		}
		n = n<<4 | uint16(c)
	}
	return n, 0 < len(s) && len(s) <= 4
}

// parseIPv4 reads four numbers below 256, without leading zeros.
func parseIPv4(s string) (a uint32, ok bool) {
	octet, start, dots := uint32(0), 0, 0
	for i := range len(s) {
		if c := uint32(s[i]) - '0'; c <= 9 {
			octet = octet*10 + c
			continue
		}
		if s[i] != '.' || !isOctet(octet, i-start) {
			return 0, false
		}
		a, octet, start = a<<8|octet, 0, i+1
		dots++
	}
	return a<<8 | octet, dots == 3 && isOctet(octet, len(s)-start)
}

func isOctet(n uint32, digits int) bool {
	return digits == 1 || digits == 2 && n >= 10 || digits == 3 && n >= 100 && n <= 255
}
