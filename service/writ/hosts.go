package writ

import (
	"context"
	"errors"
	"strconv"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/writ"
	"github.com/writ-iam/writ/store"
)

// Host is where an instance is on this host, and how its processes reach what
// is theirs. All but Namespace and NamespaceID is secret where it has to be.
type Host struct {
	Region      string // the instance's
	Endpoint    string // URL at which AWS's services are reached from inside
	Namespace   string // path of its network namespace, "" if it has none
	NamespaceID uint64 // inode of the namespace, to be sure of it
	Metadata    string // AWS_EC2_METADATA_SERVICE_ENDPOINT
	Credentials string // AWS_CONTAINER_CREDENTIALS_RELATIVE_URI; with a Token the full URI
	Token       string // AWS_CONTAINER_AUTHORIZATION_TOKEN, "" if none is needed
}

// Hosts knows where instances are; package imds does.
type Hosts interface {
	// Host returns the place of an instance of the scope's account and region,
	// store.ErrNotFound if it has none on this host.
	Host(ctx context.Context, scope writ.Scope, id string) (*Host, error)
}

// GetInstanceHost tells how to run a process as an instance of the account and
// region of the call. Whoever may call it may have the credentials of the instance's role.
func (s *Service) GetInstanceHost(c *writ.Call, in *api.GetInstanceHostInput) (*api.GetInstanceHostOutput, error) {
	h, err := s.host(c, in.InstanceId)
	if err != nil {
		return nil, err
	}
	out := &api.GetInstanceHostOutput{InstanceId: in.InstanceId, Region: h.Region, Endpoint: h.Endpoint, MetadataEndpoint: h.Metadata,
		CredentialsUri: h.Credentials, NamespacePath: optional(h.Namespace), AuthorizationToken: optional(h.Token)}
	if h.Namespace != "" {
		out.NamespaceId = new(strconv.FormatUint(h.NamespaceID, 10))
	}
	return out, nil
}

func (s *Service) host(c *writ.Call, id string) (*Host, error) {
	missing := api.ResourceNotFoundException("The instance %s does not run on this host.", id)
	if s.hosts == nil {
		return nil, missing
	}
	h, err := s.hosts.Host(c.Context, c.Scope, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, missing
	}
	return h, err
}
