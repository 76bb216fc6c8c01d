package egress

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// How long documents are kept. A server says it in Cache-Control, within bounds:
// a key that was withdrawn must not be believed for ever.
const (
	usualAge = time.Hour
	minAge   = time.Minute
	maxAge   = 24 * time.Hour
	patience = 30 * time.Second // between two requests for one document
	grudge   = 10 * time.Second // after a failure
)

// maxEntries bounds the cache. Providers are few; whoever registers many only
// makes the oldest be fetched again.
const maxEntries = 256

// entry is a document, or why there is none.
type entry struct {
	body    []byte
	err     error
	fetched time.Time
	expires time.Time
}

func failed(now time.Time, err error) *entry {
	return &entry{err: err, fetched: now, expires: now.Add(grudge)}
}

type cache struct {
	mu      sync.Mutex
	entries map[string]*entry
}

// cacheKey keeps what one provider's thumbprints vouched for from being taken as
// what another's do.
func cacheKey(address string, thumbprints []string) string {
	return address + "\x00" + strings.Join(thumbprints, ",")
}

// get returns what is known at a time and not older than age, nil if nothing is.
func (c *cache) get(key string, now time.Time, age time.Duration) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[key]
	if e == nil || !now.Before(e.expires) || now.Sub(e.fetched) > age {
		return nil
	}
	return e
}

// put remembers what came of a fetch. A failure does not take the place of a
// document that is still good: it only keeps the next try waiting.
func (c *cache) put(key string, e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old, known := c.entries[key]
	if !known && len(c.entries) >= maxEntries {
		c.forgetOldest()
	}
	if known && e.err != nil && old.err == nil && e.fetched.Before(old.expires) {
		e = &entry{body: old.body, fetched: e.fetched, expires: old.expires}
	}
	c.entries[key] = e
}

func (c *cache) forgetOldest() {
	oldest := ""
	for key, e := range c.entries {
		if oldest == "" || e.fetched.Before(c.entries[oldest].fetched) {
			oldest = key
		}
	}
	delete(c.entries, oldest)
}

// lifetime is how long an answer may be kept.
func lifetime(h http.Header) time.Duration {
	for directive := range strings.SplitSeq(h.Get("Cache-Control"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(name) {
		case "no-store", "no-cache":
			return minAge
		case "max-age":
			if seconds, err := strconv.Atoi(value); err == nil {
				return min(max(time.Duration(min(seconds, 1<<31))*time.Second, minAge), maxAge)
			}
		}
	}
	return usualAge
}
