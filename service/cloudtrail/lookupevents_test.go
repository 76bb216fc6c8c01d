package cloudtrail_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store/events"
)

// event writes an event of the lab's account into its log. n gives it its place in time.
func event(t *testing.T, l *awstest.Lab, name, region string, n int) {
	t.Helper()
	err := l.Events.Write(events.Entry{Time: start.Add(time.Duration(n) * time.Second).Add(500 * time.Millisecond), ID: fmt.Sprintf("00000000-0000-8000-8000-%012d", n),
		Account: awstest.Account, Region: region, Attributes: []events.Attribute{{Name: "EventName", Value: name}}, Event: []byte(`{}`)})
	if err != nil {
		t.Fatal(err)
	}
}

var start = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// names asks for events in a region, page by page, and returns the names of each page.
func names(t *testing.T, l *awstest.Lab, region string, params map[string]any) (pages []string) {
	t.Helper()
	for {
		out := lookup(t, l, region, params)
		var page []string
		for _, e := range out.Events {
			page = append(page, e.EventName)
		}
		pages = append(pages, strings.Join(page, " "))
		if out.NextToken == "" {
			return pages
		}
		params["NextToken"] = out.NextToken
	}
}

// answer is what the tests read of LookupEvents.
type answer struct {
	Events    []struct{ EventName string }
	NextToken string
}

// lookup calls LookupEvents in a region.
func lookup(t *testing.T, l *awstest.Lab, region string, params map[string]any) (out answer) {
	t.Helper()
	body, err := json.Marshal(params)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "http://localhost/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents")
	if err := sigv4.Sign(r, awstest.Root, sigv4.Scope{Region: region, Service: "cloudtrail"}, sigv4.HashPayload(body), l.Now()); err != nil {
		t.Fatal(err)
	}
	answered := l.Do(r)
	if err := json.NewDecoder(answered.Body).Decode(&out); err != nil || answered.StatusCode != 200 {
		t.Fatalf("%d, %v", answered.StatusCode, err)
	}
	return out
}

// before keeps the calls of the test itself out of what it asks for.
func before(n int) map[string]any {
	return map[string]any{"EndTime": start.Add(time.Duration(n) * time.Second).Unix()}
}

// Events of the region and of the global region come in one order, whatever the
// size of a page.
func TestRegions(t *testing.T) {
	l := awstest.New(t)
	for n, e := range []struct{ name, region string }{
		{"a", "us-east-1"}, {"b", "eu-west-1"}, {"c", "us-east-1"}, {"d", "eu-west-1"}, {"e", "eu-west-1"}, {"f", "ap-south-1"}, {"g", "us-east-1"},
	} {
		event(t, l, e.name, e.region, n)
	}
	for _, test := range []struct {
		region string
		size   int
		want   []string
	}{
		{"us-east-1", 50, []string{"g c a"}},
		{"eu-west-1", 50, []string{"g e d c b a"}},
		{"eu-west-1", 1, []string{"g", "e", "d", "c", "b", "a"}},
		{"eu-west-1", 4, []string{"g e d c", "b a"}},
		{"eu-west-1", 3, []string{"g e d", "c b a"}},
		{"ap-south-1", 2, []string{"g f", "c a"}},
	} {
		params := before(10)
		params["MaxResults"] = test.size
		if got := names(t, l, test.region, params); !slices.Equal(got, test.want) {
			t.Errorf("%s by %d: got %q, want %q", test.region, test.size, got, test.want)
		}
	}
}

// Both ends count, to the second that events show.
func TestPeriod(t *testing.T) {
	l := awstest.New(t)
	for n, name := range []string{"a", "b", "c"} {
		event(t, l, name, "us-east-1", n)
	}
	for _, test := range []struct {
		from, to int
		want     string
	}{{0, 2, "c b a"}, {1, 1, "b"}, {1, 2, "c b"}, {2, 9, "c"}, {3, 9, ""}} {
		params := before(test.to)
		params["StartTime"] = start.Add(time.Duration(test.from) * time.Second).Unix()
		if got := names(t, l, "us-east-1", params); got[0] != test.want {
			t.Errorf("%d to %d: got %q, want %q", test.from, test.to, got, test.want)
		}
	}
	params := before(0)
	params["StartTime"] = start.Add(time.Second).Unix()
	_, err := l.Call(awstest.Root, "cloudtrail", "LookupEvents", params)
	var failure *awstest.Failure
	if !errors.As(err, &failure) || failure.Code != "InvalidTimeRangeException" || failure.Status != 400 {
		t.Errorf("a range that ends before it starts: %v", err)
	}
}
