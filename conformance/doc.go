// Package conformance runs real clients, as their makers ship them, against a
// running Writ server: aws-sdk-go-v2, the AWS CLI, boto3 and Terraform.
//
// Its one idea: a client that works with AWS is the best judge of what is
// compatible with AWS. So the tests know the server only as a user does, as a
// binary that is started, asked for its credentials with `writ env`, and called.
package conformance
