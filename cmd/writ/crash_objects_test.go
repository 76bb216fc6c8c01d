package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-iam/writ/sigv4"
)

// TestKillObjects kills the server again and again while clients put objects. What
// was acknowledged must be there afterwards, and every object that is there must be
// whole.
func TestKillObjects(t *testing.T) {
	k := &killed{t: t, dir: t.TempDir(), address: freeAddress(t)}
	acknowledged := map[string]bool{}
	for round := range 3 {
		for _, key := range k.objects(round) {
			acknowledged[key] = true
		}
	}
	stop := k.start()
	defer stop()
	there := 0
	for _, key := range k.keys() {
		if got, err := k.s3("GET", "/lab/"+key, nil); err != nil || !bytes.Equal(got, contentOf(key)) {
			t.Errorf("%s is not what was put: %d bytes, %v", key, len(got), err)
		}
		delete(acknowledged, key)
		there++
	}
	for key := range acknowledged {
		t.Errorf("%s was acknowledged and is lost", key)
	}
	if there == 0 {
		t.Error("no object was put before the first kill")
	}
	t.Logf("%d objects", there)
}

// contentOf is what a key's object holds: up to 200 kB that follow from the key.
func contentOf(key string) []byte {
	var seed [32]byte
	copy(seed[:], key)
	random := rand.NewChaCha8(seed)
	data := make([]byte, random.Uint64()%200_000)
	random.Read(data)
	return data
}

// objects lets four clients put objects until the server is killed under them, and
// returns the keys that were acknowledged.
func (k *killed) objects(round int) (keys []string) {
	kill := k.start()
	k.s3("PUT", "/lab", nil) // it is there already in the second round
	ctx, stop := context.WithCancel(k.t.Context())
	var clients sync.WaitGroup
	var mu sync.Mutex
	for client := range 4 {
		clients.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				key := fmt.Sprintf("object-%d-%d-%d", round, client, i)
				if _, err := k.s3("PUT", "/lab/"+key, contentOf(key)); err == nil {
					mu.Lock()
					keys = append(keys, key)
					mu.Unlock()
				}
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	kill()
	stop()
	clients.Wait()
	return keys
}

// keys lists all keys of the bucket.
func (k *killed) keys() (all []string) {
	for after := ""; ; {
		page, err := k.s3("GET", "/lab?max-keys=1000&list-type=2&start-after="+after, nil)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, part := range strings.Split(string(page), "<Key>")[1:] {
			after, _, _ = strings.Cut(part, "</Key>")
			all = append(all, after)
		}
		if !bytes.Contains(page, []byte("<IsTruncated>true<")) {
			return all
		}
	}
}

// s3 makes a signed call; an answer that is no success is an error.
func (k *killed) s3(method, target string, body []byte) ([]byte, error) {
	r, err := http.NewRequest(method, "http://"+k.address+target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if err := sigv4.Sign(r, k.creds, sigv4.Scope{Region: "us-east-1", Service: "s3"}, sigv4.HashPayload(body), time.Now()); err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", answer.Status, text)
	}
	return text, err
}
