package imds_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/store/events"
)

// New credentials are there at least five minutes before the old ones expire,
// old and new are good together, and the service never hands out any that have
// less than twenty minutes left: SDKs take that for a failing service. Two days
// are watched, every minute.
func TestRotation(t *testing.T) {
	m := newMachine(t, nil)
	last := m.credentials()
	rotations := 0
	for range 2 * 24 * 60 {
		m.Advance(time.Minute)
		now := m.credentials()
		if left := now.Expiration.Sub(m.Now()); left < 20*time.Minute || left > 6*time.Hour {
			t.Fatalf("credentials with %v left", left)
		}
		if now == last {
			continue
		}
		rotations++
		if both := last.Expiration.Sub(m.Now()); both < 5*time.Minute {
			t.Fatalf("the new ones came %v before the old ones expire", both)
		}
		for _, g := range []given{last, now} {
			if _, err := m.Call(g.sign(), "iam", "ListUsers", nil); err != nil {
				t.Fatalf("while both are good: %v", err)
			}
		}
		last = now
	}
	if rotations < 4 {
		t.Errorf("%d rotations in two days", rotations)
	}
}

// The first fetch works, the session is the role's and named after the
// instance, and it ends when it says.
func TestCredentials(t *testing.T) {
	m := newMachine(t, nil)
	if names := m.get("meta-data/iam/security-credentials/"); names != "reader" {
		t.Errorf("the role is %q", names)
	}
	g := m.credentials()
	if g.Code != "Success" || g.Type != "AWS-HMAC" || g.LastUpdated.IsZero() || g.Expiration.Sub(g.LastUpdated) != 6*time.Hour {
		t.Errorf("got %+v", g)
	}
	who, err := m.Call(g.sign(), "sts", "GetCallerIdentity", nil)
	if want := "arn:aws:sts::" + awstest.Account + ":assumed-role/reader/" + m.id; err != nil || who["Arn"] != want {
		t.Errorf("who: %v, %v", who, err)
	}
	if _, err := m.Call(g.sign(), "iam", "CreateUser", map[string]any{"UserName": "u"}); err == nil {
		t.Error("the role may do what no policy of it says")
	}
	m.Advance(6 * time.Hour)
	if _, err := m.Call(g.sign(), "sts", "GetCallerIdentity", nil); err == nil || !strings.Contains(err.Error(), "ExpiredToken") {
		t.Errorf("after six hours: %v", err)
	}
}

// Each session begins with an event that names EC2 and the instance, and
// fetching again what is still good makes none.
func TestCredentialsEvent(t *testing.T) {
	m := newMachine(t, nil)
	m.credentials()
	m.credentials()
	found, _, err := m.Events.Lookup(t.Context(), events.Query{Account: awstest.Account, Limit: 10, Attribute: &events.Attribute{Name: "EventName", Value: "AssumeRole"}})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d events, %v", len(found), err)
	}
	var e struct {
		UserIdentity      struct{ Type, InvokedBy string }
		RequestParameters struct{ RoleSessionName string }
		ResponseElements  struct {
			Credentials struct{ AccessKeyID, SessionToken string }
		}
	}
	if err := json.Unmarshal(found[0].Event, &e); err != nil {
		t.Fatal(err)
	}
	if e.UserIdentity.Type != "AWSService" || e.UserIdentity.InvokedBy != "ec2.amazonaws.com" || e.RequestParameters.RoleSessionName != m.id ||
		e.ResponseElements.Credentials.AccessKeyID == "" || e.ResponseElements.Credentials.SessionToken != "" {
		t.Errorf("the event is %s", found[0].Event)
	}
}

// Policies can ask how credentials were delivered and to which instance.
func TestDeliveryKeys(t *testing.T) {
	m := newMachine(t, map[string]any{"MetadataOptions": map[string]any{"HttpTokens": "optional"}})
	i := m.call("ec2", "DescribeInstances", map[string]any{"InstanceIds": []any{m.id}})["Reservations"].([]any)[0].(map[string]any)["Instances"].([]any)[0].(map[string]any)
	m.call("iam", "PutRolePolicy", map[string]any{"RoleName": "reader", "PolicyName": "read", "PolicyDocument": `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*","Condition":{
			"StringEquals":{"aws:Ec2InstanceSourceVpc":"` + i["VpcId"].(string) + `","aws:Ec2InstanceSourcePrivateIPv4":"` + i["PrivateIpAddress"].(string) + `"},
			"ArnEquals":{"ec2:SourceInstanceARN":"arn:aws:ec2:us-east-1:` + awstest.Account + `:instance/` + m.id + `"}}},
		{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NumericLessThan":{"ec2:RoleDelivery":"2.0"}}}]}`})
	if _, err := m.Call(m.credentials().sign(), "iam", "ListUsers", nil); err != nil {
		t.Errorf("of IMDSv2: %v", err)
	}
	_, body, _ := m.ask("GET", "/latest/meta-data/iam/security-credentials/reader")
	var old given
	if err := json.Unmarshal([]byte(body), &old); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Call(old.sign(), "iam", "ListUsers", nil); err == nil || !strings.Contains(err.Error(), "explicit deny") {
		t.Errorf("of IMDSv1: %v", err)
	}
}

// A web identity token says the same of the instance.
func TestDeliveryClaims(t *testing.T) {
	m := newMachine(t, nil)
	m.call("iam", "EnableOutboundWebIdentityFederation", nil)
	m.call("iam", "PutRolePolicy", map[string]any{"RoleName": "reader", "PolicyName": "token",
		"PolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:GetWebIdentityToken","Resource":"*"}}`})
	out, err := m.Call(m.credentials().sign(), "sts", "GetWebIdentityToken", map[string]any{"Audience": []any{"a"}, "SigningAlgorithm": "ES384"})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(out["WebIdentityToken"].(string), ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		AWS map[string]any `json:"https://sts.amazonaws.com/"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	i := m.call("ec2", "DescribeInstances", map[string]any{"InstanceIds": []any{m.id}})["Reservations"].([]any)[0].(map[string]any)["Instances"].([]any)[0].(map[string]any)
	for claim, want := range map[string]any{"ec2_source_instance_arn": "arn:aws:ec2:us-east-1:" + awstest.Account + ":instance/" + m.id,
		"ec2_instance_source_vpc": i["VpcId"], "ec2_instance_source_private_ipv4": i["PrivateIpAddress"], "ec2_role_delivery": "2.0"} {
		if claims.AWS[claim] != want {
			t.Errorf("%s is %v, want %v", claim, claims.AWS[claim], want)
		}
	}
}

// Another role, or none, holds from the next fetch on, without a restart.
func TestRoleReplaced(t *testing.T) {
	m := newMachine(t, nil)
	first := m.credentials()
	m.call("iam", "RemoveRoleFromInstanceProfile", map[string]any{"InstanceProfileName": "profile", "RoleName": "reader"})
	if status, _, _ := m.ask("GET", "/latest/meta-data/iam/security-credentials/", tokenHeader, m.token()); status != 404 {
		t.Errorf("without a role: %d", status)
	}
	if info := m.get("meta-data/iam/info"); !strings.Contains(info, `"Code" : "Success"`) || !strings.Contains(info, "Instance Profile does not contain a role") {
		t.Errorf("info is %s", info)
	}
	m.call("iam", "CreateRole", map[string]any{"RoleName": "writer", "AssumeRolePolicyDocument": trust})
	m.call("iam", "AddRoleToInstanceProfile", map[string]any{"InstanceProfileName": "profile", "RoleName": "writer"})
	if names := m.get("meta-data/iam/security-credentials/"); names != "writer" {
		t.Errorf("the role is %q", names)
	}
	if body := m.get("meta-data/iam/security-credentials/writer"); !strings.Contains(body, "Success") || strings.Contains(body, first.AccessKeyId) {
		t.Errorf("got %s", body)
	}
	m.call("iam", "RemoveRoleFromInstanceProfile", map[string]any{"InstanceProfileName": "profile", "RoleName": "writer"})
	m.call("iam", "DeleteInstanceProfile", map[string]any{"InstanceProfileName": "profile"})
	if info := m.get("meta-data/iam/info"); !strings.Contains(info, `"Code" : "InstanceProfileNotFound"`) {
		t.Errorf("info is %s", info)
	}
}

// A profile can come and go while the instance runs; without one there is
// nothing about IAM.
func TestProfileAssociated(t *testing.T) {
	m := newMachine(t, map[string]any{"IamInstanceProfile": nil})
	if status, _, _ := m.ask("GET", "/latest/meta-data/iam/info", tokenHeader, m.token()); status != 404 {
		t.Errorf("without a profile: %d", status)
	}
	if strings.Contains(m.get("meta-data/"), "iam") {
		t.Error("iam is listed")
	}
	out := m.call("ec2", "AssociateIamInstanceProfile", map[string]any{"InstanceId": m.id, "IamInstanceProfile": map[string]any{"Name": "profile"}})
	if m.credentials().Code != "Success" || !strings.Contains(m.get("meta-data/iam/info"), "instance-profile/profile") {
		t.Error("the role has not come")
	}
	association := out["IamInstanceProfileAssociation"].(map[string]any)["AssociationId"]
	m.call("ec2", "DisassociateIamInstanceProfile", map[string]any{"AssociationId": association})
	if status, _, _ := m.ask("GET", "/latest/meta-data/iam/security-credentials/reader", tokenHeader, m.token()); status != 404 {
		t.Errorf("after it was disassociated: %d", status)
	}
}

// A role that does not trust EC2 gives no credentials; one that does again, soon.
func TestUntrusted(t *testing.T) {
	m := newMachine(t, nil)
	m.call("iam", "UpdateAssumeRolePolicy", map[string]any{"RoleName": "reader", "PolicyDocument": strings.Replace(trust, "ec2.", "lambda.", 1)})
	g := m.credentials()
	if g.Code != "AssumeRoleUnauthorizedAccess" || !strings.Contains(g.Message, "EC2 cannot assume the role reader.") || g.AccessKeyId != "" {
		t.Errorf("got %+v", g)
	}
	m.call("iam", "UpdateAssumeRolePolicy", map[string]any{"RoleName": "reader", "PolicyDocument": trust})
	m.Advance(10 * time.Second)
	if g := m.credentials(); g.Code != "Success" {
		t.Errorf("got %+v", g)
	}
}

// The container endpoint gives credentials to who has the token.
func TestContainer(t *testing.T) {
	m := newMachine(t, nil)
	uri, token := m.host["credentialsUri"].(string), m.host["authorizationToken"].(string)
	for _, test := range []struct {
		path    string
		headers []string
		want    int
	}{
		{"", []string{"Authorization", token}, 200},
		{"", nil, 401},
		{"", []string{"Authorization", m.token()}, 401},
		{"", []string{"Authorization", token, "Origin", "http://example.com"}, 403},
		{"x", []string{"Authorization", token}, 404},
	} {
		status, body, _ := m.askAt(uri+test.path, "GET", "", test.headers...)
		if status != test.want || status != 404 && !json.Valid([]byte(body)) {
			t.Errorf("%q %v: %d %s", test.path, test.headers, status, body)
		}
		if status != 200 {
			continue
		}
		var g struct {
			RoleArn string
			given
		}
		if err := json.Unmarshal([]byte(body), &g); err != nil || g.RoleArn != "arn:aws:iam::"+awstest.Account+":role/reader" {
			t.Errorf("%v %s", err, body)
		}
		if _, err := m.Call(g.sign(), "iam", "ListUsers", nil); err != nil {
			t.Error(err)
		}
	}
}
