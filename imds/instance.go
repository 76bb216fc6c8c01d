package imds

import (
	"context"
	"net/netip"
	"time"

	"github.com/writ-iam/writ"
)

// Instance is what the metadata service tells of an instance. What is "" or nil
// is not known, and is left out of the metadata.
type Instance struct {
	ID            string
	ARN           string
	Scope         writ.Scope // its account, and the region it is in
	ImageID       string
	Type          string // "t3.micro"
	Architecture  string // "x86_64"
	ReservationID string
	LaunchIndex   int
	Launched      time.Time // when it was last started

	Zone, ZoneID string
	Hostname     string // private DNS name
	Interface    Interface
	Groups       []Group
	KeyName      string
	PublicKey    string // in OpenSSH's form, without a line's end
	UserData     []byte
	Tags         map[string]string
	Profile      *Profile // nil if it has none
	Metadata     Metadata
}

// Interface is the instance's network interface.
type Interface struct {
	ID, MAC             string
	PrivateIP           netip.Addr
	SubnetID, VPC       string
	SubnetCIDR, VPCCIDR string
}

// Group is a security group.
type Group struct{ ID, Name string }

// Profile is the instance profile that is associated with the instance.
type Profile struct {
	ARN, ID string
	Since   time.Time // when it was associated
}

// Metadata are the instance's metadata options (EC2 API reference,
// InstanceMetadataOptionsRequest).
type Metadata struct {
	Disabled       bool // HttpEndpoint
	TokensOptional bool // HttpTokens: IMDSv1 is answered
	HopLimit       int  // HttpPutResponseHopLimit, 1 to 64
	Tags           bool // InstanceMetadataTags
}

// Source is what the metadata service reads, and by which it makes its calls.
// The server is one.
type Source interface {
	writ.Inner

	// Instance returns an instance that is running; the error of one that is not
	// is store.ErrNotFound.
	Instance(ctx context.Context, id string) (*Instance, error)

	// Running returns the ids of all instances that are running, of all accounts.
	Running(ctx context.Context) ([]string, error)

	// ProfileRole returns the role in an instance profile, which is found by its
	// unique id: nil if it holds none, store.ErrNotFound if the profile is gone.
	ProfileRole(ctx context.Context, profileID string) (*writ.Issuer, error)

	// InstanceAt returns the instance, with its account, that a machine's IP
	// address was registered for; store.ErrNotFound if there is none.
	InstanceAt(ctx context.Context, address string) (account, id string, err error)
}
