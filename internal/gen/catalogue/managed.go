package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// blockSize is how much text of neighbouring policies is compressed together:
// larger blocks make a smaller archive and a slower look-up.
const blockSize = 256 << 10

// policy is an AWS managed policy as the npm package has it.
type policy struct {
	ARN     string    `json:"arn"`
	Default string    `json:"latestVersionId"`
	Created time.Time `json:"createdDate"`
	Updated time.Time `json:"lastUpdatedDate"`

	Versions map[string]*version `json:"versions"`
}

type version struct {
	Created  time.Time       `json:"createdDate"`
	Document json.RawMessage `json:"document"`
}

// key is the policy's path and name, as in its ARN.
func (p *policy) key() string { return strings.TrimPrefix(p.ARN, "arn:aws:iam::aws:policy/") }

// newestFirst gives the ids of the policy's versions, the default one first.
func (p *policy) newestFirst() []string {
	return slices.SortedFunc(maps.Keys(p.Versions), func(a, b string) int {
		return cmp.Compare(versionNumber(b), versionNumber(a))
	})
}

// versionNumber gives 12 for "v12" and 0 for what is no version id.
func versionNumber(id string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(id, "v"))
	return n
}

// date says when a version was made, "-" if that is unknown. Since 2023 the
// source gives the policy's own date of creation for new versions.
func (p *policy) date(id string) string {
	if t := p.Versions[id].Created; id == "v1" || !t.Equal(p.Created) {
		return t.UTC().Format(time.RFC3339)
	}
	return "-"
}

// managedArchive packs all policies: blocks "0", "1", … of their sections, and
// the index into them. Package catalogue says what they look like.
func managedArchive(dir string) (*archive, error) {
	policies, err := readPolicies(dir)
	if err != nil {
		return nil, err
	}
	a := new(archive)
	var index, block bytes.Buffer
	flush := func() {
		a.add(strconv.Itoa(len(a.files)), bytes.Clone(block.Bytes()))
		block.Reset()
	}
	for _, p := range policies {
		section := p.section()
		if block.Len() > 0 && block.Len()+len(section) > blockSize {
			flush()
		}
		fmt.Fprintln(&index, p.key(), p.Created.UTC().Format(time.RFC3339), p.Updated.UTC().Format(time.RFC3339),
			p.Default, len(a.files), len(section))
		block.WriteString(section)
	}
	flush()
	a.add("index", index.Bytes())
	a.comment, err = managedComment(dir, policies)
	return a, err
}

// readPolicies reads all policies in the order of their keys, with compact documents.
func readPolicies(dir string) ([]*policy, error) {
	byName := make(map[string]*policy)
	if err := readJSON(filepath.Join(dir, "dist", "managedPolicies.json"), &byName); err != nil {
		return nil, err
	}
	policies := slices.SortedFunc(maps.Values(byName), func(a, b *policy) int {
		return strings.Compare(a.key(), b.key())
	})
	for _, p := range policies {
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", p.ARN, err)
		}
	}
	return policies, nil
}

// check makes sure of what the format takes for granted, and compacts the documents.
func (p *policy) check() error {
	if p.key() == p.ARN || strings.ContainsAny(p.ARN, " \n") {
		return fmt.Errorf("not the ARN of an AWS managed policy")
	}
	if ids := p.newestFirst(); len(ids) == 0 || ids[0] != p.Default {
		return fmt.Errorf("default version %s is not the newest of %v", p.Default, ids)
	}
	for id, v := range p.Versions {
		if id != fmt.Sprintf("v%d", versionNumber(id)) {
			return fmt.Errorf("version %q", id)
		}
		var b bytes.Buffer
		if err := json.Compact(&b, v.Document); err != nil {
			return err
		}
		v.Document = b.Bytes()
	}
	return nil
}

// section writes the default version's document, and the older versions as edits.
func (p *policy) section() string {
	var b strings.Builder
	newer := string(p.Versions[p.Default].Document)
	fmt.Fprintln(&b, newer)
	for _, id := range p.newestFirst()[1:] {
		document := string(p.Versions[id].Document)
		fmt.Fprintln(&b, id, p.date(id))
		for _, e := range diff(newer, document) {
			fmt.Fprintln(&b, e.keep, e.cut, e.text)
		}
		newer = document
	}
	return b.String()
}

// managedComment counts, and digests the ARN, id and document of every version,
// in order.
func managedComment(dir string, policies []*policy) (string, error) {
	source, err := npmVersion(dir)
	versions, digest := 0, sha256.New()
	for _, p := range policies {
		versions += len(p.Versions)
		for _, id := range p.newestFirst() {
			fmt.Fprintln(digest, p.ARN, id, string(p.Versions[id].Document))
		}
	}
	return fmt.Sprintf("%s: %d policies, %d versions, sha256 %x", source, len(policies), versions, digest.Sum(nil)), err
}
