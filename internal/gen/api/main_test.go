package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-iam/writ/model"
)

func TestCheckSeesDrift(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir, false); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, true); err != nil {
		t.Fatalf("fresh files differ: %v", err)
	}
	file := filepath.Join(dir, "sts", "types.go")
	if err := os.WriteFile(file, []byte("package sts\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, true); err == nil || !strings.Contains(err.Error(), "sts/types.go differs") {
		t.Errorf("changed file: %v", err)
	}
	if err := os.Rename(file, filepath.Join(dir, "sts", "stray.go")); err != nil {
		t.Fatal(err)
	}
	for _, check := range []bool{true, false} {
		if err := run(dir, check); err == nil || !strings.Contains(err.Error(), "stray.go comes from no model") {
			t.Errorf("stray file, check %v: %v", check, err)
		}
	}
}

func TestTypes(t *testing.T) {
	str, num := &model.Shape{Name: "s", Type: "string"}, &model.Shape{Name: "n", Type: "integer"}
	date, blob := &model.Shape{Name: "d", Type: "timestamp"}, &model.Shape{Name: "b", Type: "blob"}
	item := &model.Shape{Name: "item", Type: "structure", Members: []model.Member{
		{Name: "accountId", Ref: model.Ref{Shape: str}, Required: true},
		{Name: "When", Ref: model.Ref{Shape: date}},
	}}
	item.Members = append(item.Members, model.Member{Name: "Inner", Ref: model.Ref{Shape: item}})
	in := &model.Shape{Name: "DoRequest", Type: "structure", Members: []model.Member{
		{Name: "Items", Ref: model.Ref{Shape: &model.Shape{Type: "list", Member: &model.Ref{Shape: item}}}},
		{Name: "Counts", Ref: model.Ref{Shape: &model.Shape{Type: "map", Key: &model.Ref{Shape: str}, Value: &model.Ref{Shape: num}}}},
		{Name: "Body", Ref: model.Ref{Shape: blob}},
		{Name: "Max", Ref: model.Ref{Shape: num}},
	}}
	s := &model.Service{Name: "x", Operations: map[string]*model.Operation{"Do": {Name: "Do", Input: in}}}
	got, err := types(s)
	if err != nil {
		t.Fatal(err)
	}
	const want = `
import "time"

type DoInput struct {
	Items  []Item
	Counts map[string]int
	Body   []byte
	Max    *int
}

type DoOutput struct{}

type Item struct {
	AccountId string
	When      *time.Time
	Inner     *Item
}
`
	if !strings.HasSuffix(string(got), want) {
		t.Errorf("got\n%s\nwant at the end\n%s", got, want)
	}
}

func TestNamesThatCollideAreRefused(t *testing.T) {
	nested := &model.Shape{Name: "doOutput", Type: "structure"}
	in := &model.Shape{Name: "DoRequest", Type: "structure", Members: []model.Member{{Name: "A", Ref: model.Ref{Shape: nested}}}}
	s := &model.Service{Name: "x", Operations: map[string]*model.Operation{"Do": {Name: "Do", Input: in}}}
	if _, err := types(s); err == nil || !strings.Contains(err.Error(), "doOutput") {
		t.Errorf("collision: %v", err)
	}
}
