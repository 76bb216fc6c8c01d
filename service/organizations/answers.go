package organizations

import (
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/store"
)

// AcceptHandshake does what was asked.
func (s *Service) AcceptHandshake(c *writ.Call, in *api.AcceptHandshakeInput) (*api.AcceptHandshakeOutput, error) {
	h, err := s.answer(c, in.HandshakeId, accepted)
	return &api.AcceptHandshakeOutput{Handshake: h}, err
}

// DeclineHandshake is the answer of who is asked.
func (s *Service) DeclineHandshake(c *writ.Call, in *api.DeclineHandshakeInput) (*api.DeclineHandshakeOutput, error) {
	h, err := s.answer(c, in.HandshakeId, declined)
	return &api.DeclineHandshakeOutput{Handshake: h}, err
}

// CancelHandshake is for who asks.
func (s *Service) CancelHandshake(c *writ.Call, in *api.CancelHandshakeInput) (*api.CancelHandshakeOutput, error) {
	h, err := s.answer(c, in.HandshakeId, canceled)
	return &api.CancelHandshakeOutput{Handshake: h}, err
}

func (s *Service) DescribeHandshake(c *writ.Call, in *api.DescribeHandshakeInput) (*api.DescribeHandshakeOutput, error) {
	out := new(api.DescribeHandshakeOutput)
	err := s.db.View(c.Context, func(tx *store.Tx) error {
		_, h, err := handshakeOf(tx, c, in.HandshakeId)
		if err != nil {
			return or(err, noHandshake())
		}
		out.Handshake, err = s.handshakeShape(tx, h, c.Time)
		return err
	})
	return out, err
}

// answer ends a handshake, with all that follows.
func (s *Service) answer(c *writ.Call, id, answer string) (shape *api.Handshake, err error) {
	var joins string // the management account of the organization that is joined
	err = s.db.Update(c, func(tx *store.Tx) error {
		joins = ""
		o, h, err := handshakeOf(tx, c, id)
		if err != nil {
			return or(err, noHandshake())
		}
		if err := s.answerable(tx, c, h, answer); err != nil {
			return err
		}
		if err := s.carryOut(tx, c, o, h, answer); err != nil {
			return err
		}
		h.Answer, h.Ended = answer, c.Time
		if err := handshakes.Put(tx, h); err != nil {
			return err
		}
		if h.Action == invite && answer == accepted {
			joins = o.Management
		}
		shape, err = s.handshakeShape(tx, h, c.Time)
		return err
	})
	if err == nil && joins != "" {
		err = s.joined(c, joins, c.Scope.Account, "Invited")
	}
	return shape, err
}

// answerable refuses the answer of the wrong side, and one at the wrong time.
func (s *Service) answerable(tx *store.Tx, c *writ.Call, h *handshake, answer string) error {
	if !h.side(c.Scope.Account, answer) {
		return api.AccessDeniedException("You don't have permissions to access this resource.")
	}
	state, err := s.state(tx, h, c.Time)
	switch {
	case err != nil:
		return err
	case state == answer:
		return api.HandshakeAlreadyInStateException("The specified handshake is already in the requested state.")
	case state == open, state == requested && answer != accepted:
		return nil
	}
	return api.InvalidHandshakeTransitionException("You can't perform the operation on the handshake in its current state.")
}

// side says whether an account that takes part in a handshake may answer so: who
// is asked accepts or declines, who asks cancels. The organization asks itself
// whether it is to have all features.
func (h *handshake) side(account, answer string) bool {
	if answer == canceled {
		return h.Account != account
	}
	return h.Account == account || h.Account == ""
}

// carryOut does what follows from an answer.
func (s *Service) carryOut(tx *store.Tx, c *writ.Call, o *organization, h *handshake, answer string) error {
	switch {
	case h.Action == invite && answer == accepted:
		return s.joinInvited(tx, c, o, h)
	case h.Action == enableAll && answer == accepted:
		return s.gainFeatures(tx, o)
	case h.Action == enableAll:
		return o.withdraw(tx, c.Time, func(part *handshake) bool { return part.Parent == h.ID })
	}
	return nil
}

// withdraw cancels open handshakes of the organization.
func (o *organization) withdraw(tx *store.Tx, at time.Time, which func(*handshake) bool) error {
	for h, err := range handshakes.Scan(tx, store.K(o.ID)) {
		if err == nil && h.isOpen(at) && which(h) {
			h.Answer, h.Ended = canceled, at
			err = handshakes.Put(tx, h)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
