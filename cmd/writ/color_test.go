package main

import (
	"os"
	"testing"
)

func TestPaint(t *testing.T) {
	if got := painter(true).in(red, "no"); got != "\x1b[31mno\x1b[0m" {
		t.Errorf("got %q", got)
	}
	if got := painter(false).in(red, "no"); got != "no" {
		t.Errorf("got %q", got)
	}
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	defer terminal.Close()
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	if !paint(terminal) {
		t.Error("a terminal gets no colour")
	}
	t.Setenv("NO_COLOR", "1")
	if paint(terminal) {
		t.Error("NO_COLOR is not heard")
	}
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	t.Setenv("NO_COLOR", "")
	if paint(file) {
		t.Error("a file gets colour")
	}
}
