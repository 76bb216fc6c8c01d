package policy

import (
	"math/bits"
	"strings"
)

// topic is a rough idea of some actions: a Bloom filter with one bit for each
// pair of a service and the first letter of a name. Most policies and statements
// are passed over because theirs is not the request's.
type topic uint64

const (
	allTopics  = ^topic(0)
	allLetters = 1<<32 - 1
)

// kin is a rough idea of one action: the place of its service and, above eight
// bits, the first letter of its name, both from 1; 0 stands for any.
type kin uint16

func (k kin) service() uint8 { return uint8(k) }
func (k kin) letter() uint8  { return uint8(k >> 8) }

// kinOf gives the kin of an action or of a pattern for actions. Letter case is
// ignored.
func kinOf(action string) (k kin) {
	colon := strings.IndexByte(action, ':')
	if colon <= 0 {
		return 0
	}
	if action[0] != '*' {
		k = kin(turnOf(action[:colon]) + 1)
	}
	if name := action[colon+1:]; name != "" && name[0] != '*' && name[0] != '?' {
		k |= kin(name[0]%32+1) << 8
	}
	return k
}

// colonOf is the length of the name of an action's service.
func colonOf(action string) int { return max(0, strings.IndexByte(action, ':')) }

// topic of the actions that are kin.
func (k kin) topic() topic {
	if k.service() == 0 {
		return allTopics
	}
	letters := uint64(allLetters)
	if k.letter() > 0 {
		letters = 1 << ((k.letter() - 1) % 32)
	}
	return topic(bits.RotateLeft64(letters, int(k)-1)) // what is above six bits does not count
}

// fits reports whether k, of a pattern, may fit an action.
func (k kin) fits(action kin) bool {
	return k == action || (k.service() == action.service() || k.service() == 0) && (k.letter() == action.letter() || k.letter() == 0)
}

// turnOf gives the place of a service that has a name, below 64.
func turnOf(service string) uint {
	n := len(service)
	return (uint(n) + 5*letter(service[0]) + 11*letter(service[n/2]) + 23*letter(service[n-1])) % 64
}

func letter(c byte) uint { return uint(c | 0x20) }

// topicsOf gives the topic of all patterns.
func topicsOf(patterns []Value) topic {
	var all topic
	for i := range patterns {
		all |= kinOf(patterns[i].Text).topic()
	}
	return all
}
