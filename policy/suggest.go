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
// for this request. They are empty if it denied nothing else, and nil if no
// statements can say just that; then the request must be excepted in another
// way, or the policy repaired.
type Change struct {
	Type       Type              `json:"type"`
	Level      int               `json:"level,omitempty"` // of an SCP or RCP, 1 is the organization's root
	Denial     *Denial           `json:"denial,omitempty"`
	Statements []json.RawMessage `json:"statements,omitzero"`
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
	if strings.ContainsAny(r.Action, "*?") {
		return nil
	}
	var changes []Change
	s := suggester{Policies: *p, request: r, originals: map[*Policy]*Policy{}}
	for {
		result := s.Evaluate(r)
		if result.Decision == Allow {
			return changes
		}
		change := s.change(result)
		if slices.ContainsFunc(changes, change.repeats) {
			return nil
		}
		changes = append(changes, change)
	}
}

// repeats reports whether c lacks the Allow that d has added.
func (c Change) repeats(d Change) bool {
	return c.Denial == nil && d.Denial == nil && c.Type == d.Type && c.Level == d.Level
}

// suggester tries changes on a copy of the policies.
type suggester struct {
	Policies
	request   *Request
	originals map[*Policy]*Policy // of policies that were changed
}

// change makes one change and says which.
func (s *suggester) change(r Result) Change {
	if r.Decision == ExplicitDeny {
		return s.except(r)
	}
	c := Change{Type: r.By}
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
	return c
}

// lackingLevel is the first level of SCPs that does not allow the request.
func (s *suggester) lackingLevel() int {
	e := newEvaluation(&s.Policies, s.request)
	return slices.IndexFunc(s.SCPs, func(level []*Policy) bool { return !e.find(SCP, allow, level) })
}

// except takes the request out of the statement that denies it, or a policy
// that does not parse out of the decision.
func (s *suggester) except(r Result) Change {
	original := s.original(r.Policy)
	d := &Denial{Policy: original.name, Statement: int(r.statement)}
	c := Change{Type: r.By, Level: s.levelOf(r), Denial: d}
	if err := r.Policy.err; err != nil {
		d.Error = err.Error()
		s.replace(r.Policy, Load(original.name, []byte(`{}`)))
		return c
	}
	statement := r.Statement()
	d.Sid, d.Start = statement.Sid, original.Document().Statements[d.Statement].Start
	if list := s.sparing(statement, r.By); !s.denied(r, list) {
		c.Statements = list
	}
	s.replace(r.Policy, r.Policy.edited(d.Statement, c.Statements))
	return c
}

// denied reports whether statements, in the place of the policy that denied,
// still deny.
func (s *suggester) denied(r Result, statements []json.RawMessage) bool {
	empty := &Policy{name: r.Policy.name, src: `{"Version":` + quote(r.Policy.Document().Version) + `}`}
	e := newEvaluation(&s.Policies, s.request)
	return e.find(r.By, deny, []*Policy{empty.edited(-1, statements)})
}

// levelOf is the level of the SCP or RCP that decided, 0 for other policies.
func (s *suggester) levelOf(r Result) int {
	levels := map[Type][][]*Policy{SCP: s.SCPs, RCP: s.RCPs}[r.By]
	return slices.IndexFunc(levels, func(level []*Policy) bool { return slices.Contains(level, r.Policy) }) + 1
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
