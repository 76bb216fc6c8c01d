package writ

// InstanceProfile is what EC2 reads of IAM's instance profiles: the container
// that carries a role to an instance.
type InstanceProfile struct {
	ARN, ID, Name string
	Role          *Issuer           // nil while the profile holds none
	RoleTags      map[string]string // iam:ResourceTag of the role
}
