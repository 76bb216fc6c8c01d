package s3

import "time"

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

// remove removes blobs that nothing has ever referred to.
func (s *Service) remove(parts []part) {
	for _, p := range parts {
		s.blobs.Remove(p.ID)
	}
}
