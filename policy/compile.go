package policy

// Policy is a document compiled for evaluation. It is immutable, to be shared
// between principals, and safe for concurrent use.
type Policy struct {
	sets [2]set // the statements of each effect
	name string
	src  string
	err  error // why the document could not be parsed
}

// Compile prepares doc for evaluation. The name is what results and
// explanations call it: the ARN of a managed policy, the name of an inline one.
func Compile(name string, doc *Document) *Policy {
	p := &Policy{name: name, src: doc.src}
	for _, s := range doc.Statements {
		if c := compileStatement(doc, s, func(Problem) {}); !c.never {
			p.sets[c.effect].add(c)
		}
	}
	for i := range p.sets {
		p.sets[i].index = newIndex(&p.sets[i])
	}
	return p
}

// Load parses and compiles a stored document. It never fails: a text that does
// not parse becomes a policy that denies every request it takes part in, and
// whose Err says why.
func Load(name string, src []byte) *Policy {
	doc, err := Parse(src)
	if err != nil {
		return &Policy{name: name, src: string(src), err: err, sets: [2]set{deny: {all: allTopics}}}
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
