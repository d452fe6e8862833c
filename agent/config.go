package agent

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/schedule"
)

// Direct is the name under which Reply stores its conversations. No channel
// may have it.
const Direct = "direct"

// Config composes an agent. Only Knowledge is required.
type Config struct {
	Settings Settings
	// Knowledge is what the agent answers from.
	Knowledge Retriever
	// Model writes the answers. Nil quotes the sources' own sentences: see Extractive.
	Model Model
	// Store keeps the conversations. Nil keeps them in memory.
	Store Store
	// Channels are served by Run. Their names differ.
	Channels []Channel
	// Router passes conversations to people. Nil lets them wait in the queue of
	// Packet.Team, which is everybody's where no goal names one.
	Router HandoffRouter
	// Meter pays for conversations. Nil allows everything.
	Meter CreditMeter
	// CRM knows the customers. Nil knows nobody.
	CRM CRM
	// Codes mails one-time codes to customers who have to prove their address.
	// Nil verifies nobody: what needs it is refused.
	Codes Codes
	// Limiter keeps limits over conversations. Nil keeps them in memory; processes
	// that share a Store need one that is shared too.
	Limiter Limiter
	// Actions are what a model may propose to do. Settings.Actions can make them
	// stricter.
	Actions []Action
	// Goals are what the agent finds out beside answering, the most important first:
	// a turn has room for one question of one of them.
	Goals []Goal
	// DryRun lets no action run: its result says with what it would have been
	// called. Nothing counts against limits.
	DryRun bool
	// Observer is told of everything that happened. Nil is nobody.
	Observer Observer
	// Log takes what goes wrong and is not lost thereby. Nil drops it.
	Log *slog.Logger

	// Worker names this process among those that share the Store, the same after
	// a restart, so that it resumes its own work at once instead of when the
	// leases end. Defaults to "frontdesk"; replicas need names of their own.
	Worker string
	// Concurrency is the most turns at a time. Defaults to 256.
	Concurrency int
	// Tick is the longest time between looks at what is due. Defaults to 250 ms.
	Tick time.Duration
}

// New returns an agent, or every fault of its configuration, joined.
func New(cfg Config) (*Agent, error) {
	cfg = cfg.withDefaults()
	a := &Agent{
		cfg:      cfg,
		channels: map[string]Channel{},
		mail:     make(chan struct{}, 1),
		out:      map[string]chan struct{}{},
	}
	rules, err := compile(cfg.Settings)
	a.rules = rules
	faults := []error{err}
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("agent: config: "+format, args...))
	}
	if cfg.Knowledge == nil {
		fault("Knowledge is nil: the agent needs a Retriever to answer from, such as *retrieval.Knowledge")
	}
	for i, c := range cfg.Channels {
		switch {
		case c == nil:
			fault("Channels[%d] is nil", i)
		case c.Name() == "" || c.Name() == Direct:
			fault("Channels[%d] is named %q, which no channel may be", i, c.Name())
		case a.channels[c.Name()] != nil:
			fault("Channels[%d]: there is another channel named %q", i, c.Name())
		default:
			a.channels[c.Name()] = c
			a.names = append(a.names, c.Name())
			a.out[c.Name()] = make(chan struct{}, 1)
		}
	}
	list := slices.Clone(cfg.Actions)
	if update, ok := updateAction(cfg.Settings); ok {
		if _, edits := cfg.CRM.(Editor); !edits {
			fault("settings.properties lets customers edit, and CRM is no Editor")
		}
		list = append([]Action{update}, list...)
	}
	goals, notes, wrong := compileGoals(cfg)
	a.goals = goals
	faults = append(faults, wrong...)
	actions, kept, wrong := compileActions(append(list, notes...), cfg.Settings)
	a.actions, a.kept = actions, kept
	faults = append(faults, wrong...)
	if cfg.Concurrency < 0 || cfg.Tick < 0 {
		fault("Concurrency and Tick may not be negative")
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	for _, c := range a.channels {
		if w, ok := c.(channel.Window); ok {
			w.Attach(a)
		}
	}
	return a, nil
}

func (c Config) withDefaults() Config {
	c.Settings = c.Settings.withDefaults()
	if c.Model == nil {
		c.Model = Extractive{}
	}
	if c.Store == nil {
		c.Store = NewMemoryStore()
	}
	if c.Router == nil {
		c.Router = handoff.RouterFunc(toEverybody)
	}
	if c.Meter == nil {
		c.Meter = credits.Unlimited{}
	}
	if c.CRM == nil {
		c.CRM = Directory(nil)
	}
	if c.Limiter == nil {
		c.Limiter = NewMemoryLimiter()
	}
	if c.Observer == nil {
		c.Observer = ObserverFunc(ignore)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	orDefault(&c.Worker, "frontdesk")
	orDefault(&c.Concurrency, 256)
	orDefault(&c.Tick, 250*time.Millisecond)
	return c
}

// rules are settings in the form that decisions are made from.
type rules struct {
	Settings
	requests   *handoff.Triggers
	hours      map[string]*schedule.Calendar
	texts      map[string]Texts // by language
	guidelines []rule
}

// compile returns the rules of settings, which have their defaults, or every
// fault of them, joined.
func compile(s Settings) (*rules, error) {
	faults := []error{s.check()}
	triggers, err := handoff.NewTriggers(handoff.TriggersConfig{Phrases: s.Triggers})
	if err != nil {
		faults = append(faults, fmt.Errorf("agent: settings: triggers: %w", err))
	}
	guidelines, err := s.compileGuidelines()
	faults = append(faults, err)
	hours := map[string]*schedule.Calendar{}
	for name, c := range s.Channels {
		calendar, err := c.Hours.Calendar()
		if err != nil {
			faults = append(faults, fmt.Errorf("agent: settings: channels.%s.hours: %w", name, err))
		}
		hours[name] = calendar
	}
	return &rules{Settings: s, requests: triggers, hours: hours, texts: s.textsByLanguage(), guidelines: guidelines}, errors.Join(faults...)
}

// takes reports whether the agent takes a new conversation of a channel at a
// time, and if not, the rule that says so.
func (r *rules) takes(name string, at time.Time) (rule string, ok bool) {
	switch r.mode(name) {
	case Off:
		return "switched off", false
	case Suggest:
		return onlySuggests, false
	}
	if h := r.hours[name]; h != nil && !h.Open(at) {
		return "outside its hours", false
	}
	return "", true
}
