package plain

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fitsCondition: R73 to R99 for the plain evaluator.
func (w *World) fitsCondition(s object) bool {
	conditions, _ := s["Condition"].(object)
	for operator, block := range conditions {
		for key, values := range block.(object) {
			if !w.holds(operator, strings.ToLower(key), OneOrMany(values), s) {
				return false
			}
		}
	}
	return true
}

func (w *World) holds(operator, key string, values []any, s object) bool {
	have, present := w.Keys[key]
	name, ifExists := strings.CutSuffix(operator, "IfExists")
	forAll := strings.HasPrefix(name, "ForAllValues:")
	forAny := strings.HasPrefix(name, "ForAnyValue:")
	name = name[strings.Index(name, ":")+1:]
	if !known(name) {
		return s["Effect"] == "Deny"
	}
	if name == "Null" { // R80
		return slices.ContainsFunc(values, func(v any) bool { return text(v) == strconv.FormatBool(len(have) == 0) })
	}
	if ifExists && !present { // R79, R85
		return true
	}
	base, negated := strings.Replace(name, "Not", "", 1), strings.Contains(name, "Not")
	matchesAny := func(h string) bool {
		return slices.ContainsFunc(values, func(v any) bool { return v != nil && w.compare(base, text(v), h, s["version"]) })
	}
	member := func(h string) bool { return matchesAny(h) != negated }
	none := len(have) == 0 || len(have) == 1 && have[0] == ""
	switch {
	case forAll: // R81, R82
		return none || !slices.ContainsFunc(have, func(h string) bool { return !member(h) })
	case forAny: // R83
		return !none && slices.ContainsFunc(have, member)
	}
	return slices.ContainsFunc(have, matchesAny) != negated
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	}
	return ""
}

func known(name string) bool {
	for _, prefix := range []string{"Numeric", "Date"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return slices.Contains([]string{"Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"}, rest)
		}
	}
	return slices.Contains([]string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike",
		"Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "Null"}, name)
}

// compare matches one value of the policy with one of the request.
func (w *World) compare(base, want, have string, version any) bool {
	switch base {
	case "StringEquals", "StringEqualsIgnoreCase", "Bool":
		r, ok := w.replaced(want, version, false)
		switch {
		case !ok:
			return false
		case base == "StringEquals":
			return string(r) == have
		case base == "Bool" && !slices.Contains([]string{"true", "false"}, strings.ToLower(have)):
			return false
		}
		return strings.EqualFold(string(r), have)
	case "StringLike":
		r, ok := w.replaced(want, version, true)
		return ok && like(r, []rune(have))
	case "ArnEquals", "ArnLike":
		return strings.Count(want, ":") >= 5 && w.arnFits(want, have, version)
	case "BinaryEquals":
		a, err := base64.StdEncoding.DecodeString(want)
		b, err2 := base64.StdEncoding.DecodeString(have)
		return err == nil && err2 == nil && string(a) == string(b)
	case "IpAddress":
		if !strings.Contains(want, "/") {
			a, b := net.ParseIP(want), net.ParseIP(have)
			return a != nil && b != nil && a.Equal(b)
		}
		_, network, err := net.ParseCIDR(want)
		ip := net.ParseIP(have)
		return err == nil && ip != nil && network.Contains(ip)
	}
	if order, ok := strings.CutPrefix(base, "Numeric"); ok {
		a, ok1 := new(big.Rat).SetString(have)
		b, ok2 := new(big.Rat).SetString(want)
		return ok1 && ok2 && ordered(order, a.Cmp(b))
	}
	a, ok1 := instant(have)
	b, ok2 := instant(want)
	return ok1 && ok2 && ordered(strings.TrimPrefix(base, "Date"), a.Compare(b))
}

func ordered(order string, c int) bool {
	switch order {
	case "Equals":
		return c == 0
	case "LessThan":
		return c < 0
	case "LessThanEquals":
		return c <= 0
	case "GreaterThan":
		return c > 0
	}
	return c >= 0
}

func instant(s string) (time.Time, bool) {
	for _, layout := range []string{"2006", "2006-01", "2006-01-02", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return time.Unix(n, 0), err == nil
}
