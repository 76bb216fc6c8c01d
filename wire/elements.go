package wire

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/writ-iam/writ/model"
)

// elements returns the values of a list in their order.
func elements(r *model.Ref, n *node) ([]field, error) {
	switch n.kind {
	case list:
		return n.fields, nil
	case raw:
		if n.text == "" { // how the SDKs say that a list is there and empty
			return nil, nil
		}
	case branch:
		return numbered(n, !isFlat(r), elementName(r.Shape.Member, "member"))
	case element:
		return children(n, elementName(r.Shape.Member, "member"))
	case object:
		return nil, strayMap
	}
	return nil, wantList
}

// children returns the children of an XML element, which must all have the name.
func children(n *node, name string) ([]field, error) {
	for _, f := range n.fields {
		if f.name != name {
			return nil, malformed("A list has elements other than " + name + ".")
		}
	}
	return n.fields, nil
}

// pairs returns the entries of a map, each named by its key.
func pairs(r *model.Ref, n *node) ([]field, error) {
	switch n.kind {
	case object:
		return n.fields, nil
	case raw:
		if n.text == "" {
			return nil, nil
		}
	case branch:
		return numberedPairs(r, n)
	case list:
		return nil, strayList
	}
	return nil, wantStruct
}

// numbered returns what stands below name.1, name.2 … of a query parameter, or
// below 1, 2 … if the list is flattened. Only the order of the indices counts:
// gaps are closed, so that an absurd index costs nothing.
func numbered(n *node, wrapped bool, name string) ([]field, error) {
	if wrapped {
		inner := n.find(0, name)
		if inner == nil || inner.kind != branch || len(n.fields) != 1 {
			return nil, malformed("A list has members other than " + name + ".N.")
		}
		n = inner
	}
	type entry struct {
		index int
		field field
	}
	all := make([]entry, len(n.fields))
	for i, f := range n.fields {
		index, err := strconv.ParseUint(f.name, 10, 31)
		if err != nil || index == 0 || f.name[0] == '0' {
			return nil, malformed("Members of a list are numbered from 1; " + f.name + " is no such number.")
		}
		all[i] = entry{int(index), f}
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.index, b.index) })
	fields := make([]field, len(all))
	for i := range all {
		fields[i] = all[i].field
	}
	return fields, nil
}

func numberedPairs(r *model.Ref, n *node) ([]field, error) {
	entries, err := numbered(n, !isFlat(r), "entry")
	if err != nil {
		return nil, err
	}
	all := make([]field, 0, len(entries))
	for i := range entries {
		e := &entries[i].node
		key, value := e.find(0, elementName(r.Shape.Key, "key")), e.find(0, elementName(r.Shape.Value, "value"))
		if e.kind != branch || key == nil || key.kind != raw || value == nil {
			return nil, malformed("An entry of a map has no key or no value.")
		}
		if slices.ContainsFunc(all, func(f field) bool { return f.name == key.text }) {
			return nil, malformed("A map has the key " + key.text + " more than once.")
		}
		all = append(all, field{key.text, *value})
	}
	return all, nil
}
