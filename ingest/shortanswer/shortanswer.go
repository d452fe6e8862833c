// Package shortanswer makes a list of questions and answers, as a company's
// support team writes them, a source for ingestion.
package shortanswer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// An Answer is a question that customers ask and its approved answer.
type Answer struct {
	// ID is unique in the list and stable over time.
	ID string `json:"id"`
	// Question is in the customers' words. It becomes the title.
	Question string `json:"question"`
	// Also are other ways to ask it.
	Also []string `json:"also,omitempty"`
	// Answer is plain text. Blank lines divide paragraphs.
	Answer string `json:"answer"`
	// URL leads to more about it. It may be empty.
	URL string `json:"url,omitempty"`
	// Audience limits who may see the answer. Empty means everybody.
	Audience string `json:"audience,omitempty"`
	// Language is a BCP 47 tag. Empty means that of the text.
	Language string `json:"language,omitempty"`
	// From and Until limit when the answer holds: from From on, and before Until.
	// Zero means without limit.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// check returns what is wrong with an answer.
func (a Answer) check() error {
	switch {
	case strings.TrimSpace(a.ID) == "":
		return errors.New("it has no ID")
	case strings.TrimSpace(a.Question) == "" || strings.TrimSpace(a.Answer) == "":
		return errors.New("it lacks its question or its text")
	case !a.From.IsZero() && !a.Until.IsZero() && !a.From.Before(a.Until):
		return errors.New("it ends before it begins")
	}
	return nil
}

// A Source yields answers as items that are curated, so that they outrank what
// else matches. The ID of an item is the source's name, a slash and the
// answer's ID.
//
// Its methods may be called from many goroutines. A change is in the knowledge
// base after the next refresh of the source, which reads only what changed.
type Source struct {
	name string

	mu      sync.Mutex
	answers map[string]Answer
}

// New returns a Source. It is an error, which names every fault, if an answer
// lacks its ID, question or text, or if two have the same ID.
func New(name string, answers []Answer) (*Source, error) {
	var faults []error
	if name == "" {
		faults = append(faults, errors.New("shortanswer: the source has no name"))
	}
	s := &Source{name: name, answers: make(map[string]Answer, len(answers))}
	for i, a := range answers {
		if err := a.check(); err != nil {
			faults = append(faults, fmt.Errorf("shortanswer: answer %d (%q): %w", i+1, a.ID, err))
		}
		if _, twice := s.answers[a.ID]; twice {
			faults = append(faults, fmt.Errorf("shortanswer: two answers have the ID %q", a.ID))
		}
		s.answers[a.ID] = a
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return s, nil
}

// Put adds an answer, or replaces the one of the same ID.
func (s *Source) Put(a Answer) error {
	if err := a.check(); err != nil {
		return fmt.Errorf("shortanswer: answer %q: %w", a.ID, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[a.ID] = a
	return nil
}

// Delete takes an answer out. An unknown one is ignored.
func (s *Source) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.answers, id)
}

// Answers returns all answers, ordered by ID.
func (s *Source) Answers() []Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.answers), func(a, b Answer) int { return strings.Compare(a.ID, b.ID) })
}

// Name implements [ingest.Source].
func (s *Source) Name() string { return s.name }

// Size implements [ingest.Sizer].
func (s *Source) Size(context.Context) int { return len(s.Answers()) }

// Items implements [ingest.Source].
func (s *Source) Items(context.Context) iter.Seq2[ingest.Item, error] {
	return func(yield func(ingest.Item, error) bool) {
		for _, a := range s.Answers() {
			item, err := s.item(a)
			if !yield(item, err) {
				return
			}
		}
	}
}

// item renders an answer as HTML: that has a place for the title and leaves
// the characters of the text alone.
func (s *Source) item(a Answer) (ingest.Item, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "<!doctype html><meta charset=utf-8><h1>%s</h1>\n", html.EscapeString(a.Question))
	for block := range strings.SplitSeq(strings.ReplaceAll(a.Answer, "\r\n", "\n"), "\n\n") {
		text := strings.ReplaceAll(html.EscapeString(strings.TrimSpace(block)), "\n", "<br>")
		fmt.Fprintf(&b, "<p>%s</p>\n", text)
	}
	content := b.String()
	item := ingest.Item{
		ID:        s.name + "/" + a.ID,
		Name:      a.Question,
		Title:     a.Question,
		MediaType: "text/html; charset=utf-8",
		URL:       a.URL,
		Labels: ingest.Labels{
			Language: a.Language, Audience: a.Audience, Curated: true, From: a.From, Until: a.Until, Keywords: a.Also,
		},
		Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(content)), nil
		},
	}
	data, err := json.Marshal(a)
	sum := sha256.Sum256(data)
	item.Version = hex.EncodeToString(sum[:16])
	return item, err
}
