package conformance

import (
	"os/exec"
	"strings"
	"testing"
)

// TestInstances launches instances and lets real clients find the role's
// credentials in them: the AWS CLI, and botocore's providers one by one.
func TestInstances(t *testing.T) {
	t.Parallel()
	needs(t, "aws")
	needs(t, "python3")
	for _, mode := range []string{"namespaces", "loopback"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			if mode == "namespaces" && exec.Command("unshare", "--net", "true").Run() != nil {
				t.Skip("network namespaces can't be made here")
			}
			h := &host{t, start(t, "dev", "--instances", mode, "--metadata-listen", freeAddress(t))}
			h.role()
			h.find()
		})
	}
}

// host is a server whose instances run on this machine.
type host struct {
	*testing.T
	*writ
}

// run runs a program with the environment of the user's shell.
func (h *host) run(ok bool, program string, args ...string) string {
	h.Helper()
	cmd := exec.CommandContext(h.Context(), program, args...)
	cmd.Env = append(h.environ, "AWS_MAX_ATTEMPTS=1")
	out, err := cmd.CombinedOutput()
	if (err == nil) != ok {
		h.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// role makes a role that instances may have, and its profile.
func (h *host) role() {
	h.run(true, "aws", "iam", "create-role", "--role-name", "reader", "--assume-role-policy-document",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}`)
	h.run(true, "aws", "iam", "attach-role-policy", "--role-name", "reader", "--policy-arn", "arn:aws:iam::aws:policy/IAMReadOnlyAccess")
	h.run(true, "aws", "iam", "create-instance-profile", "--instance-profile-name", "reader")
	h.run(true, "aws", "iam", "add-role-to-instance-profile", "--instance-profile-name", "reader", "--role-name", "reader")
}

// botocore fetches credentials with one provider and prints what they are.
const botocore = `import botocore.session, sys
session = botocore.session.get_session()
provider = session.get_component('credential_provider').get_provider(sys.argv[1])
credentials = provider.load()
print(credentials.method if credentials else 'none')
session._credentials = credentials
print(session.create_client('sts').get_caller_identity()['Arn'])`

func (h *host) find() {
	without := h.run(false, h.path, "instance", "run", "--", "aws", "iam", "list-users")
	if !strings.Contains(without, "Unable to locate credentials") {
		h.Errorf("without a role: %s", without)
	}
	id := strings.Fields(without)[1]

	// The role comes while the instance runs.
	h.run(true, "aws", "ec2", "associate-iam-instance-profile", "--instance-id", id, "--iam-instance-profile", "Name=reader")
	session := ":assumed-role/reader/" + id
	if who := h.run(true, h.path, "instance", "exec", id, "--", "aws", "sts", "get-caller-identity"); !strings.Contains(who, session) {
		h.Errorf("with the role: %s", who)
	}
	h.run(true, h.path, "instance", "exec", id, "--", "aws", "iam", "list-users")
	if denied := h.run(false, h.path, "instance", "exec", id, "--", "aws", "iam", "create-user", "--user-name", "u"); !strings.Contains(denied, session+" is not authorized to perform: iam:CreateUser") {
		h.Errorf("beyond the role: %s", denied)
	}
	for provider, flags := range map[string][]string{"iam-role": {"exec"}, "container-role": {"exec", "--container-credentials"}} {
		args := append([]string{"instance"}, flags...)
		out := h.run(true, h.path, append(args, id, "--", "python3", "-c", botocore, provider)...)
		if !strings.Contains(out, provider+"\n") || !strings.Contains(out, session) {
			h.Errorf("botocore's %s: %s", provider, out)
		}
	}
	if list := h.run(true, h.path, "instance", "list"); !strings.Contains(list, id+"  running") {
		h.Errorf("the list is %s", list)
	}
	events := h.run(true, "aws", "cloudtrail", "lookup-events", "--lookup-attributes", "AttributeKey=Username,AttributeValue="+id)
	if !strings.Contains(events, `"EventName": "ListUsers"`) || !strings.Contains(events, `"EventName": "CreateUser"`) {
		h.Errorf("the events of the instance are %s", events)
	}
}
