package writ

// Tagged is a resource that has tags, as one sees it who asks for all that have some.
type Tagged struct {
	ARN    string
	Type   string // "ec2:instance"
	Region string // "" where it is in none
	Tags   map[string]string
}
