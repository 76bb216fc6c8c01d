package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// pagesToSearch bounds how far back newestRefusal looks: 50 events a page.
const pagesToSearch = 20

// newestRefusal finds the request id of the newest call that was refused for
// want of a permission, or of that of one user or session if it has a name.
func newestRefusal(ctx context.Context, name string) (string, error) {
	in := map[string]any{"MaxResults": 50}
	if name != "" {
		in["LookupAttributes"] = []any{map[string]string{"AttributeKey": "Username", "AttributeValue": name}}
	}
	for range pagesToSearch {
		body, err := askCloudTrail(ctx, "LookupEvents", in)
		if err != nil {
			return "", err
		}
		var page struct {
			Events    []struct{ CloudTrailEvent string }
			NextToken string
		}
		if err := json.Unmarshal(body, &page); err != nil {
			return "", err
		}
		for _, e := range page.Events {
			if id, err := refusedRequest(e.CloudTrailEvent); id != "" || err != nil {
				return id, err
			}
		}
		if page.NextToken == "" {
			return "", errors.New("no request was refused; one that was not is explained by its id: writ explain REQUEST-ID")
		}
		in["NextToken"] = page.NextToken
	}
	return "", fmt.Errorf("none of the newest %d requests was refused", pagesToSearch*50)
}

// refusedRequest is the request id of an event if it tells of a denial.
func refusedRequest(event string) (string, error) {
	var e struct{ RequestID, ErrorCode string }
	if err := json.Unmarshal([]byte(event), &e); err != nil {
		return "", err
	}
	if strings.HasPrefix(e.ErrorCode, "AccessDenied") || strings.HasSuffix(e.ErrorCode, "UnauthorizedOperation") {
		return e.RequestID, nil
	}
	return "", nil
}
