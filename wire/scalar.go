package wire

import (
	"encoding/base64"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/writ-iam/writ/model"
)

// scalar reads a value that has no members into v, and returns what its
// constraints look at.
func scalar(r *model.Ref, n *node, v reflect.Value) (quantity, error) {
	if n.kind == list {
		return quantity{}, strayList
	}
	if n.kind == object {
		return quantity{}, strayMap
	}
	if n.kind == branch || n.kind == element && len(n.fields) > 0 {
		return quantity{}, malformed("A value has members.")
	}
	if n.kind == element {
		n = &node{kind: raw, text: n.text}
	}
	switch r.Shape.Type {
	case "string":
		return setString(n, v)
	case "boolean":
		return quantity{}, setBool(n, v)
	case "integer":
		return setInt(n, v, 32, "an Integer")
	case "long":
		return setInt(n, v, 64, "a Long")
	case "float", "double":
		return setFloat(n, v)
	case "timestamp":
		return quantity{}, setTime(r, n, v)
	}
	return setBlob(n, v)
}

// unconvertible is AWS's text for a JSON value of the wrong type.
func unconvertible(n *node, to string) error {
	names := map[kind]string{text: "STRING_VALUE", number: "NUMBER_VALUE", boolTrue: "TRUE_VALUE", boolFalse: "FALSE_VALUE", raw: strings.ToValidUTF8(n.text, "\uFFFD")}
	return malformed(names[n.kind] + " can not be converted to " + to)
}

func setString(n *node, v reflect.Value) (quantity, error) {
	if n.kind != raw && n.kind != text && n.kind != octets {
		return quantity{}, unconvertible(n, "a String")
	}
	if !utf8.ValidString(n.text) {
		return quantity{}, malformed("A string is not in UTF-8.")
	}
	v.SetString(n.text)
	return quantity{n.text, float64(utf8.RuneCountInString(n.text))}, nil
}

func setBool(n *node, v reflect.Value) error {
	switch {
	case n.kind == boolTrue || n.kind == raw && n.text == "true":
		v.SetBool(true)
	case n.kind == boolFalse || n.kind == raw && n.text == "false":
		v.SetBool(false)
	default:
		return unconvertible(n, "a Boolean")
	}
	return nil
}

// setInt takes digits in queries, and any number in JSON, whose fraction is cut
// off as AWS does.
func setInt(n *node, v reflect.Value, bits int, to string) (quantity, error) {
	if n.kind != raw && n.kind != number {
		return quantity{}, unconvertible(n, to)
	}
	if n.kind == raw && n.text == "" {
		return quantity{}, malformed("missing value for decimal type")
	}
	i, err := strconv.ParseInt(n.text, 10, bits)
	if err == nil {
		v.SetInt(i)
		return quantity{n.text, float64(i)}, nil
	}
	f, err := strconv.ParseFloat(n.text, 64)
	f = math.Trunc(f)
	if n.kind == raw || err != nil || math.Abs(f) >= math.Ldexp(1, bits-1) {
		return quantity{}, unconvertible(n, to)
	}
	v.SetInt(int64(f))
	return quantity{n.text, f}, nil
}

func setFloat(n *node, v reflect.Value) (quantity, error) {
	f, err := strconv.ParseFloat(n.text, 64)
	if n.kind != raw && n.kind != number || err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return quantity{}, unconvertible(n, "a Double")
	}
	v.SetFloat(f)
	return quantity{n.text, f}, nil
}

func setBlob(n *node, v reflect.Value) (quantity, error) {
	if n.kind == octets {
		v.SetBytes([]byte(n.text))
		return quantity{size: float64(len(n.text))}, nil
	}
	data, err := base64.StdEncoding.DecodeString(n.text)
	if n.kind != raw && n.kind != text || err != nil {
		return quantity{}, malformed("A blob is not in base64.")
	}
	v.SetBytes(data)
	return quantity{size: float64(len(data))}, nil
}

func setTime(r *model.Ref, n *node, v reflect.Value) error {
	t, ok := parseTime(timeFormat(r, n), n)
	if !ok || t.Year() < 1 || t.Year() > 9999 {
		return unconvertible(n, "a Timestamp")
	}
	*v.Addr().Interface().(*time.Time) = t
	return nil
}

// timeFormat is what the model says, or what is usual: ISO 8601 in queries,
// RFC 822 in headers, seconds in JSON.
func timeFormat(r *model.Ref, n *node) string {
	if r.TimestampFormat != "" {
		return r.TimestampFormat
	}
	if r.Shape.TimestampFormat != "" {
		return r.Shape.TimestampFormat
	}
	if r.Location == "header" {
		return "rfc822"
	}
	if n.kind == raw {
		return "iso8601"
	}
	return "unixTimestamp"
}

func parseTime(format string, n *node) (t time.Time, ok bool) {
	var err error
	switch {
	case format == "unixTimestamp" && (n.kind == raw || n.kind == number):
		return parseUnix(n.text)
	case format == "iso8601" && (n.kind == raw || n.kind == text):
		t, err = time.Parse(time.RFC3339, n.text)
	case format == "rfc822" && (n.kind == raw || n.kind == text):
		t, err = time.Parse(time.RFC1123, n.text)
	default:
		return t, false
	}
	return t.UTC(), err == nil
}

// parseUnix reads seconds, of which AWS keeps three decimals.
func parseUnix(s string) (time.Time, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(math.Abs(f) <= 1e12) { // NaN is no time either
		return time.Time{}, false
	}
	return time.UnixMilli(int64(math.Round(f * 1000))).UTC(), true
}
