package condition

import (
	"encoding/binary"
	"net/netip"
	"strings"
)

// ipRanges are CIDR ranges and, as ranges of one, addresses (R95, R96).
type ipRanges struct{ list []ipRange }

// ipRange holds the addresses that begin with the same bits.
type ipRange struct{ first, mask address }

func ipAddress(v values) operand { return &ipRanges{parsed(v, parseRange)} }

func (o *ipRanges) match(value string, _ *Context) bool {
	a, ok := parseAddress(value)
	for i := range o.list {
		if ok && o.list[i].contains(&a) {
			return true
		}
	}
	return false
}

// contains: the families are apart, ::/0 holds no IPv4 address.
func (r *ipRange) contains(a *address) bool {
	return (a.high^r.first.high)&r.mask.high|(a.low^r.first.low)&r.mask.low == 0 && a.v4 == r.first.v4
}

func parseRange(s string) (ipRange, bool) {
	if !strings.Contains(s, "/") {
		a, ok := parseAddress(s)
		return ipRange{a, firstBits(128)}, ok
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return ipRange{}, false
	}
	a, bits := p.Addr(), p.Bits()
	if a.Is4() {
		bits += 96
	}
	words := a.As16()
	first := address{high: binary.BigEndian.Uint64(words[:8]), low: binary.BigEndian.Uint64(words[8:])}
	first.v4 = first.isMapped() && bits >= 96
	return ipRange{first, firstBits(bits)}, true
}

// firstBits masks the first n of 128.
func firstBits(n int) address {
	return address{high: ^uint64(0) << (64 - min(n, 64)), low: ^uint64(0) << (128 - max(n, 64))}
}
