package imds

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"

	"github.com/vishvananda/netns"

	"github.com/writ-iam/writ/service/ec2"
	own "github.com/writ-iam/writ/service/writ"
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
