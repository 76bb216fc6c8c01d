package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-iam/writ/sigv4"
)

// TestKill kills the server again and again while clients create users. What
// was acknowledged must be there afterwards, and every user that is there must
// have its event.
func TestKill(t *testing.T) {
	k := &killed{t: t, dir: t.TempDir(), address: freeAddress(t)}
	acknowledged := map[string]bool{}
	for round := range 4 {
		for _, name := range k.round(round) {
			acknowledged[name] = true
		}
	}
	stop := k.start()
	defer stop()
	users := k.users()
	for name := range acknowledged {
		if !users[name] {
			t.Errorf("%s was acknowledged and is lost", name)
		}
	}
	for name := range users {
		if name != "admin" && !strings.Contains(k.call("cloudtrail", lookup(name)), `\"eventName\":\"CreateUser\"`) {
			t.Errorf("%s is there without its event", name)
		}
	}
	t.Logf("%d acknowledged, %d there", len(acknowledged), len(users)-1)
}

// killed is a server on a directory that is killed now and then.
type killed struct {
	t       *testing.T
	dir     string
	address string
	creds   sigv4.Credentials
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs the server until the returned function kills it.
func (k *killed) start() (kill func()) {
	self, err := os.Executable()
	if err != nil {
		k.t.Fatal(err)
	}
	// testscript.Main runs the test binary as a command by its first argument.
	writ := filepath.Join(k.t.TempDir(), "writ")
	if err := os.Symlink(self, writ); err != nil {
		k.t.Fatal(err)
	}
	cmd := exec.Command(writ, "serve", "--data", k.dir, "--listen", k.address, "--quota", "UsersPerAccount=100000")
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	for range 200 {
		if answer, err := http.Get("http://" + k.address + "/_writ/ready"); err == nil {
			answer.Body.Close()
			k.credentials()
			return func() { cmd.Process.Kill(); cmd.Wait() }
		}
		time.Sleep(25 * time.Millisecond)
	}
	k.t.Fatalf("the server does not start: %s", &out)
	return nil
}

func (k *killed) credentials() {
	c, err := readCredentials(k.dir)
	if err != nil {
		k.t.Fatal(err)
	}
	k.creds = sigv4.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey}
}

// round lets eight clients create users until the server is killed under them,
// and returns the names that were acknowledged.
func (k *killed) round(round int) (names []string) {
	kill := k.start()
	ctx, stop := context.WithCancel(k.t.Context())
	var clients sync.WaitGroup
	var mu sync.Mutex
	for client := range 8 {
		clients.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				name := fmt.Sprintf("user-%d-%d-%d", round, client, i)
				if _, err := k.send("iam", url.Values{"Action": {"CreateUser"}, "Version": {"2010-05-08"}, "UserName": {name}}); err == nil {
					mu.Lock()
					names = append(names, name)
					mu.Unlock()
				}
			}
		})
	}
	time.Sleep(400 * time.Millisecond)
	kill()
	stop()
	clients.Wait()
	return names
}

func (k *killed) users() map[string]bool {
	all := map[string]bool{}
	for marker := ""; ; {
		form := url.Values{"Action": {"ListUsers"}, "Version": {"2010-05-08"}, "MaxItems": {"1000"}}
		if marker != "" {
			form.Set("Marker", marker)
		}
		page := k.call("iam", form)
		for rest := page; ; {
			_, after, ok := strings.Cut(rest, "<UserName>")
			if !ok {
				break
			}
			name, next, _ := strings.Cut(after, "</UserName>")
			all[name], rest = true, next
		}
		_, after, ok := strings.Cut(page, "<Marker>")
		if !ok {
			return all
		}
		marker, _, _ = strings.Cut(after, "</Marker>")
	}
}

// lookup is the request for the events of a user.
type lookup string

func (k *killed) call(service string, body any) string {
	answer, err := k.send(service, body)
	if err != nil {
		k.t.Fatal(err)
	}
	return answer
}

// send makes a signed call; an answer that is no success is an error.
func (k *killed) send(service string, input any) (string, error) {
	r, body, err := k.request(input)
	if err != nil {
		return "", err
	}
	scope := sigv4.Scope{Region: "us-east-1", Service: service}
	if err := sigv4.Sign(r, k.creds, scope, sigv4.HashPayload(body), time.Now()); err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", answer.Status, text)
	}
	return string(text), err
}

func (k *killed) request(input any) (*http.Request, []byte, error) {
	if name, ok := input.(lookup); ok {
		body, err := json.Marshal(map[string]any{"LookupAttributes": []map[string]string{{"AttributeKey": "ResourceName", "AttributeValue": string(name)}}})
		if err != nil {
			return nil, nil, err
		}
		r, err := http.NewRequest("POST", "http://"+k.address, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/x-amz-json-1.1")
		r.Header.Set("X-Amz-Target", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents")
		return r, body, err
	}
	body := []byte(input.(url.Values).Encode())
	r, err := http.NewRequest("POST", "http://"+k.address, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r, body, err
}
