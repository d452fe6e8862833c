// Command evaluate measures how well a knowledge base finds and how well it
// knows what it does not cover.
//
//	evaluate -beir DIR [-unanswerable FILE.jsonl] [-holdout] [-fit] [-conversation] [-embedder NAME] [DIR...]
//	evaluate -content DIR -questions FILE.jsonl
//
// The first form reads sets in BEIR form: corpus.jsonl (_id, title, text),
// queries.jsonl (_id, text) and qrels/test.tsv. It ranks their documents by plain
// BM25 too, for comparison, and prints the means over several sets. How well it
// is told which questions have no answer is printed for what is calibrated on the
// content alone; with -fit beside what the labels of the set would give. For
// several sets -fit also prints the weights that are best for all of them, which
// stand in package retrieval, and how well those of the other sets do on each.
//
// The second form ingests a folder and asks it questions of one's own, one a line:
//
//	{"id": "1", "question": "How do I pay?", "relevant": ["billing.md"], "answerable": true}
//
// It prints tables, or one object with -json. Progress and warnings go to the
// standard error.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/frontdesk-go/frontdesk/examples/internal/models"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "evaluate:", err)
		os.Exit(1)
	}
}

// Options are what the command line says.
type options struct {
	sets         []string
	content      string
	questions    string
	unanswerable string
	holdout      bool
	fit          bool
	conversation bool
	embedder     string
	most         int
	threshold    float64
	wrong        float64
	json         bool
}

// parse reads the flags, and refuses combinations of which a part is ignored.
func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("evaluate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	beir := flags.String("beir", "", "`folder` of a set in BEIR form; more of them may follow")
	flags.StringVar(&o.content, "content", "", "`folder` of help content")
	flags.StringVar(&o.questions, "questions", "", "JSON Lines `file` of questions about -content")
	flags.StringVar(&o.unanswerable, "unanswerable", "", "JSON Lines `file` (_id, text) of questions that the content does not answer")
	flags.BoolVar(&o.holdout, "holdout", false, "ask all questions again with half of the documents removed")
	flags.BoolVar(&o.fit, "fit", false,
		"fit regressions to the questions of each set and of all, to compare with what was calibrated on the content")
	flags.BoolVar(&o.conversation, "conversation", false,
		"ask the last sentence of each question again, as a follow-up to the sentences before it")
	flags.StringVar(&o.embedder, "embedder", "", "rank again with the vectors of an `embedder`, at several weights: "+models.Embedders)
	flags.IntVar(&o.most, "n", 0, "ask at most `n` questions (0: all)")
	flags.Float64Var(&o.threshold, "threshold", 0.5, "answerability from which a question counts as answered")
	flags.Float64Var(&o.wrong, "error", tolerated, "fit thresholds to this `share` of wrong answers")
	flags.BoolVar(&o.json, "json", false, "print one JSON object")
	var rest []string
	// Folders stand before flags or after them.
	for {
		if err := flags.Parse(args); err != nil {
			return o, err
		}
		if flags.NArg() == 0 {
			break
		}
		rest, args = append(rest, flags.Arg(0)), flags.Args()[1:]
	}
	if *beir != "" {
		o.sets, rest = append([]string{*beir}, rest...), nil
	}
	return o, o.check(rest)
}

// check reports everything that is wrong with the flags at once.
func (o options) check(rest []string) error {
	var faults []error
	if len(rest) > 0 {
		faults = append(faults, fmt.Errorf("unexpected argument %q", rest[0]))
	}
	if (len(o.sets) == 0) == (o.content == "") {
		faults = append(faults, errors.New("give either -beir DIR or -content DIR"))
	}
	if o.content != "" && o.questions == "" {
		faults = append(faults, errors.New("-content needs -questions FILE.jsonl"))
	}
	if len(o.sets) > 0 && o.questions != "" {
		faults = append(faults, errors.New("-questions goes with -content; -beir reads queries.jsonl"))
	}
	if o.embedder != "" && len(o.sets) == 0 {
		faults = append(faults, errors.New("-embedder goes with -beir"))
	}
	if o.fit && len(o.sets) > 0 && o.unanswerable == "" && !o.holdout {
		faults = append(faults, errors.New("-fit needs questions without an answer: give -holdout or -unanswerable FILE.jsonl"))
	}
	if o.threshold < 0 || o.threshold > 1 {
		faults = append(faults, errors.New("-threshold must be between 0 and 1"))
	}
	return errors.Join(faults...)
}

// run is main without the process: it measures and prints the report to stdout.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	printed, err := o.measure(ctx, stderr)
	if err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(stdout).Encode(printed)
	}
	return printed.print(stdout)
}

// A printer is what was measured.
type printer interface{ print(w io.Writer) error }

// measure returns the report of one set or of the content, or a summary of sets.
func (o options) measure(ctx context.Context, stderr io.Writer) (printer, error) {
	if len(o.sets) < 2 {
		m, err := o.measureOne(ctx, strings.Join(o.sets, ""), stderr)
		if err != nil {
			return nil, err
		}
		return m.report, nil
	}
	var all []*measurement
	for _, set := range o.sets {
		m, err := o.measureOne(ctx, set, stderr)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return newSummary(all), nil
}

// measureOne measures a set, or the content if there is no set.
func (o options) measureOne(ctx context.Context, set string, stderr io.Writer) (*measurement, error) {
	base, err := retrieval.New(ctx, retrieval.Config{})
	if err != nil {
		return nil, err
	}
	m := &measurement{set: set, base: base, log: newLog(stderr), options: o}
	if set != "" {
		err = m.loadBEIR(ctx)
	} else {
		err = m.loadContent(ctx)
	}
	if err != nil {
		return nil, err
	}
	m.report, err = m.measure(ctx)
	// The others need the memory.
	m.base, m.plain = nil, nil
	return m, err
}
