package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Secret is a field of a record whose value is sealed before any database sees
// it and opened only by Reveal. It never prints and never marshals its value,
// and change records hold a mark in its place, so that nothing of it is left
// once its record is deleted. The zero Secret is no secret at all.
//
// The context of sealing is the table, the record's key and the field's name
// in JSON: a sealed value moved to another record does not open.
type Secret struct{ p *secret }

// secret keeps the plaintext one pointer further away: fmt, which asks no
// methods of unexported fields, may print what a Secret itself points to.
type secret struct {
	mu        sync.Mutex
	plaintext *[]byte // nil until revealed, if it came from a table
	sealed    []byte  // nil if it did not come from a table
	context   string
	keys      *Keyring
}

// NewSecret makes a secret of its value.
func NewSecret(plaintext []byte) Secret {
	return Secret{&secret{plaintext: new(append([]byte{}, plaintext...))}}
}

// IsZero tells whether there is no secret; it serves `json:",omitzero"`.
func (s Secret) IsZero() bool { return s.p == nil }

// Reveal returns the value, which must not be changed. It fails if there is no
// secret or the sealed value does not open.
func (s Secret) Reveal() ([]byte, error) {
	if s.p == nil {
		return nil, errors.New("store: there is no secret")
	}
	return s.p.reveal()
}

func (p *secret) reveal() ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.plaintext != nil {
		return *p.plaintext, nil
	}
	if p.keys == nil {
		return nil, ErrSealed // it was decoded outside its table
	}
	plaintext, err := p.keys.Open(Records, p.sealed, []byte(p.context))
	if err != nil {
		return nil, err
	}
	p.plaintext = new(append([]byte{}, plaintext...))
	return *p.plaintext, nil
}

// seal returns the sealed value for a context, the one it was read with if that
// is its own.
func (p *secret) seal(keys *Keyring, context string) ([]byte, error) {
	if p.sealed != nil && p.context == context {
		return p.sealed, nil
	}
	plaintext, err := p.reveal()
	if err != nil {
		return nil, err
	}
	return keys.Seal(Records, plaintext, []byte(context)), nil
}

const hidden = "[sealed]"

// Format implements fmt.Formatter; the value is never printed.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, hidden) }

// LogValue implements slog.LogValuer; the value is never logged.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON writes a mark in place of the value, or null for no secret.
func (s Secret) MarshalJSON() ([]byte, error) {
	if s.p == nil {
		return []byte("null"), nil
	}
	return strconv.AppendQuote(nil, hidden), nil
}

// UnmarshalJSON reads the mark; the table then adds the sealed value.
func (s *Secret) UnmarshalJSON(text []byte) error {
	s.p = nil
	if string(text) != "null" {
		s.p = new(secret)
	}
	return nil
}

var secretType = reflect.TypeFor[Secret]()

// secretive tells whether values of a type can hold secrets. Secrets in maps
// and interfaces would escape sealing, so they panic.
func secretive(t reflect.Type, seen map[reflect.Type]bool) (found bool) {
	if t == secretType {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return secretive(t.Elem(), seen)
	case reflect.Map:
		if secretive(t.Elem(), seen) {
			panic(fmt.Sprintf("store: %v keeps secrets in a map, where they cannot be sealed", t))
		}
	case reflect.Struct:
		for field := range t.Fields() {
			found = field.IsExported() && secretive(field.Type, seen) || found
		}
	}
	return found
}

// secretsOf yields the secrets in a record, each with its path of JSON names.
func secretsOf(record any) iter.Seq2[string, *secret] {
	return func(yield func(string, *secret) bool) {
		walkSecrets(reflect.ValueOf(record).Elem(), "", yield)
	}
}

func walkSecrets(v reflect.Value, path string, yield func(string, *secret) bool) bool {
	if v.Type() == secretType {
		s := v.Interface().(Secret)
		return s.p == nil || yield(path, s.p)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil() || walkSecrets(v.Elem(), path, yield)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if !walkSecrets(v.Index(i), path+"/"+strconv.Itoa(i), yield) {
				return false
			}
		}
	case reflect.Struct:
		for _, f := range secretFields(v.Type()) {
			if !walkSecrets(v.Field(f.index), path+f.step, yield) {
				return false
			}
		}
	}
	return true
}

// secretField is a field of a struct that can hold secrets.
type secretField struct {
	index int
	step  string // its part of a path
}

var secretFieldsOf sync.Map // reflect.Type to []secretField

// secretFields spares walks the fields where there is nothing to find.
func secretFields(t reflect.Type) []secretField {
	if known, ok := secretFieldsOf.Load(t); ok {
		return known.([]secretField)
	}
	var all []secretField
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && secretive(f.Type, map[reflect.Type]bool{}) {
			all = append(all, secretField{i, "/" + jsonName(f)})
		}
	}
	secretFieldsOf.Store(t, all)
	return all
}

func jsonName(field reflect.StructField) string {
	if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
		return name
	}
	return field.Name
}

// encode makes the two forms of a record: public is its JSON with marks for its
// secrets, and stored is public, followed, if there are secrets, by a line
// with the sealed values by path.
func encode(record any, secrets bool, keys *Keyring, at Key) (stored, public []byte, err error) {
	public, err = json.Marshal(record)
	if err != nil || !secrets {
		return public, public, err
	}
	sealed := map[string][]byte{}
	for path, s := range secretsOf(record) {
		if sealed[path], err = s.seal(keys, string(at)+path); err != nil {
			return nil, nil, err
		}
	}
	if len(sealed) == 0 {
		return public, public, nil
	}
	line, err := json.Marshal(sealed)
	if err != nil {
		return nil, nil, err
	}
	stored = append(append(append(make([]byte, 0, len(public)+1+len(line)), public...), '\n'), line...)
	return stored, public, nil
}

// decode reads what encode stored. The secrets stay sealed until revealed.
func decode(stored []byte, record any, secrets bool, keys *Keyring, at Key) error {
	if !secrets {
		return json.Unmarshal(stored, record)
	}
	public, line, found := strings.Cut(string(stored), "\n")
	if err := json.Unmarshal([]byte(public), record); err != nil {
		return err
	}
	sealed := map[string][]byte{}
	if found {
		if err := json.Unmarshal([]byte(line), &sealed); err != nil {
			return err
		}
	}
	for path, s := range secretsOf(record) {
		s.sealed, s.context, s.keys = sealed[path], string(at)+path, keys
	}
	return nil
}
