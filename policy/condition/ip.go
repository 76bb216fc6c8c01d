package condition

import (
	"net/netip"
	"strings"
)

// ipRange is a CIDR range or, as one of a single address, an address (R95, R96).
type ipRange netip.Prefix

func ipAddress(value string, _ Syntax) operand {
	p, ok := parseRange(value)
	if !ok {
		return nil
	}
	return ipRange(p.Masked())
}

func (o ipRange) match(value string, _ *Context) bool {
	a, ok := parseAddr(value)
	return ok && netip.Prefix(o).Contains(a)
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
	return p, true
}

// parseAddr takes any spelling; an IPv4 address written as IPv6 is IPv4.
func parseAddr(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	return a.Unmap(), err == nil && a.Zone() == ""
}
