package iam

import (
	"iter"

	"github.com/writ-iam/writ/store"
)

// policyUse is a way in which entities use a managed policy.
type policyUse struct{ attached, boundary bool }

var anyUse = policyUse{true, true}

// policiesInUse yields the ARNs of the managed policies that an account uses,
// its own and AWS's: those that start with prefix and lie behind after, each
// once, in order.
func policiesInUse(tx *store.Tx, account string, use policyUse, prefix, after string) iter.Seq2[string, error] {
	from, behind := store.K(account).Starting(prefix), store.K(account, after)
	var all []iter.Seq2[string, error]
	if use.attached {
		all = append(all, arns(attachments.Groups(tx, "policy", from, behind)))
	}
	if use.boundary {
		all = append(all, arns(users.Groups(tx, "boundary", from, behind)), arns(roles.Groups(tx, "boundary", from, behind)))
	}
	return merged(all...)
}

// arns are the policies that groups of an index with the parts account and
// policy ARN stand for.
func arns(groups iter.Seq2[store.Group, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for g, err := range groups {
			if err != nil {
				yield("", err)
				return
			}
			if !yield(g.Key.Parts()[1], nil) {
				return
			}
		}
	}
}

// merged yields what ordered sequences yield, in order and each text once.
func merged(all ...iter.Seq2[string, error]) iter.Seq2[string, error] {
	if len(all) == 1 {
		return all[0]
	}
	return func(yield func(string, error) bool) {
		heads := make([]head, len(all))
		for i, seq := range all {
			next, stop := iter.Pull2(seq)
			defer stop()
			heads[i].next = next
			heads[i].advance()
		}
		for {
			text, err, ok := least(heads)
			if !ok || !yield(text, err) || err != nil {
				return
			}
			for i := range heads {
				if heads[i].more && heads[i].text == text {
					heads[i].advance()
				}
			}
		}
	}
}

// head is where a sequence has come to.
type head struct {
	next func() (string, error, bool)
	text string
	err  error
	more bool
}

func (h *head) advance() { h.text, h.err, h.more = h.next() }

// least is the first error, or the least text, of sequences that have more.
func least(heads []head) (text string, err error, ok bool) {
	for _, h := range heads {
		switch {
		case !h.more:
		case h.err != nil:
			return "", h.err, true
		case !ok || h.text < text:
			text, ok = h.text, true
		}
	}
	return text, nil, ok
}

// countInUse is how many different managed policies an account uses: those
// whose default versions are in use (AccountSummary, PolicyVersionsInUse).
func countInUse(tx *store.Tx, account string) (n int, err error) {
	for _, err := range policiesInUse(tx, account, anyUse, "", "") {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// oneMoreInUse says whether an account may begin to use a policy.
func (s *Service) oneMoreInUse(tx *store.Tx, account, arn string) error {
	used, err := countsOf(tx, account, arn)
	if err != nil || used.attached+used.boundaries > 0 {
		return err
	}
	n, err := countInUse(tx, account)
	if err != nil {
		return err
	}
	return s.within("PolicyVersionsInUsePerAccount", n+1)
}
