package main

import "fmt"

func header() {
	fmt.Println("| | ns: writ | minio | cedar | minio/writ | to reach | cedar/writ | to reach | allocations: writ | minio | cedar | allowed |")
	fmt.Println("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
}

// row prints the timings of Writ and its peers, and the ratios between them
// beside those that are to be reached.
func row(w *workload, allowed int, t []timing) {
	writ, minio, cedar := t[0], t[1], t[2]
	fmt.Printf("| %s | %.0f | %.0f | %.0f | %s | %.1f | %s | %.1f | %.0f | %.0f | %.0f | %d of %d |\n", w.name,
		writ.nanoseconds, minio.nanoseconds, cedar.nanoseconds,
		ratio(minio.nanoseconds/writ.nanoseconds, w.minio/w.target), w.minio/w.target,
		ratio(cedar.nanoseconds/writ.nanoseconds, w.cedar/w.target), w.cedar/w.target,
		writ.allocations, minio.allocations, cedar.allocations, allowed, len(w.requests)+len(w.others))
}

// ratio marks what is not reached.
func ratio(is, want float64) string {
	if is < want {
		return fmt.Sprintf("**%.1f**", is)
	}
	return fmt.Sprintf("%.1f", is)
}
