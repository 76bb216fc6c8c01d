package wire

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// Decode reads the input of op from req into the struct that into points to,
// and checks every constraint of the model. The error is a *writ.Error with
// AWS's own code and text. What cannot be read is told before what breaks a
// constraint, and broken constraints are told all at once. Parameters that the
// operation does not have are ignored, as AWS does.
func Decode(op *model.Operation, req *Request, into any) error {
	v := reflect.ValueOf(into).Elem()
	p := mustPlan(op.Input, v.Type())
	proto := protocolOf(op)
	d := decoder{protocol: proto, code: op.Service.Metadata.Faults}
	if proto.schema && op.Input != nil && op.Input.Payload != "" {
		d.document = lowerFirst(op.Input.Payload)
	}
	n, err := proto.read(op, p, req)
	if err == nil {
		err = d.structure(p, &n, v)
	}
	if text, ok := err.(malformed); ok {
		return proto.unreadable(string(text))
	}
	if err != nil {
		return err
	}
	if p.stream >= 0 {
		v.Field(p.stream).Set(reflect.ValueOf(req.payload))
	}
	return d.verdict()
}

// decoder walks a tree of values along a plan.
type decoder struct {
	protocol *protocol
	path     []string
	faults   []string
	special  string // the service's own text for a broken pattern, told if nothing else is wrong
	document string // the member that is an XML document, which is either as its schema says or malformed
	invalid  bool   // it is not
	code     string // of services that tell a reason, "" for others
	reason   string // the first
	scratch  [8]string
}

func (d *decoder) structure(p *plan, n *node, v reflect.Value) error {
	switch n.kind {
	case branch, object, aligned:
	case element:
		if strings.TrimSpace(n.text) != "" {
			return malformed("A structure is given as a value.")
		}
	case list:
		return strayList
	case raw:
		return malformed("A structure is given as a value.")
	default:
		return wantStruct
	}
	for i := range p.members {
		if err := d.member(&p.members[i], n.member(i, &p.members[i]), v); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) member(m *bound, n *node, v reflect.Value) error {
	if n == nil && !m.Required {
		return nil
	}
	d.enter(m.camel)
	defer d.leave(1)
	if n == nil {
		d.null()
		return nil
	}
	f := v.Field(m.field)
	if m.pointer {
		f.Set(reflect.New(f.Type().Elem()))
		f = f.Elem()
	}
	err := d.value(m.plan, &m.Ref, n, f)
	if text, ok := err.(malformed); ok && d.protocol.schema && m.Location != "" {
		return unreadableArgument(m, string(text))
	}
	return err
}

func (d *decoder) value(p *plan, r *model.Ref, n *node, v reflect.Value) error {
	switch p.shape.Type {
	case "structure":
		return d.structure(p, n, v)
	case "list":
		return d.list(p, r, n, v)
	case "map":
		return d.pairs(p, r, n, v)
	}
	q, err := scalar(r, n, v)
	if err == nil && !q.meets(p.shape) {
		d.broken(p.shape, q, q.text)
	}
	return err
}

func (d *decoder) list(p *plan, r *model.Ref, n *node, v reflect.Value) error {
	all, err := elements(r, n)
	if err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), len(all), len(all)))
	d.size(p.shape, len(all), all)
	if isScalar(p.elem.shape) {
		return d.scalars(p, all, v)
	}
	for i := range all {
		d.enter(strconv.Itoa(i+1), "member")
		if present(&all[i].node) == nil {
			d.null()
		} else if err := d.value(p.elem, p.shape.Member, &all[i].node, v.Index(i)); err != nil {
			return err
		}
		d.leave(2)
	}
	return nil
}

// scalars reads the elements of a list that AWS shows as one value.
func (d *decoder) scalars(p *plan, all []field, v reflect.Value) error {
	fits := true
	for i := range all {
		if present(&all[i].node) == nil {
			d.enter(strconv.Itoa(i+1), "member")
			d.null()
			d.leave(2)
			continue
		}
		q, err := scalar(p.shape.Member, &all[i].node, v.Index(i))
		if err != nil {
			return err
		}
		fits = fits && q.meets(p.elem.shape)
	}
	if !fits {
		d.fault(p.shape, shown(p.shape, all), "Member must satisfy constraint: "+rules(p.elem.shape))
	}
	return nil
}

func (d *decoder) pairs(p *plan, r *model.Ref, n *node, v reflect.Value) error {
	all, err := pairs(r, n)
	if err != nil {
		return err
	}
	m := reflect.MakeMapWithSize(v.Type(), len(all))
	v.Set(m)
	d.size(p.shape, len(all), all)
	keysFit, valuesFit := true, true
	for i := range all {
		key := reflect.New(v.Type().Key()).Elem()
		q, err := scalar(p.shape.Key, &node{kind: raw, text: all[i].name}, key)
		if err != nil {
			return err
		}
		keysFit = keysFit && q.meets(p.shape.Key.Shape)
		elem := reflect.New(v.Type().Elem()).Elem()
		fits, err := d.mapped(p, &all[i], elem)
		if err != nil {
			return err
		}
		valuesFit = valuesFit && fits
		m.SetMapIndex(key, elem)
	}
	if !keysFit {
		d.fault(p.shape, shown(p.shape, all), "Map keys must satisfy constraint: "+rules(p.shape.Key.Shape))
	}
	if !valuesFit {
		d.fault(p.shape, shown(p.shape, all), "Map value must satisfy constraint: "+rules(p.elem.shape))
	}
	return nil
}

// mapped reads one value of a map. A scalar only says whether it fits: AWS
// shows the map as a whole.
func (d *decoder) mapped(p *plan, f *field, v reflect.Value) (fits bool, err error) {
	d.enter(f.name, "member")
	defer d.leave(2)
	if present(&f.node) == nil {
		d.null()
		return true, nil
	}
	if !isScalar(p.elem.shape) {
		return true, d.value(p.elem, p.shape.Value, &f.node, v)
	}
	q, err := scalar(p.shape.Value, &f.node, v)
	return err != nil || q.meets(p.elem.shape), err
}

// size checks how many elements there are.
func (d *decoder) size(s *model.Shape, count int, all []field) {
	if q := (quantity{size: float64(count)}); !q.meets(s) {
		d.broken(s, q, shown(s, all))
	}
}

// broken notes each constraint that a value breaks.
func (d *decoder) broken(s *model.Shape, q quantity, value string) {
	for _, rule := range q.faults(s) {
		d.fault(s, value, rule)
	}
	d.because(q.reason(s))
	if s.Message != "" && !s.Match(q.text) && d.special == "" {
		d.special = strings.ReplaceAll(s.Message, "{member}", d.path[len(d.path)-1])
	}
}

// fault notes one broken constraint. Sensitive values are not shown, nor those
// that have no text.
func (d *decoder) fault(s *model.Shape, value, rule string) {
	if s.Sensitive || value == "" && s.Type != "string" {
		d.note("Value at '", rule)
		return
	}
	d.note("Value '"+value+"' at '", rule)
}

func (d *decoder) null() {
	d.because("INPUT_REQUIRED")
	d.note("Value null at '", "Member must not be null")
}

func (d *decoder) because(reason string) {
	if d.reason == "" {
		d.reason = reason
	}
}

// maxFaults bounds the length of an error: one request can break a constraint
// thousands of times.
const maxFaults = 10

func (d *decoder) note(value, rule string) {
	if d.document != "" && d.path[0] == d.document {
		d.invalid = true
	}
	if len(d.faults) < maxFaults {
		d.faults = append(d.faults, value+strings.Join(d.path, ".")+"' failed to satisfy constraint: "+rule)
	}
}

// shown prints a list or map of scalars as AWS does, and nothing of one whose
// elements have no such form or are secret.
func shown(s *model.Shape, all []field) string {
	elem := s.Member
	if s.Type == "map" {
		elem = s.Value
	}
	if !isScalar(elem.Shape) || elem.Shape.Sensitive || s.Sensitive {
		return ""
	}
	texts := make([]string, len(all))
	for i := range all {
		if texts[i] = all[i].node.text; s.Type == "map" {
			texts[i] = all[i].name + "=" + texts[i]
		}
	}
	if s.Type == "map" {
		slices.Sort(texts)
		return "{" + strings.Join(texts, ", ") + "}"
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

func (d *decoder) enter(steps ...string) {
	if d.path == nil {
		d.path = d.scratch[:0]
	}
	d.path = append(d.path, steps...)
}

func (d *decoder) leave(steps int) { d.path = d.path[:len(d.path)-steps] }

// verdict is the error that the notes amount to.
func (d *decoder) verdict() error {
	if d.invalid {
		return d.protocol.unreadable("")
	}
	if d.code != "" && d.reason != "" {
		return reasoned(d.code, d.reason)
	}
	switch len(d.faults) {
	case 0:
		if d.special != "" {
			return writ.Errorf(http.StatusBadRequest, d.protocol.invalid, "%s", d.special)
		}
		return nil
	case 1:
		return writ.Errorf(http.StatusBadRequest, d.protocol.invalid, "1 validation error detected: %s", d.faults[0])
	}
	return writ.Errorf(http.StatusBadRequest, d.protocol.invalid,
		"%d validation errors detected: %s", len(d.faults), strings.Join(d.faults, "; "))
}
