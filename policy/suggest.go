package policy

import (
	"encoding/json"
	"slices"
	"strings"
)

// Change is one change of policies towards allowing a request.
//
// If an Allow is lacking, Statements are to be added to any policy of the type,
// for an SCP at the level. If a statement denies, Denial says which, and
// Statements are to stand in its place: together they deny what it denied, but
// for this request. They are nil if no statements can say just that; then the
// request must be excepted in another way, or the policy repaired.
type Change struct {
	Type       Type              `json:"type"`
	Level      int               `json:"level,omitempty"` // of an SCP, 1 is the organization's root
	Denial     *Denial           `json:"denial,omitempty"`
	Statements []json.RawMessage `json:"statements,omitempty"`
}

// Denial is what denies a request.
type Denial struct {
	Policy    string   `json:"policy"`
	Statement int      `json:"statement"` // index in the document, -1 if the policy denies because it does not parse
	Sid       string   `json:"sid,omitempty"`
	Start     Position `json:"start,omitzero"`
	Error     string   `json:"error,omitempty"` // why the policy does not parse
}

// Suggest returns the smallest changes that together would allow the request,
// in the order in which they would be missed. It is nil if the request is
// allowed, and if no statement would change that. The statements say no more
// than the request needs: its action, its resource, and in a resource's policy
// its principal.
//
// What it returns has been tried: with all the changes, and with what has no
// statements taken out, Evaluate allows the request.
func (p *Policies) Suggest(r *Request) []Change {
	var changes []Change
	s := suggester{Policies: *p, request: r, originals: map[*Policy]*Policy{}}
	for {
		result := s.Evaluate(r)
		if result.Decision == Allow {
			return changes
		}
		change, ok := s.change(result)
		if !ok || slices.ContainsFunc(changes, change.same) {
			return nil
		}
		changes = append(changes, change)
	}
}

// same reports whether d is the same change once more, which did not help.
func (c Change) same(d Change) bool {
	if c.Denial == nil || d.Denial == nil {
		return c.Denial == d.Denial && c.Type == d.Type && c.Level == d.Level
	}
	return *c.Denial == *d.Denial && c.Type == d.Type
}

// suggester tries changes on a copy of the policies.
type suggester struct {
	Policies
	request   *Request
	originals map[*Policy]*Policy // of policies that were changed
}

// change makes one change and says which. It cannot if the request's action or
// resource fits no statement.
func (s *suggester) change(r Result) (c Change, ok bool) {
	if r.Decision == ExplicitDeny {
		return s.except(r)
	}
	c = Change{Type: r.By}
	text := s.allowing(r.By)
	c.Statements = []json.RawMessage{json.RawMessage(text)}
	added := Load("", []byte(`{"Version":"`+version2012+`","Statement":`+text+`}`))
	switch r.By {
	case Identity:
		s.Identity = append(slices.Clip(s.Identity), added)
	case Boundary:
		s.Boundary = append(slices.Clip(s.Boundary), added)
	case Session:
		s.Session = append(slices.Clip(s.Session), added)
	case Endpoint:
		s.Endpoint = append(slices.Clip(s.Endpoint), added)
	case SCP:
		c.Level = s.lackingLevel() + 1
		s.SCPs = slices.Clone(s.SCPs)
		s.SCPs[c.Level-1] = append(slices.Clip(s.SCPs[c.Level-1]), added)
	case Resource:
		if s.Resource == nil {
			s.Resource = added
		} else {
			s.replace(s.Resource, s.Resource.edited(-1, c.Statements))
		}
	}
	return c, true
}

// lackingLevel is the first level of SCPs that does not allow the request.
func (s *suggester) lackingLevel() int {
	e := newEvaluation(&s.Policies, s.request)
	return slices.IndexFunc(s.SCPs, func(level []*Policy) bool { return e.find(SCP, allow, level).Policy == nil })
}

// except takes the request out of the statement that denies it.
func (s *suggester) except(r Result) (c Change, ok bool) {
	original := s.original(r.Policy)
	d := &Denial{Policy: original.name, Statement: int(r.statement)}
	c = Change{Type: r.By, Denial: d}
	statement := r.Statement()
	if statement == nil {
		if r.Policy.err == nil {
			return c, false
		}
		d.Error = r.Policy.err.Error()
		s.replace(r.Policy, Load(original.name, []byte(`{}`)))
		return c, true
	}
	doc := original.Document()
	if d.Statement >= len(doc.Statements) {
		return c, false
	}
	d.Sid, d.Start = statement.Sid, doc.Statements[d.Statement].Start
	c.Statements = s.sparing(statement, r.By)
	s.replace(r.Policy, r.Policy.edited(d.Statement, c.Statements))
	return c, true
}

func (s *suggester) original(p *Policy) *Policy {
	if o := s.originals[p]; o != nil {
		return o
	}
	return p
}

// replace puts a changed policy wherever the old one takes part.
func (s *suggester) replace(old, changed *Policy) {
	s.originals[changed] = s.original(old)
	swap := func(list []*Policy) []*Policy {
		list = slices.Clone(list)
		for i := range list {
			if list[i] == old {
				list[i] = changed
			}
		}
		return list
	}
	s.Identity, s.Boundary, s.Session, s.Endpoint = swap(s.Identity), swap(s.Boundary), swap(s.Session), swap(s.Endpoint)
	s.SCPs, s.RCPs = slices.Clone(s.SCPs), slices.Clone(s.RCPs)
	for _, levels := range [][][]*Policy{s.SCPs, s.RCPs} {
		for i := range levels {
			levels[i] = swap(levels[i])
		}
	}
	if s.Resource == old {
		s.Resource = changed
	}
}

// edited returns the policy with more statements and without statement i, for
// which one that never matches keeps the place; -1 takes none out.
func (p *Policy) edited(i int, more []json.RawMessage) *Policy {
	doc := p.Document()
	var texts []string
	for _, s := range doc.Statements {
		texts = append(texts, doc.src[s.Start.Offset:s.End.Offset])
	}
	if i >= 0 {
		texts[i] = "{}"
	}
	for _, m := range more {
		texts = append(texts, string(m))
	}
	return Load(p.name, []byte(`{"Version":`+quote(doc.Version)+`,"Statement":[`+strings.Join(texts, ",")+`]}`))
}
