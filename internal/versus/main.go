// Command versus compares the ranking of package retrieval with bleve's: the
// same passages, the same questions, in turns, in one run.
//
//	go run . -n 60000 -corpus FILE.jsonl
//
// A corpus is in BEIR form (title, text); without one, words are made up. With
// -store it also takes the time of a start from a database of the passages.
// It is a module of its own, so that no host of frontdesk sees bleve.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

func main() {
	n := flag.Int("n", 60_000, "`passages`, about")
	file := flag.String("corpus", "", "JSON Lines `file` of documents (title, text)")
	questions := flag.Int("questions", 2000, "`number` of questions")
	stored := flag.Bool("store", false, "take the time of a start from SQLite")
	only := flag.Bool("only", false, "leave bleve out")
	flag.Parse()
	if err := run(context.Background(), *file, *n, *questions, *stored, *only); err != nil {
		fmt.Fprintln(os.Stderr, "versus:", err)
		os.Exit(1)
	}
}

// A row is what was measured of an engine.
type row struct {
	*engine
	indexed float64 // passages a second
	heap    float64 // bytes a passage beyond its text
	ready   time.Duration
	took    map[string][]time.Duration // by kind of question
	cpu     map[string]time.Duration   // of all those questions
}

// newRow returns a row of an engine of which nothing is measured yet.
func newRow(e *engine) *row {
	return &row{engine: e, took: make(map[string][]time.Duration), cpu: make(map[string]time.Duration)}
}

// orderAlone returns the row of the same index, asked for what bleve is asked
// for: which passages, in which order.
func (r *row) orderAlone() *row {
	e := *r.engine
	e.name, e.ask = e.name+", order alone", e.order
	alone := newRow(&e)
	alone.indexed, alone.heap = r.indexed, r.heap
	return alone
}

// run measures and prints the table.
func run(ctx context.Context, file string, n, questions int, stored, only bool) error {
	c, err := newCorpus(file, n, questions)
	if err != nil {
		return err
	}
	rows, err := fill(ctx, c, only)
	if err != nil {
		return err
	}
	for _, kind := range slices.Sorted(maps.Keys(c.questions)) {
		if err := askAll(ctx, rows, kind, c.questions[kind]); err != nil {
			return err
		}
	}
	if stored {
		if err := start(ctx, c, rows); err != nil {
			return err
		}
	}
	print(c, rows)
	return nil
}

// fill builds the engines one after the other.
func fill(ctx context.Context, c *corpus, only bool) ([]*row, error) {
	makers := []func() (*engine, error){
		func() (*engine, error) {
			return frontdesk(ctx, "words", retrieval.Config{WordsOnly: true})
		},
		func() (*engine, error) { return frontdesk(ctx, "all", retrieval.Config{}) },
		bleveEngine,
	}
	if only {
		makers = makers[:2]
	}
	var rows []*row
	for _, newEngine := range makers {
		before := heap()
		e, err := newEngine()
		if err != nil {
			return nil, err
		}
		start := time.Now()
		for docs := range slices.Chunk(c.documents, 1000) {
			if err := e.add(ctx, docs); err != nil {
				return nil, err
			}
		}
		r := newRow(e)
		r.indexed = float64(e.size()) / time.Since(start).Seconds()
		r.heap = float64(int64(heap())-int64(before)) / float64(e.size())
		rows = append(rows, r)
		if e.order != nil {
			rows = append(rows, r.orderAlone())
		}
	}
	// The documents stayed, so that the difference is what is beyond the text.
	runtime.KeepAlive(c)
	return rows, nil
}

// processorTime is how long processors have worked for this process.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it is given where to write
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heap returns the bytes in use.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// turn is how many questions an engine is asked in a row, so that what it needs
// is in the processor's caches, as it is where no other engine runs.
const turn = 25

// askAll asks the engines in turns, so that what else the machine does meets all
// alike. The first twentieth warms up.
func askAll(ctx context.Context, rows []*row, kind string, questions []string) error {
	for _, r := range rows {
		for _, q := range questions[:len(questions)/20] {
			if _, err := r.ask(ctx, q); err != nil {
				return err
			}
		}
	}
	for some := range slices.Chunk(questions[len(questions)/20:], turn) {
		for _, r := range rows {
			if err := r.askSome(ctx, kind, some); err != nil {
				return err
			}
		}
	}
	for _, r := range rows {
		slices.Sort(r.took[kind])
	}
	return nil
}

// askSome asks an engine questions and notes what they take.
func (r *row) askSome(ctx context.Context, kind string, questions []string) error {
	for _, q := range questions {
		start, worked := time.Now(), processorTime()
		if _, err := r.ask(ctx, q); err != nil {
			return err
		}
		r.took[kind] = append(r.took[kind], time.Since(start))
		r.cpu[kind] += processorTime() - worked
	}
	return nil
}

// print writes the table. What an engine does in a second is told by the clock
// and by the time that processors worked for it, which other programs on the
// machine disturb less; the last columns are how many times that of bleve it is.
func print(c *corpus, rows []*row) {
	fmt.Printf("corpus: %s; %d processors\n", c.name, runtime.GOMAXPROCS(0))
	fmt.Println("passages  engine              questions  per second    p50 ms    p99 ms    cpu ms  indexed/s  B/passage  ready s" +
		"  times p50  times cpu")
	last := rows[len(rows)-1] // bleve
	for _, r := range rows {
		for _, kind := range slices.Sorted(maps.Keys(r.took)) {
			fmt.Printf("%8d  %-18s  %-9s  %10.0f  %8.3f  %8.3f  %8.3f  %9.0f  %9.0f  %7.2f  %9.1f  %9.1f\n", r.size(), r.name, kind,
				float64(len(r.took[kind]))/sum(r.took[kind]).Seconds(), milliseconds(r.quantile(kind, 50)), milliseconds(r.quantile(kind, 99)),
				milliseconds(r.work(kind)), r.indexed, r.heap, r.ready.Seconds(),
				ratio(last.quantile(kind, 50), r.quantile(kind, 50)), ratio(last.work(kind), r.work(kind)))
		}
	}
}

// quantile is what so many of a hundred questions took at most.
func (r *row) quantile(kind string, hundredths int) time.Duration {
	return r.took[kind][len(r.took[kind])*hundredths/100]
}

// work is the time of processors that a question took.
func (r *row) work(kind string) time.Duration {
	return r.cpu[kind] / time.Duration(len(r.took[kind]))
}

func sum(took []time.Duration) (all time.Duration) {
	for _, t := range took {
		all += t
	}
	return all
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// mostCommon returns the n words of the highest counts.
func mostCommon(counts map[string]int, n int) []string {
	words := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	return words[:min(n, len(words))]
}
