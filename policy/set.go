package policy

// set is the statements of a policy that have one effect. Their topics stand
// apart, close together, as most decisions read nothing else of a set.
type set struct {
	all        topic // of all statements
	topics     []topic
	statements []statement
	index      *index // nil if the statements are few
}

func (s *set) add(c statement) {
	s.all = s.all.with(c.topic)
	for _, one := range c.split() {
		s.topics = append(s.topics, one.topic)
		s.statements = append(s.statements, one)
	}
}

// candidates calls try for the statements that may match, until it returns false.
func (s *set) candidates(e *evaluation, try func(*statement) bool) {
	if s.index != nil {
		s.index.search(e, try)
		return
	}
	s.tryAll(e, try)
}

func (s *set) tryAll(e *evaluation, try func(*statement) bool) {
	for i, topic := range s.topics {
		if topic.meets(e.topic) && !try(&s.statements[i]) {
			return
		}
	}
}

// try calls f for some of the statements and reports whether to go on.
func (s *set) try(e *evaluation, some []int32, f func(*statement) bool) bool {
	for _, i := range some {
		if s.topics[i].meets(e.topic) && !f(&s.statements[i]) {
			return false
		}
	}
	return true
}
