package wire

import (
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/writ-iam/writ/model"
)

// plan is how a Go type holds a shape. It is made once for each pair and never
// changes.
type plan struct {
	shape   *model.Shape
	members []bound     // of a structure
	elem    *plan       // of a list or map
	stream  int         // the field of the member that is read as it comes, by the service; -1 if there is none
	zero    model.Shape // stands in for the shape of an operation that takes or returns nothing
}

// bound is a member and the field that holds it.
type bound struct {
	*model.Member
	plan    *plan
	field   int
	pointer bool
	wire    string // its name in bodies and queries
	header  string // its name as a header, in canonical form; "" if it is none
	camel   string // its name in messages and events
}

// Fits says whether a struct type holds what the shape has: nil, or what is
// wrong. A nil shape wants an empty struct. Decode, Encode and Parameters panic
// on types that do not fit.
func Fits(shape *model.Shape, t reflect.Type) error {
	_, err := planFor(shape, t)
	return err
}

type planKey struct {
	shape *model.Shape
	t     reflect.Type
}

var plans sync.Map // planKey to *plan

func planFor(shape *model.Shape, t reflect.Type) (*plan, error) {
	if p, ok := plans.Load(planKey{shape, t}); ok {
		return p.(*plan), nil
	}
	b := binder{}
	p, err := b.bind(shape, t)
	if err != nil {
		return nil, fmt.Errorf("wire: %w", err)
	}
	plans.Store(planKey{shape, t}, p)
	return p, nil
}

// mustPlan is planFor for types that the server has seen to fit at its start.
func mustPlan(shape *model.Shape, t reflect.Type) *plan {
	p, err := planFor(shape, t)
	if err != nil {
		panic(err)
	}
	return p
}

// binder holds the plans in the making, as structures may contain themselves.
type binder map[planKey]*plan

func (b binder) bind(shape *model.Shape, t reflect.Type) (p *plan, err error) {
	if p, ok := b[planKey{shape, t}]; ok {
		return p, nil
	}
	p = &plan{shape: shape, stream: -1}
	b[planKey{shape, t}] = p
	if shape == nil {
		p.zero.Type = "structure"
		p.shape = &p.zero
	}
	switch p.shape.Type {
	case "structure":
		return p, b.structure(p, t)
	case "list":
		if t.Kind() != reflect.Slice {
			return nil, misfit(shape, t)
		}
		p.elem, err = b.bind(shape.Member.Shape, t.Elem())
	case "map":
		if t.Kind() != reflect.Map || t.Key().Kind() != reflect.String {
			return nil, misfit(shape, t)
		}
		p.elem, err = b.bind(shape.Value.Shape, t.Elem())
	default:
		if scalars[shape.Type] != t {
			return nil, misfit(shape, t)
		}
	}
	return p, err
}

var scalars = map[string]reflect.Type{
	"string": reflect.TypeFor[string](), "boolean": reflect.TypeFor[bool](),
	"integer": reflect.TypeFor[int](), "long": reflect.TypeFor[int64](),
	"float": reflect.TypeFor[float64](), "double": reflect.TypeFor[float64](),
	"timestamp": reflect.TypeFor[time.Time](), "blob": reflect.TypeFor[[]byte](),
}

func misfit(s *model.Shape, t reflect.Type) error {
	return fmt.Errorf("%s does not hold shape %s, a %s", t, s.Name, s.Type)
}

func (b binder) structure(p *plan, t reflect.Type) error {
	if t.Kind() != reflect.Struct || t.NumField() != len(p.shape.Members) {
		return misfit(p.shape, t)
	}
	for i := range p.shape.Members {
		m := &p.shape.Members[i]
		f, ok := t.FieldByName(strings.ToUpper(m.Name[:1]) + m.Name[1:])
		if !ok {
			return fmt.Errorf("%s has no field for member %s", t, m.Name)
		}
		e := bound{Member: m, field: f.Index[0], wire: wireName(m), camel: lowerFirst(m.Name)}
		if m.Location == "header" {
			e.header = http.CanonicalHeaderKey(e.wire)
		}
		typ := f.Type
		if m.Streaming {
			if typ != reflect.TypeFor[io.Reader]() && typ != reflect.TypeFor[io.ReadCloser]() {
				return misfit(m.Shape, typ)
			}
			p.members = append(p.members, e)
			p.stream = e.field
			continue
		}
		if e.pointer = !m.Required && !nilable(m.Shape.Type); e.pointer {
			if typ.Kind() != reflect.Pointer {
				return fmt.Errorf("%s.%s is optional and no pointer", t, f.Name)
			}
			typ = typ.Elem()
		}
		var err error
		if e.plan, err = b.bind(m.Shape, typ); err != nil {
			return fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		p.members = append(p.members, e)
	}
	return nil
}

// nilable says whether the Go type of a shape has nil for absence.
func nilable(shapeType string) bool {
	return shapeType == "list" || shapeType == "map" || shapeType == "blob"
}

// wireName returns a member's name; flattened lists go by their elements'.
func wireName(m *model.Member) string {
	if isFlat(&m.Ref) && m.Shape.Type == "list" && m.Shape.Member.LocationName != "" {
		return m.Shape.Member.LocationName
	}
	if m.LocationName != "" {
		return m.LocationName
	}
	return m.Name
}

func isFlat(r *model.Ref) bool { return r.Flattened || r.Shape.Flattened }

// elementName returns the name of a list's elements or of a map's keys or
// values, where AWS has a usual one.
func elementName(r *model.Ref, usual string) string {
	if r.LocationName != "" {
		return r.LocationName
	}
	return usual
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

func isScalar(s *model.Shape) bool { return scalars[s.Type] != nil }
