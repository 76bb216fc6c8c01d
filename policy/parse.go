package policy

// Parse reads a policy document. The error is a *SyntaxError: the text is not
// JSON, not an object, longer than MaxSize, nested too deeply, or has a name
// twice in one object.
func Parse(src []byte) (*Document, error) {
	d, err := parse(string(src))
	if err != nil {
		return nil, err
	}
	return d, nil
}

func parse(src string) (d *Document, err *SyntaxError) {
	p := newParser(src)
	defer func() {
		if p.failed != nil {
			recover()
			d, err = nil, p.failed
		}
	}()
	if len(src) > MaxSize {
		p.fail(MaxSize, "longer than %d bytes", MaxSize)
	}
	return p.document(), nil
}

// reparse reads a text that is known to be a document.
func reparse(src string) *Document { return newParser(src).document() }

// parser builds a Document from what the lexer reads.
type parser struct {
	lexer
	doc *Document
}

func newParser(src string) *parser {
	return &parser{lexer: lexer{src: src}, doc: &Document{src: src}}
}

func (p *parser) document() *Document {
	if p.peek() != '{' {
		p.unexpected("'{' at the start of a policy document")
	}
	p.object(p.element)
	if p.peek() != 0 {
		p.unexpected("nothing after the policy document")
	}
	return p.doc
}

// problem notes what has no meaning.
func (p *parser) problem(fault fault, pos Position, element, msg string) {
	p.doc.problems = append(p.doc.problems, Problem{pos, element, msg, fault})
}

// element reads a member of the document.
func (p *parser) element(name Value) {
	switch name.Text {
	case "Version":
		p.doc.Version = p.text("Version")
		if v := p.doc.Version; v != version2012 && v != version2008 {
			p.problem(badVersion, name.Pos, "Version", "unknown version")
		}
	case "Id":
		p.doc.ID = p.text("Id")
	case "Statement":
		p.doc.statement = true
		p.statements()
	default:
		p.problem(badElement, name.Pos, name.Text, "unknown element")
		p.skip()
	}
}

// statements reads a statement or a list of them (R128).
func (p *parser) statements() {
	if p.peek() == '[' {
		p.array(p.statement)
		return
	}
	p.statement()
}

func (p *parser) statement() {
	if p.peek() != '{' {
		p.problem(badType, p.position(p.at), "Statement", "not an object")
		p.skip()
		return
	}
	s := &Statement{Index: len(p.doc.Statements), Start: p.position(p.at)}
	p.object(func(name Value) { p.statementElement(s, name) })
	s.End = p.position(p.at)
	p.doc.Statements = append(p.doc.Statements, s)
}

func (p *parser) statementElement(s *Statement, name Value) {
	switch name.Text {
	case "Sid":
		s.Sid = p.text("Sid")
	case "Effect":
		s.Effect = p.text("Effect")
		if s.Effect != effectAllow && s.Effect != effectDeny {
			p.problem(badEffect, name.Pos, "Effect", "neither Allow nor Deny")
		}
	case "Principal":
		s.Principal = p.principals("Principal")
	case "NotPrincipal":
		s.NotPrincipal = p.principals("NotPrincipal")
	case "Action":
		s.Action = p.values("Action", false)
	case "NotAction":
		s.NotAction = p.values("NotAction", false)
	case "Resource":
		s.Resource = p.values("Resource", false)
	case "NotResource":
		s.NotResource = p.values("NotResource", false)
	case "Condition":
		p.conditions(s)
	default:
		p.problem(badElement, name.Pos, name.Text, "unknown element")
		p.skip()
	}
}

// text reads a string; anything else is a problem, and "".
func (p *parser) text(element string) string {
	if p.peek() == '"' {
		return p.string().Text
	}
	p.problem(badType, p.position(p.at), element, "not a string")
	p.skip()
	return ""
}

// values reads a value or a list of them (R128). What is not a string, or for
// a condition a number or a truth value (R129), is a problem and left out.
func (p *parser) values(element string, typed bool) []Value {
	list := []Value{}
	item := func() {
		if c := p.peek(); c != '{' && c != '[' {
			if v := p.scalar(); v.kind == text || typed && v.kind != null {
				list = append(list, v)
			} else {
				p.problem(badType, v.Pos, element, "not a string")
			}
			return
		}
		p.problem(badType, p.position(p.at), element, "not a string")
		p.skip()
	}
	if p.peek() == '[' {
		p.array(item)
	} else {
		item()
	}
	return list
}

// principals reads "*" or {"AWS": …, "Service": …}.
func (p *parser) principals(element string) []PrincipalValue {
	list := []PrincipalValue{}
	if p.peek() != '{' {
		for _, v := range p.values(element, false) {
			list = append(list, PrincipalValue{star, v})
			if v.Text != star {
				p.problem(badPrincipal, v.Pos, element, "neither an object nor *")
			}
		}
		return list
	}
	p.object(func(kind Value) {
		if !principalKinds[kind.Text] {
			p.problem(badPrincipal, kind.Pos, element, "unknown kind of principal")
		}
		if kind.Text == star {
			kind.Text = "" // {"*": "*"} is not "*"
		}
		for _, v := range p.values(element, false) {
			list = append(list, PrincipalValue{kind.Text, v})
		}
	})
	return list
}

// conditions reads {operator: {key: values}}.
func (p *parser) conditions(s *Statement) {
	if !p.block(s, "Condition") {
		return
	}
	p.object(func(operator Value) {
		if p.block(s, operator.Text) {
			p.object(func(key Value) {
				s.Conditions = append(s.Conditions, Condition{operator, key, p.values(operator.Text, true)})
			})
		}
	})
}

// block reports whether an object comes next; if not, the statement's condition is unclear.
func (p *parser) block(s *Statement, element string) bool {
	if p.peek() == '{' {
		return true
	}
	p.problem(badType, p.position(p.at), element, "not an object")
	s.unclear = true
	p.skip()
	return false
}

const (
	version2008 = "2008-10-17"
	version2012 = "2012-10-17"

	effectAllow = "Allow"
	effectDeny  = "Deny"

	star = "*"
)

// principalKinds are the members that a Principal may have.
var principalKinds = map[string]bool{"AWS": true, "Service": true, "Federated": true, "CanonicalUser": true}
