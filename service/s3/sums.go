package s3

import (
	"reflect"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/checksum"
	"github.com/writ-iam/writ/internal/field"
)

// sums are checksums in base64, by algorithm; composite ones end in the number
// of parts.
type sums = map[checksum.Algorithm]string

// sumMember is the member of inputs and outputs that holds a checksum.
func sumMember(a checksum.Algorithm) string { return "Checksum" + string(a) }

// givenSum is the one checksum that an input holds, "" if there is none.
func givenSum(in any) (algorithm checksum.Algorithm, sum string, err error) {
	for _, a := range checksum.Algorithms {
		given := member(in, sumMember(a))
		switch {
		case given == nil:
		case algorithm != "":
			return "", "", writ.Errorf(400, "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
		default:
			algorithm, sum = a, *given
		}
	}
	return algorithm, sum, nil
}

// tellSums fills in the members of an output that hold checksums.
func tellSums(out any, all sums) {
	v := reflect.Indirect(reflect.ValueOf(out))
	for a, sum := range all {
		field.ByName(v, sumMember(a)).Set(reflect.ValueOf(&sum))
	}
}

func quoted(etag string) string { return `"` + etag + `"` }

func unquoted(etag string) string { return strings.Trim(etag, `"`) }
