package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/writ-iam/writ/policy/validate"
)

var severityColors = map[validate.Severity]string{validate.Error: red, validate.SecurityWarning: red, validate.Warning: yellow, validate.Suggestion: bold}

// printFindings shows each finding with the line it is about, as compilers do.
func printFindings(w io.Writer, name, text string, findings []validate.Finding) error {
	p := paint(w)
	for _, f := range findings {
		color := severityColors[f.Severity]
		line, mark := excerpt(text, f)
		fmt.Fprintf(w, "%s %s: %s\n", p.in(bold, name+":"+f.Start.String()+":"), p.in(color, string(f.Severity)+" "+f.Code), printable(f.Message))
		if _, err := fmt.Fprintf(w, "    %s\n    %s\n", line, p.in(color, mark)); err != nil {
			return err
		}
		if f.Refusal != "" {
			fmt.Fprintf(w, "    AWS refuses it: %s\n", printable(f.Refusal))
		}
		if f.Fix != "" {
			fmt.Fprintf(w, "    write %s\n", printable(f.Fix))
		}
	}
	return nil
}

// width is how many characters are shown of a line, and before how many of them
// the finding begins in a line that is longer.
const (
	width = 100
	lead  = 30
)

// excerpt gives the line on which a finding begins, or a part of it, and a line to
// put under it with a caret and tildes where the finding is.
func excerpt(text string, f validate.Finding) (line, mark string) {
	start := strings.LastIndexByte(text[:f.Start.Offset], '\n') + 1
	line, _, _ = strings.Cut(text[start:], "\n")
	before := line[:f.Start.Offset-start]
	marked := line[len(before):min(max(f.End.Offset-start, len(before)), len(line))]
	after := line[len(before)+len(marked):]
	if utf8.RuneCountInString(line) > width {
		before, marked, after = last(before, lead), first(marked, width-lead), first(after, lead)
	}
	before, marked, after = printable(before), printable(marked), printable(after)
	under := strings.Repeat(" ", utf8.RuneCountInString(before)) + "^" + strings.Repeat("~", max(1, utf8.RuneCountInString(marked))-1)
	return strings.TrimRight(before+marked+after, " "), under
}

// first and last give some of the characters of s.
func first(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}

func last(s string, n int) string {
	skip := utf8.RuneCountInString(s) - n
	if skip <= 0 {
		return s
	}
	for range skip {
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
	}
	return "…" + s
}

// printable keeps what a policy holds from steering the terminal: control
// characters and those that change the direction of text become one space each.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 || r == 0x200e || r == 0x200f || 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
