package condition

import (
	"strconv"
	"strings"
	"time"
)

// instants are points in time, written in a form of ISO 8601 (R91) or as
// seconds since 1970 (R92).
type instants struct {
	list []time.Time
	fits order
}

func date(fits order) func(values) operand {
	return func(v values) operand { return &instants{parsed(v, parseTime), fits} }
}

func (o *instants) match(value string, _ *Context) bool {
	t, ok := parseTime(value)
	for _, want := range o.list {
		if ok && o.fits(t.Compare(want)) {
			return true
		}
	}
	return false
}

// parseTime reads the forms of the W3C note "Date and Time Formats": a year, a
// month, a day, or a day with a time, whose zone is UTC if it is not written.
// Any other number is seconds since 1970.
func parseTime(s string) (time.Time, bool) {
	if seconds, ok := parseEpoch(s); ok {
		return time.Unix(seconds, 0), true
	}
	r := reader{rest: s, ok: true}
	year, month, day := r.number(4), 1, 1
	if r.skip("-") {
		month = r.number(2)
		if r.skip("-") {
			day = r.number(2)
			if r.skip("T") {
				return r.time(year, month, day)
			}
		}
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, r.end() && exists(t, month, day)
}

// maxEpoch bounds seconds so that no arithmetic on them overflows.
const maxEpoch = 18 // digits

// parseEpoch reads whole seconds. Four digits are a year.
func parseEpoch(s string) (seconds int64, ok bool) {
	number := strings.TrimPrefix(s, "-")
	if !digits(number) || len(s) == 4 || len(number) > maxEpoch {
		return 0, false
	}
	seconds, _ = strconv.ParseInt(s, 10, 64)
	return seconds, true
}

// exists reports whether t has the month and day it was made of: the 30th of
// February would have become the 2nd of March.
func exists(t time.Time, month, day int) bool {
	return int(t.Month()) == month && t.Day() == day
}

// reader takes a date apart.
type reader struct {
	rest string
	ok   bool
}

func (r *reader) end() bool { return r.ok && r.rest == "" }

// skip reports whether the rest begins with s, and goes past it.
func (r *reader) skip(s string) (found bool) {
	r.rest, found = strings.CutPrefix(r.rest, s)
	return found
}

// number reads exactly n digits.
func (r *reader) number(n int) int {
	if len(r.rest) < n || !digits(r.rest[:n]) {
		r.ok = false
		return 0
	}
	value, _ := strconv.Atoi(r.rest[:n])
	r.rest = r.rest[n:]
	return value
}

// time reads hh:mm[:ss[.fraction]][zone].
func (r *reader) time(year, month, day int) (time.Time, bool) {
	hour := r.number(2)
	r.ok = r.skip(":") && r.ok
	minute, second, nanos := r.number(2), 0, 0
	if r.skip(":") {
		second = r.number(2)
		if r.skip(".") {
			nanos = r.fraction()
		}
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC)
	valid := exists(t, month, day) && hour < 24 && minute < 60 && second < 60
	t = t.Add(-r.zone())
	return t, valid && r.end()
}

// fraction reads the digits after the point, as nanoseconds; finer ones are cut off.
func (r *reader) fraction() (nanos int) {
	n := len(r.rest) - len(strings.TrimLeft(r.rest, "0123456789"))
	r.ok = r.ok && n > 0
	for i := range 9 {
		nanos *= 10
		if i < n {
			nanos += int(r.rest[i] - '0')
		}
	}
	r.rest = r.rest[n:]
	return nanos
}

// zone reads Z, +hh:mm or -hh:mm.
func (r *reader) zone() time.Duration {
	sign := time.Duration(0)
	switch {
	case r.skip("Z"):
	case r.skip("+"):
		sign = 1
	case r.skip("-"):
		sign = -1
	}
	if sign == 0 {
		return 0
	}
	hours := r.number(2)
	r.ok = r.skip(":") && r.ok
	minutes := r.number(2)
	r.ok = r.ok && hours < 24 && minutes < 60
	return sign * (time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute)
}
