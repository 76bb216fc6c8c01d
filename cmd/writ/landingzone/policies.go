package landingzone

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
)

// readPolicies reads which service control policies there are.
func (p *planner) readPolicies() error {
	if p.o.Id == "" {
		return nil
	}
	all, err := list[*held](p.ctx, p.c, "ListPolicies", "Policies", map[string]any{"Filter": scp})
	for _, h := range all {
		p.held[h.Name] = h
	}
	return err
}

// policies looks whether the policies of the file are there, and say what it says.
func (p *planner) policies() error {
	for i := range p.z.Policies {
		want := &p.z.Policies[i]
		h := p.held[want.Name]
		if h == nil {
			h = &held{Name: want.Name}
			p.held[want.Name] = h
			p.step("+", p.newPolicy(want, h), "policy %s", want.Name)
		} else if err := p.changed(want, h); err != nil {
			return err
		}
		h.named = true
	}
	return nil
}

func (p *planner) newPolicy(want *Policy, h *held) func(context.Context) error {
	return func(ctx context.Context) error {
		var out struct{ Policy struct{ PolicySummary held } }
		err := p.c.Organizations(ctx, "CreatePolicy", map[string]any{"Type": scp, "Name": want.Name, "Description": want.Description, "Content": want.content}, &out)
		h.Id = out.Policy.PolicySummary.Id
		return err
	}
}

func (p *planner) changed(want *Policy, h *held) error {
	var out struct {
		Policy struct {
			Content       string
			PolicySummary struct{ Description string }
		}
	}
	if err := p.c.Organizations(p.ctx, "DescribePolicy", map[string]any{"PolicyId": h.Id}, &out); err != nil {
		return err
	}
	update := func(member, value string) {
		in := map[string]any{"PolicyId": h.Id, member: value}
		p.step("~", p.call("UpdatePolicy", func() map[string]any { return in }), "policy %s: its %s", want.Name, map[string]string{"Content": "content", "Description": "description"}[member])
	}
	if !sameJSON(out.Policy.Content, want.content) {
		update("Content", want.content)
	}
	if out.Policy.PolicySummary.Description != want.Description {
		update("Description", want.Description)
	}
	return nil
}

// sameJSON compares documents by what they say.
func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

// attachments compares where the policies of the file are attached. Those that it
// does not describe stay where they are.
func (p *planner) attachments() {
	for _, a := range p.attached {
		if !slices.Contains(a.to.Policies, a.name) {
			p.step("+", p.attachment("AttachPolicy", a), "policy %s on %s", a.name, a.to.place())
		}
	}
	p.o.Root.Walk(func(n *Node, _ int) {
		for _, name := range n.Policies {
			a := attachment{name, n}
			if p.z.policy(name) != nil && !slices.Contains(p.attached, a) {
				p.step("-", p.attachment("DetachPolicy", a), "policy %s on %s", name, n.place())
			}
		}
	})
}

func (p *planner) attachment(operation string, a attachment) func(context.Context) error {
	return p.call(operation, func() map[string]any {
		return map[string]any{"PolicyId": p.held[a.name].Id, "TargetId": a.to.Id}
	})
}
