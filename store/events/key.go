package events

// A key is the 64-bit FNV-1a hash of the words that an entry is found under.
// Keys are written to disk, so the hash is fixed and the same on every machine.
// Two things with one key cost a comparison, never a wrong answer.
type key uint64

const newKey key = 14695981039346656037

// with adds a word, and its end, so that "ab","c" is not "a","bc".
func (k key) with(word string) key {
	for i := 0; i < len(word); i++ {
		k = (k ^ key(word[i])) * 1099511628211
	}
	return (k ^ 0xff ^ key(len(word))<<8) * 1099511628211
}

func accountKey(account string) uint64 { return uint64(newKey.with(account)) }

func regionKey(account, region string) uint64 {
	return uint64(newKey.with(account).with(region))
}

func attributeKey(account, name, value string) uint64 {
	return uint64(newKey.with(account).with(name).with(value))
}

// fold makes half of a key, enough to find what is in one segment.
func fold(k uint64) uint32 { return uint32(k ^ k>>32) }

// regionMark tells regions apart well enough to pass over other regions'
// entries unread.
func regionMark(region string) uint32 {
	return fold(uint64(newKey.with(region)))
}

// appendKeys appends every key that e is found under.
func appendKeys(keys []uint64, e *Entry) []uint64 {
	account := newKey.with(e.Account)
	keys = append(keys, uint64(account), uint64(account.with(e.Region)), uint64(account.with(EventID).with(e.ID)))
	for i := range e.Attributes {
		a := &e.Attributes[i]
		keys = append(keys, uint64(account.with(a.Name).with(a.Value)))
	}
	return keys
}
