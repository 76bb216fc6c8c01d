package imds

import (
	"context"
	"log/slog"
	"net"
	"time"

	"github.com/writ-iam/writ/store"
)

// Config says how instances run here. Store, Keys and Now are required.
type Config struct {
	Store *store.DB
	Keys  *store.Keyring
	Log   *slog.Logger // nil discards
	Now   func() time.Time

	Mode Mode
	// Listen is the address of the shared listener, HOST:PORT: for instances
	// without namespaces, and for machines that were registered. "" opens one on
	// DefaultListen, but only for the former.
	Listen string
}

// Mode is what an instance gets on this host.
type Mode string

// The modes. Automatic is Namespaces where they can be made, else Loopback.
const (
	Automatic  Mode = "auto"
	Namespaces Mode = "namespaces" // each a network namespace; needs Linux and the right to make them
	Loopback   Mode = "loopback"   // each a path of the shared listener that nobody can guess
)

// DefaultListen is where instances without namespaces find their metadata.
const DefaultListen = "127.0.0.1:4811"

// Reach is how the processes of instances reach AWS's services.
type Reach struct {
	Endpoint string // URL for those of this host
	Inside   API    // for those in namespaces
	// Serve serves a listener at Inside.Address until ctx ends.
	Serve func(ctx context.Context, l net.Listener) error
}

// check says whether namespaces can be had where they are demanded.
func (f *Fleet) check() error {
	if f.config.Mode != Namespaces {
		return nil
	}
	return NamespacesWork()
}

// namespaces decides, when the first instance starts, what instances get.
func (f *Fleet) namespaces() bool {
	if f.config.Mode == Automatic {
		f.config.Mode = Namespaces
		if err := NamespacesWork(); err != nil {
			f.config.Mode = Loopback
			f.config.Log.Warn("instances have no network namespaces but share a loopback listener", "address", f.shared.address, "reason", err)
		}
	}
	return f.config.Mode == Namespaces
}
