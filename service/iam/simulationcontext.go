package iam

import (
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"

	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy/condition"
)

// readContext adds the context keys of the input. They are all that conditions
// see, beside who the caller is.
func (m *simulation) readContext() error {
	for i := range m.in.ContextEntries {
		e := &m.in.ContextEntries[i]
		if e.ContextKeyName == nil || e.ContextKeyType == nil {
			return api.InvalidInputException("Each of the ContextEntries must have a ContextKeyName and a ContextKeyType.")
		}
		kind, isList := strings.CutSuffix(*e.ContextKeyType, "List")
		for _, v := range e.ContextKeyValues {
			if !contextValues[kind](v) {
				return api.InvalidInputException("Invalid value for context key %s of type %s: %s", *e.ContextKeyName, *e.ContextKeyType, v)
			}
		}
		if isList {
			m.context.SetList(*e.ContextKeyName, e.ContextKeyValues)
		} else {
			m.context.Set(*e.ContextKeyName, e.ContextKeyValues...)
		}
	}
	return nil
}

// contextValues tell whether a text is a value of each type.
var contextValues = map[string]func(string) bool{
	"string":  func(string) bool { return true },
	"numeric": condition.IsNumber,
	"boolean": func(v string) bool { return strings.EqualFold(v, "true") || strings.EqualFold(v, "false") },
	"ip": func(v string) bool {
		_, err := netip.ParsePrefix(v)
		_, alone := netip.ParseAddr(v)
		return err == nil || alone == nil
	},
	"binary": func(v string) bool {
		_, err := base64.StdEncoding.DecodeString(v)
		return err == nil
	},
	"date": isDate,
}

// isDate takes the forms of the W3C's note on date and time, and Unix seconds.
func isDate(v string) bool {
	if _, err := strconv.ParseInt(v, 10, 64); err == nil {
		return true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"} {
		if _, err := time.Parse(layout, v); err == nil {
			return true
		}
	}
	return false
}
