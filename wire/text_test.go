package wire

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"github.com/writ-iam/writ"
)

// inXML is what XML can say of a text: parsers turn nothing else into it.
func inXML(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 0xFFFE || r == 0xFFFF || r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// valid replaces each broken byte, as Go's own range does.
func valid(s string) string { return string([]rune(s)) }

func FuzzEscapeXML(f *testing.F) {
	for _, s := range []string{"", "a<b>&\"'", "\r\n\t", "\x00\x1f\x7f", "\xff\xc3", "é😀", "\uFFFE\uFFFD", "]]>", "<![CDATA["} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		escaped := escapeXML(nil, s)
		var got struct {
			Text string `xml:",chardata"`
			Attr string `xml:"a,attr"`
		}
		if err := xml.Unmarshal([]byte(`<x a="`+string(escaped)+`">`+string(escaped)+`</x>`), &got); err != nil {
			t.Fatalf("%q became %q: %v", s, escaped, err)
		}
		if want := inXML(valid(s)); got.Text != want {
			t.Errorf("%q became %q, read as %q", s, escaped, got.Text)
		}
	})
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", `a"b\c`, "\r\n\t\x00\x1f", "\xff\xc3", "é😀\u2028", "</script>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		quoted := AppendString(nil, s)
		var got string
		if err := json.Unmarshal(quoted, &got); err != nil || got != valid(s) || !utf8.Valid(quoted) {
			t.Errorf("%q became %q, read as %q: %v", s, quoted, got, err)
		}
	})
}

// FuzzTree holds compareNames to what tree needs of it: all that lies
// below one name stands together, after the name itself.
func FuzzTree(f *testing.F) {
	f.Add("a=1&a.b=2&a-c=3&a.d.e=4&a.=5&.=6&=7")
	f.Fuzz(func(t *testing.T, s string) {
		all, err := appendParams(nil, s)
		if err != nil || arrange(all) != nil {
			t.Skip()
		}
		n, err := tree(all, 0, 0)
		if err != nil {
			t.Skip()
		}
		for _, p := range all {
			at := &n
			for name := range strings.SplitSeq(p.name, ".") {
				at = at.find(0, name)
				if at == nil {
					t.Fatalf("%q is lost in %q", p.name, s)
				}
			}
			if at.text != p.value {
				t.Fatalf("%q is %q in %q", p.name, at.text, s)
			}
		}
	})
}

func TestReadBody(t *testing.T) {
	for _, size := range []int64{-1, 0, 3, 5, 100} { // what Content-Length may claim
		r := httptest.NewRequest("POST", "/", iotest.OneByteReader(strings.NewReader("hello")))
		r.ContentLength = size
		body, err := Open(httptest.NewRecorder(), r, 5).ReadBody()
		if err != nil || string(body) != "hello" {
			t.Errorf("length %d: %q %v", size, body, err)
		}
	}
	var e *writ.Error
	_, err := Open(httptest.NewRecorder(), httptest.NewRequest("POST", "/", strings.NewReader("hello")), 4).ReadBody()
	if !errors.As(err, &e) || e.Status != 413 {
		t.Errorf("too large: %v", err)
	}
	_, err = Open(httptest.NewRecorder(), httptest.NewRequest("POST", "/", iotest.ErrReader(io.ErrUnexpectedEOF)), 4).ReadBody()
	if !errors.As(err, &e) || e.Code != "IncompleteBody" {
		t.Errorf("broken off: %v", err)
	}
}
