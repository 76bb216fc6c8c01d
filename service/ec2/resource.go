package ec2

import (
	"errors"
	"strconv"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/store"
)

// Resource tells authz of a thing that an operation names, or of what it would
// make. One that is not there has the ARN that it would have: who may not act on
// it must not learn that it is not there.
func (s *Service) Resource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (r writ.Resource, err error) {
	k := kind{resource: check.Type}
	if check.Type == model.AnyType {
		if k, err = kindOf(id); err != nil {
			return writ.Resource{}, err
		}
	}
	switch k.resource {
	case "role":
		return s.passedRole(tx, c, id)
	case instanceKind.resource:
		r, err = s.instanceResource(tx, c, check, id)
	case keyPairKind.resource:
		r, err = keyPairResource(tx, c, check, id)
	case imageKind.resource:
		r, err = imageResource(tx, c, id)
	default:
		r, err = networkResource(tx, c, k, id)
	}
	if check.Type == model.AnyType {
		r.Type = k.resource
	}
	return r, err
}

// passedRole is the role in the profile that a request names. Where there is
// none nothing is passed, and the error is the operation's own.
func (s *Service) passedRole(tx *store.Tx, c *writ.Call, profile string) (writ.Resource, error) {
	spec := &api.IamInstanceProfileSpecification{Name: &profile}
	if strings.HasPrefix(profile, "arn:") {
		spec = &api.IamInstanceProfileSpecification{Arn: &profile}
	}
	p, err := s.profile(tx, c.Scope.Account, spec)
	if err != nil {
		return writ.Resource{}, err
	}
	return writ.Resource{ARN: p.Role.ARN, Account: p.Role.Account, Tags: p.RoleTags}, nil
}

func (s *Service) instanceResource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	if in, ok := c.Input.(*api.RunInstancesInput); ok {
		return s.newInstanceResource(tx, c, in)
	}
	i, err := instanceNamed(tx, c, check, id)
	if errors.Is(err, store.ErrNotFound) {
		if check.ID == "AssociationId" {
			return writ.Resource{ARN: instanceKind.arn(c, "*")}, nil
		}
		return writ.Resource{ARN: instanceKind.arn(c, id)}, nil
	}
	if err != nil {
		return writ.Resource{}, err
	}
	all, err := tagsOf(tx, c.Scope, i.ID)
	r := writ.Resource{ARN: instanceKind.arn(c, i.ID), Tags: tagMap(all), Keys: i.keys(c)}
	if err == nil {
		err = s.changeKeys(tx, c, r.Keys)
	}
	return r, err
}

// instanceNamed finds the instance by its own id or by that of its association.
func instanceNamed(tx *store.Tx, c *writ.Call, check *model.Check, id string) (*instance, error) {
	if check.ID == "AssociationId" {
		return instances.By(tx, "association", c.Scope.Account, c.Scope.Region, id)
	}
	return instances.Get(tx, c.Scope.Account, c.Scope.Region, id)
}

// keys are facts about an instance (Service Authorization Reference, "Condition
// keys for Amazon EC2").
func (i *instance) keys(c *writ.Call) map[string]string {
	keys := map[string]string{
		"ec2:InstanceType": i.Type, "ec2:AvailabilityZone": i.Zone, "ec2:AvailabilityZoneId": zoneID(c.Scope.Region, i.Zone),
		"ec2:Tenancy": "default", "ec2:RootDeviceType": "ebs", "ec2:EbsOptimized": "false", "ec2:InstanceMarketType": marketName(i.Market)}
	if i.ID != "" {
		keys["ec2:InstanceID"] = i.ID
	}
	if i.Profile != nil {
		keys["ec2:InstanceProfile"] = i.Profile.ARN
	}
	i.Metadata.addKeys(keys)
	return keys
}

func marketName(market string) string {
	if market == "" {
		return "on-demand"
	}
	return market
}

func (o MetadataOptions) addKeys(keys map[string]string) {
	keys["ec2:MetadataHttpEndpoint"] = enabled(o.Enabled)
	keys["ec2:MetadataHttpTokens"] = o.tokens()
	keys["ec2:MetadataHttpPutResponseHopLimit"] = strconv.Itoa(o.HopLimit)
	keys["ec2:InstanceMetadataTags"] = enabled(o.Tags)
}

// newInstanceResource is the class of what a launch makes, with what it would be.
func (s *Service) newInstanceResource(tx *store.Tx, c *writ.Call, in *api.RunInstancesInput) (writ.Resource, error) {
	i := instance{Type: value(in.InstanceType, defaultType)}
	var err error
	if i.Metadata, err = imageOptions.with(in.MetadataOptions); err != nil {
		return writ.Resource{}, err
	}
	if place, err := placeOf(c, in); err == nil {
		i.Zone = place.zone.name
	} else if in.Placement != nil {
		i.Zone = value(in.Placement.AvailabilityZone, "")
	}
	if in.InstanceMarketOptions != nil {
		i.Market = value(in.InstanceMarketOptions.MarketType, "")
	}
	r := writ.Resource{ARN: instanceKind.arn(c, "*"), Keys: i.keys(c)}
	r.Keys["ec2:InstanceProfile"], err = s.profileARN(tx, c, in.IamInstanceProfile)
	if r.Keys["ec2:InstanceProfile"] == "" {
		delete(r.Keys, "ec2:InstanceProfile")
	}
	return r, err
}

// profileARN is the ARN of the profile that a request names, "" if it names
// none. One that is not there is told of when its role is looked for.
func (s *Service) profileARN(tx *store.Tx, c *writ.Call, spec *api.IamInstanceProfileSpecification) (string, error) {
	switch {
	case spec == nil:
		return "", nil
	case spec.Arn != nil:
		return *spec.Arn, nil
	case spec.Name == nil:
		return "", nil
	}
	p, err := s.profiles.InstanceProfile(tx, c.Scope.Account, *spec.Name)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return p.ARN, nil
}

// changeKeys are what a request would make of an instance.
func (s *Service) changeKeys(tx *store.Tx, c *writ.Call, keys map[string]string) (err error) {
	arn := ""
	switch in := c.Input.(type) {
	case *api.AssociateIamInstanceProfileInput:
		arn, err = s.profileARN(tx, c, &in.IamInstanceProfile)
	case *api.ReplaceIamInstanceProfileAssociationInput:
		arn, err = s.profileARN(tx, c, &in.IamInstanceProfile)
	case *api.ModifyInstanceAttributeInput:
		for name, text := range changes(in) {
			keys["ec2:Attribute"], keys["ec2:Attribute/"+name] = name, text
		}
	}
	if arn != "" {
		keys["ec2:NewInstanceProfile"] = arn
	}
	return err
}

func keyPairResource(tx *store.Tx, c *writ.Call, check *model.Check, id string) (writ.Resource, error) {
	var k *keyPair
	var err error
	if check.ID == "KeyPairId" || check.Type == model.AnyType {
		k, err = keyPairs.By(tx, "id", c.Scope.Account, c.Scope.Region, id)
	} else {
		k, err = keyPairs.Get(tx, c.Scope.Account, c.Scope.Region, id)
	}
	if errors.Is(err, store.ErrNotFound) {
		return writ.Resource{ARN: keyPairKind.arn(c, id)}, nil
	}
	if err != nil {
		return writ.Resource{}, err
	}
	all, err := tagsOf(tx, c.Scope, k.ID)
	return writ.Resource{ARN: keyPairKind.arn(c, k.Name), Tags: tagMap(all),
		Keys: map[string]string{"ec2:KeyPairName": k.Name, "ec2:KeyPairType": k.Type}}, err
}

func imageResource(tx *store.Tx, c *writ.Call, id string) (writ.Resource, error) {
	all, err := tagsOf(tx, c.Scope, id)
	r := writ.Resource{ARN: imageKind.arn(c, id), Tags: tagMap(all)}
	if id == HostImage {
		r.Keys = map[string]string{"ec2:ImageID": id, "ec2:ImageType": "machine", "ec2:Public": "true", "ec2:Owner": c.Scope.Account, "ec2:RootDeviceType": "ebs"}
	}
	return r, err
}

// networkResource is a part of the network, or what a launch adds to it.
func networkResource(tx *store.Tx, c *writ.Call, k kind, id string) (writ.Resource, error) {
	n := networkOf(c.Scope)
	vpc := vpcKind.arn(c, n.vpc())
	switch k.resource {
	case subnetKind.resource:
		return subnetResource(tx, c, n, id)
	case groupKind.resource:
		if id == "" {
			id = n.group()
		}
		return tagged(tx, c, groupKind, id, map[string]string{"ec2:SecurityGroupID": id, "ec2:Vpc": vpc})
	case vpcKind.resource:
		return tagged(tx, c, vpcKind, id, map[string]string{"ec2:VpcID": id, "ec2:Tenancy": "default"})
	case routeTableKind.resource:
		return tagged(tx, c, routeTableKind, id, map[string]string{"ec2:RouteTableID": id, "ec2:Vpc": vpc})
	case interfaceKind.resource:
		return partResource(tx, c, interfaceKind, id, map[string]string{"ec2:Vpc": vpc})
	case volumeKind.resource:
		return partResource(tx, c, volumeKind, id, map[string]string{"ec2:VolumeSize": strconv.Itoa(rootSize), "ec2:VolumeType": rootType, "ec2:Encrypted": "false"})
	}
	return writ.Resource{}, errors.New("ec2: no resources of type " + k.resource)
}

// subnetResource is the subnet of an id, or the one that a launch goes to.
func subnetResource(tx *store.Tx, c *writ.Call, n network, id string) (writ.Resource, error) {
	place, err := n.subnet(id, "")
	if in, ok := c.Input.(*api.RunInstancesInput); ok && id == "" {
		place, err = placeOf(c, in)
	}
	if err != nil {
		return writ.Resource{ARN: subnetKind.arn(c, id)}, nil // the operation will say so
	}
	return tagged(tx, c, subnetKind, place.id, map[string]string{"ec2:SubnetID": place.id, "ec2:Vpc": vpcKind.arn(c, n.vpc()),
		"ec2:AvailabilityZone": place.zone.name, "ec2:AvailabilityZoneId": place.zone.id})
}

// partResource is a volume or interface of an instance, or the class of those
// that a launch makes.
func partResource(tx *store.Tx, c *writ.Call, k kind, id string, keys map[string]string) (writ.Resource, error) {
	if in, ok := c.Input.(*api.RunInstancesInput); ok {
		if place, err := placeOf(c, in); err == nil {
			keys["ec2:AvailabilityZone"] = place.zone.name
			if k == interfaceKind {
				keys["ec2:Subnet"] = subnetKind.arn(c, place.id)
			}
		}
		return writ.Resource{ARN: k.arn(c, "*"), Keys: keys}, nil
	}
	return tagged(tx, c, k, id, keys)
}

func tagged(tx *store.Tx, c *writ.Call, k kind, id string, keys map[string]string) (writ.Resource, error) {
	all, err := tagsOf(tx, c.Scope, id)
	return writ.Resource{ARN: k.arn(c, id), Tags: tagMap(all), Keys: keys}, err
}
