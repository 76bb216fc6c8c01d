// Package plain decides requests a second time, for tests.
//
// Its one idea: it is slow and plain, written from the rules alone. It works on
// what encoding/json makes of a document, and shares no code with package policy:
// where the two differ, one of them is wrong.
package plain

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
)

// World is a case for the plain evaluator.
type World struct {
	Principal       policy.Principal
	Action          string
	Resource        string
	ResourceAccount string
	Keys            map[string][]string // names in lower case
	Multi           map[string]bool     // of them, the multivalued ones

	Identity, Boundary, Session, Endpoint []string // nil: none
	ResourcePolicy                        string   // "": none
	SCPs, RCPs                            [][]string
	Management                            string
}

// object is a JSON object or nil.
type object = map[string]any

func statements(document string) []object {
	var doc object
	d := json.NewDecoder(bytes.NewReader([]byte(document)))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		panic(err)
	}
	var list []object
	for _, s := range OneOrMany(doc["Statement"]) {
		if o, ok := s.(object); ok {
			o["version"] = doc["Version"]
			list = append(list, o)
		}
	}
	return list
}

// OneOrMany is the list that an element stands for (R128).
func OneOrMany(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// Decide answers and says by which policy type, in the words of package policy.
func (w *World) Decide() (decision, by string) {
	p := &w.Principal
	owner := w.ResourceAccount
	if owner == "" {
		owner = p.Account
	}
	inAccount := p.Type == policy.User || p.Type == policy.RoleSession || p.Type == policy.FederatedUser || p.Type == policy.RootUser
	entity := inAccount && p.Type != policy.RootUser
	action := strings.ToLower(w.Action)
	service, _, _ := strings.Cut(action, ":")

	if inAccount && action == "sts:getcalleridentity" { // R47
		return "allowed", "always"
	}

	// Who takes part.
	var scps, rcps [][]string
	if inAccount && p.Account != w.Management && !p.ServiceLinked { // R25 to R28
		scps = w.SCPs
	}
	listed, known := catalogue.LookupService(service)
	if known && listed.RCP && action != "kms:retiregrant" && !p.ServiceLinked && (owner == "" || owner != w.Management) { // R30, R31
		rcps = w.RCPs
	}
	var identity, boundary, session []string
	if entity {
		identity, boundary = w.Identity, w.Boundary
	}
	if inAccount { // root's sessions can be limited, too: R21
		session = w.Session
	}
	var resource []string
	if w.ResourcePolicy != "" {
		resource = []string{w.ResourcePolicy}
	}

	// One Deny ends it: R02.
	for _, level := range rcps {
		if w.any("Deny", "rcp", level) {
			return "explicitDeny", "rcp"
		}
	}
	for _, level := range scps {
		if w.any("Deny", "scp", level) {
			return "explicitDeny", "scp"
		}
	}
	for _, part := range []struct {
		by   string
		docs []string
	}{{"vpce", w.Endpoint}, {"resource", resource}, {"identity", identity}, {"boundary", boundary}, {"session", session}} {
		if w.any("Deny", part.by, part.docs) {
			return "explicitDeny", part.by
		}
	}
	if inAccount && action == "sts:getsessiontoken" { // R47
		return "allowed", "always"
	}

	// Ceilings over everybody.
	for _, level := range scps { // R22
		if !w.any("Allow", "scp", level) {
			return "implicitDeny", "scp"
		}
	}
	if w.Endpoint != nil && !w.any("Allow", "vpce", w.Endpoint) { // R32
		return "implicitDeny", "vpce"
	}

	// What the two sides say.
	granted := w.granted()
	entitled, right := w.any("Allow", "identity", identity), "identity"
	if p.Type == policy.RootUser { // R21
		entitled, right = true, "root"
	}
	withinBoundary := !entity || w.Boundary == nil || w.any("Allow", "boundary", boundary)
	withinSession := !inAccount || w.Session == nil && p.Type != policy.FederatedUser || w.any("Allow", "session", session)
	limits := func(decision, by string) (string, string) {
		if !withinBoundary {
			return "implicitDeny", "boundary"
		}
		if !withinSession {
			return "implicitDeny", "session"
		}
		return decision, by
	}
	both := func() (string, string) {
		if right == "root" {
			return limits("allowed", "resource")
		}
		return limits("allowed", "identity+resource")
	}
	own := service == "kms" && field(w.Resource, 2) == "kms" && strings.HasPrefix(field(w.Resource, 5), "key/") ||
		service == "sts" && field(w.Resource, 2) == "iam" && strings.HasPrefix(field(w.Resource, 5), "role/")

	switch {
	case !inAccount: // R34, R35, R43, R44
		if granted == "" {
			return "implicitDeny", "resource"
		}
		return "allowed", "resource"
	case owner != p.Account: // R11, R16
		if !entitled {
			return "implicitDeny", "identity"
		}
		if d, by := both(); d != "allowed" || granted != "" {
			return d, by
		}
		return "implicitDeny", "resource"
	case granted == "itself" && !p.Delegated: // R06, R08, R10, R14, R19
		return "allowed", "resource"
	case granted == "itself" || granted == "entity": // R07, R20
		return limits("allowed", "resource")
	case own && granted == "": // R36, R40
		return "implicitDeny", "resource"
	case !entitled:
		return "implicitDeny", "identity"
	case own: // R37, R40
		return both()
	}
	return limits("allowed", right)
}

// any reports whether one statement of the documents with the effect matches.
func (w *World) any(effect, by string, documents []string) bool {
	for _, d := range documents {
		for _, s := range statements(d) {
			if s["Effect"] == effect && w.matches(s, by) {
				return true
			}
		}
	}
	return false
}

// granted is how the resource policy allows: "", "account", "entity" or "itself".
func (w *World) granted() string {
	best := ""
	if w.ResourcePolicy == "" {
		return best
	}
	for _, s := range statements(w.ResourcePolicy) {
		if s["Effect"] != "Allow" || !w.matches(s, "resource") {
			continue
		}
		how := "itself" // NotPrincipal is about everybody else
		if s["Principal"] != nil {
			how = w.named(s["Principal"])
		}
		order := []string{"", "account", "entity", "itself"}
		if slices.Index(order, how) > slices.Index(order, best) {
			best = how
		}
	}
	return best
}

func (w *World) matches(s object, by string) bool {
	return w.fitsAction(s) && w.fitsResource(s, by) && w.fitsPrincipal(s, by) && w.fitsCondition(s)
}

func (w *World) fitsAction(s object) bool {
	fits := func(list []any) bool {
		return slices.ContainsFunc(list, func(v any) bool {
			pattern := strings.ToLower(v.(string))
			if pattern == "*" {
				return true
			}
			ps, pn, _ := strings.Cut(pattern, ":")
			as, an, _ := strings.Cut(strings.ToLower(w.Action), ":")
			return (ps == as || ps == "*") && like([]rune(pn), []rune(an)) // R49 to R51
		})
	}
	if not := s["NotAction"]; not != nil {
		list := OneOrMany(not)
		return len(list) > 0 && !fits(list)
	}
	return fits(OneOrMany(s["Action"]))
}

func (w *World) fitsResource(s object, by string) bool {
	fits := func(list []any) bool {
		return slices.ContainsFunc(list, func(v any) bool {
			pattern := v.(string)
			if pattern == "*" {
				return true
			}
			return w.arnFits(pattern, w.Resource, s["version"])
		})
	}
	if not := s["NotResource"]; not != nil {
		list := OneOrMany(not)
		return len(list) > 0 && !fits(list)
	}
	if s["Resource"] == nil {
		return by == "resource"
	}
	return fits(OneOrMany(s["Resource"]))
}

// arnFits: R54 to R57, R100, R109.
func (w *World) arnFits(pattern, arn string, version any) bool {
	if strings.Count(arn, ":") < 5 {
		return false
	}
	for i := range 5 {
		if !like([]rune(field(pattern, i)), []rune(field(arn, i))) {
			return false
		}
	}
	p, ok := w.replaced(field(pattern, 5), version, true)
	return ok && like(p, []rune(field(arn, 5)))
}

// field is the nth of six, the last of which takes the rest.
func field(arn string, n int) string {
	f := strings.SplitN(arn, ":", 6)
	if n < len(f) {
		return f[n]
	}
	return ""
}

func (w *World) fitsPrincipal(s object, by string) bool {
	if s["Principal"] == nil && s["NotPrincipal"] == nil {
		return by != "resource" && by != "vpce" && by != "rcp" // R72
	}
	if s["Principal"] != nil {
		return w.named(s["Principal"]) != ""
	}
	not := s["NotPrincipal"]
	if s["Effect"] == "Allow" { // R71
		return w.named(not) == ""
	}
	p := w.Principal
	entity := p.Type == policy.User || p.Type == policy.RoleSession || p.Type == policy.FederatedUser
	if entity && w.Boundary != nil { // R70
		return true
	}
	chain := []policy.Principal{p}
	if entity { // R69: account, role and session must be listed
		chain = []policy.Principal{{Type: policy.RootUser, Account: p.Account, CanonicalID: p.CanonicalID}, {Type: policy.User, ARN: p.ARN}}
		if p.Type == policy.RoleSession {
			chain = append(chain, policy.Principal{Type: policy.User, ARN: p.RoleARN})
		}
	}
	for _, link := range chain {
		lone := World{Principal: link}
		if lone.named(not) == "" {
			return true
		}
	}
	return false
}

// named is how a Principal element names the caller, as in granted.
func (w *World) named(element any) string {
	if element == "*" {
		return "itself"
	}
	p, how := &w.Principal, ""
	signsIn := p.Type == policy.WebIdentity || p.Type == policy.SAML
	for kind, values := range element.(object) {
		for _, v := range OneOrMany(values) {
			v := v.(string)
			switch {
			case kind == "AWS" && v == "*",
				kind == "Service" && p.Type == policy.Service && (v == p.Service || v == "*"),
				kind == "Federated" && signsIn && (v == p.Provider || v == "*"),
				kind == "AWS" && v == p.ARN && (p.Type == policy.User || p.Type == policy.RoleSession || p.Type == policy.FederatedUser):
				return "itself"
			case kind == "AWS" && p.Type == policy.RoleSession && v == p.RoleARN,
				kind == "AWS" && p.Type == policy.FederatedUser && v == p.UserARN:
				how = "entity"
			case p.Account != "" && (kind == "AWS" && (v == p.Account || v == "arn:aws:iam::"+p.Account+":root") || kind == "CanonicalUser" && v == p.CanonicalID):
				if how == "" {
					how = "account"
				}
			}
		}
	}
	return how
}

// like is R55, R56 with the wildcards as the runes '*' and '?', or as they come
// out of replaced. It tries everything, by a table.
func like(pattern, text []rune) bool {
	fits := make([]bool, len(text)+1) // fits[j]: the pattern so far fits text[:j]
	fits[0] = true
	for _, c := range pattern {
		next := make([]bool, len(text)+1)
		for j := range next {
			switch c {
			case '*':
				next[j] = fits[j] || j > 0 && next[j-1]
			case '?':
				next[j] = j > 0 && fits[j-1]
			case literalStar, literalMark:
				next[j] = j > 0 && fits[j-1] && text[j-1] == map[rune]rune{literalStar: '*', literalMark: '?'}[c]
			default:
				next[j] = j > 0 && fits[j-1] && text[j-1] == c
			}
		}
		fits = next
	}
	return fits[len(text)]
}

// Stars and question marks that are no wildcards.
const (
	literalStar = -1
	literalMark = -2
)

// replaced puts values in the place of variables: R100 to R108. With wild, the
// characters of values that would be wildcards become literal ones.
func (w *World) replaced(s string, version any, wild bool) ([]rune, bool) {
	var out []rune
	literal := func(value string) {
		for _, c := range value {
			switch {
			case wild && c == '*':
				c = literalStar
			case wild && c == '?':
				c = literalMark
			}
			out = append(out, c)
		}
	}
	for s != "" {
		end := strings.Index(s, "}")
		if version != "2012-10-17" || !strings.HasPrefix(s, "${") || end < 0 {
			out = append(out, []rune(s)[0])
			s = string([]rune(s)[1:])
			continue
		}
		name, fallback, has := strings.Cut(s[2:end], ",")
		s = s[end+1:]
		key := strings.ToLower(name)
		switch {
		case name == "*" || name == "?" || name == "$":
			literal(name)
		case len(w.Keys[key]) == 1 && !w.Multi[key]:
			literal(w.Keys[key][0])
		case has:
			literal(strings.Trim(strings.TrimSpace(fallback), "'"))
		default:
			return nil, false
		}
	}
	return out, true
}
