package egress

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
)

// ranges are address blocks.
type ranges []netip.Prefix

func (r ranges) contain(ip netip.Addr) bool {
	return slices.ContainsFunc(r, func(p netip.Prefix) bool { return p.Contains(ip) })
}

func blocks(texts ...string) ranges {
	var all ranges
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

// From the IANA IPv4 and IPv6 Special-Purpose Address Registries.
var (
	// private are networks of organizations, which the operator may allow.
	private = blocks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
	// special lead to no host of the Internet, or to one in disguise; fd00:ec2::
	// has the instance metadata of AWS.
	special = blocks("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
		"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fd00:ec2::/32")
	// nat64 addresses hold an IPv4 address in their last four bytes (RFC 6052).
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
	// global is all of IPv6 that is given out.
	global = netip.MustParsePrefix("2000::/3")
	own    = blocks("127.0.0.0/8", "::1/128")
)

// allowable says whether the operator may allow a range.
func allowable(p netip.Prefix) bool {
	p = p.Masked()
	return slices.ContainsFunc(private, func(of netip.Prefix) bool {
		return p.Bits() >= of.Bits() && of.Contains(p.Addr())
	})
}

var errForbidden = errors.New("egress: the address is out of bounds")

// resolve returns the addresses of a URL's host. One of them that is out of
// bounds spoils all: no honest name has such a mixture.
func (c *Client) resolve(ctx context.Context, u *url.URL) ([]netip.Addr, error) {
	host := u.Hostname()
	all := []netip.Addr{}
	if ip, err := netip.ParseAddr(host); err == nil {
		all = append(all, ip)
	} else if all, err = c.options.Lookup(ctx, host); err != nil {
		return nil, err
	}
	for i, ip := range all {
		all[i] = ip.Unmap()
		if err := c.check(all[i]); err != nil {
			return nil, fmt.Errorf("%w: %s is %s", err, host, ip)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("egress: %s has no address", host)
	}
	return all, nil
}

// check says whether an address may be reached.
func (c *Client) check(ip netip.Addr) error {
	if ip.Zone() != "" || !ip.IsValid() {
		return errForbidden
	}
	if nat64.Contains(ip) {
		b := ip.As16()
		return c.check(netip.AddrFrom4([4]byte(b[12:])))
	}
	if c.options.Self && own.contain(ip) {
		return nil
	}
	if special.contain(ip) {
		return errForbidden
	}
	if private.contain(ip) {
		if !ranges(c.options.Allow).contain(ip) {
			return errForbidden
		}
	} else if ip.Is6() && !global.Contains(ip) {
		return errForbidden
	}
	return c.notSelf(ip)
}

// notSelf keeps the client from the server's own doors, and from everything
// else that listens on its machine, whatever ranges are allowed.
func (c *Client) notSelf(ip netip.Addr) error {
	if c.options.Self {
		return nil
	}
	interfaces, err := net.InterfaceAddrs()
	if err != nil {
		return err
	}
	for _, a := range interfaces {
		if n, ok := a.(*net.IPNet); ok && n.IP.Equal(ip.AsSlice()) {
			return errForbidden
		}
	}
	return nil
}
