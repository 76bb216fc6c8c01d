// Package landingzone makes an organization what a file says it is to be: units,
// accounts, service control policies and where they are attached, and a role for
// emergencies in each account.
//
// Its one idea: the file and the organization are read, and what differs is a
// list of steps (plan.go), which are shown, or shown and taken. So a first run, a
// run again and the mending of drift are the same. It goes by names: what the
// file does not name is left alone.
package landingzone

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/writ-iam/writ/policy"
)

// Default is the landing zone for those who have no file of their own.
//
//go:embed landing-zone.yaml
var Default []byte

// Zone is what an organization is to be, as the file has it.
type Zone struct {
	Email      string      `yaml:"email"`   // template for accounts without an address: "aws+{name}@example.com"
	Regions    []string    `yaml:"regions"` // stand for "{regions}" in policies
	Root       Unit        `yaml:"root"`
	Policies   []Policy    `yaml:"policies"`
	BreakGlass *BreakGlass `yaml:"breakGlass"`
}

// Unit is the root or an organizational unit. The root has no name.
type Unit struct {
	Name     string    `yaml:"name"`
	Policies []string  `yaml:"policies"` // names of those attached
	Accounts []Account `yaml:"accounts"`
	Units    []Unit    `yaml:"units"`
}

// Account is a member account, known by its e-mail address, else by its name.
type Account struct {
	Name     string   `yaml:"name"`
	Email    string   `yaml:"email"`
	Policies []string `yaml:"policies"`
}

// Policy is a service control policy.
type Policy struct {
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
	Statements  []any  `yaml:"statements"`

	content string // the document
}

// BreakGlass is a role for emergencies in each account of the file. Principals of
// the management account may assume it with a second factor.
type BreakGlass struct {
	Role     string   `yaml:"role"`
	Policies []string `yaml:"policies"` // ARNs of managed policies
}

// Parse reads a landing zone. An email that is not "" takes the place of the file's.
func Parse(text []byte, email string) (*Zone, error) {
	z := new(Zone)
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(z); err != nil {
		return nil, err
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one document")
	}
	if email != "" {
		z.Email = email
	}
	if z.Root.Name != "" {
		return nil, errors.New("the root has no name of its own")
	}
	if b := z.BreakGlass; b != nil && b.Role == "" {
		return nil, errors.New("breakGlass: the role has no name")
	}
	if err := z.writePolicies(); err != nil {
		return nil, err
	}
	c := checker{z: z, accounts: map[string]bool{}}
	return z, c.unit(&z.Root, "the root")
}

// writePolicies makes the documents.
func (z *Zone) writePolicies() error {
	for i := range z.Policies {
		p := &z.Policies[i]
		if p.Name == "" {
			return fmt.Errorf("policy %d has no name", i+1)
		}
		if z.policy(p.Name) != p {
			return fmt.Errorf("two policies are named %s", p.Name)
		}
		text, err := json.Marshal(struct {
			Version   string
			Statement any
		}{"2012-10-17", z.filled(p.Statements)})
		if err != nil {
			return fmt.Errorf("policy %s: %w", p.Name, err)
		}
		if _, err := policy.ParseAs(policy.ServiceControlPolicy, text); err != nil {
			return fmt.Errorf("policy %s: %w", p.Name, err)
		}
		p.content = string(text)
	}
	return nil
}

func (z *Zone) policy(name string) *Policy {
	for i := range z.Policies {
		if z.Policies[i].Name == name {
			return &z.Policies[i]
		}
	}
	return nil
}

// filled puts the regions where "{regions}" stands.
func (z *Zone) filled(v any) any {
	switch v := v.(type) {
	case string:
		if v == "{regions}" {
			return z.Regions
		}
	case []any:
		for i := range v {
			v[i] = z.filled(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = z.filled(v[k])
		}
	}
	return v
}

// checker finds what names nothing, or two things.
type checker struct {
	z        *Zone
	accounts map[string]bool
}

func (c *checker) unit(u *Unit, where string) error {
	if err := c.attached(u.Policies, where); err != nil {
		return err
	}
	for i := range u.Accounts {
		if err := c.account(&u.Accounts[i], where); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	for i := range u.Units {
		below := &u.Units[i]
		switch {
		case below.Name == "":
			return fmt.Errorf("a unit in %s has no name", where)
		case strings.Contains(below.Name, "/"):
			return fmt.Errorf("unit %s: names of units have no slash here", below.Name)
		case seen[below.Name]:
			return fmt.Errorf("two units in %s are named %s", where, below.Name)
		}
		seen[below.Name] = true
		if err := c.unit(below, "unit "+below.Name); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) account(a *Account, where string) error {
	if a.Name == "" {
		return fmt.Errorf("an account in %s has no name", where)
	}
	if c.accounts[a.Name] {
		return fmt.Errorf("two accounts are named %s", a.Name)
	}
	c.accounts[a.Name] = true
	if a.Email == "" {
		a.Email = strings.ReplaceAll(c.z.Email, "{name}", a.Name)
	}
	if key := strings.ToLower(a.Email); key != "" {
		if c.accounts[key] {
			return fmt.Errorf("two accounts have the address %s", a.Email)
		}
		c.accounts[key] = true
	}
	return c.attached(a.Policies, "account "+a.Name)
}

func (c *checker) attached(names []string, where string) error {
	for _, name := range names {
		if c.z.policy(name) == nil {
			return fmt.Errorf("%s has the policy %s, which the file does not describe", where, name)
		}
	}
	return nil
}
