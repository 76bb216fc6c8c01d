package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/writ-iam/writ"
)

// metrics count calls. Labels are names of the model and status codes only, so
// that no client can make new series.
type metrics struct {
	registry *prometheus.Registry
	calls    *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "writ_calls_total",
			Help: "Calls by service, operation and HTTP status."}, []string{"service", "operation", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "writ_call_seconds",
			Help:    "Time from the arrival of a call to its answer.",
			Buckets: prometheus.ExponentialBuckets(50e-6, 4, 9)}, []string{"service"}),
	}
	m.registry.MustRegister(m.calls, m.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(c *writ.Call, status int, now time.Time) {
	service, operation := "", ""
	if c.Operation != nil {
		service, operation = c.Operation.Service.Name, c.Operation.Name
	}
	m.calls.WithLabelValues(service, operation, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(service).Observe(now.Sub(c.Time).Seconds())
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
