package main

// The words in which a workload is written, for every engine to be told in its
// own language.

type document []statement

// statement is an Allow unless it is a Deny. '*' and '?' are wildcards in
// actions and resources.
type statement struct {
	deny      bool
	actions   []string
	resources []string
	when      []condition
}

// condition has the operator StringEquals or IpAddress.
type condition struct {
	operator, key string
	values        []string
}

// request is a question about one user of the workload.
type request struct {
	user             int
	action, resource string
}

// workload is policies, who has which, and what is asked.
type workload struct {
	name, what string
	documents  []document
	users      [][]int           // for each the documents that it has
	context    map[string]string // of all requests
	requests   []request         // that are timed, in turn
	others     []request         // that are only held against the other engines
	parallel   bool              // from all cores at once

	// nanoseconds that issue the targets, as ratios: measured for the peers, and demanded
	minio, cedar, target float64
}

// single is the attachment of all documents to one user.
func single(documents []document) [][]int {
	all := make([]int, len(documents))
	for i := range all {
		all[i] = i
	}
	return [][]int{all}
}

// ask makes requests with one action.
func ask(action string, resources ...string) []request {
	var list []request
	for _, r := range resources {
		list = append(list, request{action: action, resource: r})
	}
	return list
}

// context is what a server knows of a request, though few conditions ask for it.
func context() map[string]string {
	return map[string]string{
		"aws:PrincipalArn": "arn:aws:iam::111122223333:user/jin", "aws:PrincipalAccount": "111122223333", "aws:PrincipalType": "User",
		"aws:userid": "AIDACKCEVSQ6C2EXAMPLE", "aws:username": "jin", "aws:SourceIp": "203.0.113.77", "aws:CurrentTime": "2026-01-01T00:00:00Z",
		"aws:EpochTime": "1767225600", "aws:SecureTransport": "true", "aws:UserAgent": "aws-cli/2.9.19", "aws:RequestedRegion": "eu-west-1",
		"aws:ViaAWSService": "false", "aws:ResourceAccount": "111122223333", "s3:ExistingObjectTag/team": "red",
	}
}
