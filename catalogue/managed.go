package catalogue

import (
	"crypto/sha256"
	"encoding/base32"
	"iter"
	"slices"
	"strings"
	"time"
)

// Partitions that AWS has; its managed policies exist in each.
var partitions = []string{
	"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f",
}

// ManagedInfo describes an AWS managed policy without its document.
type ManagedInfo struct {
	Name string
	Path string // "/", "/job-function/", "/service-role/", "/aws-service-role/", "/root-task/"
	ARN  string
	// ID is the policy's unique id: ANPA and 17 letters and digits. The data has
	// no ids, so it is derived from path and name: the same everywhere and
	// always, but not the id that AWS uses.
	ID             string
	Created        time.Time // UTC
	Updated        time.Time // when the default version was made, UTC
	DefaultVersion string    // "v12"
	// Attachable says whether an account can attach the policy to a user, group
	// or role of its own. It is false under /aws-service-role/ (service-linked
	// roles only: "Cannot attach a Service Role Policy to a Customer Role.") and
	// under /root-task/ (sessions of sts:AssumeRoot only).
	Attachable bool
}

// Managed is an AWS managed policy.
type Managed struct {
	ManagedInfo
	Document string // of the default version, compact JSON

	partition string
	section   string // what the archive holds of it, see Versions
}

// ManagedPolicies lists the AWS managed policies of partition aws in the order
// of their ARNs. In gives them in another partition.
func ManagedPolicies() iter.Seq[*ManagedInfo] {
	return func(yield func(*ManagedInfo) bool) {
		for i := range managed().entries {
			if !yield(managed().entries[i].info("aws")) {
				return
			}
		}
	}
}

// ManagedPolicy returns the AWS managed policy with this exact ARN, in the
// partition that the ARN names: there its document speaks of ARNs of that
// partition. It is false if AWS has no such policy. Every partition is taken to
// have every policy.
func ManagedPolicy(arn string) (*Managed, bool) {
	partition, key, ok := splitARN(arn)
	if !ok {
		return nil, false
	}
	e, ok := managed().find(key)
	if !ok {
		return nil, false
	}
	section := strings.Clone(managed().section(e)) // frees its block
	document, _, _ := strings.Cut(section, "\n")
	return &Managed{*e.info(partition), inPartition(document, partition), partition, section}, true
}

// splitARN takes "service-role/X" from arn:aws:iam::aws:policy/service-role/X.
// Partitions that AWS does not have are refused, since the name goes into
// documents.
func splitARN(arn string) (partition, key string, ok bool) {
	rest, ok := strings.CutPrefix(arn, "arn:")
	if !ok {
		return "", "", false
	}
	partition, rest, _ = strings.Cut(rest, ":")
	key, ok = strings.CutPrefix(rest, "iam::aws:policy/")
	return partition, key, ok && slices.Contains(partitions, partition)
}

// inPartition moves the ARNs of a document to a partition.
func inPartition(document, partition string) string {
	if partition == "aws" {
		return document
	}
	return strings.ReplaceAll(document, `"arn:aws:`, `"arn:`+partition+`:`)
}

// In returns the same policy in another partition: "aws-cn".
func (m *ManagedInfo) In(partition string) *ManagedInfo {
	moved := *m
	moved.ARN = managedARN(partition, strings.TrimPrefix(m.Path, "/")+m.Name)
	return &moved
}

func managedARN(partition, key string) string {
	return "arn:" + partition + ":iam::aws:policy/" + key
}

// policyID derives a unique id from a path and name.
func policyID(key string) string {
	sum := sha256.Sum256([]byte("aws:policy/" + key))
	return "ANPA" + base32.StdEncoding.EncodeToString(sum[:])[:17]
}
