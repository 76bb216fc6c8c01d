package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/writ-iam/writ/cmd/writ/landingzone"
	"github.com/writ-iam/writ/sigv4"
)

// organizationClient is the public API as landing zones use it.
type organizationClient struct {
	arn    string                     // of the caller, once it is known
	within map[string]landingzone.IAM // by account
}

func newOrganizationClient() *organizationClient {
	return &organizationClient{within: map[string]landingzone.IAM{}}
}

func (*organizationClient) Organizations(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {"AWSOrganizationsV20161128." + operation}}
	answer, err := call(ctx, "organizations", "POST", "/", header, body)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

// accessRole is the role that CreateAccount makes in a new account.
const accessRole = "OrganizationAccountAccessRole"

func (c *organizationClient) Within(ctx context.Context, account string) (landingzone.IAM, error) {
	if iam := c.within[account]; iam != nil {
		return iam, nil
	}
	partition, err := c.partition(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := call(ctx, "sts", "POST", "/", formHeader, query("AssumeRole", "2011-06-15", url.Values{
		"RoleArn": {"arn:" + partition + ":iam::" + account + ":role/" + accessRole}, "RoleSessionName": {"writ-organization-init"}}))
	if err != nil {
		return nil, fmt.Errorf("assuming %s in account %s: %w", accessRole, account, err)
	}
	var out struct {
		AccessKeyID     string `xml:"AssumeRoleResult>Credentials>AccessKeyId"`
		SecretAccessKey string `xml:"AssumeRoleResult>Credentials>SecretAccessKey"`
		SessionToken    string `xml:"AssumeRoleResult>Credentials>SessionToken"`
	}
	if err := xml.Unmarshal(answer, &out); err != nil {
		return nil, err
	}
	c.within[account] = iamAs(sigv4.Credentials{AccessKeyID: out.AccessKeyID, SecretAccessKey: out.SecretAccessKey, SessionToken: out.SessionToken})
	return c.within[account], nil
}

// partition is that of the caller's ARN.
func (c *organizationClient) partition(ctx context.Context) (string, error) {
	if c.arn == "" {
		answer, err := call(ctx, "sts", "POST", "/", formHeader, query("GetCallerIdentity", "2011-06-15", url.Values{}))
		if err != nil {
			return "", err
		}
		var out struct {
			ARN string `xml:"GetCallerIdentityResult>Arn"`
		}
		if err := xml.Unmarshal(answer, &out); err != nil {
			return "", err
		}
		c.arn = out.ARN
	}
	partition, _, _ := strings.Cut(strings.TrimPrefix(c.arn, "arn:"), ":")
	return partition, nil
}

func iamAs(creds sigv4.Credentials) landingzone.IAM {
	return func(ctx context.Context, operation string, in url.Values, out any) error {
		answer, err := callAs(ctx, creds, "iam", "POST", "/", formHeader, query(operation, "2010-05-08", in))
		if err != nil || out == nil {
			return err
		}
		var wrapped struct {
			All []struct {
				Text []byte `xml:",innerxml"`
			} `xml:",any"` // the result, and ResponseMetadata
		}
		if err := xml.Unmarshal(answer, &wrapped); err != nil || len(wrapped.All) == 0 {
			return errors.Join(err, errNoResult)
		}
		return xml.Unmarshal(slices.Concat([]byte("<Result>"), wrapped.All[0].Text, []byte("</Result>")), out)
	}
}

var errNoResult = errors.New("an answer without a result")

var formHeader = http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}

// query is the body of a call in the query protocol.
func query(operation, version string, in url.Values) []byte {
	form := url.Values{"Action": {operation}, "Version": {version}}
	for name, values := range in {
		form[name] = values
	}
	return []byte(form.Encode())
}
