package main

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// A summary is the reports of several sets with the means over them.
type summary struct {
	Sets   []*report  `json:"sets"`
	NDCG10 float64    `json:"ndcg_at_10"`
	Plain  comparison `json:"bm25"`
	// Pooled is about one regression for all sets. Only with -fit.
	Pooled *pooled `json:"pooled,omitempty"`
}

// A pooled fit is one regression over the signals to the questions of all tasks,
// each of which counts as much as any other.
type pooled struct {
	Weights map[string]float64 `json:"weights"`
	Tasks   []leftOut          `json:"tasks"`
}

// A leftOut task is foretold without knowing the truth about it.
type leftOut struct {
	Task string `json:"task"`
	// What was calibrated on the content.
	AUROC float64 `json:"auroc"`
	ECE   float64 `json:"ece"`
	// A fit to the tasks of other sets. Zero if there are none.
	OthersAUROC float64 `json:"others_auroc"`
	OthersECE   float64 `json:"others_ece"`
}

// A task is to tell the questions of a set that its content answers from others.
type task struct {
	set, what  string
	questions  []judged
	calibrated *separation
}

// family is what the sets have in common that are one set in several languages:
// their name up to the first "-".
func (t task) family() string {
	name, _, _ := strings.Cut(filepath.Base(t.set), "-")
	return name
}

// newSummary sums up the measurements of several sets.
func newSummary(all []*measurement) *summary {
	s := new(summary)
	var tasks []task
	for _, m := range all {
		s.Sets = append(s.Sets, m.report)
		n := float64(len(all))
		s.NDCG10 += m.report.NDCG10 / n
		s.Plain.NDCG10 += m.report.Plain.NDCG10 / n
		s.Plain.Difference += m.report.Plain.Difference / n
		tasks = append(tasks, m.tasks...)
	}
	if len(tasks) > 0 {
		s.Pooled = pool(tasks, all[0].signals)
	}
	return s
}

// pool fits the tasks together, and each by those of other families.
func pool(tasks []task, signals []string) *pooled {
	p := &pooled{Weights: make(map[string]float64)}
	for i, w := range fit(others(tasks, "")) {
		p.Weights[signals[i]] = w
	}
	for _, t := range tasks {
		out := leftOut{Task: filepath.Base(t.set) + ", " + t.what, AUROC: t.calibrated.AUROC, ECE: t.calibrated.ECE}
		if known := others(tasks, t.family()); len(known) > 0 {
			yes, no := predict(fit(known), t.questions)
			out.OthersAUROC, out.OthersECE = auroc(yes, no), calibrationError(yes, no)
		}
		p.Tasks = append(p.Tasks, out)
	}
	return p
}

// taskWeight is how many questions a task counts for, however many it has.
const taskWeight = 600

// others returns the questions of all tasks but those of a family.
func others(tasks []task, family string) []judged {
	var out []judged
	for _, t := range tasks {
		if t.family() == family {
			continue
		}
		for _, q := range t.questions {
			q.weight = taskWeight / float64(len(t.questions))
			out = append(out, q)
		}
	}
	return out
}

// print writes a table of each set, one of the means and one of the fit.
func (s *summary) print(w io.Writer) error {
	for _, r := range s.Sets {
		if err := r.print(w); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "nDCG@10\tours\tplain BM25\tdifference\n")
	for _, r := range s.Sets {
		fmt.Fprintf(t, "%s\t%.4f\t%.4f\t%+.4f\n", filepath.Base(r.Set), r.NDCG10, r.Plain.NDCG10, r.Plain.Difference)
	}
	fmt.Fprintf(t, "mean\t%.4f\t%.4f\t%+.4f\n", s.NDCG10, s.Plain.NDCG10, s.Plain.Difference)
	s.Pooled.print(t)
	return t.Flush()
}

// print adds the tables of a fit, and none for nil.
func (p *pooled) print(w io.Writer) {
	if p == nil {
		return
	}
	fmt.Fprint(w, "\ntask\tcalibrated AUROC\tECE\tfitted to others AUROC\tECE\n")
	for _, t := range p.Tasks {
		fmt.Fprintf(w, "%s\t%.4f\t%.4f\t%.4f\t%.4f\n", t.Task, t.AUROC, t.ECE, t.OthersAUROC, t.OthersECE)
	}
	fmt.Fprint(w, "\nsignal\tpooled weight\n")
	for _, name := range slices.Sorted(maps.Keys(p.Weights)) {
		fmt.Fprintf(w, "%s\t%.2f\n", name, p.Weights[name])
	}
}
