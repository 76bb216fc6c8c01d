package organizations

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// ListHandshakesForOrganization lists what the organization has asked. Pages may
// be empty, for those that the filter leaves out.
func (s *Service) ListHandshakesForOrganization(c *writ.Call, in *api.ListHandshakesForOrganizationInput) (*api.ListHandshakesForOrganizationOutput, error) {
	out := new(api.ListHandshakesForOrganizationOutput)
	f, err := filterOf(in.Filter)
	if err != nil {
		return nil, err
	}
	err = s.read(c, func(tx *store.Tx, o *organization) error {
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, []string{f.action, f.parent}, func(after store.Key, limit int) ([]*handshake, store.Key, error) {
			return handshakes.Page(tx, store.K(o.ID), after, limit)
		})
		if err != nil {
			return err
		}
		out.NextToken = next
		out.Handshakes, err = s.listed(tx, c, rows, f)
		return err
	})
	return out, err
}

// ListHandshakesForAccount lists what the caller's account was asked, whether it
// is in an organization or not.
func (s *Service) ListHandshakesForAccount(c *writ.Call, in *api.ListHandshakesForAccountInput) (*api.ListHandshakesForAccountOutput, error) {
	out := new(api.ListHandshakesForAccountOutput)
	f, err := filterOf(in.Filter)
	if err != nil {
		return nil, err
	}
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, []string{f.action, f.parent}, func(after store.Key, limit int) ([]*handshake, store.Key, error) {
			return handshakes.PageBy(tx, "account", store.K(c.Scope.Account), after, limit)
		})
		if err != nil {
			return err
		}
		out.NextToken = next
		out.Handshakes, err = s.listed(tx, c, rows, f)
		return err
	})
	return out, err
}

// filter selects handshakes; "" selects all.
type filter struct{ action, parent string }

func filterOf(f *api.HandshakeFilter) (filter, error) {
	if f == nil {
		return filter{}, nil
	}
	if f.ActionType != nil && f.ParentHandshakeId != nil {
		return filter{}, invalid("MAX_LIMIT_EXCEEDED_FILTER", "You can specify only one filter parameter for the operation.")
	}
	return filter{value(f.ActionType), value(f.ParentHandshakeId)}, nil
}

func (f filter) selects(h *handshake) bool {
	return (f.action == "" || f.action == h.Action) && (f.parent == "" || f.parent == h.Parent)
}

// listed are the shapes of those handshakes of a page that are to be seen.
func (s *Service) listed(tx *store.Tx, c *writ.Call, rows []*handshake, f filter) ([]api.Handshake, error) {
	all := []api.Handshake{}
	for _, h := range rows {
		if h.isGone(c.Time) || !f.selects(h) {
			continue
		}
		is, err := s.handshakeShape(tx, h, c.Time)
		if err != nil {
			return nil, err
		}
		all = append(all, *is)
	}
	return all, nil
}
