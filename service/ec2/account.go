package ec2

import (
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
)

func (s *Service) DescribeAccountAttributes(c *writ.Call, in *api.DescribeAccountAttributesInput) (*api.DescribeAccountAttributesOutput, error) {
	all := []api.AccountAttribute{
		{AttributeName: new("supported-platforms"), AttributeValues: attributeValue("VPC")},
		{AttributeName: new("default-vpc"), AttributeValues: attributeValue(networkOf(c.Scope).vpc())},
		{AttributeName: new("vpc-max-security-groups-per-interface"), AttributeValues: attributeValue("1")},
		{AttributeName: new("max-elastic-ips"), AttributeValues: attributeValue("0")},
		{AttributeName: new("vpc-max-elastic-ips"), AttributeValues: attributeValue("0")},
	}
	all = slices.DeleteFunc(all, func(a api.AccountAttribute) bool {
		return len(in.AttributeNames) > 0 && !slices.Contains(in.AttributeNames, *a.AttributeName)
	})
	return &api.DescribeAccountAttributesOutput{AccountAttributes: all}, nil
}

func attributeValue(text string) []api.AccountAttributeValue {
	return []api.AccountAttributeValue{{AttributeValue: &text}}
}
