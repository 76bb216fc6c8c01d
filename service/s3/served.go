package s3

import (
	"reflect"
	"slices"
	"sync"

	"github.com/writ-iam/writ"
)

// unserved are the members of inputs that ask for what is not done here. One that
// is there is an error: nobody must believe that an object is locked, or sealed
// with a key of their own, which is not.
var unserved = []string{
	"SSECustomerAlgorithm", "SSECustomerKey", "SSECustomerKeyMD5", "SSEKMSKeyId", "SSEKMSEncryptionContext", "BucketKeyEnabled",
	"CopySourceSSECustomerAlgorithm", "CopySourceSSECustomerKey", "CopySourceSSECustomerKeyMD5",
	"ObjectLockMode", "ObjectLockRetainUntilDate", "ObjectLockLegalHoldStatus", "BypassGovernanceRetention",
	"WriteOffsetBytes", "IfMatchLastModifiedTime", "IfMatchSize", "IfMatchInitiatedTime",
	"ChecksumSHA512", "ChecksumMD5", "ChecksumXXHASH64", "ChecksumXXHASH3", "ChecksumXXHASH128",
}

// checkServed refuses inputs that ask for what is not done here.
func checkServed(in any) error {
	v := reflect.Indirect(reflect.ValueOf(in))
	for _, i := range fieldsOf(v.Type()) {
		if !v.Field(i).IsZero() {
			return notImplemented()
		}
	}
	return checkValues(value(member(in, "ServerSideEncryption")), value(member(in, "StorageClass")))
}

// checkValues lets pass what is so anyhow.
func checkValues(sse, class string) error {
	switch sse {
	case "", encryption:
	case "aws:kms", "aws:kms:dsse", "aws:fsx":
		return notImplemented()
	default:
		return invalidArgument("x-amz-server-side-encryption", sse, "The encryption method specified is not supported")
	}
	switch {
	case class != "" && !slices.Contains(storageClasses, class):
		e := writ.Errorf(400, "InvalidStorageClass", "The storage class you specified is not valid")
		e.Fields = map[string]any{"StorageClassRequested": class}
		return e
	case class != "" && class != storageClass:
		return notImplemented()
	}
	return nil
}

var storageClasses = []string{storageClass, "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE",
	"OUTPOSTS", "GLACIER_IR", "SNOW", "EXPRESS_ONEZONE", "FSX_OPENZFS", "FSX_ONTAP"}

var unservedFields sync.Map // reflect.Type to []int

// fieldsOf are those fields of an input that checkServed has to look at.
func fieldsOf(t reflect.Type) []int {
	if known, ok := unservedFields.Load(t); ok {
		return known.([]int)
	}
	var fields []int
	for i := range t.NumField() {
		if name := t.Field(i).Name; slices.Contains(unserved, name) {
			fields = append(fields, i)
		}
	}
	unservedFields.Store(t, fields)
	return fields
}
