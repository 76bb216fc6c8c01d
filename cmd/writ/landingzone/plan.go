package landingzone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Step is one thing that is not as the file has it.
type Step struct {
	Change string // + what lacks, ~ what is otherwise, - what is too much
	What   string

	take func(ctx context.Context) error
}

func (s *Step) String() string { return s.Change + " " + s.What }

// Take does what the step says.
func (s *Step) Take(ctx context.Context) error { return s.take(ctx) }

// Plan is what has to be done, in this order: a step may need those before it.
type Plan struct {
	Steps     []*Step
	LeftAlone []string // what the file does not name
	Unseen    []string // what could not be looked at, and why
}

// planner holds what there is against the file.
type planner struct {
	Plan
	ctx  context.Context
	c    Client
	z    *Zone
	o    *Organization
	held map[string]*held // policies by name
	// nodes are what the file names; those that are yet to be made get their ids
	// from the steps that make them
	nodes    map[*Node]bool
	attached []attachment // what the file has attached
}

// held is a policy as it is in the organization.
type held struct {
	Id, Name string
	AwsManaged,
	named bool // by the file
}

type attachment struct {
	name string
	to   *Node
}

// Make compares an organization, nil if there is none, with the file.
func Make(ctx context.Context, c Client, z *Zone, o *Organization) (*Plan, error) {
	p := &planner{ctx: ctx, c: c, z: z, o: o, held: map[string]*held{}, nodes: map[*Node]bool{}}
	p.organization()
	if err := p.readPolicies(); err != nil {
		return nil, err
	}
	p.units(&z.Root, p.o.Root)
	if err := p.accounts(&z.Root, p.o.Root); err != nil {
		return nil, err
	}
	if err := p.roles(&z.Root); err != nil {
		return nil, err
	}
	if err := p.policies(); err != nil {
		return nil, err
	}
	p.attachments()
	p.leftAlone()
	return &p.Plan, nil
}

func (p *planner) step(change string, take func(ctx context.Context) error, format string, args ...any) {
	p.Steps = append(p.Steps, &Step{change, fmt.Sprintf(format, args...), take})
}

// call is a step's call of Organizations. Its input is made when it is taken.
func (p *planner) call(operation string, in func() map[string]any) func(context.Context) error {
	return func(ctx context.Context) error { return p.c.Organizations(ctx, operation, in(), nil) }
}

func (p *planner) organization() {
	if p.o == nil {
		p.o = &Organization{Root: &Node{Name: "Root", Type: "ROOT"}}
		p.step("+", p.found, "organization, with all features")
	}
	if !p.o.Limited {
		p.step("+", p.call("EnablePolicyType", func() map[string]any { return map[string]any{"RootId": p.o.Root.Id, "PolicyType": scp} }), "service control policies, enabled in the root")
	}
}

func (p *planner) found(ctx context.Context) error {
	if err := p.c.Organizations(ctx, "CreateOrganization", map[string]any{"FeatureSet": "ALL"}, nil); err != nil {
		return err
	}
	made, err := Read(ctx, p.c)
	if err != nil {
		return err
	}
	p.o.Id, p.o.Arn, p.o.MasterAccountId, p.o.Root.Id = made.Id, made.Arn, made.MasterAccountId, made.Root.Id
	return nil
}

// units looks for the units in a unit, and for those in them.
func (p *planner) units(u *Unit, at *Node) {
	p.nodes[at] = true
	for i := range u.Units {
		want := &u.Units[i]
		n := at.unit(want.Name)
		if n == nil {
			n = &Node{Name: want.Name, Type: "ORGANIZATIONAL_UNIT", parent: at}
			at.Children = append(at.Children, n)
			p.step("+", p.newUnit(n), "unit %s", n.place())
		}
		p.units(want, n)
	}
	p.attach(u.Policies, at)
}

func (p *planner) newUnit(n *Node) func(context.Context) error {
	return func(ctx context.Context) error {
		var out struct{ OrganizationalUnit *Node }
		err := p.c.Organizations(ctx, "CreateOrganizationalUnit", map[string]any{"ParentId": n.parent.Id, "Name": n.Name}, &out)
		if err == nil {
			n.Id = out.OrganizationalUnit.Id
		}
		return err
	}
}

func (p *planner) attach(names []string, to *Node) {
	for _, name := range names {
		p.attached = append(p.attached, attachment{name, to})
	}
}

// accounts looks for the accounts of a unit, wherever they are.
func (p *planner) accounts(u *Unit, at *Node) error {
	for i := range u.Accounts {
		a := &u.Accounts[i]
		n := p.o.account(a)
		switch {
		case n == nil && a.Email == "":
			return fmt.Errorf("account %s: a new account needs an address: give it one in the file, or all of them by --email 'you+{name}@example.com'", a.Name)
		case n == nil:
			n = &Node{Name: a.Name, Email: a.Email, Type: "ACCOUNT", State: "ACTIVE", parent: at}
			at.Children = append(at.Children, n)
			p.step("+", p.newAccount(n, at), "account %s <%s> in %s", n.Name, n.Email, at.place())
		case n.parent != at:
			p.step("~", p.move(n, n.parent, at), "account %s, from %s to %s", n.Name, n.parent.place(), at.place())
		}
		p.nodes[n] = true
		p.attach(a.Policies, n)
	}
	for i := range u.Units {
		if err := p.accounts(&u.Units[i], at.unit(u.Units[i].Name)); err != nil {
			return err
		}
	}
	return nil
}

// newAccount makes an account and waits until it is there.
func (p *planner) newAccount(n, at *Node) func(context.Context) error {
	return func(ctx context.Context) error {
		var out struct {
			CreateAccountStatus struct{ Id, State, AccountId, FailureReason string }
		}
		s := &out.CreateAccountStatus
		if err := p.c.Organizations(ctx, "CreateAccount", map[string]any{"AccountName": n.Name, "Email": n.Email}, &out); err != nil {
			return err
		}
		for id := s.Id; s.State == "IN_PROGRESS"; {
			if err := p.c.Organizations(ctx, "DescribeCreateAccountStatus", map[string]any{"CreateAccountRequestId": id}, &out); err != nil {
				return err
			}
			if err := pause(ctx, s.State); err != nil {
				return err
			}
		}
		if s.State != "SUCCEEDED" {
			return errors.New("the account could not be made: " + s.FailureReason)
		}
		n.Id = s.AccountId
		if at.parent == nil {
			return nil
		}
		return p.move(n, p.o.Root, at)(ctx)
	}
}

// pause waits a while before what is in progress is asked for again.
func pause(ctx context.Context, state string) error {
	if state != "IN_PROGRESS" {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}

func (p *planner) move(n, from, to *Node) func(context.Context) error {
	return p.call("MoveAccount", func() map[string]any {
		return map[string]any{"AccountId": n.Id, "SourceParentId": from.Id, "DestinationParentId": to.Id}
	})
}

// leftAlone lists what the file does not name.
func (p *planner) leftAlone() {
	p.o.Root.Walk(func(n *Node, _ int) {
		if p.nodes[n] || n.Id == p.o.MasterAccountId {
			return
		}
		kind := map[string]string{"ACCOUNT": "account", "ORGANIZATIONAL_UNIT": "unit"}[n.Type]
		p.LeftAlone = append(p.LeftAlone, kind+" "+n.place())
	})
	for _, h := range p.held {
		if !h.named && !h.AwsManaged {
			p.LeftAlone = append(p.LeftAlone, "policy "+h.Name)
		}
	}
	slices.SortFunc(p.LeftAlone, strings.Compare)
}
