package policy

import (
	"strings"

	"github.com/writ-iam/writ/arn"
)

// topic is a rough idea of some actions: a set of services, as bits of a Bloom
// filter, and a set of first letters of names. Most statements are passed over
// because theirs is not the request's.
type topic struct {
	services uint64
	initials uint32
}

var allTopics = topic{^uint64(0), ^uint32(0)}

// meets reports whether two topics may have an action in common.
func (t topic) meets(o topic) bool { return t.services&o.services != 0 && t.initials&o.initials != 0 }

func (t topic) with(o topic) topic { return topic{t.services | o.services, t.initials | o.initials} }

// topicOf gives the topic of an action or of a pattern for actions. Letter case
// is ignored.
func topicOf(action string) topic {
	if action == arn.Run {
		return allTopics
	}
	colon := max(0, strings.IndexByte(action, ':'))
	t := topic{services: serviceBit(action[:colon]), initials: initialBit(action[colon:])}
	if action[:colon] == arn.Run {
		t.services = allTopics.services
	}
	return t
}

func serviceBit(name string) uint64 {
	h := uint32(2166136261) // FNV-1a
	for i := range len(name) {
		h = (h ^ uint32(name[i]|0x20)) * 16777619
	}
	return 1 << (h >> 26)
}

// initialBit takes a name after its colon.
func initialBit(name string) uint32 {
	if len(name) < 2 || name[1] == arn.Run[0] || name[1] == arn.Char[0] {
		return allTopics.initials
	}
	return 1 << (name[1] % 32) // the same for both cases of a letter
}

// topicsOf gives the topic of all patterns; nil patterns (there is a NotAction)
// can be about anything.
func topicsOf(patterns []actionPattern) topic {
	if patterns == nil {
		return allTopics
	}
	var all topic
	for i := range patterns {
		all = all.with(topicOf(string(patterns[i].glob)))
	}
	return all
}
