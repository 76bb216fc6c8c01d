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

// topicOf gives the topic of an action or of a pattern for actions. Letter case
// is ignored.
func topicOf(action string) topic {
	colon := colonOf(action)
	service, name := action[:colon], action[colon:]
	if service == star || action == star {
		return allTopics
	}
	return lettersOf(name).turned(turnOf(service))
}

// colonOf is the length of the name of an action's service.
func colonOf(action string) int { return max(0, strings.IndexByte(action, ':')) }

// lettersOf gives the first letter of a name, after its colon, as one of 32
// bits, the same for both cases.
func lettersOf(name string) topic {
	if len(name) < 2 || name[1] == '*' || name[1] == '?' {
		return allLetters
	}
	return 1 << (name[1] % 32)
}

// turned brings the letters of a service to a place of their own.
func (t topic) turned(turn uint) topic { return topic(bits.RotateLeft64(uint64(t), int(turn))) }

// turnOf gives the place of a service, below 64.
func turnOf(service string) uint {
	n := len(service)
	if n == 0 {
		return 0
	}
	return (uint(n) + 5*letter(service[0]) + 11*letter(service[n/2]) + 23*letter(service[n-1])) % 64
}

func letter(c byte) uint { return uint(c | 0x20) }

// topicsOf gives the topic of all patterns.
func topicsOf(patterns []Value) topic {
	var all topic
	for i := range patterns {
		all |= topicOf(patterns[i].Text)
	}
	return all
}
