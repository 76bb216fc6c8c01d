package ec2_test

import "runtime"

// hostType is a small type of the architecture that the tests run on.
var hostType = func() string {
	if runtime.GOARCH == "arm64" {
		return "t4g.micro"
	}
	return "t3.micro"
}()
