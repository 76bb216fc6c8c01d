package ec2

import (
	"slices"
	"strings"
)

// machine is an instance type: what AWS says of its size. Nothing on the host
// is reserved by it; who runs an instance may hold it to that.
type machine struct {
	name   string
	vcpus  int
	memory int // MiB
	arch   string
	old    bool // of a previous generation
}

// catalogue is a small part of AWS's (Amazon EC2 Instance Types Guide).
var catalogue = slices.SortedFunc(slices.Values(slices.Concat(
	[]machine{{"m1.small", 1, 1740, "x86_64", true}, {"t2.nano", 1, 512, "x86_64", false}, {"t2.micro", 1, 1024, "x86_64", false},
		{"t2.small", 1, 2048, "x86_64", false}, {"t2.medium", 2, 4096, "x86_64", false}, {"t2.large", 2, 8192, "x86_64", false}},
	family("t3", "x86_64", burstable), family("t3a", "x86_64", burstable), family("t4g", "arm64", burstable),
	family("m5", "x86_64", 4), family("m6i", "x86_64", 4), family("m6g", "arm64", 4), family("m7i", "x86_64", 4), family("m7g", "arm64", 4),
	family("c5", "x86_64", 2), family("c6i", "x86_64", 2), family("c6g", "arm64", 2), family("c7g", "arm64", 2),
	family("r5", "x86_64", 8), family("r6i", "x86_64", 8), family("r6g", "arm64", 8),
)), func(a, b machine) int { return strings.Compare(a.name, b.name) })

// burstable stands for a family whose small sizes have less memory.
const burstable = 0

// family are the sizes of a family that has so many GiB for each vCPU.
func family(name, arch string, ratio int) []machine {
	var all []machine
	if ratio == burstable {
		ratio = 4
		for i, size := range []string{"nano", "micro", "small", "medium"} {
			all = append(all, machine{name + "." + size, 2, 512 << i, arch, false})
		}
	}
	for i, size := range []string{"large", "xlarge", "2xlarge"} {
		all = append(all, machine{name + "." + size, 2 << i, 1024 * ratio * (2 << i), arch, false})
	}
	return all
}

// defaultType is AWS's for who names none.
const defaultType = "m1.small"

func machineOf(name string) (machine, error) {
	i := slices.IndexFunc(catalogue, func(m machine) bool { return m.name == name })
	if i < 0 {
		return machine{}, fault("Unsupported", "The requested configuration is currently not supported. Please check the documentation for supported configurations.")
	}
	return catalogue[i], nil
}

// fitsHost refuses machines that are not of the host's architecture.
func (m machine) fitsHost() error {
	if host := hostArchitecture(); m.arch != host {
		return invalidValue("The architecture '%s' of the specified instance type does not match the architecture '%s' of the specified AMI. "+
			"Specify an instance type and an AMI that have matching architectures, and try again. "+
			"You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.", m.arch, host)
	}
	return nil
}
