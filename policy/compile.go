package policy

import "slices"

// Policy is a document compiled for evaluation. It is immutable, to be shared
// between principals, and safe for concurrent use.
type Policy struct {
	name       string
	src        string
	err        error       // why the document could not be parsed
	topics     [2]topic    // of its statements of each effect
	statements []statement // those with Deny first
	denying    int         // how many they are
	indexes    [2]*index   // of the statements of each effect; nil if they are few
}

// Compile prepares doc for evaluation. The name is what results and
// explanations call it: the ARN of a managed policy, the name of an inline one.
func Compile(name string, doc *Document) *Policy {
	p := &Policy{name: name, src: doc.src, statements: make([]statement, 0, len(doc.Statements))}
	for _, s := range doc.Statements {
		c := compileStatement(doc, s, func(Problem) {})
		if c.never {
			continue
		}
		p.topics[c.effect] = p.topics[c.effect].with(c.topic)
		p.statements = append(p.statements, c.split()...)
	}
	slices.SortStableFunc(p.statements, func(a, b statement) int { return int(a.effect) - int(b.effect) })
	for p.denying < len(p.statements) && p.statements[p.denying].effect == deny {
		p.denying++
	}
	p.indexes = [2]*index{deny: newIndex(p.denies()), allow: newIndex(p.allows())}
	return p
}

// denies returns the statements with Deny, allows those with Allow.
func (p *Policy) denies() []statement { return p.statements[:p.denying] }
func (p *Policy) allows() []statement { return p.statements[p.denying:] }

// Load parses and compiles a stored document. It never fails: a text that does
// not parse becomes a policy that denies every request it takes part in, and
// whose Err says why.
func Load(name string, src []byte) *Policy {
	doc, err := Parse(src)
	if err != nil {
		return &Policy{name: name, src: string(src), err: err, topics: [2]topic{deny: allTopics}}
	}
	return Compile(name, doc)
}

// Name returns the name given to Compile or Load.
func (p *Policy) Name() string { return p.name }

// Err returns the *SyntaxError of a policy that Load could not parse, else nil.
func (p *Policy) Err() error { return p.err }

// Document returns the policy's document, nil if it does not parse. It is
// parsed anew by each call: decisions do not need it, and memory is better used.
func (p *Policy) Document() *Document {
	if p.err != nil {
		return nil
	}
	return reparse(p.src)
}
