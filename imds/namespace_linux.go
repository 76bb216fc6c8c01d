package imds

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"syscall"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"

	"github.com/writ-iam/writ/service/ec2"
	own "github.com/writ-iam/writ/service/writ"
)

// The addresses of EC2's and ECS's link-local services.
var (
	metadataAddress  = netip.AddrFrom4([4]byte{169, 254, 169, 254})
	containerAddress = netip.AddrFrom4([4]byte{169, 254, 170, 2})
	linkLocal        = &net.IPNet{IP: net.IPv4(169, 254, 0, 0), Mask: net.CIDRMask(16, 32)}
)

// namespace is an instance as two network namespaces, joined by a pair of veths:
// the machine's own, in which its processes run, and one hop away the fabric,
// where the metadata service listens and no process is. Neither has a way to
// the host or to another instance, and both have no name: they live as long as
// the server holds them, so that even one that is killed leaves nothing behind.
type namespace struct {
	service         *Service
	api             API
	fabric, machine netns.NsHandle
	stop            context.CancelFunc
	servers         []*http.Server
	done            func()
}

// NamespacesWork says whether this process may make network namespaces.
func NamespacesWork() error {
	n := &namespace{fabric: netns.None(), machine: netns.None(), stop: func() {}, done: func() {}}
	defer n.close()
	return n.build("02:00:00:00:00:01", netip.AddrFrom4([4]byte{192, 0, 2, 1}), API{Address: netip.AddrPortFrom(fallback, 80)})
}

func openNamespace(reach *Reach, s *Service, i *ec2.Instance, done func()) (place, error) {
	ctx, stop := context.WithCancel(context.Background())
	n := &namespace{service: s, api: reach.Inside, fabric: netns.None(), machine: netns.None(), stop: stop, done: done}
	err := n.build(i.MAC, i.PrivateIP, reach.Inside)
	if err == nil {
		err = n.serve(ctx, reach)
	}
	if err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

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
	if err := join(fabric, n.machine, mac); err != nil {
		return fmt.Errorf("imds: veth: %w", err)
	}
	own := []netip.Addr{metadataAddress, containerAddress, api.Address.Addr()}
	if err := equip(fabric, "gateway", own, hostNet(ip)); err != nil {
		return fmt.Errorf("imds: fabric: %w", err)
	}
	if err := equip(machine, "eth0", []netip.Addr{ip}, linkLocal, hostNet(api.Address.Addr())); err != nil {
		return fmt.Errorf("imds: instance: %w", err)
	}
	return back(fabric, ip)
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
	everything := &net.IPNet{IP: net.IPv4zero, Mask: net.CIDRMask(0, 32)}
	return fabric.RouteAdd(&netlink.Route{Dst: everything, Gw: net.IP(machine.AsSlice())})
}

func hostNet(a netip.Addr) *net.IPNet {
	return &net.IPNet{IP: net.IP(a.AsSlice()), Mask: net.CIDRMask(a.BitLen(), a.BitLen())}
}

// serve listens in the fabric.
func (n *namespace) serve(ctx context.Context, reach *Reach) error {
	metadata, err := n.listen(netip.AddrPortFrom(metadataAddress, 80))
	if err != nil {
		return err
	}
	n.servers = append(n.servers, listen(metadata, n.service, n.service.log))
	credentials, err := n.listen(netip.AddrPortFrom(containerAddress, 80))
	if err != nil {
		return err
	}
	n.servers = append(n.servers, listen(credentials, containers{n.service, true}, n.service.log))
	api, err := n.listen(n.api.Address)
	if err != nil {
		return err
	}
	go func() {
		if err := reach.Serve(ctx, api); err != nil {
			n.service.log.Error("the instance's way to the API ended", "instance", n.service.id, "error", err)
		}
	}()
	return nil
}

func (n *namespace) listen(at netip.AddrPort) (l net.Listener, err error) {
	inside(n.fabric, func() error {
		l, err = net.Listen("tcp4", at.String())
		return err
	})
	return l, err
}

func (n *namespace) host() *own.Host {
	return &own.Host{Region: n.service.region, Endpoint: n.api.URL, Namespace: fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), int(n.machine)), NamespaceID: inode(n.machine),
		Metadata: "http://" + metadataAddress.String(), Credentials: credentialsPath + n.service.seals.make(containerSeal, lasting)}
}

// close ends the instance: its processes, as when a machine is switched off, and
// then its namespaces.
func (n *namespace) close() {
	if n.machine.IsOpen() {
		endProcesses(inode(n.machine))
	}
	n.stop()
	for _, s := range n.servers {
		s.Close()
	}
	for _, ns := range []*netns.NsHandle{&n.machine, &n.fabric} {
		if ns.IsOpen() {
			ns.Close()
		}
	}
	n.done()
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
