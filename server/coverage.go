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
		modeled, err := model.Outline(service.name)
		if err != nil {
			return nil, err
		}
		all[service.name] = ServiceCoverage{Total: len(modeled), Implemented: len(found), Missing: missing(modeled, found)}
	}
	return all, nil
}

// CoverageNames are the services in order.
func CoverageNames(all map[string]ServiceCoverage) []string { return slices.Sorted(maps.Keys(all)) }

func missing(modeled map[string]*model.Rule, found map[string]*method) []string {
	names := []string{}
	for name := range modeled {
		if found[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
