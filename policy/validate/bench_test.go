package validate_test

import (
	"testing"

	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/validate"
)

func BenchmarkDocument(b *testing.B) {
	longest, _ := catalogue.ManagedPolicy("arn:aws:iam::aws:policy/ReadOnlyAccess")
	for name, src := range map[string]string{
		"small":          allow(`"Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"]`),
		"ReadOnlyAccess": longest.Document,
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				validate.Document([]byte(src), policy.IdentityPolicy)
			}
		})
	}
}
