package agenttest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A world is what surrounds the agent of a play, parts of which may be down.
type world struct {
	turn     func(agent.Turn)
	numbered int // messages

	mu    sync.Mutex
	down  map[string]bool // by the names of parts
	codes []agent.Code    // as they were mailed
}

func newWorld(turn func(agent.Turn)) *world { return &world{turn: turn, down: map[string]bool{}} }

func (w *world) setDown(part string, down bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down[part] = down
}

// fault returns err if a part is down.
func (w *world) fault(part string, err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down[part] {
		return err
	}
	return nil
}

// withCode returns a text with the newest code that was mailed in its place, and
// another code where a wrong one is wanted.
func (w *world) withCode(text string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.codes) == 0 {
		return text
	}
	digits := w.codes[len(w.codes)-1].Digits
	wrong := fmt.Sprintf("%c%s", '0'+(digits[0]-'0'+1)%10, digits[1:])
	return strings.NewReplacer("{{code}}", digits, "{{wrong code}}", wrong).Replace(text)
}

// SendCode implements agent.Codes.
func (w *world) SendCode(_ context.Context, c agent.Code) error {
	if err := w.fault("codes", errDown); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.codes = append(w.codes, c)
	return nil
}

// surround puts the parts of cfg where they can be down.
func (w *world) surround(cfg *agent.Config) {
	cfg.Codes = w
	cfg.Knowledge = fragileKnowledge{cfg.Knowledge, w}
	if cfg.Meter != nil {
		cfg.Meter = fragileMeter{cfg.Meter, w}
	}
	switch crm := cfg.CRM.(type) {
	case nil:
	case agent.Editor:
		cfg.CRM = fragileEditor{fragileCRM{crm, w}, crm}
	default:
		cfg.CRM = fragileCRM{crm, w}
	}
	if router := cfg.Router; router != nil {
		cfg.Router = handoff.RouterFunc(func(ctx context.Context, p handoff.Packet) (handoff.Assignment, error) {
			if err := w.fault("router", errDown); err != nil {
				return handoff.Assignment{}, err
			}
			return router.Route(ctx, p)
		})
	}
}

type fragileKnowledge struct {
	agent.Retriever
	*world
}

func (f fragileKnowledge) Retrieve(ctx context.Context, q retrieval.Query) (retrieval.Result, error) {
	if err := f.fault("knowledge", errDown); err != nil {
		return retrieval.Result{}, err
	}
	return f.Retriever.Retrieve(ctx, q)
}

type fragileMeter struct {
	credits.Meter
	*world
}

func (f fragileMeter) Hold(ctx context.Context, h credits.Hold) error {
	if err := f.fault("credits", errDown); err != nil {
		return err
	}
	return f.Meter.Hold(ctx, h)
}

func (f fragileMeter) Settle(ctx context.Context, key string, amount credits.Amount) error {
	if err := f.fault("credits", errDown); err != nil {
		return err
	}
	return f.Meter.Settle(ctx, key, amount)
}

type fragileCRM struct {
	agent.CRM
	*world
}

func (f fragileCRM) Customer(ctx context.Context, p channel.Party) (agent.Customer, error) {
	if err := f.fault("crm", errDown); err != nil {
		return agent.Customer{}, err
	}
	return f.CRM.Customer(ctx, p)
}

type fragileEditor struct {
	fragileCRM
	editor agent.Editor
}

func (f fragileEditor) Update(ctx context.Context, e agent.Edit) error {
	if err := f.fault("crm", errDown); err != nil {
		return err
	}
	return f.editor.Update(ctx, e)
}

// A book is the CRM of a play: an agent.Directory that can be written to.
type book struct {
	mu        sync.Mutex
	customers agent.Directory
}

// Customer implements agent.CRM.
func (b *book) Customer(ctx context.Context, p channel.Party) (agent.Customer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, err := b.customers.Customer(ctx, p)
	c.Properties = maps.Clone(c.Properties)
	return c, err
}

// Update implements agent.Editor.
func (b *book) Update(_ context.Context, e agent.Edit) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, c := range b.customers {
		if c.ID != e.Customer {
			continue
		}
		now := maps.Clone(c.Properties)
		if now == nil {
			now = map[string]any{}
		}
		for _, change := range e.Changes {
			if !reflect.DeepEqual(now[change.Property], change.Old) {
				return agent.ErrConflict
			}
			now[change.Property] = change.New
		}
		b.customers[i].Properties = now
		return nil
	}
	return agent.ErrUnknownCustomer
}

// A prompter is the model of a play, which does what the script says.
type prompter struct {
	t    *testing.T
	file string

	mu        sync.Mutex
	paragraph int // a line of the present one
	steps     []Step
	from      []int // the lines of steps
	taken     int
}

// add adds a step, or to the step before.
func (m *prompter) add(line int, step Step, also bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !also {
		m.steps, m.from = append(m.steps, step), append(m.from, line)
		return nil
	}
	if len(m.steps) == m.taken {
		return errors.New("model also: there is no line of the model before it")
	}
	last := &m.steps[len(m.steps)-1]
	last.Deltas = append(last.Deltas, step.Deltas...)
	last.Hang, last.Err = step.Hang, step.Err
	return nil
}

// Generate implements agent.Model.
func (m *prompter) Generate(ctx context.Context, req agent.Request) iter.Seq2[agent.Delta, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.taken == len(m.steps) {
		m.t.Errorf("%s:%d: the model is called here once more than there are lines of it; the question is %q", m.file, m.paragraph, req.Question)
		return Step{Err: errRanOut}.play(ctx)
	}
	m.taken++
	return m.steps[m.taken-1].play(ctx)
}

// left returns the lines that were not taken.
func (m *prompter) left() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var faults []error
	for _, line := range m.from[m.taken:] {
		faults = append(faults, &lineError{m.file, line, errors.New("the model was not called for this line")})
	}
	return errors.Join(faults...)
}
