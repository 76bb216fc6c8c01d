package events_test

import (
	"context"
	"fmt"
	"time"

	"github.com/writ-iam/writ/store/events"
)

// Two calls are written, one of them so that it is durable before the answer
// goes out, and those that changed something are looked up.
func Example() {
	ctx := context.Background()
	w := events.NewWriter(events.NewMemory(100_000, 64<<20))
	defer w.Close()

	call := func(id, operation, readOnly string) events.Entry {
		return events.Entry{
			Time:       time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
			ID:         id,
			Account:    "111122223333",
			Region:     "us-east-1",
			Attributes: []events.Attribute{{"EventName", operation}, {"ReadOnly", readOnly}},
			Event:      fmt.Appendf(nil, `{"eventName":%q}`, operation),
		}
	}
	if err := w.Write(call("6f1c0c6e-3f0a-4c7e-9c53-0d5a3a1f0a01", "ListUsers", "true")); err != nil {
		fmt.Println(err)
	}
	if err := w.WriteDurable(ctx, call("6f1c0c6e-3f0a-4c7e-9c53-0d5a3a1f0a02", "CreateUser", "false")); err != nil {
		fmt.Println(err)
	}

	page, next, err := w.Lookup(ctx, events.Query{
		Account:   "111122223333",
		Attribute: &events.Attribute{Name: "ReadOnly", Value: "false"},
		Limit:     50,
	})
	for _, e := range page {
		fmt.Printf("%s %s\n", e.ID, e.Event)
	}
	fmt.Printf("more: %v, error: %v\n", next != "", err)
	// Output:
	// 6f1c0c6e-3f0a-4c7e-9c53-0d5a3a1f0a02 {"eventName":"CreateUser"}
	// more: false, error: <nil>
}
