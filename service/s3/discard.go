package s3

import (
	"time"

	"github.com/writ-iam/writ"
)

// linger is how long the bytes of a version stay that was replaced or deleted:
// whoever was allowed to read it just before has opened them by then.
const linger = 10 * time.Second

// discard removes blobs that nothing refers to any more. What is not removed
// before the server stops is swept when it starts.
func (s *Service) discard(parts []part) {
	if len(parts) > 0 {
		time.AfterFunc(s.linger, func() { s.remove(parts) })
	}
}

// abandon removes the blobs of a write that was refused. One that has failed in
// another way may have been committed all the same: its blobs stay until they are
// swept, if nothing refers to them.
func (s *Service) abandon(refused error, parts []part) {
	if _, ok := writ.AsError(refused); ok {
		s.remove(parts)
	}
}

func (s *Service) remove(parts []part) {
	for _, p := range parts {
		s.blobs.Remove(p.ID)
	}
}
