package validate_test

import (
	"fmt"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/validate"
)

func ExampleDocument() {
	src := `{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObjct", "s3:ListBucket"],
    "Resource": "arn:aws:s3:::example-bucket/*",
    "Condition": {"StringEquals": {"aws:PrincipleTag/team": "red"}}
  }
}`
	for _, f := range validate.Document([]byte(src), policy.IdentityPolicy) {
		fmt.Println(f)
		if f.Fix != "" {
			fmt.Println("    write", f.Fix)
		}
	}
	// Output:
	// 5:16: ERROR INVALID_ACTION: Amazon S3 has no action "GetObjct"; did you mean s3:GetObject?
	//     write "s3:GetObject"
	// 5:31: WARNING RESOURCE_DOES_NOT_FIT_ACTION: s3:ListBucket does not act on the statement's resources, but on arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}, arn:${Partition}:s3:::${BucketName}; did you mean arn:aws:s3:::example-bucket?
	// 7:36: ERROR INVALID_GLOBAL_CONDITION_KEY: AWS has no global condition key "aws:PrincipleTag/team"; did you mean aws:PrincipalTag/team?
	//     write "aws:PrincipalTag/team"
}
