package agenttest

import (
	"context"
	"errors"
	"iter"
	"sync"
	"testing"

	"github.com/frontdesk-go/frontdesk/agent"
)

// A Step is what a scripted Model does in one call: it yields the deltas, then
// waits until ctx is done if it is to hang, then ends, with the error if there
// is one.
type Step struct {
	Deltas []agent.Delta
	Hang   bool
	Err    error
}

// Says returns a Step that says text, resting on the given evidence.
func Says(text string, sources ...int) Step {
	return Step{Deltas: []agent.Delta{{Text: text, Sources: sources}}}
}

// A Script is a Model that plays steps, one for each call, and fails its test
// when there are no more.
type Script struct {
	t     testing.TB
	mu    sync.Mutex
	steps []Step
	// One for each call, also for those after the last step.
	requests []agent.Request
}

// NewScript returns a Script of the steps.
func NewScript(t testing.TB, steps ...Step) *Script { return &Script{t: t, steps: steps} }

// Generate plays the next step. It implements agent.Model.
func (s *Script) Generate(ctx context.Context, req agent.Request) iter.Seq2[agent.Delta, error] {
	return func(yield func(agent.Delta, error) bool) { s.next(req).play(ctx)(yield) }
}

// errRanOut is what a model that plays steps returns after the last.
var errRanOut = errors.New("agenttest: the script has run out")

// play does what the step says.
func (s Step) play(ctx context.Context) iter.Seq2[agent.Delta, error] {
	return func(yield func(agent.Delta, error) bool) {
		for _, d := range s.Deltas {
			if ctx.Err() != nil {
				break
			}
			if !yield(d, nil) {
				return
			}
		}
		if s.Hang {
			<-ctx.Done()
		}
		if err := errors.Join(ctx.Err(), s.Err); err != nil {
			yield(agent.Delta{}, err)
		}
	}
}

// next fails the test, not the call alone: an agent would take an error of its
// model for an ordinary one and hand over.
func (s *Script) next(req agent.Request) Step {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, req)
	if len(s.requests) > len(s.steps) {
		s.t.Errorf("the model was called %d times, and its script has %d steps; the question is %q",
			len(s.requests), len(s.steps), req.Question)
		return Step{Err: errRanOut}
	}
	return s.steps[len(s.requests)-1]
}

// Requests returns what the Model was told so far, oldest first.
func (s *Script) Requests() []agent.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]agent.Request(nil), s.requests...)
}
