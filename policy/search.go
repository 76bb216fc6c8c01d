package policy

// search looks in one policy for the statement with an effect that reaches the
// caller most directly.
type search struct {
	*evaluation
	policy *Policy
	part   Type // that the policy plays
	effect effect
	enough reach // at which the search ends

	best  *statement
	reach reach
}

func (h *search) all(statements []statement) {
	for i := range statements {
		if s := &statements[i]; h.asksFor(s) && h.ends(s) {
			return
		}
	}
}

// some tries the statements with the numbers, and reports whether the search ends.
func (h *search) some(statements []statement, numbers []int32) bool {
	for _, i := range numbers {
		if s := &statements[i]; h.asksFor(s) && h.ends(s) {
			return true
		}
	}
	return false
}

func (h *search) asksFor(s *statement) bool { return s.topic&h.topic != 0 && s.effect == h.effect }

// ends tries one statement and reports whether the search ends with it.
func (h *search) ends(s *statement) bool {
	if s.mismatch(h.evaluation, h.policy, h.part) != none {
		return false
	}
	r := h.enough
	if r == directly {
		r = s.reach(h.evaluation, h.part)
	}
	if r > h.reach {
		h.best, h.reach = s, r
	}
	return h.reach >= h.enough
}
