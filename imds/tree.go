package imds

import (
	"strings"

	"github.com/writ-iam/writ/store"
)

// node is a place in the tree of metadata: a directory or a leaf.
type node interface {
	// find returns what stands at a path below the node, store.ErrNotFound if
	// nothing does.
	find(path []string) (*answer, error)
}

// leaf makes a value when it is asked for.
type leaf func() (*answer, error)

func (l leaf) find(path []string) (*answer, error) {
	if len(path) > 0 {
		return nil, store.ErrNotFound
	}
	return l()
}

// value is a leaf of known text.
type value string

func (v value) find(path []string) (*answer, error) {
	return leaf(func() (*answer, error) { return text(string(v)), nil }).find(path)
}

// directory lists its entries, in their order, and finds them by name.
type directory []entry

type entry struct {
	name string
	node node
	as   string // how the listing shows it, "" for its name
}

func (d directory) find(path []string) (*answer, error) {
	if len(path) == 0 {
		return text(d.list()), nil
	}
	for _, e := range d {
		if e.name == path[0] {
			return e.node.find(path[1:])
		}
	}
	return nil, store.ErrNotFound
}

// list is one line for each entry; directories end in a slash.
func (d directory) list() string {
	lines := make([]string, len(d))
	for i, e := range d {
		_, isDirectory := e.node.(directory)
		switch {
		case e.as != "":
			lines[i] = e.as
		case isDirectory:
			lines[i] = e.name + "/"
		default:
			lines[i] = e.name
		}
	}
	return strings.Join(lines, "\n")
}

// add adds a value if it is known.
func (d *directory) add(name, v string) {
	if v != "" {
		*d = append(*d, entry{name: name, node: value(v)})
	}
}

func (d *directory) dir(name string, sub directory) {
	if len(sub) > 0 {
		*d = append(*d, entry{name: name, node: sub})
	}
}

func (d *directory) leaf(name string, l leaf) { *d = append(*d, entry{name: name, node: l}) }
