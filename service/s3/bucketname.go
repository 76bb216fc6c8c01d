package s3

import (
	"net/netip"
	"strings"

	"github.com/writ-iam/writ"
)

// checkBucketName applies the rules for general purpose buckets
// (S3 User Guide, "General purpose bucket naming rules").
func checkBucketName(name string) error {
	if len(name) < 3 || len(name) > 63 || !bucketCharacters(name) || badlyDotted(name) || reserved(name) {
		e := writ.Errorf(400, "InvalidBucketName", "The specified bucket is not valid.")
		e.Fields = map[string]any{"BucketName": name}
		return e
	}
	return nil
}

// bucketCharacters wants lower-case letters, digits, dots and hyphens, between
// letters or digits.
func bucketCharacters(name string) bool {
	for i := range len(name) {
		inside := i > 0 && i < len(name)-1
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case (c == '-' || c == '.') && inside:
		default:
			return false
		}
	}
	return true
}

// badlyDotted finds names that are no host names, or that are addresses.
func badlyDotted(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil || strings.Contains(name, "..") || strings.Contains(name, ".-") || strings.Contains(name, "-.")
}

func reserved(name string) bool {
	for _, prefix := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	for _, suffix := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}
