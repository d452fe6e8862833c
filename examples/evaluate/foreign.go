package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
)

// foreignMost is how many questions of another set are asked at most.
const foreignMost = 300

// foreignTo begins the name of a task that asks another set's questions.
const foreignTo = "questions of "

// askForeign asks the questions of the other sets in the language of this one,
// which are about something else. They are for the fit alone.
func (m *measurement) askForeign(ctx context.Context, answered []outcome) error {
	for _, set := range m.options.sets {
		if family(set) == family(m.set) {
			continue
		}
		quiet := &measurement{log: newLog(io.Discard)} // its own measurement warns
		questions, err := quiet.readQuestions(filepath.Join(set, "queries.jsonl"), nil)
		if err != nil {
			return err
		}
		if !m.speaks(questions) {
			continue
		}
		what := foreignTo + filepath.Base(set)
		outcomes, err := m.outcomes(ctx, what, spread(questions, foreignMost))
		if err != nil {
			return err
		}
		m.separate(what, far, answered, outcomes)
	}
	return nil
}

// speaks reports whether questions are in the language of the set's documents.
func (m *measurement) speaks(questions []question) bool {
	texts := make([][]string, len(questions))
	for i, q := range questions {
		texts[i] = split(q.text)
	}
	return m.plain == nil || languageOf(texts) == m.plain.language
}

// spread returns at most n of the questions, from all over them.
func spread(questions []question, n int) []question {
	step := (len(questions) + n - 1) / n
	var out []question
	for i := 0; i < len(questions); i += step {
		out = append(out, questions[i])
	}
	return out
}

// family is what sets have in common that are one set in several languages:
// their folder's name up to the first "-".
func family(set string) string {
	name, _, _ := strings.Cut(filepath.Base(set), "-")
	return name
}
