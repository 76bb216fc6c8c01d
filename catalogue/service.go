package catalogue

import (
	"archive/zip"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Access is what an action does, in the words of the Service Authorization
// Reference.
type Access string

// The access levels that AWS has.
const (
	List                  Access = "List"
	Read                  Access = "Read"
	Write                 Access = "Write"
	Tagging               Access = "Tagging"
	PermissionsManagement Access = "Permissions management"
)

// Service is what can be named in policies for one AWS service.
type Service struct {
	Prefix string `json:"prefix,omitempty"` // "iam", in lower case
	Name   string `json:"name,omitempty"`   // "AWS Identity and Access Management (IAM)"
	// RCP says whether resource control policies apply to the service's resources.
	RCP           bool           `json:"rcp,omitempty"`
	Actions       []Action       `json:"actions,omitempty"`       // by name
	ResourceTypes []ResourceType `json:"resourceTypes,omitempty"` // by name
	ConditionKeys []ConditionKey `json:"conditionKeys,omitempty"` // by name; global keys only where an action uses them
}

// Action is a permission.
type Action struct {
	Name   string `json:"name"` // "CreateUser"
	Access Access `json:"access"`
	// Resources are the types of resources that the action can be allowed on. If
	// there are none a policy must name the resource "*".
	Resources []ActionResource `json:"resources,omitempty"`
	// ConditionKeys apply to the action on any resource.
	ConditionKeys []string `json:"conditionKeys,omitempty"`
}

// ActionResource is a type of resource that an action acts on.
type ActionResource struct {
	Type string `json:"type"` // name of a ResourceType of the same service
	// Required says that every call acts on such a resource, so that a policy
	// which allows the action must allow it on one.
	Required      bool     `json:"required,omitempty"`
	ConditionKeys []string `json:"conditionKeys,omitempty"` // apply only with this resource
}

// ResourceType is a kind of thing that policies can name.
type ResourceType struct {
	Name          string   `json:"name"`                    // "user"
	ARN           string   `json:"arn"`                     // "arn:${Partition}:iam::${Account}:user/${UserNameWithPath}"
	ConditionKeys []string `json:"conditionKeys,omitempty"` // say something about the resource
}

//go:embed data/services.zip
var servicesZip string

// The archive holds one JSON file for each service, named by its prefix, and
// two files of condition keys, globalKeys and foreignKeys.
var services = sync.OnceValue(func() map[string]func() *Service {
	open := make(map[string]func() *Service)
	for _, f := range openArchive(servicesZip).File {
		open[f.Name] = sync.OnceValue(func() *Service { return decodeService(f) })
	}
	return open
})

func decodeService(f *zip.File) *Service {
	s := new(Service)
	if err := json.Unmarshal([]byte(readFile(f)), s); err != nil {
		panic(fmt.Errorf("catalogue: %s: %w", f.Name, err))
	}
	return s
}

// Services returns the prefixes of all services, in their order.
func Services() []string {
	prefixes := slices.Sorted(maps.Keys(services()))
	return slices.DeleteFunc(prefixes, isKeyFile)
}

// LookupService returns the service with this prefix, in whatever case.
func LookupService(prefix string) (*Service, bool) {
	open, ok := services()[strings.ToLower(prefix)]
	if !ok || isKeyFile(prefix) {
		return nil, false
	}
	return open(), true
}

// LookupAction returns the action with this full name, in whatever case:
// "iam:CreateUser". Wildcards are not understood.
func LookupAction(name string) (*Action, bool) {
	prefix, name, _ := strings.Cut(name, ":")
	s, ok := LookupService(prefix)
	if !ok {
		return nil, false
	}
	return s.Action(name)
}

// Action returns the action with this name, in whatever case: "CreateUser".
func (s *Service) Action(name string) (*Action, bool) {
	return find(s.Actions, name, func(a *Action) string { return a.Name })
}

// ResourceType returns the resource type with this name, in whatever case.
func (s *Service) ResourceType(name string) (*ResourceType, bool) {
	return find(s.ResourceTypes, name, func(t *ResourceType) string { return t.Name })
}

// find searches a list that is sorted by the lower-case names of its elements.
func find[T any](list []T, name string, nameOf func(*T) string) (*T, bool) {
	name = strings.ToLower(name)
	i, ok := slices.BinarySearchFunc(list, name, func(t T, name string) int {
		return strings.Compare(strings.ToLower(nameOf(&t)), name)
	})
	if !ok {
		return nil, false
	}
	return &list[i], true
}
