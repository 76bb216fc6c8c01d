package wire

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/model"
)

func TestEC2Refuses(t *testing.T) {
	op := operation(t, "ec2", "RunInstances")
	for body, want := range map[string]string{
		"MaxCount=1": "400 MissingParameter: The request must contain the parameter MinCount",
		"MinCount=1&MaxCount=1&Monitoring.Enable=1":                            "400 MissingParameter: The request must contain the parameter Monitoring.Enabled",
		"MinCount=1&MaxCount=1&Colour=red":                                     "400 UnknownParameter: The parameter Colour is not recognized",
		"MinCount=1&MaxCount=1&imageId=ami-1":                                  "400 UnknownParameter: The parameter imageId is not recognized",
		"MinCount=1&MaxCount=1&Placement.X=1":                                  "400 UnknownParameter: The parameter Placement.X is not recognized",
		"MinCount=1&MaxCount=1&Placement=here":                                 "400 UnknownParameter: The parameter Placement is not recognized",
		"MinCount=1&MaxCount=1&ImageId.1=ami-1":                                "400 UnknownParameter: The parameter ImageId.1 is not recognized",
		"MinCount=1&MaxCount=1&SecurityGroupId=sg-1":                           "400 InvalidParameterValue: Expected list or null",
		"MinCount=1&MaxCount=1&SecurityGroupId.member.1=sg-1":                  "400 InvalidParameterValue: Members of a list are numbered from 1; member is no such number.",
		"MinCount=1&MaxCount=1&TagSpecification.1.Tag.1.Name=x":                "400 UnknownParameter: The parameter TagSpecification.1.Tag.1.Name is not recognized",
		"MinCount=1&MaxCount=1&InstanceType=t9.tiny":                           "400 InvalidParameterValue: Invalid value 't9.tiny' for InstanceType.",
		"MinCount=1&MaxCount=1&MetadataOptions.HttpTokens=maybe":               "400 InvalidParameterValue: Invalid value 'maybe' for HttpTokens.",
		"MinCount=1&MaxCount=x":                                                "400 InvalidParameterValue: x can not be converted to an Integer",
		"MinCount=1&MaxCount=1&X-Amz-Algorithm=A&X-Amz-Signature=presigned":    `{"maxCount":1,"minCount":1}`,
		"MinCount=1&MaxCount=1&SecurityGroupId.1000000=b&SecurityGroupId.11=a": `{"maxCount":1,"minCount":1,"securityGroupIds":["a","b"]}`,
	} {
		if got := decoded(op, form(t, "Action=RunInstances&Version=2016-11-15&"+body)); got != want {
			t.Errorf("%s\n got %s\nwant %s", body, got, want)
		}
	}
}

func TestEC2ListsAreBounded(t *testing.T) {
	var body strings.Builder
	for i := range 1001 {
		fmt.Fprintf(&body, "&InstanceId.%d=i-1", i+1)
	}
	got := decoded(operation(t, "ec2", "StopInstances"), form(t, body.String()[1:]))
	if want := "400 InvalidRequest: 1001 exceeds the maximum number of elements of InstanceId that can be specified (1000)."; got != want {
		t.Errorf("got %s", got)
	}
}

func TestEC2Oddities(t *testing.T) {
	op := madeUp("ec2", odd(), odd())
	op.Input.Members[1].QueryName = "Called"
	req := form(t, "Action=Do&Flat.1=a&Flat.2=b&Called.1=c&Ratio=0.25&Data=%2FwA%3D&Big=1099511627776&Seconds=1767323045.5&Mail=Fri%2C+02+Jan+2026+03%3A04%3A05+GMT")
	want := oddValue()
	want.Counts, want.FlatMap = nil, nil // maps are not in the protocol
	var got oddities
	if err := Decode(op, req, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*want, got); diff != "" {
		t.Errorf("input (-want +got)\n%s", diff)
	}
}

func TestEC2Errors(t *testing.T) {
	op := operation(t, "ec2", "RunInstances")
	r := EncodeError(Route{Service: op.Service.Metadata, Operation: op}, writ.Errorf(403, "UnauthorizedOperation", `a <"b">`), "id")
	want := `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>a &lt;&quot;b&quot;&gt;</Message></Error></Errors><RequestID>id</RequestID></Response>`
	if string(r.Body) != want || r.Status != 403 || r.Header.Get("Content-Type") != "text/xml" || r.Header.Get("X-Amzn-Requestid") != "id" {
		t.Errorf("got %d %v %s", r.Status, r.Header, r.Body)
	}
}

// EC2 is found by its signing name, by its host, and by the version of its API.
func TestEC2Routes(t *testing.T) {
	router, err := NewRouter("us-east-1", nil, "ec2", "iam", "sts")
	if err != nil {
		t.Fatal(err)
	}
	const form = "Content-Type: application/x-www-form-urlencoded"
	body := "Action=DescribeInstances&Version=2016-11-15"
	for name, req := range map[string]*Request{
		"scope":   received(t, "POST", "/", body, form, "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20260102/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=0"),
		"host":    received(t, "POST", "http://ec2.eu-west-1.amazonaws.com/", body, form),
		"version": received(t, "GET", "/?"+body, ""),
	} {
		route, err := router.Resolve(req)
		if err != nil || route.Operation == nil || route.Operation.Name != "DescribeInstances" || route.Operation.Service.Name != "ec2" {
			t.Errorf("%s: %+v, %v", name, route.Operation, err)
		}
	}
	if _, err := router.Resolve(received(t, "POST", "/", "Action=Nope&Version=2016-11-15", form)); err == nil {
		t.Error("an action that nobody has was found")
	}
}

// FuzzDecodeEC2 reads what anybody may send; what it reads keeps the model's
// constraints and names nothing that the operation does not have.
func FuzzDecodeEC2(f *testing.F) {
	f.Add("MinCount=1&MaxCount=1&TagSpecification.1.Tag.1.Key=a&SecurityGroupId.2=b&Placement.Tenancy=default")
	f.Add("MinCount=1&MaxCount=1&TagSpecification.1=a&TagSpecification.1.Tag=b&.=1&=2")
	op := operation(f, "ec2", "RunInstances")
	f.Fuzz(func(t *testing.T, body string) {
		var in ec2.RunInstancesInput
		if err := Decode(op, form(t, body), &in); err != nil {
			return
		}
		checkEnums(t, op.Input, reflect.ValueOf(in))
	})
}

// checkEnums looks at all that was read of a structure.
func checkEnums(t *testing.T, s *model.Shape, v reflect.Value) {
	for i := range s.Members {
		m := &s.Members[i]
		f := reflect.Indirect(v.Field(i))
		if !f.IsValid() {
			continue
		}
		if m.Shape.Type == "structure" {
			checkEnums(t, m.Shape, f)
		}
		if m.Shape.Type == "string" && !(quantity{text: f.String(), size: 1}).meets(m.Shape) {
			t.Errorf("%s is %q", m.Name, f)
		}
	}
}
