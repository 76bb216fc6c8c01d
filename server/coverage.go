package server

import (
	"maps"
	"slices"

	"github.com/writ-iam/writ/model"
)

// ServiceCoverage is how much of a service's model is implemented.
type ServiceCoverage struct {
	Total       int      `json:"total"`
	Implemented int      `json:"implemented"`
	Missing     []string `json:"missing"` // sorted; never nil
}

// Coverage compares the services' method sets with their models, by service.
func Coverage() (map[string]ServiceCoverage, error) {
	all := map[string]ServiceCoverage{}
	for _, service := range new(services).list() {
		found, err := methods(service.name, service.impl)
		if err != nil {
			return nil, err
		}
		m, err := model.Load(service.name)
		if err != nil {
			return nil, err
		}
		all[service.name] = ServiceCoverage{Total: len(m.Operations), Implemented: len(found), Missing: missing(m, found)}
	}
	return all, nil
}

// CoverageNames are the services in order.
func CoverageNames(all map[string]ServiceCoverage) []string { return slices.Sorted(maps.Keys(all)) }

func missing(m *model.Service, found map[*model.Operation]*method) []string {
	names := []string{}
	for name, op := range m.Operations {
		if found[op] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
