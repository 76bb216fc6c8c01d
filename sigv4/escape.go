package sigv4

import (
	"bytes"
	"strings"
)

const upperHex = "0123456789ABCDEF"

// unreserved are the bytes that stand for themselves (RFC 3986, section 2.3).
var unreserved = bytesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

func bytesOf(list string) (set [256]bool) {
	for i := range len(list) {
		set[list[i]] = true
	}
	return set
}

func appendEscapedByte(b []byte, c byte) []byte {
	if unreserved[c] {
		return append(b, c)
	}
	return append(b, '%', upperHex[c>>4], upperHex[c&15])
}

func appendEscaped(b []byte, s string) []byte {
	for i := range len(s) {
		b = appendEscapedByte(b, s[i])
	}
	return b
}

// appendReescaped writes an escaped text in the one form that AWS has for it.
// In a path slashes stand for themselves, in a query a plus is a space.
func appendReescaped(b []byte, s string, path bool) ([]byte, error) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%':
			if i+2 >= len(s) {
				return nil, badEscape()
			}
			high, low := unhex(s[i+1]), unhex(s[i+2])
			if high > 15 || low > 15 {
				return nil, badEscape()
			}
			b = appendEscapedByte(b, high<<4|low)
			i += 2
		case c == '/' && path:
			b = append(b, c)
		case c == '+' && !path:
			b = append(b, "%20"...)
		default:
			b = appendEscapedByte(b, c)
		}
	}
	return b, nil
}

// unhex is the value of a hex digit, or 255.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// appendCleanPath escapes a path and takes out empty and dot segments
// (RFC 3986, section 6.2.2.3).
func appendCleanPath(b []byte, path string) []byte {
	start := len(b)
	for rest, more := path, true; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		switch segment {
		case "", ".":
		case "..":
			b = b[:start+max(0, bytes.LastIndexByte(b[start:], '/'))]
		default:
			b = append(b, '/')
			b = appendEscaped(b, segment)
		}
	}
	if len(b) == start || strings.HasSuffix(path, "/") {
		b = append(b, '/')
	}
	return b
}

// appendTrimmed writes a header's value without blanks around it, and with one
// space for each run of blanks within.
func appendTrimmed(b []byte, s string) []byte {
	s = strings.Trim(s, " \t")
	if !strings.Contains(s, "  ") && strings.IndexByte(s, '\t') < 0 {
		return append(b, s...)
	}
	blank := false
	for i := range len(s) {
		c := s[i]
		if c == '\t' {
			c = ' '
		}
		if c == ' ' && blank {
			continue
		}
		blank = c == ' '
		b = append(b, c)
	}
	return b
}
