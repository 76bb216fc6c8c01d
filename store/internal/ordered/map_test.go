package ordered

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

func keys(m Map[int], from, to string) (list []string) {
	var end []byte
	if to != "" {
		end = []byte(to)
	}
	for k := range m.Range([]byte(from), end) {
		list = append(list, string(k))
	}
	return list
}

// TestMap plays random changes against Go's own map and keeps snapshots, which
// must never change afterwards.
func TestMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var m Map[int]
	want := map[string]int{}
	type snapshot struct {
		m    Map[int]
		want map[string]int
	}
	var snapshots []snapshot
	for i := range 20_000 {
		k := fmt.Sprint(r.IntN(500))
		if r.IntN(3) == 0 {
			m.Delete([]byte(k))
			delete(want, k)
		} else {
			m.Set([]byte(k), i)
			want[k] = i
		}
		if i%1000 == 0 {
			snapshots = append(snapshots, snapshot{m, maps.Clone(want)})
		}
	}
	for _, s := range append(snapshots, snapshot{m, want}) {
		all := slices.Sorted(maps.Keys(s.want))
		if got := keys(s.m, "", ""); !slices.Equal(got, all) {
			t.Fatalf("Range = %v, want %v", got, all)
		}
		for k, v := range s.want {
			if got, ok := s.m.Get([]byte(k)); !ok || got != v {
				t.Fatalf("Get(%s) = %d, %t; want %d", k, got, ok, v)
			}
		}
	}
}

func TestRange(t *testing.T) {
	var m Map[int]
	for i, k := range []string{"b", "a", "d", "c", "e"} {
		m.Set([]byte(k), i)
	}
	tests := []struct {
		from, to string
		want     []string
	}{
		{"", "", []string{"a", "b", "c", "d", "e"}},
		{"b", "d", []string{"b", "c"}},
		{"bb", "cc", []string{"c"}},
		{"d", "", []string{"d", "e"}},
		{"f", "", nil},
		{"c", "c", nil},
	}
	for _, test := range tests {
		if got := keys(m, test.from, test.to); !slices.Equal(got, test.want) {
			t.Errorf("Range(%q, %q) = %v, want %v", test.from, test.to, got, test.want)
		}
	}
	for k := range m.Range(nil, nil) {
		if string(k) != "a" {
			t.Fatalf("Range went on to %s after it was stopped", k)
		}
		break
	}
}

func BenchmarkSet(b *testing.B) {
	for _, size := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			var m Map[int]
			for i := range size {
				m.Set(fmt.Appendf(nil, "key-%d", i), i)
			}
			full, i := m, 0
			b.ReportAllocs()
			for b.Loop() {
				i++
				m = full
				m.Set(fmt.Appendf(nil, "new-%d", i), i)
			}
		})
	}
}
