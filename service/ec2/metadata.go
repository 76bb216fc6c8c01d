package ec2

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// MetadataOptions are what an instance's metadata service goes by.
type MetadataOptions struct {
	Required bool // requests need a session token (IMDSv2)
	HopLimit int  // of the answer that carries a token, 1 to 64
	Enabled  bool // there is a metadata service at all
	Tags     bool // it tells the instance's tags
}

// imageOptions are those of instances that are started from an image which
// supports IMDSv2 (Amazon EC2 User Guide, "Order of precedence for instance metadata options").
var imageOptions = MetadataOptions{Required: true, HopLimit: 2, Enabled: true}

// with returns the options with those changed that a request names.
func (o MetadataOptions) with(in *api.InstanceMetadataOptionsRequest) (MetadataOptions, error) {
	if in == nil {
		return o, nil
	}
	if value(in.HttpProtocolIpv6, "disabled") != "disabled" {
		return o, writ.NotImplemented("The metadata service over IPv6 is not implemented.")
	}
	if in.HttpTokens != nil {
		o.Required = *in.HttpTokens == "required"
	}
	if in.HttpEndpoint != nil {
		o.Enabled = *in.HttpEndpoint == "enabled"
	}
	if in.InstanceMetadataTags != nil {
		o.Tags = *in.InstanceMetadataTags == "enabled"
	}
	if limit := in.HttpPutResponseHopLimit; limit != nil {
		if *limit < 1 || *limit > 64 {
			return o, invalidValue("Value ( %d ) for parameter httpPutResponseHopLimit is invalid. The value must be between 1 and 64.", *limit)
		}
		o.HopLimit = *limit
	}
	return o, nil
}

func (o MetadataOptions) tokens() string {
	if o.Required {
		return "required"
	}
	return "optional"
}

func enabled(on bool) string {
	if on {
		return "enabled"
	}
	return "disabled"
}

func (o MetadataOptions) shape(state string) *api.InstanceMetadataOptionsResponse {
	return &api.InstanceMetadataOptionsResponse{State: &state, HttpTokens: new(o.tokens()), HttpPutResponseHopLimit: &o.HopLimit,
		HttpEndpoint: new(enabled(o.Enabled)), HttpProtocolIpv6: new("disabled"), InstanceMetadataTags: new(enabled(o.Tags))}
}

func (s *Service) ModifyInstanceMetadataOptions(c *writ.Call, in *api.ModifyInstanceMetadataOptionsInput) (*api.ModifyInstanceMetadataOptionsOutput, error) {
	change := &api.InstanceMetadataOptionsRequest{HttpTokens: in.HttpTokens, HttpPutResponseHopLimit: in.HttpPutResponseHopLimit,
		HttpEndpoint: in.HttpEndpoint, HttpProtocolIpv6: in.HttpProtocolIpv6, InstanceMetadataTags: in.InstanceMetadataTags}
	var changed MetadataOptions
	err := s.db.Update(c, func(tx *store.Tx) error {
		i, err := liveInstance(tx, c, in.InstanceId)
		if err != nil {
			return err
		}
		if changed, err = i.Metadata.with(change); err != nil {
			return err
		}
		i.Metadata = changed
		return instances.Put(tx, i)
	})
	return &api.ModifyInstanceMetadataOptionsOutput{InstanceId: &in.InstanceId, InstanceMetadataOptions: changed.shape("pending")}, err
}
