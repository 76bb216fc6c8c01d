package iam

import (
	"errors"
	"testing"
	"time"
)

// A use is known at every moment between the call and the end of its writing,
// and one that could not be written does not replace a later one.
func TestUsesAreKnownWhileTheyAreWritten(t *testing.T) {
	early, late := use{ID: "a", Time: time.Unix(1, 0)}, use{ID: "a", Time: time.Unix(2, 0)}
	var u notes[string, use]
	known := func(want use) {
		t.Helper()
		if got, ok := u.of("a"); !ok || got != want {
			t.Errorf("the last use is %v, %t, want %v", got, ok, want)
		}
	}
	u.last = map[string]use{"a": early}
	known(early)
	taken := u.take()
	known(early)
	u.written(taken, errors.New("no disk"))
	known(early)

	taken = u.take()
	u.last = map[string]use{"a": late}
	u.written(taken, errors.New("no disk"))
	known(late)

	u.written(u.take(), nil)
	if got, ok := u.of("a"); ok {
		t.Errorf("%v is still noted after it was written", got)
	}
}
