package audit

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is written out by hand is what encoding/json makes of the same value: a
// field that one forgets fails here, whatever it holds.
func TestEncodeIsMarshal(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var e Event
		fill(random, reflect.ValueOf(&e).Elem())
		same(t, &e, e.append(nil))
		var r Reason
		fill(random, reflect.ValueOf(&r).Elem())
		r.Keys = nil // which TestPast reads
		var o object
		r.append(&o, func() {})
		same(t, &r, o)
	}
	same(t, new(Event), new(Event).append(nil))
}

func same(t *testing.T, value any, got []byte) {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var want, found any
	if err := json.Unmarshal(got, &found); err != nil {
		t.Fatalf("%v in %s", err, got)
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Fatalf("differs from encoding/json (-want +got):\n%s", diff)
	}
}

// fill sets about half of the fields.
func fill(random *rand.Rand, v reflect.Value) {
	if v.Type() == reflect.TypeFor[json.RawMessage]() {
		v.SetBytes([]byte(`{"userName":"bob"}`))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, f := range v.Fields() {
			if random.IntN(2) == 0 {
				fill(random, f)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(random, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1+random.IntN(2), 2))
		for i := range v.Len() {
			fill(random, v.Index(i))
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString([]string{"bob", `"quoted\"`, "<&>", "line\nend", "héllo", "\x00\xff"}[random.IntN(6)])
	}
}
