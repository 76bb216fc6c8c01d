package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// report is the table that a run prints.
type report struct{ rows []row }

type row struct{ what, figure, beside, target, verdict string }

// add notes a figure with its target and whether it is reached.
func (r *report) add(what, figure, beside, target string, reached bool) {
	verdict := "missed"
	if reached {
		verdict = "reached"
	}
	r.rows = append(r.rows, row{what, figure, beside, target, verdict})
}

// note adds a figure that has no target.
func (r *report) note(what, figure, beside string) {
	r.rows = append(r.rows, row{what, figure, beside, "", ""})
}

func (r *report) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "measure\tfigure\tbeside it\ttarget\t")
	for _, row := range r.rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", row.what, row.figure, row.beside, row.target, row.verdict)
	}
	w.Flush()
}

// quartiles returns the lower quartile and the median.
func quartiles[T int64 | float64 | time.Duration](all []T) (lower, median T) {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/4], sorted[len(sorted)/2]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/1e6) }

func us(d time.Duration) string { return fmt.Sprintf("%.1f µs", float64(d)/1e3) }

func perSecond(n float64) string { return fmt.Sprintf("%.0f/s", n) }
