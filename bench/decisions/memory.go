package main

import "runtime"

// footprint is the memory of W4, in bytes: for each statement what compiling
// keeps, the document's text included, and for each user what attaching keeps.
type footprint struct {
	statement, user float64
	text            float64 // of which the text of the document
}

func measureMemory(w *workload, e engine) (f footprint, err error) {
	before := heap()
	if err := e.compile(w.documents); err != nil {
		return f, err
	}
	compiled := heap()
	e.attach(w.users)
	attached := heap()
	runtime.KeepAlive(e)
	statements := 0
	for _, d := range w.documents {
		statements += len(d)
		f.text += float64(len(awsJSON(d, func(arn string) string { return arn })))
	}
	f.statement = float64(compiled-before) / float64(statements)
	f.user = float64(attached-compiled) / float64(len(w.users))
	f.text /= float64(statements)
	return f, nil
}

// heap is what is reachable, in bytes.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what the first made free
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
