package catalogue

import "testing"

func BenchmarkOpenManaged(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		openManaged(managedZip)
	}
}

// The block of the policy is not the last one opened.
func BenchmarkManagedPolicyCold(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		managed().last.Store(nil)
		ManagedPolicy("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
	}
}

func BenchmarkManagedPolicyWarm(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ManagedPolicy("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
	}
}

// The largest block, and the longest way back.
func BenchmarkLargestPolicyCold(b *testing.B) {
	for b.Loop() {
		managed().last.Store(nil)
		ManagedPolicy("arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy")
	}
}

func BenchmarkOldestVersion(b *testing.B) {
	m, _ := ManagedPolicy("arn:aws:iam::aws:policy/ReadOnlyAccess")
	for b.Loop() {
		m.Version("v1")
	}
}

func BenchmarkManagedPolicies(b *testing.B) {
	for b.Loop() {
		for range ManagedPolicies() {
		}
	}
}

func BenchmarkOpenService(b *testing.B) {
	for _, prefix := range []string{"iam", "ec2"} {
		b.Run(prefix, func(b *testing.B) {
			for _, f := range openArchive(servicesZip).File {
				if f.Name == prefix {
					b.ReportAllocs()
					for b.Loop() {
						decodeService(f)
					}
				}
			}
		})
	}
}

func BenchmarkLookupAction(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		LookupAction("iam:CreateUser")
	}
}

func BenchmarkLookupKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		LookupKey("aws:PrincipalTag/team")
	}
}
