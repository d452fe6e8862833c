// Command evaluate measures how well a knowledge base finds and how well it
// knows what it does not cover.
//
//	evaluate -beir DIR [-unanswerable FILE.jsonl] [-holdout] [-fit] [-conversation]
//	evaluate -content DIR -questions FILE.jsonl
//
// The first form reads a set in BEIR form: corpus.jsonl (_id, title, text),
// queries.jsonl (_id, text) and qrels/test.tsv. The second ingests a folder and
// asks it questions of one's own, one a line:
//
//	{"id": "1", "question": "How do I pay?", "relevant": ["billing.md"], "answerable": true}
//
// It prints a table, or one object with -json. Progress and warnings go to the
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
	beir         string
	content      string
	questions    string
	unanswerable string
	holdout      bool
	fit          bool
	conversation bool
	most         int
	threshold    float64
	json         bool
}

// parse reads the flags, and refuses combinations of which a part is ignored.
func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("evaluate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.beir, "beir", "", "`folder` of a set in BEIR form")
	flags.StringVar(&o.content, "content", "", "`folder` of help content")
	flags.StringVar(&o.questions, "questions", "", "JSON Lines `file` of questions about -content")
	flags.StringVar(&o.unanswerable, "unanswerable", "", "JSON Lines `file` (_id, text) of questions that the content does not answer")
	flags.BoolVar(&o.holdout, "holdout", false, "ask all questions again with half of the documents removed")
	flags.BoolVar(&o.fit, "fit", false,
		"fit a regression to the questions, to compare with what was calibrated on the content, and print the weights")
	flags.BoolVar(&o.conversation, "conversation", false,
		"ask the last sentence of each question again, as a follow-up to the sentences before it")
	flags.IntVar(&o.most, "n", 0, "ask at most `n` questions (0: all)")
	flags.Float64Var(&o.threshold, "threshold", 0.5, "answerability from which a question counts as answered")
	flags.BoolVar(&o.json, "json", false, "print one JSON object")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	return o, o.check(flags.Args())
}

// check reports everything that is wrong with the flags at once.
func (o options) check(rest []string) error {
	var faults []error
	if len(rest) > 0 {
		faults = append(faults, fmt.Errorf("unexpected argument %q", rest[0]))
	}
	if (o.beir == "") == (o.content == "") {
		faults = append(faults, errors.New("give either -beir DIR or -content DIR"))
	}
	if o.content != "" && o.questions == "" {
		faults = append(faults, errors.New("-content needs -questions FILE.jsonl"))
	}
	if o.beir != "" && o.questions != "" {
		faults = append(faults, errors.New("-questions goes with -content; -beir reads queries.jsonl"))
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
	base, err := retrieval.New(ctx, retrieval.Config{})
	if err != nil {
		return err
	}
	m := &measurement{base: base, log: newLog(stderr), options: o}
	if o.beir != "" {
		err = m.loadBEIR(ctx)
	} else {
		err = m.loadContent(ctx)
	}
	if err != nil {
		return err
	}
	r, err := m.measure(ctx)
	if err != nil {
		return err
	}
	if o.json {
		return json.NewEncoder(stdout).Encode(r)
	}
	return r.print(stdout)
}
