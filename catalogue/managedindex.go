package catalogue

import (
	"archive/zip"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

//go:embed data/managed.zip
var managedZip string

// The archive holds the file "index", one line for each policy in the order of
// the keys, and the blocks "0", "1", … with what is known of each policy.
// A line is: key, created, updated, default version, block, length of the section.
var managed = sync.OnceValue(func() *managedIndex { return openManaged(managedZip) })

type managedIndex struct {
	entries []managedEntry // by key
	blocks  map[string]*zip.File
	last    atomic.Pointer[managedBlock]
}

type managedEntry struct {
	key              string // path without the leading slash, and name
	created, updated time.Time
	version          string
	block            string
	offset, length   int
}

type managedBlock struct{ name, text string }

func openManaged(data string) *managedIndex {
	x := &managedIndex{blocks: make(map[string]*zip.File)}
	for _, f := range openArchive(data).File {
		x.blocks[f.Name] = f
	}
	var previous managedEntry
	for line := range strings.Lines(readFile(x.blocks["index"])) {
		e := parseEntry(line)
		if e.block == previous.block {
			e.offset = previous.offset + previous.length
		}
		x.entries = append(x.entries, e)
		previous = e
	}
	x.entries = slices.Clip(x.entries)
	return x
}

func parseEntry(line string) managedEntry {
	f := strings.Fields(line)
	return managedEntry{
		key: f[0], created: parseTime(f[1]), updated: parseTime(f[2]), version: f[3],
		block: f[4], length: parseInt(f[5]),
	}
}

func (x *managedIndex) find(key string) (*managedEntry, bool) {
	i, ok := slices.BinarySearchFunc(x.entries, key, func(e managedEntry, key string) int {
		return strings.Compare(e.key, key)
	})
	if !ok {
		return nil, false
	}
	return &x.entries[i], true
}

// section returns what the archive holds of one policy: the document of its
// default version on the first line, the older versions behind it. The last
// block opened is kept, so that reading all policies in order opens each once.
func (x *managedIndex) section(e *managedEntry) string {
	b := x.last.Load()
	if b == nil || b.name != e.block {
		b = &managedBlock{e.block, readFile(x.blocks[e.block])}
		x.last.Store(b)
	}
	return b.text[e.offset : e.offset+e.length]
}

func (e *managedEntry) info(partition string) *ManagedInfo {
	slash := strings.LastIndexByte(e.key, '/') + 1
	path := "/" + e.key[:slash]
	return &ManagedInfo{
		Name: e.key[slash:], Path: path, ARN: managedARN(partition, e.key), ID: policyID(e.key),
		Created: e.created, Updated: e.updated, DefaultVersion: e.version,
		Attachable: path != "/aws-service-role/" && path != "/root-task/",
	}
}

func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(fmt.Errorf("catalogue: %w", err))
	}
	return t
}

func parseInt(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(fmt.Errorf("catalogue: %w", err))
	}
	return n
}
