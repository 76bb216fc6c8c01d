package catalogue

import (
	"iter"
	"strings"
	"time"
)

// Version is one version of an AWS managed policy.
type Version struct {
	ID string // "v3"
	// Created is when the version was made, UTC. It is the zero time for many
	// older versions, whose date the data does not have.
	Created  time.Time
	Document string // compact JSON
}

// Version returns the version with this id. It is false if AWS has no such
// version or the data does not have it: some numbers are missing.
func (m *Managed) Version(id string) (Version, bool) {
	for v := range m.Versions() {
		if v.ID == id {
			return v, true
		}
	}
	return Version{}, false
}

// Versions lists the policy's versions, the default first, then back in time.
//
// The archive holds the default version's document on a line of its own, and
// each older version as what to change in the next newer one: a line with its id
// and date ("-" if unknown), then one line for each edit, "keep cut text": take
// keep pieces over, leave cut pieces out, put text there. A piece of a document
// ends behind a comma.
func (m *Managed) Versions() iter.Seq[Version] {
	return func(yield func(Version) bool) {
		document, rest, _ := strings.Cut(m.section, "\n")
		v := Version{m.DefaultVersion, m.Updated, m.Document}
		for yield(v) && rest != "" {
			v.ID, v.Created, rest = versionLine(rest)
			document, rest = edited(document, rest)
			v.Document = inPartition(document, m.partition)
		}
	}
}

func versionLine(lines string) (id string, created time.Time, rest string) {
	line, rest, _ := strings.Cut(lines, "\n")
	id, date, _ := strings.Cut(line, " ")
	if date != "-" {
		created = parseTime(date)
	}
	return id, created, rest
}

// edited carries out the edits at the head of the lines, up to the next version.
func edited(document, lines string) (older, rest string) {
	var b strings.Builder
	for lines != "" && lines[0] != 'v' {
		var line, kept string
		line, lines, _ = strings.Cut(lines, "\n")
		keep, line, _ := strings.Cut(line, " ")
		cut, text, _ := strings.Cut(line, " ")
		kept, document = pieces(document, parseInt(keep))
		_, document = pieces(document, parseInt(cut))
		b.WriteString(kept)
		b.WriteString(text)
	}
	b.WriteString(document)
	return b.String(), lines
}

// pieces cuts a document behind its first n pieces.
func pieces(document string, n int) (head, rest string) {
	end := 0
	for ; n > 0; n-- {
		i := strings.IndexByte(document[end:], ',')
		if i < 0 {
			return document, ""
		}
		end += i + 1
	}
	return document[:end], document[end:]
}
