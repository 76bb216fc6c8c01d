package imds

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/writ-iam/writ/service/ec2"
)

// versions are the dated names of the service, all of which stand for the
// newest (EC2 User Guide, "Get the available versions of the instance metadata").
var versions = []string{"1.0", "2007-01-19", "2007-03-01", "2007-08-29", "2007-10-10", "2007-12-15", "2008-02-01",
	"2008-09-01", "2009-04-04", "2011-01-01", "2011-05-01", "2012-01-12", "2014-02-25", "2014-11-05", "2015-10-20",
	"2016-04-19", "2016-06-30", "2016-09-02", "2018-03-28", "2018-08-17", "2018-09-24", "2019-10-01", "2020-10-27",
	"2021-01-03", "2021-03-23", "2021-07-15", "2022-09-24", "2024-04-11", "latest"}

// root is all that an instance may read.
func (s *Service) root(ctx context.Context, i *ec2.Instance, version delivery) (all directory) {
	var d directory
	d.dir("dynamic", directory{{name: "instance-identity", node: s.identity(ctx, i)}})
	d.dir("meta-data", s.metadata(ctx, i, version))
	if i.UserData != nil {
		d.leaf("user-data", func() (*answer, error) {
			return &answer{status: 200, kind: "application/octet-stream", body: string(i.UserData)}, nil
		})
	}
	for _, v := range versions {
		all = append(all, entry{name: v, node: d, as: v})
	}
	return all
}

// metadata are the categories, in the order of their names (EC2 User Guide,
// "Instance metadata categories").
func (s *Service) metadata(ctx context.Context, i *ec2.Instance, version delivery) (d directory) {
	d.add("ami-id", i.Image)
	d.add("ami-launch-index", strconv.Itoa(i.LaunchIndex))
	d.add("ami-manifest-path", "(unknown)")
	d.add("hostname", i.PrivateDNS)
	d.dir("iam", s.iam(ctx, i, version))
	d.add("instance-action", "none")
	d.add("instance-id", i.ID)
	d.add("instance-life-cycle", lifeCycle(i))
	d.add("instance-type", i.Type)
	d.add("local-hostname", i.PrivateDNS)
	d.add("local-ipv4", i.PrivateIP.String())
	d.add("mac", i.MAC)
	d.dir("network", network(i))
	d.dir("placement", placement(i))
	d.dir("public-keys", publicKeys(i))
	d.add("reservation-id", i.Reservation)
	d.add("security-groups", i.GroupName)
	d.dir("services", services(i))
	d.dir("tags", tags(i))
	return d
}

func lifeCycle(i *ec2.Instance) string {
	if i.Spot {
		return "spot"
	}
	return "on-demand"
}

func network(i *ec2.Instance) directory {
	var d directory
	d.add("device-number", "0")
	d.add("interface-id", i.Interface)
	d.add("local-hostname", i.PrivateDNS)
	d.add("local-ipv4s", i.PrivateIP.String())
	d.add("mac", i.MAC)
	d.add("owner-id", i.Account)
	d.add("security-group-ids", i.GroupID)
	d.add("security-groups", i.GroupName)
	d.add("subnet-id", i.Subnet)
	d.add("subnet-ipv4-cidr-block", i.SubnetBlock.String())
	d.add("vpc-id", i.VPC)
	d.add("vpc-ipv4-cidr-block", i.VPCBlock.String())
	d.add("vpc-ipv4-cidr-blocks", i.VPCBlock.String())
	mac := directory{{name: i.MAC, node: d}}
	return directory{{name: "interfaces", node: directory{{name: "macs", node: mac}}}}
}

func placement(i *ec2.Instance) (d directory) {
	d.add("availability-zone", i.Zone)
	d.add("availability-zone-id", i.ZoneID)
	d.add("region", i.Region)
	return d
}

// publicKeys lists keys by number and name and finds them by number.
func publicKeys(i *ec2.Instance) directory {
	if i.PublicKey == "" {
		return nil
	}
	key := directory{{name: "openssh-key", node: value(i.PublicKey)}}
	return directory{{name: "0", node: key, as: "0=" + i.KeyName}}
}

func services(i *ec2.Instance) (d directory) {
	domain := "amazonaws.com"
	if i.Partition == "aws-cn" {
		domain = "amazonaws.com.cn"
	}
	d.add("domain", domain)
	d.add("partition", i.Partition)
	return d
}

// tags are there only if the instance's options say so, and one with an empty
// value too.
func tags(i *ec2.Instance) directory {
	if !i.Metadata.Tags {
		return nil
	}
	var d directory
	for _, key := range slices.Sorted(maps.Keys(i.Tags)) {
		d = append(d, entry{name: key, node: value(i.Tags[key])})
	}
	if d == nil {
		return nil
	}
	return directory{{name: "instance", node: d}}
}
