package main

import (
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

var benchmark = regexp.MustCompile(`(?m)^Benchmark(Verify|BareHashes)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op\s+\d+ B/op\s+(\d+) allocs/op`)

// hashes runs the benchmarks of package sigv4, which stand beside its code.
func hashes(r *run) error {
	out, err := exec.Command("go", "test", "-C", "..", "./sigv4", "-run", "^$", "-bench", "^Benchmark(Verify|BareHashes)$",
		"-benchtime", "200ms", "-count", "7").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	best, allocations := map[string]float64{}, 0
	for _, m := range benchmark.FindAllStringSubmatch(string(out), -1) {
		ns, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return err
		}
		if best[m[1]] == 0 || ns < best[m[1]] {
			best[m[1]] = ns
		}
		if m[1] == "Verify" {
			n, err := strconv.Atoi(m[3])
			if err != nil {
				return err
			}
			allocations = max(allocations, n)
		}
	}
	if len(best) != 2 {
		return errors.New("the benchmarks of package sigv4 have other names now")
	}
	ratio := best["Verify"] / best["BareHashes"]
	r.report.add("SigV4 verification", fmt.Sprintf("%.2f × hashes, %d allocations", ratio, allocations),
		fmt.Sprintf("%.0f ns, hashes %.0f ns", best["Verify"], best["BareHashes"]), "≤ 3 ×, 0", ratio <= 3 && allocations == 0)
	return nil
}
