package landingzone

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Client makes calls of the public API with the user's credentials.
type Client interface {
	// Organizations calls an operation of Organizations.
	Organizations(ctx context.Context, operation string, in, out any) error
	// Within returns a client of IAM in a member account, whose
	// OrganizationAccountAccessRole it has assumed.
	Within(ctx context.Context, account string) (IAM, error)
}

// IAM calls an operation of IAM; out is nil or takes the result's XML.
type IAM func(ctx context.Context, operation string, in url.Values, out any) error

// isError tells an error that the server has answered by its code.
func isError(err error, code string) bool {
	var coded interface{ Code() string }
	return errors.As(err, &coded) && coded.Code() == code
}

// Organization is what there is.
type Organization struct {
	Id, Arn, MasterAccountId string
	Root                     *Node
	Limited                  bool // service control policies are enabled
}

// Node is the root, a unit or an account, with the policies attached to it.
type Node struct {
	Id, Name, Type string   // ROOT, ORGANIZATIONAL_UNIT, ACCOUNT
	Email, State   string   `json:",omitempty"` // of an account
	Policies       []string `json:",omitempty"` // names of service control policies
	Children       []*Node  `json:",omitempty"`

	parent *Node
}

// scp is the type of policy that landing zones are made of.
const scp = "SERVICE_CONTROL_POLICY"

// Read reads the organization of the caller's account. It is nil if there is none.
func Read(ctx context.Context, c Client) (*Organization, error) {
	var out struct{ Organization *Organization }
	err := c.Organizations(ctx, "DescribeOrganization", none, &out)
	if isError(err, "AWSOrganizationsNotInUseException") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	o := out.Organization
	var roots struct {
		Roots []struct {
			Id, Name    string
			PolicyTypes []struct{ Type, Status string }
		}
	}
	if err := c.Organizations(ctx, "ListRoots", none, &roots); err != nil {
		return nil, err
	}
	root := roots.Roots[0]
	for _, t := range root.PolicyTypes {
		o.Limited = o.Limited || t.Type == scp && t.Status == "ENABLED"
	}
	o.Root = &Node{Id: root.Id, Name: root.Name, Type: "ROOT"}
	return o, o.below(ctx, c, o.Root)
}

// none is the input of operations that take none.
var none = map[string]any{}

// below reads what is attached to a root or unit and what lies in it.
func (o *Organization) below(ctx context.Context, c Client, at *Node) error {
	in := map[string]any{"ParentId": at.Id}
	accounts, err := list[*Node](ctx, c, "ListAccountsForParent", "Accounts", in)
	if err != nil {
		return err
	}
	units, err := list[*Node](ctx, c, "ListOrganizationalUnitsForParent", "OrganizationalUnits", in)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		a.Type, a.parent = "ACCOUNT", at
		if err := o.attached(ctx, c, a); err != nil {
			return err
		}
	}
	for _, u := range units {
		u.Type, u.parent = "ORGANIZATIONAL_UNIT", at
		if err := o.below(ctx, c, u); err != nil {
			return err
		}
	}
	byName := func(a, b *Node) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Id, b.Id)) }
	slices.SortFunc(accounts, byName)
	slices.SortFunc(units, byName)
	at.Children = append(accounts, units...)
	return o.attached(ctx, c, at)
}

func (o *Organization) attached(ctx context.Context, c Client, at *Node) error {
	if !o.Limited {
		return nil
	}
	all, err := list[struct{ Name string }](ctx, c, "ListPoliciesForTarget", "Policies", map[string]any{"TargetId": at.Id, "Filter": scp})
	for _, p := range all {
		at.Policies = append(at.Policies, p.Name)
	}
	slices.Sort(at.Policies)
	return err
}

// list reads all pages of a list.
func list[T any](ctx context.Context, c Client, operation, member string, in map[string]any) (all []T, err error) {
	asked := maps.Clone(in)
	for {
		var page map[string]json.RawMessage
		if err := c.Organizations(ctx, operation, asked, &page); err != nil {
			return nil, err
		}
		var some []T
		if page[member] != nil {
			if err := json.Unmarshal(page[member], &some); err != nil {
				return nil, err
			}
		}
		all = append(all, some...)
		if page["NextToken"] == nil {
			return all, nil
		}
		asked["NextToken"] = page["NextToken"]
	}
}

// Walk calls f for a node and all below it, with how deep each lies.
func (n *Node) Walk(f func(n *Node, depth int)) { n.walk(f, 0) }

func (n *Node) walk(f func(n *Node, depth int), depth int) {
	f(n, depth)
	for _, below := range n.Children {
		below.walk(f, depth+1)
	}
}

// place is how people call a node: "root", "Security", "Security/Prod".
func (n *Node) place() string {
	if n.parent == nil {
		return "root"
	}
	if up := n.parent.place(); up != "root" {
		return up + "/" + n.Name
	}
	return n.Name
}

// account finds an account by its address, else by its name.
func (o *Organization) account(a *Account) *Node {
	var byEmail, byName *Node
	o.Root.Walk(func(n *Node, _ int) {
		switch {
		case n.Type != "ACCOUNT":
		case a.Email != "" && strings.EqualFold(n.Email, a.Email):
			byEmail = n
		case n.Name == a.Name:
			byName = n
		}
	})
	if byEmail != nil {
		return byEmail
	}
	return byName
}

// unit finds a unit in another by its name.
func (n *Node) unit(name string) *Node {
	for _, below := range n.Children {
		if below.Type == "ORGANIZATIONAL_UNIT" && below.Name == name {
			return below
		}
	}
	return nil
}
