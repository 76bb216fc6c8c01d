package wire

// node is a value as a request holds it, before its shape is known. What a
// protocol leaves open (whether a text is a number, whether names are a list)
// its kind leaves open too, and the shape decides.
type node struct {
	kind   kind
	text   string  // of raw, octets, text and number
	fields []field // of branch, object, aligned and list
}

type field struct {
	name string // "" in lists
	node node
}

type kind uint8

const (
	absent  kind = iota
	raw          // text that stands for any scalar: query parameters, headers, labels
	octets       // a body that is one value
	branch       // names below a query parameter: structure, list or map
	aligned      // fields in the order of the structure's members
	null         // from here on: JSON
	text
	number
	boolTrue
	boolFalse
	list
	object
	element // of XML: text, or fields in which a name may stand more than once
)

// find returns the value of a structure's i-th member, nil if it is absent.
func (n *node) find(i int, name string) *node {
	if n.kind == aligned {
		return present(&n.fields[i].node)
	}
	for j := range n.fields {
		if n.fields[j].name == name {
			return present(&n.fields[j].node)
		}
	}
	return nil
}

// member is find for a member of a structure. In XML the elements of a flattened
// list stand beside the other members, under one name.
func (n *node) member(i int, m *bound) *node {
	if n.kind != element {
		return n.find(i, m.wire)
	}
	var all []field
	for _, f := range n.fields {
		if f.name == m.wire {
			all = append(all, f)
		}
	}
	switch {
	case len(all) == 0:
		return nil
	case len(all) == 1 && !(isFlat(&m.Ref) && m.Shape.Type == "list"):
		return &all[0].node
	}
	return &node{kind: list, fields: all} // what is no list refuses it
}

func present(n *node) *node {
	if n.kind == absent || n.kind == null {
		return nil
	}
	return n
}

// malformed is the text of a request that cannot be read; each protocol has its
// own code for it.
type malformed string

func (m malformed) Error() string { return string(m) }

// maxDepth bounds how deep values nest: far above any model, far below any stack.
const maxDepth = 64

const tooDeep = malformed("The request nests too deep.")
