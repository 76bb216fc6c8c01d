package ec2_test

import (
	"errors"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

const partner = "222222222222"

// Nothing of one account can be seen, used or changed from another.
func TestAccountsAreApart(t *testing.T) {
	l := newLab(t)
	otherRoot := l.AddAccount(t, partner)
	l.must("iam", "CreateRole", map[string]any{"RoleName": "App", "AssumeRolePolicyDocument": trust})
	l.must("iam", "CreateInstanceProfile", map[string]any{"InstanceProfileName": "Box"})
	l.must("iam", "AddRoleToInstanceProfile", map[string]any{"InstanceProfileName": "Box", "RoleName": "App"})
	l.must("ec2", "CreateKeyPair", map[string]any{"KeyName": "ops", "KeyType": "ed25519"})
	id := l.launch(map[string]any{"IamInstanceProfile": map[string]any{"Name": "Box"}})
	subnet := l.must("ec2", "DescribeSubnets", nil)["Subnets"].([]any)[0].(map[string]any)["SubnetId"]
	token := l.must("ec2", "DescribeInstanceTypes", map[string]any{"MaxResults": 5})["NextToken"]
	launch := map[string]any{"ImageId": "ami-00000000000000001", "InstanceType": hostType, "MinCount": 1, "MaxCount": 1}
	with := func(name string, value any) map[string]any {
		all := map[string]any{name: value}
		for name, value := range launch {
			all[name] = value
		}
		return all
	}
	for _, c := range []struct {
		operation string
		params    map[string]any
		code      string
	}{
		{"DescribeInstances", map[string]any{"InstanceIds": []any{id}}, "InvalidInstanceID.NotFound"},
		{"TerminateInstances", map[string]any{"InstanceIds": []any{id}}, "InvalidInstanceID.NotFound"},
		{"DescribeInstanceAttribute", map[string]any{"InstanceId": id, "Attribute": "userData"}, "InvalidInstanceID.NotFound"},
		{"CreateTags", map[string]any{"Resources": []any{id}, "Tags": []any{map[string]any{"Key": "a"}}}, "InvalidInstanceID.NotFound"},
		{"DescribeKeyPairs", map[string]any{"KeyNames": []any{"ops"}}, "InvalidKeyPair.NotFound"},
		{"DescribeSubnets", map[string]any{"SubnetIds": []any{subnet}}, "InvalidSubnetID.NotFound"},
		{"DescribeInstanceTypes", map[string]any{"MaxResults": 5, "NextToken": token}, "InvalidNextToken"},
		{"RunInstances", with("KeyName", "ops"), "InvalidKeyPair.NotFound"},
		{"RunInstances", with("SubnetId", subnet), "InvalidSubnetID.NotFound"},
		{"RunInstances", with("IamInstanceProfile", map[string]any{"Name": "Box"}), "InvalidParameterValue"},
		{"RunInstances", with("IamInstanceProfile", map[string]any{"Arn": "arn:aws:iam::" + awstest.Account + ":instance-profile/Box"}), "InvalidParameterValue"},
	} {
		_, err := l.Call(otherRoot, "ec2", c.operation, c.params)
		var failure *awstest.Failure
		if !errors.As(err, &failure) || failure.Code != c.code {
			t.Errorf("%s %v: %v", c.operation, c.params, err)
		}
	}
	if out, err := l.Call(otherRoot, "ec2", "DescribeInstances", nil); err != nil || len(out["Reservations"].([]any)) != 0 {
		t.Errorf("the other account sees %v, %v", out, err)
	}
}
