package condition

import (
	"net/netip"
	"strings"
)

// ipRanges are CIDR ranges and, as ranges of one, addresses (R95, R96).
type ipRanges []netip.Prefix

func ipAddress(v values) operand { return ipRanges(parsed(v, parseRange)) }

func (o ipRanges) match(value string, _ *Context) bool {
	a, ok := parseAddr(value)
	if !ok {
		return false
	}
	for _, p := range o {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func parseRange(s string) (netip.Prefix, bool) {
	if !strings.Contains(s, "/") {
		a, ok := parseAddr(s)
		return netip.PrefixFrom(a, a.BitLen()), ok
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	if a := p.Addr(); a.Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(a.Unmap(), p.Bits()-96)
	}
	return p.Masked(), true
}

// parseAddr takes any spelling; an IPv4 address written as IPv6 is IPv4.
func parseAddr(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	return a.Unmap(), err == nil && a.Zone() == ""
}
