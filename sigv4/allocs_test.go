//go:build !race

package sigv4

import "testing"

// The race detector makes sync.Pool forget at random.

func TestVerifyAllocatesNothing(t *testing.T) {
	r, keys, body, now := benchRequest(t), NewKeys(10), []byte(benchBody), at(t, testStamp)
	rules := Rules{Service: "iam"}
	var err error
	n := testing.AllocsPerRun(1000, func() { err = verifyAll(r, body, keys, rules, now) })
	if err != nil {
		t.Fatal(err)
	}
	if n > 0 {
		t.Errorf("%v allocations for each request", n)
	}
}
