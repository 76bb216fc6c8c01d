package policy

import "slices"

// Policy is a document compiled for evaluation. It is immutable, to be shared
// between principals, and safe for concurrent use.
type Policy struct {
	topics     [2]topic // of each effect, of all its statements; of most policies nothing else is read
	sieves     []sieve  // of the statements
	index      *index   // nil if they are few
	src        string   // the document
	statements []statement
	more       []pattern // of statements that have several actions or resources
	name       string
	err        *SyntaxError // why it could not be parsed
}

// Compile prepares doc for evaluation. The name is what results and
// explanations call it: the ARN of a managed policy, the name of an inline one.
func Compile(name string, doc *Document) *Policy {
	c := newCompiler(doc, func(Problem) {})
	var statements []sifted
	for _, s := range doc.Statements {
		if one, never := c.statement(s); !never {
			statements = append(statements, one)
		}
	}
	p := &Policy{name: name, src: doc.src, more: slices.Clone(c.more)}
	p.put(statements)
	return p
}

// put gives p its statements. Where they are many, so that an index is worth its
// while, those of many resources are split.
func (p *Policy) put(statements []sifted) {
	many := p.split(statements)
	if len(many) >= manyStatements {
		statements = many
	}
	p.sieves, p.statements = make([]sieve, len(statements)), make([]statement, len(statements))
	for i := range statements {
		s := &statements[i]
		s.lookAt(&s.statement, p.src)
		p.sieves[i], p.statements[i] = s.sieve, s.statement
		p.topics[s.effect] |= s.topic
	}
	if len(many) >= manyStatements {
		p.index = newIndex(p)
	}
}

// some returns some of the patterns.
func (p *Policy) some(s span) []pattern { return p.more[s.from:s.to] }

// Load parses and compiles a stored document. It never fails: a text that does
// not parse becomes a policy that denies every request it takes part in, and
// whose Err says why.
func Load(name string, src []byte) *Policy {
	doc, err := parse(string(src))
	if err != nil {
		return &Policy{name: name, src: string(src), err: err, topics: [2]topic{deny: allTopics}, sieves: denyAll, statements: forAll}
	}
	return Compile(name, doc)
}

// denyAll and forAll are the statement of policies that cannot be read: it
// matches whatever it is asked for.
var (
	denyAll = []sieve{{topic: allTopics, index: -1, effect: deny}}
	forAll  = []statement{{
		rest:     &rest{principal: []principalName{{kind: everybody}}},
		action:   pattern{kind: everything},
		resource: pattern{kind: everything},
	}}
)

// Name returns the name given to Compile or Load.
func (p *Policy) Name() string { return p.name }

// Err returns the *SyntaxError of a policy that Load could not parse, else nil.
func (p *Policy) Err() error {
	if p.err == nil {
		return nil
	}
	return p.err
}

// Document returns the policy's document, nil if it does not parse. It is
// parsed anew by each call: decisions do not need it, and memory is better used.
func (p *Policy) Document() *Document {
	if p.err != nil {
		return nil
	}
	return reparse(p.src)
}
