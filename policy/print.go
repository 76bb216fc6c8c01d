package policy

import (
	"encoding/json"
	"strings"
)

// String prints the document in a canonical layout: four spaces for each level,
// a list of one scalar on one line, everything in its order. Parsing what it
// prints gives the same document, but for the positions.
func (d *Document) String() string {
	p := printer{lexer: lexer{src: d.src}}
	p.value()
	return p.out.String()
}

// Source gives the text that was parsed.
func (d *Document) Source() string { return d.src }

// printer writes what the lexer reads.
type printer struct {
	lexer
	out strings.Builder
}

func (p *printer) value() {
	switch p.peek() {
	case '{':
		p.list('{', '}', func(separate func()) {
			p.object(func(name Value) {
				separate()
				p.out.WriteString(quote(name.Text))
				p.out.WriteString(": ")
				p.value()
			})
		})
	case '[':
		p.list('[', ']', func(separate func()) {
			p.array(func() {
				separate()
				p.value()
			})
		})
	default:
		if v := p.scalar(); v.kind == text {
			p.out.WriteString(quote(v.Text))
		} else {
			p.out.WriteString(v.Text)
		}
	}
}

// list writes brackets around what items writes, one item a line.
func (p *printer) list(open, end byte, items func(separate func())) {
	p.out.WriteByte(open)
	separator := ""
	level := p.depth
	items(func() {
		p.out.WriteString(separator)
		separator = ","
		p.newline(level + 1)
	})
	if separator != "" {
		p.newline(level)
	}
	p.out.WriteByte(end)
}

func (p *printer) newline(level int) {
	p.out.WriteByte('\n')
	for range level {
		p.out.WriteString("    ")
	}
}

// quote gives s as a JSON string, with as few escapes as JSON allows.
func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string into memory: it cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}
