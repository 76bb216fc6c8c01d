package validate

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"

	"github.com/writ-iam/writ/policy"
)

// Report is a file with its findings.
type Report struct {
	File     string // path; relative to the root of the repository for code hosts to find it
	Findings []Finding
}

// WriteSARIF writes reports as one log in the Static Analysis Results Interchange
// Format, version 2.1.0 (OASIS), which code hosts show in place. The version is
// that of the program. The error is that of w.
func WriteSARIF(w io.Writer, version string, reports []Report) error {
	driver := sarifDriver{Name: "writ", SemanticVersion: version}
	index := map[string]int{}
	for i, c := range checks {
		driver.Rules = append(driver.Rules, sarifRuleOf(c))
		index[c.Code] = i
	}
	run := sarifRun{Tool: sarifTool{driver}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	for _, r := range reports {
		for _, f := range r.Findings {
			run.Results = append(run.Results, sarifResultOf(artifact(r.File), f, index[f.Code]))
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

// The objects of the format, with the members that are of use here.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		SemanticVersion string      `json:"semanticVersion,omitempty"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string     `json:"id"`
		Short   sarifText  `json:"shortDescription"`
		Default sarifLevel `json:"defaultConfiguration"`
		HelpURI string     `json:"helpUri,omitempty"`
		Tags    *sarifTags `json:"properties,omitempty"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifTags struct {
		Tags []string `json:"tags"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
		Fixes     []sarifFix      `json:"fixes,omitempty"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifFix struct {
		Changes []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted sarifText   `json:"insertedContent"`
	}
)

// reference is where AWS describes its checks.
const reference = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"

var levels = map[Severity]string{Error: "error", SecurityWarning: "warning", Warning: "warning", Suggestion: "note"}

func sarifRuleOf(c Check) sarifRule {
	r := sarifRule{ID: c.Code, Short: sarifText{c.Summary}, Default: sarifLevel{levels[c.Severity]}}
	if c.AWS {
		r.HelpURI = reference
	}
	if c.Severity == SecurityWarning {
		r.Tags = &sarifTags{[]string{"security"}}
	}
	return r
}

func sarifResultOf(at sarifArtifact, f Finding, rule int) sarifResult {
	region := sarifRegionOf(f.Start, f.End)
	r := sarifResult{RuleID: f.Code, RuleIndex: rule, Level: levels[f.Severity], Message: sarifText{f.Message}, Locations: []sarifLocation{{sarifPhysical{at, region}}}}
	if f.Refusal != "" {
		r.Message.Text += ". AWS refuses the document: " + f.Refusal
	}
	if f.Fix != "" {
		r.Fixes = []sarifFix{{[]sarifChange{{at, []sarifReplacement{{region, sarifText{f.Fix}}}}}}}
	}
	return r
}

func sarifRegionOf(start, end policy.Position) sarifRegion {
	return sarifRegion{start.Line, start.Column, end.Line, end.Column}
}

// artifact makes a URI of a path, a relative one of a relative path.
func artifact(path string) sarifArtifact {
	u := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		u.Scheme = "file"
	}
	return sarifArtifact{u.String()}
}
