package policy

// sieve is what is asked of a statement first. Nearly all that do not match fall
// through it, without a look at the statement or at the document.
type sieve struct {
	topic  topic
	index  int32  // of the statement in the document, -1 if that cannot be read
	head   uint16 // bytes of the resource before its first wildcard; 0 if the statement has not just one
	mark   uint8  // of those bytes
	effect effect
}

// lookAt makes v ask for the beginning of the resource of s, if it is just one.
func (v *sieve) lookAt(s *statement, src string) {
	if head := s.resource.head; s.moreResources == (span{}) && head >= markSize {
		v.head, v.mark = head, markOf(s.resource.text(src)[:head])
	}
}

func (v *sieve) isAbout(e *evaluation) bool { return v.topic&e.topic != 0 && v.effect == e.effect }

func (v *sieve) fits(resource string) bool {
	return v.head < markSize || int(v.head) <= len(resource) && v.mark == markOf(resource[:v.head])
}

const markSize = 4 // bytes

// markOf hashes the end of a text.
func markOf(s string) uint8 {
	s = s[len(s)-markSize:]
	return uint8((uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24) * 0x9E3779B1 >> 24)
}
