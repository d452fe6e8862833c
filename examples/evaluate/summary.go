package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A summary is the reports of several sets with the means over them.
type summary struct {
	Sets   []*report  `json:"sets"`
	NDCG10 float64    `json:"ndcg_at_10"`
	Plain  comparison `json:"bm25"`
	// Pooled is about one regression for all sets. Only with -fit.
	Pooled *pooled `json:"pooled,omitempty"`
}

// A pooled fit is one regression over the signals for each kind of question
// without an answer, to all tasks of the kind. In a task the answerable questions
// count as much as the others, and tasks as much as each other, as far as they
// have enough questions.
type pooled struct {
	Signals []weights `json:"signals"`
	Tasks   []leftOut `json:"tasks"`
}

// Weights are what a signal counts for the two kinds: what a prior is made of.
type weights struct {
	Signal string  `json:"signal"`
	Near   float64 `json:"near"`
	Far    float64 `json:"far"`
}

// A leftOut task is foretold without knowing the truth about it. Each figure is
// without labels, and with the mix of the questions stated.
type leftOut struct {
	Task string `json:"task"`
	Kind kind   `json:"kind"`
	// What the library says, whose weights know the sets that they were fitted to.
	AUROC float64 `json:"auroc"`
	ECE   float64 `json:"ece"`
	// The same with weights that are fitted to the tasks of other families only:
	// what is to be expected on content of one's own. Zero if there are none.
	OthersAUROC float64 `json:"others_auroc"`
	OthersECE   float64 `json:"others_ece"`
}

// A task is to tell the questions of a set that its content answers from others.
type task struct {
	set, what  string
	kind       kind
	questions  []judged
	trust      float64 // of near evidence
	calibrated *separation
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

// style are the signals of how questions are put, which a fit to several sets
// leaves out: they tell the sets apart.
var style = []string{"extent", "rarity", "asking"}

// pool fits the tasks together, and foretells each by those of other families.
func pool(tasks []task, signals []string) *pooled {
	for _, t := range tasks {
		for _, q := range t.questions {
			for i, name := range signals {
				if slices.Contains(style, name) {
					q.signals[i] = 0
				}
			}
		}
	}
	p := &pooled{Signals: make([]weights, len(signals))}
	for i, name := range signals {
		p.Signals[i].Signal = name
	}
	if known := others(tasks, near, ""); len(known) > 0 {
		for i, w := range fit(known) {
			p.Signals[i].Near = w
		}
	}
	if known := others(tasks, far, ""); len(known) > 0 {
		for i, w := range fit(known) {
			p.Signals[i].Far = w
		}
	}
	for _, t := range tasks {
		out := leftOut{Task: filepath.Base(t.set) + ", " + t.what, Kind: t.kind, AUROC: t.calibrated.AUROC, ECE: t.calibrated.ECE}
		if known := others(tasks, t.kind, family(t.set)); len(known) > 0 {
			yes, no := t.foretell(fit(known))
			out.OthersAUROC, out.OthersECE = auroc(yes, no), calibrationError(yes, no)
		}
		p.Tasks = append(p.Tasks, out)
	}
	return p
}

// foretell returns the probabilities of the answerable questions and of the
// others by weights that do not know them.
func (t task) foretell(weights []float64) (answerable, unanswerable []float64) {
	trust := 1.0
	if t.kind == near {
		trust = t.trust
	}
	mix := t.kind.mix(t.calibrated.Answerable, t.calibrated.Unanswerable)
	for _, q := range t.questions {
		z := trust * sum(weights, q.signals)
		p := retrieval.Evidence{Near: z, Far: z}.Answerable(mix)
		if q.answerable {
			answerable = append(answerable, p)
		} else {
			unanswerable = append(unanswerable, p)
		}
	}
	return answerable, unanswerable
}

// classWeight is how many questions either class of a task counts for at most,
// however many it has.
const classWeight = 300

// others returns the questions of all tasks of a kind but those of a family, and
// but those that ask the family's questions.
func others(tasks []task, k kind, without string) []judged {
	var out []judged
	for _, t := range tasks {
		if t.kind != k || without != "" && (family(t.set) == without || family(strings.TrimPrefix(t.what, foreignTo)) == without) {
			continue
		}
		yes, no := t.calibrated.Answerable, t.calibrated.Unanswerable
		class := float64(min(classWeight, yes, no))
		for _, q := range t.questions {
			if q.answerable {
				q.weight = class / float64(yes)
			} else {
				q.weight = class / float64(no)
			}
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
	fmt.Fprint(w, "\nno labels, mix stated\tkind\tAUROC\tECE\tfitted to other sets: AUROC\tECE\n")
	for _, t := range p.Tasks {
		fmt.Fprintf(w, "%s\t%s\t%.4f\t%.4f\t%.4f\t%.4f\n", t.Task, t.Kind, t.AUROC, t.ECE, t.OthersAUROC, t.OthersECE)
	}
	fmt.Fprint(w, "\nsignal\tweight against near\tagainst far\n")
	for _, s := range p.Signals {
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\n", s.Signal, s.Near, s.Far)
	}
}
