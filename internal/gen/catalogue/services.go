package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/writ-iam/writ/catalogue"
)

// servicesArchive packs one file for each service, and the files of condition
// keys that belong to none.
func servicesArchive(dir string) (*archive, error) {
	r := reader{dir: dir}
	a := new(archive)
	services := r.services()
	for _, s := range services {
		r.add(a, s.Prefix, s)
	}
	global := r.globalKeys()
	r.add(a, "keys/global", catalogue.Service{ConditionKeys: global})
	r.add(a, "keys/foreign", catalogue.Service{ConditionKeys: foreignKeys(services)})
	source, err := npmVersion(dir)
	r.fail(err)
	a.comment = source + ": " + count(services, global)
	return a, r.err
}

func (r *reader) add(a *archive, name string, s catalogue.Service) {
	text, err := json.Marshal(s)
	r.fail(err)
	a.add(name, text)
}

func count(services []catalogue.Service, global []catalogue.ConditionKey) string {
	actions, types, keys := 0, 0, len(global)
	for _, s := range services {
		actions, types, keys = actions+len(s.Actions), types+len(s.ResourceTypes), keys+len(s.ConditionKeys)
	}
	return fmt.Sprintf("%d services, %d actions, %d resource types, %d condition keys", len(services), actions, types, keys)
}

// reader reads the package's files and keeps the first error.
type reader struct {
	dir string
	err error
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reader) json(into any, path ...string) {
	r.fail(readJSON(filepath.Join(r.dir, "data", filepath.Join(path...)), into))
}

func (r *reader) services() []catalogue.Service {
	var prefixes, rcp []string
	var names map[string]string
	r.json(&prefixes, "services.json")
	r.json(&names, "serviceNames.json")
	r.json(&rcp, "rcpSupportedServices.json")
	var services []catalogue.Service
	for _, prefix := range slices.Sorted(slices.Values(prefixes)) {
		services = append(services, catalogue.Service{
			Prefix: prefix, Name: names[prefix], RCP: slices.Contains(rcp, prefix),
			Actions: r.actions(prefix), ResourceTypes: r.resourceTypes(prefix), ConditionKeys: r.conditionKeys(prefix),
		})
	}
	return services
}

func (r *reader) actions(prefix string) []catalogue.Action {
	var source map[string]struct {
		Name             string
		AccessLevel      string
		ResourceTypes    []actionResource
		ConditionKeys    []string
		DependentActions []string
	}
	r.json(&source, "actions", prefix+".json")
	var actions []catalogue.Action
	for _, a := range source {
		r.noDependents(prefix, a.Name, a.DependentActions)
		actions = append(actions, catalogue.Action{
			Name: a.Name, Access: r.access(a.AccessLevel),
			Resources: r.resources(prefix, a.Name, a.ResourceTypes), ConditionKeys: a.ConditionKeys,
		})
	}
	sortByName(actions, func(a catalogue.Action) string { return a.Name })
	return actions
}

type actionResource struct {
	Name             string
	Required         bool
	ConditionKeys    []string
	DependentActions []string
}

func (r *reader) resources(prefix, action string, source []actionResource) []catalogue.ActionResource {
	var all []catalogue.ActionResource
	for _, t := range source {
		r.noDependents(prefix, action, t.DependentActions)
		all = append(all, catalogue.ActionResource{Type: t.Name, Required: t.Required, ConditionKeys: t.ConditionKeys})
	}
	return all
}

// noDependents makes sure that nothing is lost: the package has a place for the
// actions that an action depends on, but has none there.
func (r *reader) noDependents(prefix, action string, dependents []string) {
	if len(dependents) > 0 {
		r.fail(fmt.Errorf("%s:%s: the package has dependent actions now; the catalogue must learn to keep them", prefix, action))
	}
}

// access reads an access level. Tagging and permissions management are written
// with a Write behind them, since they write as well.
func (r *reader) access(level string) catalogue.Access {
	word, _ := strings.CutSuffix(level, ", Write")
	switch a := catalogue.Access(word); a {
	case catalogue.List, catalogue.Read, catalogue.Write, catalogue.Tagging, catalogue.PermissionsManagement:
		return a
	}
	r.fail(fmt.Errorf("unknown access level %q", level))
	return ""
}

func (r *reader) resourceTypes(prefix string) []catalogue.ResourceType {
	var source map[string]struct {
		Key           string
		ARN           string
		ConditionKeys []string
	}
	r.json(&source, "resourceTypes", prefix+".json")
	var types []catalogue.ResourceType
	for _, t := range source {
		types = append(types, catalogue.ResourceType{Name: t.Key, ARN: t.ARN, ConditionKeys: t.ConditionKeys})
	}
	sortByName(types, func(t catalogue.ResourceType) string { return t.Name })
	return types
}

func (r *reader) conditionKeys(prefix string) []catalogue.ConditionKey {
	var source map[string]struct{ Key, Type string }
	r.json(&source, "conditionKeys", prefix+".json")
	var keys []catalogue.ConditionKey
	for _, k := range source {
		keys = append(keys, catalogue.ConditionKey{Name: k.Key, Type: k.Type})
	}
	sortByName(keys, keyName)
	return keys
}

var globalKey = regexp.MustCompile(`key: '([^']+)',\s*category: '[^']+',\s*type: '([^']+)'`)

// globalKeys reads the global condition keys, which the package has only as code.
func (r *reader) globalKeys() []catalogue.ConditionKey {
	text, err := os.ReadFile(filepath.Join(r.dir, "dist", "esm", "globalConditionKeys.js"))
	r.fail(err)
	var keys []catalogue.ConditionKey
	for _, m := range globalKey.FindAllStringSubmatch(string(text), -1) {
		name := strings.Replace(m[1], "/tag-key", "/${TagKey}", 1)
		keys = append(keys, catalogue.ConditionKey{Name: name, Type: m[2]})
	}
	if n := strings.Count(string(text), "category: '"); n != len(keys) {
		r.fail(fmt.Errorf("read %d of %d global condition keys", len(keys), n))
	}
	sortByName(keys, keyName)
	return keys
}

// foreignKeys gathers the condition keys that cannot be found by their prefix.
func foreignKeys(services []catalogue.Service) []catalogue.ConditionKey {
	owners := make(map[string]*catalogue.Service)
	for i := range services {
		owners[services[i].Prefix] = &services[i]
	}
	var keys []catalogue.ConditionKey
	for _, s := range services {
		for _, k := range s.ConditionKeys {
			prefix, _, _ := strings.Cut(k.Name, ":")
			if prefix != "aws" && !hasKey(owners[prefix], k.Name) {
				keys = append(keys, k)
			}
		}
	}
	sortByName(keys, keyName)
	return slices.CompactFunc(keys, func(a, b catalogue.ConditionKey) bool { return strings.EqualFold(a.Name, b.Name) })
}

func hasKey(s *catalogue.Service, name string) bool {
	if s == nil {
		return false
	}
	_, ok := s.ConditionKey(name)
	return ok
}

func keyName(k catalogue.ConditionKey) string { return k.Name }

// sortByName sorts as package catalogue searches.
func sortByName[T any](list []T, name func(T) string) {
	slices.SortFunc(list, func(a, b T) int {
		return strings.Compare(strings.ToLower(name(a)), strings.ToLower(name(b)))
	})
}
