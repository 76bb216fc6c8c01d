package imds_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/imds"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/server"
	own "github.com/writ-iam/writ/service/writ"
)

// cloud is a lab whose instances have network namespaces.
type cloud struct {
	*machine
	fleet *imds.Fleet
	stop  func() // ends the fleet
}

func newCloud(t *testing.T) *cloud {
	if err := imds.NamespacesWork(); err != nil {
		t.Skipf("network namespaces can't be made here: %v", err)
	}
	m := newMachine(t, nil)
	api, err := imds.InsideOf("127.0.0.1:4810", "http://127.0.0.1:4810")
	if err != nil {
		t.Fatal(err)
	}
	c := &cloud{machine: m, fleet: imds.NewFleet(imds.Config{Store: m.Store, Keys: m.Keys, Now: m.Now, Mode: imds.Namespaces})}
	reach := imds.Reach{Inside: api, Serve: func(ctx context.Context, l net.Listener) error {
		return server.Serve(ctx, l, m.Server.Handler(), discard)
	}}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.fleet.Run(ctx, m.Server, prometheus.NewRegistry(), reach)
	}()
	c.stop = func() { stop(); <-ended }
	t.Cleanup(c.stop)
	return c
}

// at is the place of an instance.
func (c *cloud) at(id string) *own.Host {
	c.Helper()
	h, err := c.fleet.Host(c.Context(), writ.Scope{Account: awstest.Account, Region: "us-east-1"}, id)
	if err != nil {
		c.Fatal(err)
	}
	return h
}

func (c *cloud) enter(h *own.Host) netns.NsHandle {
	c.Helper()
	ns, err := netns.GetFromPath(h.Namespace)
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { ns.Close() })
	return ns
}

// inside calls fn on a thread of its own that is in a namespace.
func inside(ns netns.NsHandle, fn func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		if err := netns.Set(ns); err != nil {
			done <- err
			return
		}
		done <- fn()
	}()
	return <-done
}

// client is one in a namespace.
func client(ns netns.NsHandle) *http.Client {
	dial := func(_ context.Context, network, address string) (c net.Conn, err error) {
		err = inside(ns, func() error {
			c, err = (&net.Dialer{Timeout: 5 * time.Second}).Dial(network, address)
			return err
		})
		return c, err
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}, Timeout: 10 * time.Second}
}

func fetch(c *http.Client, method, url string, headers ...string) (string, error) {
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		return "", err
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := c.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return string(body), err
}

const metadata = "http://169.254.169.254/latest/"

// identify asks, with a token, which instance one is in.
func identify(c *http.Client) (string, error) {
	token, err := fetch(c, "PUT", metadata+"api/token", ttlHeader, "60")
	if err != nil {
		return "", err
	}
	return fetch(c, "GET", metadata+"meta-data/instance-id", tokenHeader, token)
}

// 169.254.169.254 is each instance's own. The host and other instances get
// nothing from it.
func TestNamespaces(t *testing.T) {
	c := newCloud(t)
	first, second := c.id, ""
	c.run(nil)
	second = c.id
	a, b := client(c.enter(c.at(first))), client(c.enter(c.at(second)))
	for id, client := range map[string]*http.Client{first: a, second: b} {
		if got, err := identify(client); err != nil || got != id {
			t.Errorf("%s is told that it is %s, %v", id, got, err)
		}
	}
	if token, err := fetch(a, "PUT", metadata+"api/token", ttlHeader, "60"); err != nil {
		t.Error(err)
	} else if got, _ := fetch(b, "GET", metadata+"meta-data/instance-id", tokenHeader, token); !strings.Contains(got, "401") {
		t.Errorf("another's token gets %s", got)
	}
	host, err := netns.Get()
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	if got, err := identify(client(host)); err == nil && strings.HasPrefix(got, "i-") {
		t.Errorf("the host is told that it is %s", got)
	}
}

// Inside, AWS's services are reached, and see the instance's own address.
func TestNamespaceAPI(t *testing.T) {
	c := newCloud(t)
	h := c.at(c.id)
	inside := client(c.enter(h))
	if body, err := fetch(inside, "GET", h.Endpoint+"/_writ/health"); err != nil || body != "ok\n" {
		t.Errorf("got %q, %v", body, err)
	}
	if _, err := fetch(inside, "GET", "http://192.0.2.1/"); err == nil {
		t.Error("there is a way out")
	}
}

// The credentials of the container endpoint are for who knows their path.
func TestNamespaceContainer(t *testing.T) {
	c := newCloud(t)
	h := c.at(c.id)
	inside := client(c.enter(h))
	if body, err := fetch(inside, "GET", "http://169.254.170.2"+h.Credentials); err != nil || !strings.Contains(body, `"RoleArn"`) {
		t.Errorf("got %q, %v", body, err)
	}
	if body, err := fetch(inside, "GET", "http://169.254.170.2/v2/credentials/"+c.id); err != nil || strings.Contains(body, "Token") {
		t.Errorf("got %q, %v", body, err)
	}
}

// An instance that is terminated takes its processes and its namespace along.
func TestNamespaceEnds(t *testing.T) {
	for name, end := range map[string]func(*cloud){
		"terminated":       func(c *cloud) { c.call("ec2", "TerminateInstances", map[string]any{"InstanceIds": []any{c.id}}) },
		"stopped":          func(c *cloud) { c.call("ec2", "StopInstances", map[string]any{"InstanceIds": []any{c.id}}) },
		"the server's end": func(c *cloud) { c.stop() },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			h := c.at(c.id)
			p := exec.Command("sleep", "1000")
			ns, err := netns.GetFromPath(h.Namespace)
			if err != nil {
				t.Fatal(err)
			}
			err = inside(ns, p.Start)
			ns.Close()
			if err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- p.Wait() }()
			end(c)
			select {
			case <-ended:
			case <-time.After(10 * time.Second):
				t.Error("a process outlives its instance")
				p.Process.Kill()
			}
			if s := new(syscall.Stat_t); syscall.Stat(h.Namespace, s) == nil && s.Ino == h.NamespaceID {
				time.Sleep(time.Second)
				if syscall.Stat(h.Namespace, s) == nil && s.Ino == h.NamespaceID {
					t.Error("the namespace is still held")
				}
			}
		})
	}
}

// The answer with a token goes as many hops as the instance allows: one does not
// reach the containers behind it, two do.
func TestHopLimit(t *testing.T) {
	c := newCloud(t)
	behind := client(c.container(c.enter(c.at(c.id))))
	c.call("ec2", "ModifyInstanceMetadataOptions", map[string]any{"InstanceId": c.id, "HttpPutResponseHopLimit": 2})
	id, err := identify(behind)
	for tries := 0; err != nil && tries < 10; tries++ { // until its new interface carries
		id, err = identify(behind)
	}
	if err != nil || id != c.id {
		t.Errorf("with two hops: %s, %v", id, err)
	}
	c.call("ec2", "ModifyInstanceMetadataOptions", map[string]any{"InstanceId": c.id, "HttpPutResponseHopLimit": 1})
	if id, err := identify(behind); err == nil {
		t.Errorf("with one hop: %s", id)
	}
	if id, err := identify(client(c.enter(c.at(c.id)))); err != nil || id != c.id {
		t.Errorf("with one hop the instance itself gets %s, %v", id, err)
	}
}

// container makes a namespace behind a machine, as container engines do.
func (c *cloud) container(machine netns.NsHandle) (ns netns.NsHandle) {
	c.Helper()
	must := func(err error) {
		c.Helper()
		if err != nil {
			c.Fatal(err)
		}
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		var err error
		ns, err = netns.New()
		done <- err
	}()
	must(<-done)
	c.Cleanup(func() { ns.Close() })
	outer, err := netlink.NewHandleAt(machine)
	must(err)
	inner, err := netlink.NewHandleAt(ns)
	must(err)
	attributes := netlink.NewLinkAttrs()
	attributes.Name = "bridge"
	must(outer.LinkAdd(&netlink.Veth{LinkAttrs: attributes, PeerName: "eth0", PeerNamespace: netlink.NsFd(ns)}))
	for _, end := range []struct {
		handle        *netlink.Handle
		name, address string
	}{{outer, "bridge", "10.9.0.1/24"}, {inner, "eth0", "10.9.0.2/24"}} {
		link, err := end.handle.LinkByName(end.name)
		must(err)
		address, err := netlink.ParseAddr(end.address)
		must(err)
		must(end.handle.AddrAdd(link, address))
		must(end.handle.LinkSetUp(link))
	}
	_, everything, _ := net.ParseCIDR("0.0.0.0/0")
	must(inner.RouteAdd(&netlink.Route{Dst: everything, Gw: net.IPv4(10, 9, 0, 1)}))
	must(inside(machine, func() error { return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644) }))
	return ns
}
