package writ

import (
	"slices"
	"testing"
)

func TestPartitions(t *testing.T) {
	for _, p := range partitions {
		for _, region := range slices.Concat(p.Default, p.OptIn) {
			if of := PartitionOf(region); of == nil || of.Name != p.Name {
				t.Errorf("%s is not in %s", region, p.Name)
			}
			if s := (Scope{Partition: p.Name, Region: region}); s.EnabledByDefault() != slices.Contains(p.Default, region) {
				t.Errorf("%+v: %v", s, s.EnabledByDefault())
			}
		}
		if !slices.IsSorted(p.Default) || !slices.IsSorted(p.OptIn) || !slices.Contains(p.Default, p.Global) {
			t.Errorf("%+v", p)
		}
	}
	for _, region := range []string{"", "us", "us-east-1x", "us-iso-east-1", "aws-global", "us-east-1 ", "xx-east-1"} {
		if p := PartitionOf(region); p != nil {
			t.Errorf("%q is in %s", region, p.Name)
		}
	}
	if new(Scope).EnabledByDefault() || (Scope{Partition: "aws", Region: "eu-west-9"}).EnabledByDefault() {
		t.Error("a region that nobody knows is enabled")
	}
}
