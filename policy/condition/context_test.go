package condition_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy/condition"
)

func ExampleContext() {
	var keys condition.Context
	keys.Set("aws:username", "jin")
	keys.SetList("aws:TagKeys", []string{"team"})
	for key, values := range keys.All() {
		fmt.Println(key, values)
	}
	values, ok := keys.Get("AWS:UserName")
	fmt.Println(values, ok)
	// Output:
	// aws:username [jin]
	// aws:TagKeys [team]
	// [jin] true
}

func TestContext(t *testing.T) {
	var c condition.Context
	if _, ok := c.Get("a:b"); ok {
		t.Error("the empty context has a key")
	}
	c.Set("a:b", "1")
	c.Set("a:c")
	c.Set("A:B", "2", "3")
	if got, ok := c.Get("a:B"); !ok || !slices.Equal(got, []string{"2", "3"}) {
		t.Errorf("got %q", got)
	}
	if got, ok := c.Get("a:c"); !ok || len(got) != 0 {
		t.Errorf("got %q, %t", got, ok)
	}
	long := "aws:RequestTag/" + strings.Repeat("Long", 50)
	c.Set(long, "x")
	if _, ok := c.Get(strings.ToLower(long)); !ok {
		t.Error("a long key is missing")
	}
	c.Set("aws:RequestTag/ÄÖ", "x")
	if _, ok := c.Get("aws:requesttag/äö"); !ok {
		t.Error("a key beyond ASCII is missing")
	}
	var seen []string
	for key := range c.All() {
		if seen = append(seen, key); len(seen) == 2 {
			break
		}
	}
	if !slices.Equal(seen, []string{"A:B", "a:c"}) {
		t.Errorf("got %q", seen)
	}
	c.Reset()
	for key := range c.All() {
		t.Errorf("%s is left", key)
	}
	if _, ok := c.Get("a:b"); ok {
		t.Error("a key is left")
	}
}

func TestNilContext(t *testing.T) {
	var c *condition.Context
	if _, ok := c.Get("a:b"); ok {
		t.Error("nothing has a key")
	}
	for range c.All() {
		t.Error("nothing has keys")
	}
}

// TestReuse: a context that is filled again does not allocate.
func TestReuse(t *testing.T) {
	var c condition.Context
	if n := testing.AllocsPerRun(100, func() {
		c.Reset()
		c.Set("aws:username", "jin")
		c.Set("aws:PrincipalTag/Team", "red")
		c.SetList("aws:TagKeys", nil)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkContext(b *testing.B) {
	keys := []string{"aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:userid", "aws:username", "aws:SourceIp", "aws:CurrentTime", "aws:EpochTime", "aws:SecureTransport", "aws:UserAgent",
		"aws:RequestedRegion", "aws:TokenIssueTime", "aws:MultiFactorAuthPresent", "aws:ViaAWSService", "aws:ResourceAccount", "aws:ResourceTag/team", "aws:ResourceTag/env", "aws:PrincipalTag/team", "aws:PrincipalTag/env", "aws:RequestTag/env"}
	var c condition.Context
	b.ReportAllocs()
	for b.Loop() {
		c.Reset()
		for _, key := range keys {
			c.Set(key, "value")
		}
	}
}
