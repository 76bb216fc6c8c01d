package main

import (
	"io"
	"os"
)

// Colours of text for people.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	bold   = "1"
)

// painter colours text if it is written to a terminal and NO_COLOR is not set
// (no-color.org).
type painter bool

func paint(w io.Writer) painter {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return painter(err == nil && info.Mode()&os.ModeCharDevice != 0)
}

func (p painter) in(color, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}
