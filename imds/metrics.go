package imds

import "github.com/prometheus/client_golang/prometheus"

// metrics count what instances should not do. Their series are those of
// instances, and go with them.
type metrics struct {
	without  *prometheus.CounterVec
	rejected *prometheus.CounterVec
}

// newMetrics registers the counters; they are CloudWatch's MetadataNoToken and
// MetadataNoTokenRejected.
func newMetrics(to prometheus.Registerer) *metrics {
	m := &metrics{
		without: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "writ_metadata_no_token_total",
			Help: "Requests for instance metadata without a token (IMDSv1) that were answered."}, []string{"instance"}),
		rejected: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "writ_metadata_no_token_rejected_total",
			Help: "Requests for instance metadata without a token (IMDSv1) that were refused."}, []string{"instance"}),
	}
	to.MustRegister(m.without, m.rejected)
	return m
}

func (m *metrics) noToken(instance string)         { m.without.WithLabelValues(instance).Inc() }
func (m *metrics) noTokenRejected(instance string) { m.rejected.WithLabelValues(instance).Inc() }

func (m *metrics) forget(instance string) {
	m.without.DeleteLabelValues(instance)
	m.rejected.DeleteLabelValues(instance)
}
