package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// A report is what was measured. Rates are shares between 0 and 1.
type report struct {
	Set       string `json:"set"`
	Documents int    `json:"documents"`
	Passages  int    `json:"passages"`
	// Judged is how many questions the ranking figures are the mean of.
	Judged  int `json:"judged"`
	Missing int `json:"judgements_without_document,omitempty"`
	// Means over the judged questions, of the best 1, 5, 10 or 100 documents.
	NDCG10 float64 `json:"ndcg_at_10"`
	// Plain is what BM25 over stems makes of a set.
	Plain     *comparison `json:"bm25,omitempty"`
	Recall1   float64     `json:"recall_at_1"`
	Recall5   float64     `json:"recall_at_5"`
	Recall10  float64     `json:"recall_at_10"`
	Recall100 float64     `json:"recall_at_100"`
	MRR10     float64     `json:"mrr_at_10"`
	// Answered is the share of answerable questions scored at the threshold or above.
	Threshold float64 `json:"threshold"`
	Answered  float64 `json:"answered"`
	// Far is about the questions of -unanswerable, Near about those asked with half
	// of the documents removed.
	Far      *separation `json:"unanswerable,omitempty"`
	Near     *separation `json:"holdout,omitempty"`
	Dialogue *dialogue   `json:"conversation,omitempty"`
	Vectors  *fusion     `json:"vectors,omitempty"`
	// P50 and P99 are the milliseconds of a search for eight passages.
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
	IndexRate float64 `json:"index_documents_per_second"`
	Calibrate float64 `json:"calibration_ms"`
	Warnings  int     `json:"warnings"`
}

// A comparison is the nDCG@10 of plain BM25, and how much that of the retrieval
// is above it.
type comparison struct {
	NDCG10     float64 `json:"ndcg_at_10"`
	Difference float64 `json:"difference"`
}

// newReport returns what is known before a question was asked.
func (m *measurement) newReport(calibration time.Duration) *report {
	return &report{
		Set:       m.set + m.options.content,
		Documents: len(m.documents),
		Passages:  m.base.Len(),
		Missing:   m.missing,
		Threshold: m.options.threshold,
		IndexRate: ratio(float64(len(m.documents)), m.indexed.Seconds()),
		Calibrate: float64(calibration.Microseconds()) / 1000,
		Warnings:  m.log.warnings,
	}
}

// print writes the report as an aligned table.
func (r *report) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { fmt.Fprintf(t, name+"\t"+format+"\n", args...) }
	row("set", "%s", r.Set)
	row("documents", "%d in %d passages", r.Documents, r.Passages)
	row("questions judged", "%d", r.Judged)
	if r.Judged > 0 {
		row("nDCG@10", "%.4f", r.NDCG10)
		if r.Plain != nil {
			row("nDCG@10, plain BM25", "%.4f, a difference of %+.4f", r.Plain.NDCG10, r.Plain.Difference)
		}
		row("recall@1, 5, 10, 100", "%.4f  %.4f  %.4f  %.4f", r.Recall1, r.Recall5, r.Recall10, r.Recall100)
		row("MRR@10", "%.4f", r.MRR10)
	}
	row("answered", "%.1f %% of answerable questions at %.2f", 100*r.Answered, r.Threshold)
	r.Far.print(row, "other topics")
	r.Near.print(row, "half removed")
	r.Dialogue.print(row)
	r.Vectors.print(row)
	row("search p50, p99", "%.2f ms  %.2f ms", r.P50, r.P99)
	row("indexing", "%.0f documents/s", r.IndexRate)
	row("calibration", "%.0f ms, once", r.Calibrate)
	if r.Warnings > 0 {
		row("warnings", "%d, %d of them judgements without a document", r.Warnings, r.Missing)
	}
	return t.Flush()
}
