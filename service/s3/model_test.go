package s3_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

// plain is what S3 is said to be, in the plainest way: to each key its versions,
// the newest first.
type plain struct {
	status string // of versions
	keys   map[string][]version
}

type version struct {
	id     string
	marked bool
}

// add is a put, or a deletion of no version.
func (p *plain) add(key string, v version) {
	if p.status != "Enabled" {
		p.remove(key, v.id)
	}
	p.keys[key] = append([]version{v}, p.keys[key]...)
}

func (p *plain) remove(key, id string) {
	p.keys[key] = slices.DeleteFunc(p.keys[key], func(v version) bool { return v.id == id })
	if len(p.keys[key]) == 0 {
		delete(p.keys, key)
	}
}

// list is one line for each entry of a list without pages.
func (p *plain) list(prefix, delimiter, after string, versions bool) (lines []string) {
	for _, key := range slices.Sorted(maps.Keys(p.keys)) {
		if !strings.HasPrefix(key, prefix) || after != "" && key <= after {
			continue
		}
		for i, v := range p.keys[key] {
			if !versions && (i > 0 || v.marked) {
				continue
			}
			line := key
			if versions {
				line = fmt.Sprint(key, " ", v.id, " ", i == 0)
			}
			if before, _, found := strings.Cut(key[len(prefix):], delimiter); found && delimiter != "" {
				line = prefix + before + delimiter
				if after != "" && strings.HasSuffix(after, delimiter) && strings.HasPrefix(line, after) && strings.HasPrefix(after, prefix) {
					continue
				}
			}
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// TestListsAgainstPlainMaps does random things, and compares each list, put
// together from pages of random sizes, with the plainest way to make it.
func TestListsAgainstPlainMaps(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			d := &dice{T: t, Rand: rand.New(rand.NewPCG(seed, 1)), lab: awstest.New(t), plain: plain{keys: map[string][]version{}}}
			send(t, d.lab, "PUT", "/lab", nil)
			for range 200 {
				d.change()
				if d.IntN(4) == 0 {
					d.compare()
				}
			}
		})
	}
}

type dice struct {
	*testing.T
	*rand.Rand
	lab   *awstest.Lab
	plain plain
}

// key is short, of few letters, so that keys are prefixes of each other.
func (d *dice) key() string {
	var key strings.Builder
	for range 1 + d.IntN(4) {
		key.WriteString([]string{"a", "b", "/", "//", "🔑", "é"}[d.IntN(6)])
	}
	return key.String()
}

func (d *dice) change() {
	key := d.key()
	switch n := d.IntN(20); {
	case n == 0:
		d.plain.status = []string{"Enabled", "Suspended"}[d.IntN(2)]
		send(d, d.lab, "PUT", "/lab?versioning", []byte("<VersioningConfiguration><Status>"+d.plain.status+"</Status></VersioningConfiguration>"))
	case n < 12:
		r := send(d, d.lab, "PUT", "/lab/"+path(key), nil)
		d.plain.add(key, version{id: id(r.Header.Get("X-Amz-Version-Id"))})
	case n < 16:
		r := send(d, d.lab, "DELETE", "/lab/"+path(key), nil)
		if d.plain.status == "" {
			d.plain.remove(key, "null")
			return
		}
		d.plain.add(key, version{id(r.Header.Get("X-Amz-Version-Id")), true})
	default:
		for _, v := range d.plain.keys[key] {
			send(d, d.lab, "DELETE", "/lab/"+path(key)+"?versionId="+v.id, nil)
			d.plain.remove(key, v.id)
			return
		}
	}
}

func id(header string) string {
	if header == "" {
		return "null"
	}
	return header
}

func (d *dice) compare() {
	prefix, delimiter, after := "", "", ""
	if d.IntN(2) == 0 {
		prefix = d.key()
	}
	if d.IntN(2) == 0 {
		delimiter = []string{"/", "a", "//", "🔑"}[d.IntN(4)]
	}
	if d.IntN(3) == 0 {
		after = d.key()
	}
	for form, pages := range map[string]func(url.Values) []string{"v1": d.v1, "v2": d.v2, "versions": d.versions} {
		want := d.plain.list(prefix, delimiter, after, form == "versions")
		query := url.Values{"prefix": {prefix}, "max-keys": {fmt.Sprint(1 + d.IntN(7))}}
		if delimiter != "" {
			query.Set("delimiter", delimiter)
		}
		if after != "" {
			query.Set(map[string]string{"v1": "marker", "v2": "start-after", "versions": "key-marker"}[form], after)
		}
		got := pages(query)
		slices.Sort(got) // answers have prefixes apart from keys
		slices.Sort(want)
		if !slices.Equal(got, want) {
			d.Fatalf("%s %v:\n%q, want\n%q", form, query, got, want)
		}
	}
}

// page makes the lines of one page.
func (d *dice) page(query url.Values, got listed) (lines []string) {
	for _, c := range got.Contents {
		lines = append(lines, c.Key)
	}
	for _, v := range append(got.Version, got.DeleteMarker...) {
		lines = append(lines, v.Key+" "+v.VersionId+" "+v.IsLatest)
	}
	for _, p := range got.CommonPrefixes {
		lines = append(lines, p.Prefix)
	}
	if n := fmt.Sprint(len(lines)); got.Code != "" || got.IsTruncated && n != query.Get("max-keys") {
		d.Fatalf("%v: %s, a page of %s", query, got.Code, n)
	}
	return lines
}

func (d *dice) v1(query url.Values) (all []string) {
	for {
		got := list(d, d.lab, query.Encode())
		all = append(all, d.page(query, got)...)
		switch {
		case !got.IsTruncated:
			return all
		case got.NextMarker != "":
			query.Set("marker", got.NextMarker)
		default:
			query.Set("marker", got.Contents[len(got.Contents)-1].Key)
		}
	}
}

func (d *dice) v2(query url.Values) (all []string) {
	query.Set("list-type", "2")
	for {
		got := list(d, d.lab, query.Encode())
		all = append(all, d.page(query, got)...)
		if !got.IsTruncated {
			return all
		}
		query.Set("continuation-token", got.NextContinuationToken)
	}
}

func (d *dice) versions(query url.Values) (all []string) {
	query.Set("versions", "")
	for {
		got := list(d, d.lab, query.Encode())
		all = append(all, d.page(query, got)...)
		if !got.IsTruncated {
			return all
		}
		query.Set("key-marker", got.NextKeyMarker)
		query.Del("version-id-marker")
		if got.NextVersionIdMarker != "" {
			query.Set("version-id-marker", got.NextVersionIdMarker)
		}
	}
}
