package ec2

import (
	"time"

	"github.com/writ-iam/writ/store"
)

// instance is one instance, from its launch until an hour after its end.
type instance struct {
	Partition   string
	Account     string
	Region      string
	ID          string // i-…
	Reservation string // r-…, common to all that one call launched
	Index       int    // among those
	Token       string // idempotency token of the launch
	Order       string // hash of what was asked for with the token

	Image     string
	Type      string
	Zone      string
	Subnet    string
	Address   string // private IPv4
	Interface string // eni-…
	Volume    string // vol-…, the root device
	Market    string // "" or "spot"

	Launched time.Time // last start
	Created  time.Time
	State    string
	Changed  time.Time // when it came into the state
	Starts   int       // starts and reboots since it was created, its launch included

	KeyName   string
	PublicKey string       // in OpenSSH's form, as it was at launch; "" without a key pair
	UserData  store.Secret // decoded
	Metadata  MetadataOptions
	Shutdown  string // what becomes of it when it ends by itself: "stop" or "terminate"

	KeepStarted bool // DisableApiStop
	Keep        bool // DisableApiTermination

	Profile *association `json:",omitempty"`
}

// association joins an instance and an instance profile. The profile is known
// by its unique id: one made again under the same name is another.
type association struct {
	ID        string // iip-assoc-…
	ARN       string // of the profile
	ProfileID string
	Since     time.Time
}

var instances = store.NewTable("ec2/instance",
	func(i *instance) store.Key { return store.K(i.Account, i.Region, i.ID) },
	store.Index("token", func(i *instance) store.Key { return ofInstance(i, i.Token) }),
	store.Unique("address", func(i *instance) store.Key { return ofInstance(i, i.live(i.Address)) }),
	store.Unique("volume", func(i *instance) store.Key { return ofInstance(i, i.live(i.Volume)) }),
	store.Unique("interface", func(i *instance) store.Key { return ofInstance(i, i.live(i.Interface)) }),
	store.Unique("association", func(i *instance) store.Key {
		if i.Profile == nil {
			return nil
		}
		return ofInstance(i, i.Profile.ID)
	}),
	store.Index("running", func(i *instance) store.Key {
		if i.State != StateRunning {
			return nil
		}
		return store.K(i.Account, i.Region, i.ID)
	}),
	store.Index("ended", func(i *instance) store.Key {
		if i.State != StateTerminated {
			return nil
		}
		return store.K(i.Account, i.Region, i.Changed)
	}))

// live is a thing that the instance gives back when it is terminated.
func (i *instance) live(thing string) string {
	if i.State == StateTerminated {
		return ""
	}
	return thing
}

func ofInstance(i *instance, thing string) store.Key {
	if thing == "" {
		return nil
	}
	return store.K(i.Account, i.Region, thing)
}

// keyPair is the public half of a key pair.
type keyPair struct {
	Account     string
	Region      string
	ID          string // key-…
	Name        string
	Type        string // "rsa" or "ed25519"
	Fingerprint string
	PublicKey   string // in OpenSSH's form
	Created     time.Time
}

var keyPairs = store.NewTable("ec2/key-pair",
	func(k *keyPair) store.Key { return store.K(k.Account, k.Region, k.Name) },
	store.Unique("id", func(k *keyPair) store.Key { return store.K(k.Account, k.Region, k.ID) }))

// tag is one tag of anything that has an id.
type tag struct {
	Account  string
	Region   string
	Resource string
	Key      string
	Value    string
}

var tags = store.NewTable("ec2/tag",
	func(t *tag) store.Key { return store.K(t.Account, t.Region, t.Resource, t.Key) })
