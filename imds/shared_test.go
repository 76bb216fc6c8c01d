package imds

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/service/ec2"
	"github.com/writ-iam/writ/store"
)

// registry is a source with one instance, i-1 of account a, which a machine is
// registered as.
type registry struct{ writ.Inner }

func (registry) Instance(_ context.Context, account, _, id string) (*ec2.Instance, error) {
	return &ec2.Instance{ID: id, Account: account, State: ec2.StateRunning, Metadata: ec2.MetadataOptions{Enabled: true}}, nil
}

func (registry) Running(context.Context) ([]*ec2.Instance, error) { return nil, nil }

func (registry) InstanceAt(_ context.Context, address string) (account, id string, err error) {
	switch address {
	case "192.0.2.7":
		return "a", "i-1", nil
	case "192.0.2.8":
		return "b", "i-1", nil // of an account that has no such instance
	}
	return "", "", store.ErrNotFound
}

// On a shared listener an instance is known by its sealed path or by the address
// that was registered for it. Nobody else is told anything, whatever a proxy says.
func TestShared(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	h := newShared("", registry{}, log)
	one, two := sealing(t, "i-1"), sealing(t, "i-2")
	for _, seals := range []seals{one, two} {
		h.know(&Service{id: seals.id, account: "a", source: registry{}, seals: seals, limiter: rate.NewLimiter(rate.Inf, 1),
			metrics: newMetrics(prometheus.NewRegistry()), log: log, now: time.Now})
	}
	const local, path = "127.0.0.1:4000", "/latest/meta-data/instance-id"
	for _, test := range []struct {
		name, peer, path, want string
		forwarded              string
	}{
		{"sealed", local, "/i-1/" + one.make(addressSeal, lasting) + path, "i-1", ""},
		{"another's seal", local, "/i-1/" + two.make(addressSeal, lasting) + path, "", ""},
		{"a token for a seal", local, "/i-1/" + one.make(sessionSeal, lasting) + path, "", ""},
		{"no seal", local, "/i-1" + path, "", ""},
		{"tricks behind the seal", local, "/i-1/" + one.make(addressSeal, lasting) + "/../../i-2" + path, "", ""},
		{"nobody", local, path, "", ""},
		{"registered", "192.0.2.7:4000", path, "i-1", ""},
		{"registered, over IPv6", "[::ffff:192.0.2.7]:4000", path, "i-1", ""},
		{"another address", "192.0.2.9:4000", path, "", ""},
		{"an address that is forwarded", local, path, "", "192.0.2.7"},
		{"another account's instance", "192.0.2.8:4000", path, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "http://127.0.0.1"+test.path, nil)
			r.RemoteAddr = test.peer
			r.Header.Set("X-Forwarded-For", test.forwarded)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if got := w.Body.String(); (w.Code == http.StatusOK) != (test.want != "") || w.Code == http.StatusOK && got != test.want {
				t.Errorf("got %d %s, want %q", w.Code, got, test.want)
			}
		})
	}
}
