package validate_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/validate"
)

// sarif is what code hosts read of a log.
type sarif struct {
	Version string
	Runs    []struct {
		ColumnKind string
		Tool       struct {
			Driver struct {
				Name, SemanticVersion string
				Rules                 []struct {
					ID                   string
					ShortDescription     struct{ Text string }
					DefaultConfiguration struct{ Level string }
				}
			}
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           region
				}
			}
			Fixes []struct {
				ArtifactChanges []struct {
					Replacements []struct {
						DeletedRegion   region
						InsertedContent struct{ Text string }
					}
				}
			}
		}
	}
}

type region struct{ StartLine, StartColumn, EndLine, EndColumn int }

func TestWriteSARIF(t *testing.T) {
	src := "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": {\"Effect\": \"Allow\", \"Action\": [\"ünknown:x\", \"s3:GetObjct\"], \"Resource\": \"*\"}}"
	var b bytes.Buffer
	err := validate.WriteSARIF(&b, "1.2.3", []validate.Report{
		{File: "clean.json", Findings: validate.Document([]byte(allow(`"Action": "s3:GetObject"`)), policy.IdentityPolicy)},
		{File: "some policies/a.json", Findings: validate.Document([]byte(src), policy.IdentityPolicy)},
	})
	if err != nil {
		t.Fatal(err)
	}
	var log sarif
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	driver := run.Tool.Driver
	if log.Version != "2.1.0" || run.ColumnKind != "unicodeCodePoints" || driver.Name != "writ" || driver.SemanticVersion != "1.2.3" || len(driver.Rules) != len(validate.Checks()) {
		t.Errorf("got %+v", log)
	}
	if len(run.Results) != 2 {
		t.Fatalf("%d results", len(run.Results))
	}
	for _, r := range run.Results {
		if driver.Rules[r.RuleIndex].ID != r.RuleID || r.Level != "error" || r.Message.Text == "" || r.Locations[0].PhysicalLocation.ArtifactLocation.URI != "some%20policies/a.json" {
			t.Errorf("got %+v", r)
		}
	}
	if refused := run.Results[0].Message.Text; !strings.Contains(refused, "Vendor ünknown is not valid") {
		t.Errorf("the message is %s", refused)
	}
	typo, want := run.Results[1], region{3, 60, 3, 73}
	change := typo.Fixes[0].ArtifactChanges[0].Replacements[0]
	if typo.Locations[0].PhysicalLocation.Region != want || change.DeletedRegion != want || change.InsertedContent.Text != `"s3:GetObject"` {
		t.Errorf("got %+v", typo)
	}
}

func TestWriteSARIFOfAbsolutePath(t *testing.T) {
	var b bytes.Buffer
	err := validate.WriteSARIF(&b, "", []validate.Report{{File: "/a/b.json", Findings: validate.Document([]byte(`{`), policy.IdentityPolicy)}})
	if err != nil || !strings.Contains(b.String(), `"uri": "file:///a/b.json"`) {
		t.Errorf("%v %s", err, b.String())
	}
}

// An empty log has its list of results all the same: without it hosts take the
// analysis for failed.
func TestWriteSARIFWithoutFindings(t *testing.T) {
	var b bytes.Buffer
	if err := validate.WriteSARIF(&b, "", nil); err != nil || !strings.Contains(b.String(), `"results": []`) || strings.Contains(b.String(), "semanticVersion") {
		t.Errorf("%v %s", err, b.String())
	}
}
