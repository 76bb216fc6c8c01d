package sts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
)

// wide is a policy of some actions, in as many words as people use.
func wide(actions int) string {
	var b strings.Builder
	for i := range actions {
		fmt.Fprintf(&b, `,"service%d:Action%c%d"`, i/4, 'A'+i%26, i*7919)
	}
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[` + b.String()[1:] + `],"Resource":"*"}]}`
}

func TestPackedSize(t *testing.T) {
	example := limits{policy: new(`{"Version":"2012-10-17","Statement":[{"Sid":"Stmt1","Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)}
	got, err := example.packed(&writ.Session{Policy: *example.policy})
	if err != nil || *got != 6 {
		t.Errorf("the example of the STS API reference takes 6 percent, not %v, %v", *got, err)
	}
	if got, err := (&limits{}).packed(&writ.Session{}); got != nil || err != nil {
		t.Errorf("nothing takes %v, %v", got, err)
	}
	last := 0
	for _, n := range []int{1, 5, 10, 20} {
		size := packedSize(&writ.Session{Policy: wide(n)}, nil)
		if size <= last {
			t.Errorf("%d actions pack into %d bytes, fewer ones into %d", n, size, last)
		}
		last = size
	}
}

func TestPackedPolicyTooLarge(t *testing.T) {
	var tags []api.Tag
	for i := range 50 {
		tags = append(tags, api.Tag{Key: fmt.Sprint("key-", i*7919), Value: fmt.Sprint(i * 104729)})
	}
	for _, test := range []struct {
		name    string
		limits  limits
		session writ.Session
		want    string
	}{
		{"policy", limits{policy: new("")}, writ.Session{Policy: wide(60)}, "Packed policy consumes "},
		{"tags", limits{tags: tags}, writ.Session{}, "Packed size of session tags consumes "},
		{"both", limits{policy: new(""), tags: tags}, writ.Session{}, "Packed policy consumes "},
	} {
		_, err := test.limits.packed(&test.session)
		e, _ := writ.AsError(err)
		if err == nil || e.Code != "PackedPolicyTooLarge" || e.Status != 400 || !strings.HasPrefix(e.Message, test.want) || !strings.Contains(e.Message, "% of allotted space") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func BenchmarkPackedSize(b *testing.B) {
	s := &writ.Session{Policy: wide(20)}
	for b.Loop() {
		packedSize(s, nil)
	}
}
