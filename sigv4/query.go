package sigv4

import (
	"bytes"
	"slices"
	"strings"
)

// pair is one parameter of a query: where its name and value begin and end in
// the encoded text.
type pair struct{ name, value, end int }

// appendQuery writes the query sorted by name and value, both encoded, without
// the signature itself.
func (w *scratch) appendQuery(b []byte, raw string) ([]byte, error) {
	if raw == "" {
		return b, nil
	}
	if err := w.encodePairs(raw); err != nil {
		return nil, err
	}
	enc := w.encoded
	slices.SortFunc(w.pairs, func(x, y pair) int {
		if c := bytes.Compare(enc[x.name:x.value], enc[y.name:y.value]); c != 0 {
			return c
		}
		return bytes.Compare(enc[x.value:x.end], enc[y.value:y.end])
	})
	first := true
	for _, p := range w.pairs {
		if string(enc[p.name:p.value]) == "X-Amz-Signature" {
			continue
		}
		if !first {
			b = append(b, '&')
		}
		first = false
		b = append(b, enc[p.name:p.value]...)
		b = append(b, '=')
		b = append(b, enc[p.value:p.end]...)
	}
	return b, nil
}

func (w *scratch) encodePairs(raw string) (err error) {
	w.encoded, w.pairs = w.encoded[:0], w.pairs[:0]
	for raw != "" {
		var text string
		if text, raw, _ = strings.Cut(raw, "&"); text == "" {
			continue
		}
		name, value, _ := strings.Cut(text, "=")
		p := pair{name: len(w.encoded)}
		if w.encoded, err = appendReescaped(w.encoded, name, false); err != nil {
			return err
		}
		p.value = len(w.encoded)
		if w.encoded, err = appendReescaped(w.encoded, value, false); err != nil {
			return err
		}
		p.end = len(w.encoded)
		w.pairs = append(w.pairs, p)
	}
	return nil
}
