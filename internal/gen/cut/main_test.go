package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const whole = `{"version":"2.0","metadata":{"protocol":"ec2"},"operations":{
"Kept":{"name":"Kept","http":{"method":"POST"},"input":{"shape":"In"},"documentation":"prose"},
"Other":{"name":"Other","http":{"method":"POST"},"input":{"shape":"Gone"}}},
"shapes":{"In":{"type":"structure","members":{"Z":{"shape":"L","locationName":"z"},"A":{"shape":"In"}}},
"L":{"type":"list","member":{"shape":"S","locationName":"item"}},
"S":{"type":"string","max":9,"pattern":"x","enum":["a"]},"Gone":{"type":"string"}},
"pagination":{"Kept":{"input_token":"A"},"Other":{}}}`

const want = `{"version":"2.0","metadata":{"protocol":"ec2"},"operations":{` +
	`"Kept":{"name":"Kept","http":{"method":"POST"},"input":{"shape":"In"}},"Other":{"name":"Other","http":{"method":"POST"},"cut":true}},` +
	`"shapes":{"In":{"type":"structure","members":{"Z":{"shape":"L","locationName":"z"},"A":{"shape":"In"}}},` +
	`"L":{"type":"list","member":{"shape":"S","locationName":"item"}},"S":{"type":"string","enum":["a"]}},` +
	`"pagination":{"Kept":{"input_token":"A"}}}` + "\n"

// lay writes files and returns their directory.
func lay(t *testing.T, rules string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"whole.json": whole, "x.authz.json": rules} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCut(t *testing.T) {
	dir := lay(t, `{"Kept":{}}`)
	from := filepath.Join(dir, "whole.json")
	for range 2 { // the second time from what was cut
		if err := run(dir, "x", from); err != nil {
			t.Fatal(err)
		}
		from = filepath.Join(dir, "x.json")
		got, err := os.ReadFile(from)
		if err != nil || string(got) != want {
			t.Fatalf("%v\n got %s\nwant %s", err, got, want)
		}
	}
}

func TestWhatWasCutDoesNotComeBack(t *testing.T) {
	dir := lay(t, `{"Kept":{}}`)
	if err := run(dir, "x", filepath.Join(dir, "whole.json")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "x.authz.json"), []byte(`{"Other":{}}`), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, "x", filepath.Join(dir, "x.json")); err == nil || !strings.Contains(err.Error(), "Other was cut off before") {
		t.Errorf("got %v", err)
	}
}

// The embedded model is what cutting makes of it.
func TestEmbeddedModelsAreCut(t *testing.T) {
	dir, from := t.TempDir(), "../../../model/data/ec2.json"
	rules, err := os.ReadFile("../../../model/data/ec2.authz.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "ec2.authz.json"), rules, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, "ec2", from); err != nil {
		t.Fatal(err)
	}
	have, _ := os.ReadFile(from)
	got, _ := os.ReadFile(filepath.Join(dir, "ec2.json"))
	if string(got) != string(have) {
		t.Error("model/data/ec2.json was not made by cutting")
	}
}
