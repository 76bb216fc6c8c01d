package ec2

import (
	"encoding/base64"
	"maps"
	"slices"
	"strconv"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

func (s *Service) DescribeInstanceAttribute(c *writ.Call, in *api.DescribeInstanceAttributeInput) (out *api.DescribeInstanceAttributeOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		i, err := findInstance(tx, c, in.InstanceId)
		if err != nil {
			return err
		}
		out, err = i.attribute(in.Attribute)
		return err
	})
	return out, err
}

// attribute shows one attribute.
func (i *instance) attribute(name string) (*api.DescribeInstanceAttributeOutput, error) {
	out := &api.DescribeInstanceAttributeOutput{InstanceId: &i.ID}
	switch name {
	case "instanceType":
		out.InstanceType = &api.AttributeValue{Value: &i.Type}
	case "userData":
		return out, i.showUserData(out)
	case "disableApiStop":
		out.DisableApiStop = &api.AttributeBooleanValue{Value: &i.KeepStarted}
	case "disableApiTermination":
		out.DisableApiTermination = &api.AttributeBooleanValue{Value: &i.Keep}
	case "instanceInitiatedShutdownBehavior":
		out.InstanceInitiatedShutdownBehavior = &api.AttributeValue{Value: &i.Shutdown}
	case "rootDeviceName":
		out.RootDeviceName = &api.AttributeValue{Value: new(rootDevice)}
	case "blockDeviceMapping":
		out.BlockDeviceMappings = i.devices()
	case "groupSet":
		out.Groups = networkOf(i.scope()).groups()
	case "sourceDestCheck":
		out.SourceDestCheck = &api.AttributeBooleanValue{Value: new(true)}
	case "ebsOptimized":
		out.EbsOptimized = &api.AttributeBooleanValue{Value: new(false)}
	case "enclaveOptions":
		out.EnclaveOptions = &api.EnclaveOptions{Enabled: new(false)}
	case "kernel":
		out.KernelId = &api.AttributeValue{}
	case "ramdisk":
		out.RamdiskId = &api.AttributeValue{}
	case "productCodes":
		out.ProductCodes = []api.ProductCode{}
	default:
		return nil, writ.NotImplemented("The attribute %s is not implemented.", name)
	}
	return out, nil
}

func (i *instance) showUserData(out *api.DescribeInstanceAttributeOutput) error {
	out.UserData = &api.UserDataAttribute{}
	if i.UserData.IsZero() {
		return nil
	}
	data, err := i.UserData.Reveal()
	out.UserData.Value = new(base64.StdEncoding.EncodeToString(data))
	return err
}

func (i *instance) devices() []api.InstanceBlockDeviceMapping {
	if i.State == StateTerminated {
		return []api.InstanceBlockDeviceMapping{}
	}
	return []api.InstanceBlockDeviceMapping{{DeviceName: new(rootDevice), Ebs: &api.EbsInstanceBlockDevice{
		VolumeId: &i.Volume, AttachTime: &i.Created, DeleteOnTermination: new(true), Status: new("attached")}}}
}

// ModifyInstanceAttribute changes one attribute at a time, given as a member of
// its own or by its name.
func (s *Service) ModifyInstanceAttribute(c *writ.Call, in *api.ModifyInstanceAttributeInput) (*api.ModifyInstanceAttributeOutput, error) {
	if err := onlyServed(in, "InstanceId", "Attribute", "Value", "DisableApiStop", "DisableApiTermination", "InstanceType", "UserData",
		"InstanceInitiatedShutdownBehavior", "Groups"); err != nil {
		return nil, err
	}
	changed := changes(in)
	if len(changed) != 1 {
		return nil, invalidCombination("Fields for multiple attribute types specified: %s", slices.Sorted(maps.Keys(changed)))
	}
	err := s.db.Update(c, func(tx *store.Tx) error {
		i, err := liveInstance(tx, c, in.InstanceId)
		if err != nil {
			return err
		}
		for name, text := range changed {
			if err := i.set(c, name, text, in); err != nil {
				return err
			}
		}
		return instances.Put(tx, i)
	})
	return &api.ModifyInstanceAttributeOutput{}, err
}

// changes are the attributes that a request names, by their names in policies.
// User data has no value there.
func changes(in *api.ModifyInstanceAttributeInput) map[string]string {
	all := map[string]string{}
	if in.Attribute != nil {
		all[attributeNames[*in.Attribute]] = value(in.Value, "")
	}
	for name, v := range map[string]*api.AttributeBooleanValue{"DisableApiStop": in.DisableApiStop, "DisableApiTermination": in.DisableApiTermination} {
		if v != nil && v.Value != nil {
			all[name] = strconv.FormatBool(*v.Value)
		}
	}
	for name, v := range map[string]*api.AttributeValue{"InstanceType": in.InstanceType, "InstanceInitiatedShutdownBehavior": in.InstanceInitiatedShutdownBehavior} {
		if v != nil && v.Value != nil {
			all[name] = *v.Value
		}
	}
	if in.UserData != nil {
		all["UserData"] = ""
	}
	if len(in.Groups) > 0 {
		all["Groups"] = in.Groups[0]
	}
	return all
}

var attributeNames = map[string]string{"instanceType": "InstanceType", "userData": "UserData", "disableApiStop": "DisableApiStop",
	"disableApiTermination": "DisableApiTermination", "instanceInitiatedShutdownBehavior": "InstanceInitiatedShutdownBehavior"}

// set changes one attribute.
func (i *instance) set(c *writ.Call, name, text string, in *api.ModifyInstanceAttributeInput) (err error) {
	switch name {
	case "DisableApiStop":
		i.KeepStarted, err = strconv.ParseBool(text)
	case "DisableApiTermination":
		i.Keep, err = strconv.ParseBool(text)
	case "InstanceInitiatedShutdownBehavior":
		if text != "stop" && text != "terminate" {
			return invalidValue("Invalid value '%s' for instanceInitiatedShutdownBehavior.", text)
		}
		i.Shutdown = text
	case "InstanceType":
		return i.setType(text)
	case "UserData":
		return i.setUserData(in)
	case "Groups":
		return checkGroups(c, in.Groups, nil)
	default:
		return writ.NotImplemented("The attribute %s is not implemented.", value(in.Attribute, ""))
	}
	if err != nil {
		return invalidValue("Invalid value '%s' for %s.", text, name)
	}
	return nil
}

func (i *instance) stopped() error {
	if i.State != StateStopped {
		return fault("IncorrectInstanceState", "The instance '%s' is not in the 'stopped' state.", i.ID)
	}
	return nil
}

func (i *instance) setType(name string) error {
	if err := i.stopped(); err != nil {
		return err
	}
	m, err := machineOf(name)
	if err != nil {
		return err
	}
	i.Type = name
	return m.fitsHost()
}

func (i *instance) setUserData(in *api.ModifyInstanceAttributeInput) error {
	if err := i.stopped(); err != nil {
		return err
	}
	var data []byte
	if in.UserData != nil {
		data = in.UserData.Value
	} else {
		var err error
		if data, err = base64.StdEncoding.DecodeString(value(in.Value, "")); err != nil {
			return invalidValue("Invalid BASE64 encoding of user data.")
		}
	}
	switch {
	case len(data) > maxUserData:
		return invalidValue("User data is limited to %d bytes", maxUserData)
	case len(data) == 0:
		i.UserData = store.Secret{}
	default:
		i.UserData = store.NewSecret(data)
	}
	return nil
}
