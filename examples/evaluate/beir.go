package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A question is asked of the base.
type question struct {
	id       string
	text     string
	relevant map[string]int // grade by document, above zero
}

// record is a line of corpus.jsonl or queries.jsonl.
type record struct {
	ID    string `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// loadBEIR indexes a set in BEIR form and reads its questions.
func (m *measurement) loadBEIR(ctx context.Context) error {
	documents, err := m.readCorpus(filepath.Join(m.set, "corpus.jsonl"))
	if err != nil {
		return err
	}
	if err := m.index(ctx, documents); err != nil {
		return err
	}
	m.plain = newPlain(documents)
	if m.options.embedder != "" {
		m.corpus = documents
	}
	grades, err := m.readGrades(filepath.Join(m.set, "qrels", "test.tsv"))
	if err != nil {
		return err
	}
	m.questions, err = m.readQuestions(filepath.Join(m.set, "queries.jsonl"), grades)
	if err != nil {
		return err
	}
	return m.loadUnanswerable()
}

// loadUnanswerable reads the questions of -unanswerable, if it is given. Of
// several sets, those in another language are not asked: they would be told
// apart by that alone.
func (m *measurement) loadUnanswerable() error {
	if m.options.unanswerable == "" {
		return nil
	}
	more, err := m.readQuestions(m.options.unanswerable, nil)
	if err == nil && (len(m.options.sets) < 2 || m.speaks(more)) {
		m.far = append(m.far, more...)
	}
	return err
}

// readCorpus reads documents. It goes on after a bad line and a repeated ID.
func (m *measurement) readCorpus(path string) ([]retrieval.Document, error) {
	var documents []retrieval.Document
	m.documents = make(map[string]bool)
	for l, err := range lines(path) {
		if err != nil {
			return nil, err
		}
		var r record
		switch err := l.decode(&r); {
		case err != nil:
			m.log.warn(err)
		case r.ID == "":
			m.log.warn(l.errorf("no _id"))
		case m.documents[r.ID]:
			m.log.warn(l.errorf("the document %q stands above already; this one is passed over", r.ID))
		// Known all the same: judgements may name it, and it can never be found.
		case strings.TrimSpace(r.Title+r.Text) == "":
			m.log.warn(l.errorf("the document %q is empty", r.ID))
			m.documents[r.ID] = true
		default:
			m.documents[r.ID] = true
			documents = append(documents, document(r))
		}
	}
	if len(documents) == 0 {
		return nil, fmt.Errorf("%s holds no document", path)
	}
	return documents, nil
}

// document makes one document of an entry, which has no headings.
func document(r record) retrieval.Document {
	if strings.TrimSpace(r.Text) == "" {
		r.Text = r.Title
	}
	return retrieval.Document{ID: r.ID, Title: r.Title, Sections: []retrieval.Section{{Text: r.Text}}}
}

// readGrades reads judgements, by question and document. Those of zero and
// below, and those of documents that are not there, are left out.
func (m *measurement) readGrades(path string) (map[string]map[string]int, error) {
	grades := make(map[string]map[string]int)
	missing := 0
	for l, err := range lines(path) {
		if err != nil {
			return nil, err
		}
		fields := strings.Split(strings.TrimSpace(string(l.text)), "\t")
		// Some sets have a heading, and some have none.
		if l.number == 1 && fields[0] == "query-id" {
			continue
		}
		if len(fields) != 3 {
			m.log.warn(l.errorf("want query-id, corpus-id and score with tabs between, got %d fields", len(fields)))
			continue
		}
		grade, err := strconv.Atoi(fields[2])
		switch {
		case err != nil:
			m.log.warn(l.errorf("the score %q is no whole number", fields[2]))
		case grade <= 0:
		case !m.documents[fields[1]]:
			missing++
			m.log.warn(l.errorf("no document %q in the corpus", fields[1]))
		default:
			if grades[fields[0]] == nil {
				grades[fields[0]] = make(map[string]int)
			}
			grades[fields[0]][fields[1]] = grade
		}
	}
	m.missing = missing
	return grades, nil
}

// readQuestions reads questions: those with grades, all if grades is nil.
func (m *measurement) readQuestions(path string, grades map[string]map[string]int) ([]question, error) {
	var out []question
	seen := make(map[string]bool)
	for l, err := range lines(path) {
		if err != nil {
			return nil, err
		}
		var r record
		switch err := l.decode(&r); {
		case err != nil:
			m.log.warn(err)
		case strings.TrimSpace(r.Text) == "":
			m.log.warn(l.errorf("the question has no text"))
		case seen[r.ID]:
			m.log.warn(l.errorf("the question %q stands above already; this one is passed over", r.ID))
		case grades == nil || len(grades[r.ID]) > 0:
			seen[r.ID] = true
			out = append(out, question{r.ID, r.Text, grades[r.ID]})
		}
	}
	if len(out) == 0 && grades != nil {
		return nil, fmt.Errorf("%s holds no question that qrels/test.tsv judges", path)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no question", path)
	}
	return out, nil
}
