package imds

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)

// The addresses of EC2's and ECS's link-local services.
var (
	metadataAddress  = netip.AddrFrom4([4]byte{169, 254, 169, 254})
	containerAddress = netip.AddrFrom4([4]byte{169, 254, 170, 2})
	linkLocal        = &net.IPNet{IP: net.IPv4(169, 254, 0, 0), Mask: net.CIDRMask(16, 32)}
	everything       = &net.IPNet{IP: net.IPv4zero, Mask: net.CIDRMask(0, 32)}
)

// build makes the namespaces and what joins them.
func (n *namespace) build(mac string, ip netip.Addr, api API) (err error) {
	if n.fabric, err = newNamespace(); err != nil {
		return err
	}
	if n.machine, err = newNamespace(); err != nil {
		return err
	}
	fabric, err := netlink.NewHandleAt(n.fabric)
	if err != nil {
		return err
	}
	defer fabric.Close()
	machine, err := netlink.NewHandleAt(n.machine)
	if err != nil {
		return err
	}
	defer machine.Close()
	return connect(fabric, machine, n.machine, mac, ip, api.Address.Addr())
}

// connect joins a fabric and a machine and gives each its addresses.
func connect(fabric, machine *netlink.Handle, at netns.NsHandle, mac string, ip, api netip.Addr) error {
	if err := join(fabric, at, mac); err != nil {
		return fmt.Errorf("imds: veth: %w", err)
	}
	own := []netip.Addr{metadataAddress, containerAddress, api}
	if err := equip(fabric, "gateway", own, hostNet(ip)); err != nil {
		return fmt.Errorf("imds: fabric: %w", err)
	}
	if err := equip(machine, "eth0", []netip.Addr{ip}, linkLocal, hostNet(api)); err != nil {
		return fmt.Errorf("imds: instance: %w", err)
	}
	if err := back(fabric, ip); err != nil {
		return err
	}
	return errors.Join(ready(fabric, "gateway"), ready(machine, "eth0"))
}

// How long an interface may take to carry, and how often it is looked.
const (
	carrying     = 5 * time.Second
	carryingLook = 2 * time.Millisecond
)

// ready waits until an interface carries. What is sent before is lost, and a
// client that waits a second for its answer takes an instance for none.
func ready(h *netlink.Handle, name string) error {
	for deadline := time.Now().Add(carrying); time.Now().Before(deadline); time.Sleep(carryingLook) {
		link, err := h.LinkByName(name)
		if err != nil {
			return err
		}
		if link.Attrs().OperState == netlink.OperUp {
			return nil
		}
	}
	return fmt.Errorf("imds: %s does not carry", name)
}

// join makes the pair of veths.
func join(fabric *netlink.Handle, machine netns.NsHandle, mac string) error {
	hardware, err := net.ParseMAC(mac)
	if err != nil {
		return err
	}
	attributes := netlink.NewLinkAttrs()
	attributes.Name = "gateway"
	return fabric.LinkAdd(&netlink.Veth{LinkAttrs: attributes, PeerName: "eth0", PeerHardwareAddr: hardware, PeerNamespace: netlink.NsFd(machine)})
}

// equip gives a namespace's interface its addresses, and routes to what is on the
// other side.
func equip(h *netlink.Handle, name string, own []netip.Addr, others ...*net.IPNet) error {
	lo, err := h.LinkByName("lo")
	if err != nil {
		return err
	}
	link, err := h.LinkByName(name)
	if err != nil {
		return err
	}
	for _, a := range own {
		if err := h.AddrAdd(link, &netlink.Addr{IPNet: hostNet(a)}); err != nil && !errors.Is(err, syscall.EEXIST) {
			return err
		}
	}
	if err := errors.Join(h.LinkSetUp(lo), h.LinkSetUp(link)); err != nil {
		return err
	}
	for _, net := range others {
		route := &netlink.Route{LinkIndex: link.Attrs().Index, Scope: netlink.SCOPE_LINK, Dst: net}
		if err := h.RouteAdd(route); err != nil && !errors.Is(err, syscall.EEXIST) {
			return err
		}
	}
	return nil
}

// back leads what is behind the machine, such as its containers, to the machine.
func back(fabric *netlink.Handle, machine netip.Addr) error {
	return fabric.RouteAdd(&netlink.Route{Dst: everything, Gw: net.IP(machine.AsSlice())})
}

func hostNet(a netip.Addr) *net.IPNet {
	return &net.IPNet{IP: net.IP(a.AsSlice()), Mask: net.CIDRMask(a.BitLen(), a.BitLen())}
}

// newNamespace makes a network namespace that lives as long as it is held.
func newNamespace() (ns netns.NsHandle, err error) {
	apart(func() error {
		ns, err = netns.New()
		return err
	})
	return ns, err
}

// inside calls fn in a namespace. fn must not start goroutines, which would be
// outside.
func inside(ns netns.NsHandle, fn func() error) error {
	return apart(func() error {
		if err := netns.Set(ns); err != nil {
			return err
		}
		return fn()
	})
}

// apart calls fn on a thread that nothing else runs on again, since namespaces
// are the thread's.
func apart(fn func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with its goroutine
		done <- fn()
	}()
	return <-done
}

// inode is what tells network namespaces apart; 0 if it can't be found out.
func inode(ns netns.NsHandle) uint64 {
	var s syscall.Stat_t
	if syscall.Fstat(int(ns), &s) != nil {
		return 0
	}
	return s.Ino
}
