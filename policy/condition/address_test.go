package condition_test

import (
	"net/netip"
	"testing"
)

// inRange says what package net/netip says.
func inRange(policy, request string) (in, wellFormed bool) {
	a, errA := netip.ParseAddr(request)
	a = a.Unmap()
	if single, err := netip.ParseAddr(policy); err == nil && single.Zone() == "" {
		return errA == nil && single.Unmap() == a, true
	}
	p, err := netip.ParsePrefix(policy)
	if err != nil {
		return false, false
	}
	if first := p.Addr(); first.Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(first.Unmap(), p.Bits()-96)
	}
	return errA == nil && p.Contains(a), true
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{
		"10.0.0.1", "010.0.0.1", "10.0.0", "1.2.3.4.5", "256.1.1.1", "1..2.3", ".1.2.3", "10.0.0.1:443", "1.2.3.4::", "garbage", "",
		"::", ":::", ":", "1:", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:8::", "::1::", "12345::", "g::",
		"::ffff:10.0.0.1", "::ffff:a00:1", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "2001:DB8::1%eth0", "fe80::1%1", "0:0:0:0:0:FFFF::",
	} {
		for _, policy := range []string{s, "0.0.0.0/0", "::/0", "10.1.2.3/8", "2001:db8::/33", "::ffff:10.0.0.0/104", "::ffff:0:0/95", "::/96", "10.0.0.0/33"} {
			f.Add(policy, s)
		}
	}
	f.Fuzz(func(t *testing.T, policy, request string) {
		want, wellFormed := inRange(policy, request)
		if got, ok := matches(t, "IpAddress", policy, request); got != want || ok != wellFormed {
			t.Errorf("%q in %q: %t, well-formed %t", request, policy, got, ok)
		}
	})
}
