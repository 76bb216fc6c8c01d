package catalogue

import (
	"testing"
	"time"
)

func TestVersion(t *testing.T) {
	m, _ := ManagedPolicy("arn:aws:iam::aws:policy/PowerUserAccess")
	for _, test := range []struct{ id, created, document string }{
		{"v1", "2015-02-06T18:39:47Z", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}]}`},
		{"v3", "2017-11-14T22:39:11Z", `{"Version":"2012-10-17","Statement":[` +
			`{"Effect":"Allow","NotAction":["iam:*","organizations:*"],"Resource":"*"},` +
			`{"Effect":"Allow","Action":["iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles","organizations:DescribeOrganization"],"Resource":"*"}]}`},
		{"v12", "2026-02-12T17:59:14Z", m.Document},
	} {
		v, ok := m.Version(test.id)
		if !ok || v.ID != test.id || v.Document != test.document || v.Created.Format(time.RFC3339) != test.created {
			t.Errorf("%s: got %+v", test.id, v)
		}
	}
	if v, _ := m.Version("v10"); !v.Created.IsZero() {
		t.Errorf("the source does not know when v10 was made, got %v", v.Created)
	}
	for _, id := range []string{"v9", "v13", "v0", "", "V1", "1"} { // the source has no v9
		if v, ok := m.Version(id); ok {
			t.Errorf("%q is %+v", id, v)
		}
	}
}

func TestEdited(t *testing.T) {
	const newer = `["a","b","c","d"]`
	for _, test := range []struct{ name, edits, older string }{
		{"nothing", "", newer},
		{"first replaced", "0 1 [\n", `["b","c","d"]`},
		{"one left out", "1 1 \n", `["a","c","d"]`},
		{"put in the middle", "2 0 \"x y\",\n", `["a","b","x y","c","d"]`},
		{"last replaced", "3 1 \"e\"]\n", `["a","b","c","e"]`},
		{"two edits", "1 1 \"x\",\n1 1 \"z\"]\n", `["a","x","c","z"]`},
		{"all replaced", "0 4 []\n", `[]`},
	} {
		older, rest := edited(newer, test.edits+"v1 -\n")
		if older != test.older || rest != "v1 -\n" {
			t.Errorf("%s: got %s and %q", test.name, older, rest)
		}
	}
}
