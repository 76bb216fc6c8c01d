package ec2_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/service/ec2"
	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/store"
)

// lab is an installation with what runs instances in it: another Service on the
// same store.
type lab struct {
	*testing.T
	*awstest.Lab
	ec2 *ec2.Service
}

func newLab(t *testing.T) *lab {
	l := awstest.New(t)
	return &lab{t, l, ec2.New(l.Store, iam.New(l.Store, nil, nil), nil)}
}

func (l *lab) must(service, operation string, params map[string]any) map[string]any {
	l.Helper()
	out, err := l.Call(awstest.Root, service, operation, params)
	if err != nil {
		l.Fatal(err)
	}
	return out
}

// launch returns the id of an instance.
func (l *lab) launch(params map[string]any) string {
	l.Helper()
	all := map[string]any{"ImageId": ec2.HostImage, "InstanceType": hostType, "MinCount": 1, "MaxCount": 1}
	for name, value := range params {
		all[name] = value
	}
	return l.must("ec2", "RunInstances", all)["Instances"].([]any)[0].(map[string]any)["InstanceId"].(string)
}

func (l *lab) instance(id string) (i *ec2.Instance, err error) {
	l.Helper()
	viewErr := l.Store.View(l.Context(), func(tx *store.Tx) error {
		i, err = l.ec2.Instance(tx, awstest.Account, "us-east-1", id)
		return nil
	})
	if viewErr != nil {
		l.Fatal(viewErr)
	}
	return i, err
}

func (l *lab) running() (ids []string) {
	l.Helper()
	err := l.Store.View(l.Context(), func(tx *store.Tx) error {
		all, err := l.ec2.Running(tx)
		for _, i := range all {
			ids = append(ids, i.ID)
		}
		return err
	})
	if err != nil {
		l.Fatal(err)
	}
	return ids
}

const trust = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`

// Who runs an instance finds all that its metadata service has to tell.
func TestInstance(t *testing.T) {
	l := newLab(t)
	l.must("iam", "CreateRole", map[string]any{"RoleName": "App", "AssumeRolePolicyDocument": trust})
	l.must("iam", "CreateInstanceProfile", map[string]any{"InstanceProfileName": "Box"})
	l.must("iam", "AddRoleToInstanceProfile", map[string]any{"InstanceProfileName": "Box", "RoleName": "App"})
	l.must("ec2", "CreateKeyPair", map[string]any{"KeyName": "ops", "KeyType": "ed25519"})
	id := l.launch(map[string]any{"UserData": "ZWNobw==", "KeyName": "ops", "IamInstanceProfile": map[string]any{"Name": "Box"},
		"MetadataOptions":   map[string]any{"HttpTokens": "optional", "InstanceMetadataTags": "enabled"},
		"TagSpecifications": []any{map[string]any{"ResourceType": "instance", "Tags": []any{map[string]any{"Key": "Name", "Value": "web"}}}}})
	i, err := l.instance(id)
	if err != nil {
		t.Fatal(err)
	}
	if i.State != ec2.StateRunning || i.Starts != 1 || string(i.UserData) != "echo" || i.KeyName != "ops" || i.Tags["Name"] != "web" {
		t.Errorf("got %+v", i)
	}
	if want := (ec2.MetadataOptions{HopLimit: 2, Enabled: true, Tags: true}); i.Metadata != want {
		t.Errorf("metadata options %+v", i.Metadata)
	}
	if i.Profile == nil || i.Profile.Name != "Box" || i.Profile.Role == nil || i.Profile.Role.ARN != "arn:aws:iam::000000000000:role/App" {
		t.Errorf("profile %+v", i.Profile)
	}
	if !i.SubnetBlock.Contains(i.PrivateIP) || !i.VPCBlock.Contains(i.PrivateIP) || i.ZoneID != "use1-az1" || len(i.MAC) != 17 || i.PublicKey[:12] != "ssh-ed25519 " {
		t.Errorf("place %+v", i)
	}

	// The role is the one that the profile holds now; a profile that is made
	// again under its name is another.
	l.must("iam", "RemoveRoleFromInstanceProfile", map[string]any{"InstanceProfileName": "Box", "RoleName": "App"})
	if i, _ := l.instance(id); i.Profile == nil || i.Profile.Role != nil {
		t.Errorf("an empty profile: %+v", i.Profile)
	}
	l.must("iam", "DeleteInstanceProfile", map[string]any{"InstanceProfileName": "Box"})
	l.must("iam", "CreateInstanceProfile", map[string]any{"InstanceProfileName": "Box"})
	l.must("iam", "AddRoleToInstanceProfile", map[string]any{"InstanceProfileName": "Box", "RoleName": "App"})
	if i, _ := l.instance(id); i.Profile != nil {
		t.Errorf("the profile of the same name: %+v", i.Profile)
	}
}

// Who runs instances learns of each change, and of what is to run.
func TestChanges(t *testing.T) {
	l := newLab(t)
	var changed []string
	l.Store.Watch(func(c store.Change) {
		for _, w := range c.Writes {
			if account, region, id, ok := ec2.ChangedInstance(w.Key); ok {
				changed = append(changed, fmt.Sprint(account, " ", region, " ", id))
			}
		}
	})
	id := l.launch(nil)
	other := l.launch(nil)
	if got := l.running(); len(got) != 2 {
		t.Errorf("running %v", got)
	}
	l.must("ec2", "RebootInstances", map[string]any{"InstanceIds": []any{id}})
	if i, _ := l.instance(id); i.Starts != 2 {
		t.Errorf("after a reboot it is start %d", i.Starts)
	}
	l.must("ec2", "StopInstances", map[string]any{"InstanceIds": []any{id}})
	if diff := cmp.Diff([]string{other}, l.running()); diff != "" {
		t.Error(diff)
	}
	l.must("ec2", "StartInstances", map[string]any{"InstanceIds": []any{id}})
	if i, _ := l.instance(id); i.Starts != 3 || i.State != ec2.StateRunning {
		t.Errorf("after a start %+v", i)
	}
	l.must("ec2", "TerminateInstances", map[string]any{"InstanceIds": []any{id, other}})
	if got := l.running(); got != nil {
		t.Errorf("running %v", got)
	}
	if i, err := l.instance(id); err != nil || i.State != ec2.StateTerminated || i.UserData != nil || i.Profile != nil {
		t.Errorf("after its end %+v, %v", i, err)
	}
	if len(changed) != 7 || changed[0] != "000000000000 us-east-1 "+id {
		t.Errorf("changes %q", changed)
	}
	l.Advance(2 * time.Hour)
	l.launch(nil)
	if _, err := l.instance(id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an hour after its end: %v", err)
	}
}

// A subnet that has no address left takes no more instances, and as many as fit.
func TestFullSubnet(t *testing.T) {
	l := newLab(t)
	run := func(count int) (map[string]any, error) {
		return l.Call(awstest.Root, "ec2", "RunInstances", map[string]any{"ImageId": ec2.HostImage, "InstanceType": hostType, "MinCount": 1, "MaxCount": count})
	}
	launched := 0
	for launched < 4091 {
		out, err := run(1152)
		if err != nil {
			t.Fatal(err)
		}
		var ids []any
		for _, i := range out["Instances"].([]any) {
			ids = append(ids, i.(map[string]any)["InstanceId"])
		}
		launched += len(ids)
		l.must("ec2", "StopInstances", map[string]any{"InstanceIds": ids})
	}
	if launched != 4091 {
		t.Errorf("%d instances were launched", launched)
	}
	if _, err := run(1); err == nil || err.Error() != "InsufficientFreeAddressesInSubnet: There are not enough free addresses in subnet to satisfy the requested number of instances." {
		t.Errorf("got %v", err)
	}
}
