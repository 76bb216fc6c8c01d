package organizations

import (
	"time"

	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// handshakeShape shows a handshake, to either side the same. An account that was
// invited by its address is named by nothing else: who invites need not know its
// number.
func (s *Service) handshakeShape(tx *store.Tx, h *handshake, at time.Time) (*api.Handshake, error) {
	o, err := organizations.Get(tx, h.Organization)
	if err != nil {
		return nil, err
	}
	state, err := s.state(tx, h, at)
	if err != nil {
		return nil, err
	}
	is := &api.Handshake{Id: &h.ID, Arn: new(o.handshakeARN(h)), Action: &h.Action, State: &state,
		RequestedTimestamp: &h.Requested, ExpirationTimestamp: &h.Expires, Parties: h.parties()}
	is.Resources, err = s.handshakeResources(tx, o, h)
	return is, err
}

func (h *handshake) parties() []api.HandshakeParty {
	all := []api.HandshakeParty{{Id: h.Organization, Type: "ORGANIZATION"}}
	if kind, id := h.asked(); id != "" {
		all = append(all, api.HandshakeParty{Id: id, Type: kind})
	}
	return all
}

// asked names the account that is asked as the organization has named it.
func (h *handshake) asked() (kind, id string) {
	if h.Email != "" {
		return "EMAIL", h.Email
	}
	return "ACCOUNT", h.Account
}

func (s *Service) handshakeResources(tx *store.Tx, o *organization, h *handshake) ([]api.HandshakeResource, error) {
	by := detail("ORGANIZATION", o.ID)
	if h.Action == enableAll {
		return []api.HandshakeResource{by}, nil
	}
	manager, err := s.accounts.Account(tx, o.Management)
	if err != nil {
		return nil, err
	}
	by.Resources = details("MASTER_EMAIL", manager.Email, "MASTER_NAME", manager.Name, "ORGANIZATION_FEATURE_SET", o.featureSet())
	kind, id := h.asked()
	return append([]api.HandshakeResource{by}, details(kind, id, "NOTES", h.Notes, "PARENT_HANDSHAKE", h.Parent)...), nil
}

func detail(kind, v string) api.HandshakeResource {
	return api.HandshakeResource{Type: &kind, Value: &v}
}

// details makes them of kinds and values, without those that are "".
func details(pairs ...string) []api.HandshakeResource {
	var all []api.HandshakeResource
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			all = append(all, detail(pairs[i], pairs[i+1]))
		}
	}
	return all
}
