package model

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

//go:embed data/*.json
var data embed.FS

// Names lists the services whose models are embedded, sorted.
func Names() []string {
	entries, _ := fs.ReadDir(data, "data")
	var names []string
	for _, e := range entries {
		if base := strings.TrimSuffix(e.Name(), ".json"); !strings.Contains(base, ".") {
			names = append(names, base)
		}
	}
	return names
}

// services holds one deferred load for each embedded service.
var services = sync.OnceValue(func() map[string]func() (*Service, error) {
	all := map[string]func() (*Service, error){}
	for _, name := range Names() {
		all[name] = sync.OnceValues(func() (*Service, error) { return load(data, name) })
	}
	return all
})

// Load returns the model of a service, decoded and patched on the first call.
// An error means that the embedded data is wrong, or that there is no such service.
func Load(name string) (*Service, error) {
	f, ok := services()[name]
	if !ok {
		return nil, fmt.Errorf("model: no service %q", name)
	}
	return f()
}

func load(fsys fs.FS, name string) (*Service, error) {
	raw, err := fs.ReadFile(fsys, "data/"+name+".json")
	if err != nil {
		return nil, err
	}
	if raw, err = patch(fsys, name, raw); err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	var file fileModel
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	s, err := link(name, &file)
	if err == nil {
		err = rules(fsys, s)
	}
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	return s, nil
}

// rules joins <svc>.authz.json to the operations. A rule for an operation that
// does not exist is a typing error; one that checks nothing and does not say why
// would let everybody in.
func rules(fsys fs.FS, s *Service) error {
	all, err := readRules(fsys, s.Name)
	if err != nil {
		return err
	}
	for name, rule := range all {
		op := s.Operations[name]
		if op == nil {
			return fmt.Errorf("authz: rule for unknown operation %s", name)
		}
		if rule.Exempt == "" && len(rule.Checks) == 0 {
			return fmt.Errorf("authz: the rule of %s checks nothing and exempts nobody", name)
		}
		op.Rule = rule
	}
	return nil
}

// readRules reads <svc>.authz.json; nil if there is none.
func readRules(fsys fs.FS, name string) (all map[string]*Rule, err error) {
	raw, err := fs.ReadFile(fsys, "data/"+name+".authz.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if err := strict(raw, &all); err != nil {
		return nil, fmt.Errorf("authz: %w", err)
	}
	return all, nil
}
