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
		modeled, err := model.Load(service.name)
		if err != nil {
			return nil, err
		}
		absent := missing(modeled, methods(service.impl))
		total := len(modeled.Operations)
		all[service.name] = ServiceCoverage{Total: total, Implemented: total - len(absent), Missing: absent}
	}
	return all, nil
}

// CoverageNames are the services in order.
func CoverageNames(all map[string]ServiceCoverage) []string { return slices.Sorted(maps.Keys(all)) }

func missing(modeled *model.Service, found map[string]*method) []string {
	names := []string{}
	for name := range modeled.Operations {
		if found[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
