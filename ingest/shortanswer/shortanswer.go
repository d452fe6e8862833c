// Package shortanswer makes a list of questions and answers, as a company's
// support team writes them, a source for ingestion.
package shortanswer

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"iter"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// An Answer is a question that customers ask and its approved answer.
type Answer struct {
	// ID is unique in the list and stable over time.
	ID string `json:"id"`
	// Question is in the customers' words. It becomes the title.
	Question string `json:"question"`
	// Answer is plain text. Blank lines divide paragraphs.
	Answer string `json:"answer"`
	// URL leads to more about it. It may be empty.
	URL string `json:"url,omitempty"`
}

// A Source yields answers as items. The ID of an item is the source's name, a
// slash and the answer's ID.
type Source struct {
	name    string
	answers []Answer
}

// New returns a Source. It is an error, which names every fault, if an answer
// lacks its ID, question or text, or if two have the same ID.
func New(name string, answers []Answer) (*Source, error) {
	var faults []error
	if name == "" {
		faults = append(faults, errors.New("shortanswer: the source has no name"))
	}
	seen := make(map[string]bool, len(answers))
	for i, a := range answers {
		switch {
		case a.ID == "":
			faults = append(faults, fmt.Errorf("shortanswer: answer %d has no ID", i+1))
		case seen[a.ID]:
			faults = append(faults, fmt.Errorf("shortanswer: two answers have the ID %q", a.ID))
		}
		if strings.TrimSpace(a.Question) == "" || strings.TrimSpace(a.Answer) == "" {
			faults = append(faults, fmt.Errorf("shortanswer: answer %d (%q) lacks its question or its text", i+1, a.ID))
		}
		seen[a.ID] = true
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return &Source{name: name, answers: append([]Answer(nil), answers...)}, nil
}

// Name implements [ingest.Source].
func (s *Source) Name() string { return s.name }

// Size implements [ingest.Sizer].
func (s *Source) Size(context.Context) int { return len(s.answers) }

// Items implements [ingest.Source].
func (s *Source) Items(context.Context) iter.Seq2[ingest.Item, error] {
	return func(yield func(ingest.Item, error) bool) {
		for _, a := range s.answers {
			if !yield(s.item(a), nil) {
				return
			}
		}
	}
}

// item renders an answer as HTML: that has a place for the title and leaves
// the characters of the text alone.
func (s *Source) item(a Answer) ingest.Item {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html><meta charset=utf-8><h1>%s</h1>\n", html.EscapeString(a.Question))
	for block := range strings.SplitSeq(strings.ReplaceAll(a.Answer, "\r\n", "\n"), "\n\n") {
		text := strings.ReplaceAll(html.EscapeString(strings.TrimSpace(block)), "\n", "<br>")
		fmt.Fprintf(&b, "<p>%s</p>\n", text)
	}
	content := b.String()
	return ingest.Item{
		ID:        s.name + "/" + a.ID,
		Name:      a.Question,
		MediaType: "text/html; charset=utf-8",
		URL:       a.URL,
		Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(content)), nil
		},
	}
}
