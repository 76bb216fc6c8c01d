package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/policy"
)

// readInput reads a file, or standard input for "-".
func readInput(cmd *cobra.Command, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(cmd.InOrStdin())
	}
	return os.ReadFile(name)
}

// policyFiles loads policies from files and keeps the first error. A file that
// is not a policy document is one: here nobody has stored it yet.
type policyFiles struct{ err error }

func (f *policyFiles) read(name string) []byte {
	text, err := os.ReadFile(name)
	if err != nil && f.err == nil {
		f.err = err
	}
	return text
}

func (f *policyFiles) load(name string, text []byte) *policy.Policy {
	p := policy.Load(name, text)
	if p.Err() != nil && f.err == nil {
		f.err = fmt.Errorf("%s:%w", name, p.Err())
	}
	return p
}

func (f *policyFiles) list(names []string) []*policy.Policy {
	var list []*policy.Policy
	for _, name := range names {
		list = append(list, f.load(name, f.read(name)))
	}
	return list
}

// levels reads files with one document or a list of them.
func (f *policyFiles) levels(names []string) [][]*policy.Policy {
	var levels [][]*policy.Policy
	for _, name := range names {
		text := f.read(name)
		documents := []json.RawMessage{text}
		if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
			if err := json.Unmarshal(text, &documents); err != nil && f.err == nil {
				f.err = fmt.Errorf("%s: %w", name, err)
			}
		}
		level := []*policy.Policy{}
		for i, d := range documents {
			title := name
			if len(documents) > 1 {
				title = fmt.Sprintf("%s[%d]", name, i)
			}
			level = append(level, f.load(title, d))
		}
		levels = append(levels, level)
	}
	return levels
}
