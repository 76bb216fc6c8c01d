package policytest

import "encoding/json"

// fields is a case as it is written. A policy is raw, so that what is not a
// policy document can be tested too.
type fields struct {
	ID                string             `json:"id"`
	Why               string             `json:"why"`
	Principal         *principal         `json:"principal"`
	Account           *value             `json:"account"`
	ResourceAccount   value              `json:"resourceAccount"`
	Org               org                `json:"org"`
	IdentityPolicies  []json.RawMessage  `json:"identityPolicies"`
	GroupPolicies     []json.RawMessage  `json:"groupPolicies"`
	Boundary          json.RawMessage    `json:"boundary"`
	SessionPolicies   []json.RawMessage  `json:"sessionPolicies"`
	ResourcePolicy    json.RawMessage    `json:"resourcePolicy"`
	VPCEndpointPolicy json.RawMessage    `json:"vpcEndpointPolicy"`
	Action            string             `json:"action"`
	Resource          string             `json:"resource"`
	Context           map[string]*values `json:"context"`
	Expect            string             `json:"expect"`
	ExpectBy          string             `json:"expectBy"`
}

type principal struct {
	Type          string `json:"type"`
	ARN           string `json:"arn"`
	Account       value  `json:"account"`
	RoleARN       string `json:"roleArn"`
	ServiceLinked bool   `json:"serviceLinked"`
	UserARN       string `json:"userArn"`
	Delegated     bool   `json:"delegated"`
	Service       string `json:"service"`
	Provider      string `json:"provider"`
	CanonicalID   string `json:"canonicalId"`
}

// org has the policies of organizations, level by level. Those on the wrong
// side are there to be ignored: SCPs follow the caller, RCPs the resource.
type org struct {
	ManagementAccount value               `json:"managementAccount"`
	SCPs              [][]json.RawMessage `json:"scps"`
	RCPs              [][]json.RawMessage `json:"rcps"`
	ResourceSCPs      json.RawMessage     `json:"resourceScps"`
	PrincipalRCPs     json.RawMessage     `json:"principalRcps"`
}

// values are those of a context key: a list, or a lone value.
type values struct {
	list []string
	many bool // written as a list that has not one member
}

func (v *values) UnmarshalJSON(data []byte) (err error) {
	list := make([]value, 1)
	if data[0] == '[' {
		err = json.Unmarshal(data, &list)
	} else {
		err = json.Unmarshal(data, &list[0])
	}
	v.many = len(list) != 1
	for _, s := range list {
		v.list = append(v.list, string(s))
	}
	return err
}

// value is a string, or the text of anything else but null.
type value string

func (v *value) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(v))
	case 'n':
		return nil
	}
	*v = value(data)
	return nil
}
