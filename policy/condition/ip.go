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

// address is an IP address as two words. One that is IPv4 is in the lower,
// which in IPv6 is of another family.
type address struct {
	high, low uint64
	v4        bool
}

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
	if bits >= 96 {
		a = a.Unmap()
	}
	return ipRange{addressOf(a), firstBits(bits)}, true
}

// firstBits masks the first n of 128.
func firstBits(n int) address {
	return address{high: ^uint64(0) << (64 - min(n, 64)), low: ^uint64(0) << (128 - max(n, 64))}
}

// parseAddress takes any spelling; an IPv4 address written as IPv6 is IPv4.
func parseAddress(s string) (address, bool) {
	if v4, ok := parseIPv4(s); ok { // nearly always
		return address{low: v4InV6 | uint64(v4), v4: true}, true
	}
	a, err := netip.ParseAddr(s)
	return addressOf(a.Unmap()), err == nil && a.Zone() == ""
}

const v4InV6 = 0xffff << 32 // ::ffff:0:0/96

func addressOf(a netip.Addr) address {
	b := a.As16()
	return address{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:]), a.Is4()}
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
