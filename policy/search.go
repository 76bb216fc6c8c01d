package policy

// This file looks in one policy for the statement with an effect that reaches
// the caller most directly.

// search reports whether a statement of p matches. It is content with the first
// that reaches enough.
func (e *evaluation) search(p *Policy) bool {
	e.policy, e.best, e.reach = p, -1, nobody
	if p.index != nil {
		p.index.search(e)
	} else {
		e.all()
	}
	return e.best >= 0
}

// all tries every statement of the policy.
func (e *evaluation) all() {
	for i := range e.policy.sieves {
		if v := &e.policy.sieves[i]; v.isAbout(e) && v.fits(e.Resource) && e.ends(i) {
			return
		}
	}
}

// some tries the statements with the numbers, and reports whether the search ends.
func (e *evaluation) some(numbers []int32) bool {
	for _, i := range numbers {
		if v := &e.policy.sieves[i]; v.isAbout(e) && v.fits(e.Resource) && e.ends(int(i)) {
			return true
		}
	}
	return false
}

// ends tries one statement and reports whether the search ends with it.
func (e *evaluation) ends(i int) bool {
	s := &e.policy.statements[i]
	if s.mismatch(e) != none {
		return false
	}
	if e.enough < directly {
		e.best = i
		return true
	}
	if r := s.reach(e); r > e.reach {
		e.best, e.reach = i, r
	}
	return e.reach == directly
}
