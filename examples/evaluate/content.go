package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
	"github.com/frontdesk-go/frontdesk/ingest/files"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// loadContent ingests a folder and reads the questions about it.
func (m *measurement) loadContent(ctx context.Context) error {
	if info, err := os.Stat(m.options.content); err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("%s is no folder", m.options.content)
	}
	// Judgements name documents in ways that only the pipeline knows.
	known := &catalog{Knowledge: m.base, ids: make(map[string]string)}
	m.log.begin()
	pipeline, err := ingest.New(ingest.Config{
		Knowledge: known,
		Extractor: extract.New(nil),
		Progress:  func(p ingest.Progress) { m.log.progress("files ingested", p.Done, p.Total) },
	})
	if err != nil {
		return err
	}
	start := time.Now()
	done, err := pipeline.Sync(ctx, files.New(os.DirFS(m.options.content), nil))
	m.indexed = time.Since(start)
	if err != nil {
		return err
	}
	for _, f := range done.Failed {
		m.log.warn(f)
	}
	if m.base.Len() == 0 {
		return fmt.Errorf("%s holds no file with text", m.options.content)
	}
	m.documents = known.documents()
	if err := m.readOwn(m.options.questions, known.ids); err != nil {
		return err
	}
	return m.loadUnanswerable()
}

// A catalog remembers the documents that pass through it by ID and by URL.
type catalog struct {
	*retrieval.Knowledge
	// A pipeline may add documents from several goroutines.
	mu sync.Mutex
	// Document ID by whatever -questions may call the document.
	ids map[string]string
}

// Add implements [ingest.Knowledge].
func (c *catalog) Add(ctx context.Context, docs ...retrieval.Document) error {
	c.mu.Lock()
	for _, d := range docs {
		c.ids[d.ID] = d.ID
		if d.URL != "" {
			c.ids[d.URL] = d.ID
		}
	}
	c.mu.Unlock()
	return c.Knowledge.Add(ctx, docs...)
}

// documents returns the IDs alone. It is called once nothing is added any more.
func (c *catalog) documents() map[string]bool {
	all := make(map[string]bool)
	for _, id := range c.ids {
		all[id] = true
	}
	return all
}

// ownQuestion is a line of -questions.
type ownQuestion struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Relevant []string `json:"relevant"`
	// Nil if the line does not say.
	Answerable *bool `json:"answerable"`
}

// readOwn reads questions about the content. Whether one is answerable follows
// from whether it has relevant documents where the line does not say.
func (m *measurement) readOwn(path string, ids map[string]string) error {
	for l, err := range lines(path) {
		if err != nil {
			return err
		}
		var o ownQuestion
		if err := l.decode(&o); err != nil {
			m.log.warn(err)
			continue
		}
		if strings.TrimSpace(o.Question) == "" {
			m.log.warn(l.errorf("the question has no text"))
			continue
		}
		q := question{o.ID, o.Question, make(map[string]int)}
		for _, r := range o.Relevant {
			// Questions may name the heading, but documents are what is ranked.
			page, _, _ := strings.Cut(r, "#")
			if id, ok := ids[page]; ok {
				q.relevant[id] = 1
				continue
			}
			m.missing++
			m.log.warn(l.errorf("no document %q in the content", r))
		}
		if o.Answerable != nil && !*o.Answerable || o.Answerable == nil && len(o.Relevant) == 0 {
			m.far = append(m.far, q)
		} else {
			m.questions = append(m.questions, q)
		}
	}
	if len(m.questions) == 0 {
		return errors.New(path + " holds no answerable question")
	}
	return nil
}
