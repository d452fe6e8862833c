package agenttest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/credits"
)

// RunInvariants proves that an agent over a Store keeps its promises when
// everything else fails. For each seed, three replicas serve two channels in
// virtual time, while customers write in bursts and providers repeat them,
// people take and return conversations, replicas crash, and the store, the
// model, the retriever, the router, the meter and the channels fail, before or
// after having done what they were asked. Then the faults end, the agents come
// to rest, and what is stored and what the customers got must fit the promises.
//
// It calls newStore for each seed, inside the bubble of a synctest. A failure
// names its seed and the promise. The seed fixes what is drawn and not how
// goroutines interleave, so that it may take some runs to see a failure again.
func RunInvariants(t *testing.T, seeds int, newStore func(t *testing.T) agent.Store) {
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSimulation(t, seed, newStore(t))
				s.run()
				s.check()
			})
		})
	}
}

const (
	// A few of each: what goes wrong goes wrong between two, and the more there are
	// the rarer any two of them meet.
	simulatedReplicas = 3
	simulatedThreads  = 8
	// Short, so that conversations end and reopen within a run.
	closeAfter = 2 * time.Minute
	price      = credits.Amount(7)
	grant      = credits.Amount(60) // some conversations find the credits gone
)

// A simulation is a company with its customers for some minutes.
type simulation struct {
	t      *testing.T
	store  agent.Store // without faults
	ledger *credits.Ledger
	// providers keep what the customers got. The first drops repeats.
	providers []*channel.Memory

	// mu guards what follows it.
	mu       sync.Mutex
	rand     *rand.Rand
	calm     bool // faults have ended
	replicas [simulatedReplicas]*replica
	acked    map[string][]string // IDs of messages by thread, as they were written
	said     []string            // IDs of what people said
	refused  map[string]bool     // IDs of messages that a provider refused
	acts     map[string]int      // actions done, by key
	writing  map[string]int      // models at work, by thread
	together map[string]bool     // threads that had more than one model at work
}

// newSimulation has no source of chance but the seed, and no clock but that of
// the bubble.
func newSimulation(t *testing.T, seed uint64, store agent.Store) *simulation {
	ledger, err := credits.NewLedger(credits.Config{})
	require.NoError(t, err)
	require.NoError(t, ledger.Grant(t.Context(), "g", grant, "test"))
	return &simulation{
		t: t, store: store, ledger: ledger, rand: rand.New(rand.NewPCG(seed, 0)),
		providers: []*channel.Memory{
			channel.NewMemory("chat", channel.Capabilities{Idempotent: true, Links: true}),
			channel.NewMemory("mail", channel.Capabilities{Links: true}),
		},
		acked: map[string][]string{}, refused: map[string]bool{}, acts: map[string]int{},
		writing: map[string]int{}, together: map[string]bool{},
	}
}

// run lets everybody work, then ends the faults and waits until all is done.
func (s *simulation) run() {
	ctx, stop := context.WithCancel(s.t.Context())
	var agents, world sync.WaitGroup
	for i := range s.replicas {
		agents.Go(func() { s.keep(ctx, i) })
	}
	over := make(chan struct{})
	var chaos sync.WaitGroup
	chaos.Go(func() { s.crash(ctx, over) })
	for i := range simulatedThreads {
		world.Go(func() { s.customer(ctx, i) })
	}
	world.Go(func() { s.people(ctx) })
	world.Wait()
	close(over)
	chaos.Wait()
	s.mu.Lock()
	// From here on chance is never true.
	s.calm = true
	s.mu.Unlock()
	quiet := false
	// Two hours, which no retry of the engine outlasts.
	for range 240 {
		if quiet = s.quiet(); quiet {
			break
		}
		s.sleep(ctx, 30*time.Second)
	}
	stop()
	agents.Wait()
	require.True(s.t, quiet, "what was acknowledged comes to an end once the faults have ended")
}

// quiet reports whether nothing is left to do.
func (s *simulation) quiet() bool {
	for _, h := range s.histories() {
		if h.Owner == channel.ByAgent || len(h.Memory.Charges) > 0 || len(h.unanswered()) > 0 {
			return false
		}
		for _, m := range h.messages {
			if m.Delivery.State == agent.Pending || m.Delivery.State == agent.Sending {
				return false
			}
		}
	}
	return true
}

// A replica is one life of a process.
type replica struct {
	*simulation
	desk *agent.Agent
	// In the order of simulation.providers.
	lines []*line
	dead  atomic.Bool // it crashed: whatever it still does has no effect
	stop  context.CancelFunc
}

// keep runs a replica until ctx is done, again after each end, and sometimes a
// new one in its place, under the same name or another.
func (s *simulation) keep(ctx context.Context, slot int) {
	worker := fmt.Sprint("worker ", slot)
	r := s.replica(worker)
	for ctx.Err() == nil {
		life, stop := context.WithCancel(ctx)
		s.mu.Lock()
		r.stop = stop
		s.replicas[slot] = r
		s.mu.Unlock()
		_ = r.desk.Run(life)
		stop()
		s.pause(ctx, 20*time.Second)
		r.dead.Store(false)
		if s.chance(.3) {
			// Under its old name the new process releases what the old one had; under
			// another, the leases must run out.
			worker += []string{"", "'"}[s.pick(2)]
			r = s.replica(worker)
		}
	}
}

// crash ends a replica now and then, with a shutdown or without.
func (s *simulation) crash(ctx context.Context, over <-chan struct{}) {
	for {
		s.pause(ctx, 30*time.Second)
		select {
		case <-over:
			return
		default:
		}
		r := s.any()
		// Dead before it stops: only a shutdown in order may still release and settle.
		r.dead.Store(s.chance(.7))
		s.mu.Lock()
		r.stop()
		s.mu.Unlock()
	}
}

// customer writes in a thread, each message until it is acknowledged, and some
// again later.
func (s *simulation) customer(ctx context.Context, number int) {
	name, thread := s.providers[number%2].Name(), fmt.Sprint("thread ", number)
	for i := range 3 + s.pick(5) {
		if s.chance(.6) {
			s.pause(ctx, 30*time.Second)
		}
		m := channel.Message{ID: fmt.Sprintf("%s.%d", thread, i), Thread: thread, Text: s.question(), From: channel.Party{Name: thread}}
		for !s.deliver(ctx, name, m) {
			s.pause(ctx, 3*time.Second)
		}
		s.mu.Lock()
		s.acked[thread] = append(s.acked[thread], m.ID)
		s.mu.Unlock()
		// A provider that got no answer repeats itself, even much later.
		if s.chance(.2) {
			m.ID = fmt.Sprintf("%s.%d", thread, s.pick(i+1))
			s.deliver(ctx, name, m)
		}
	}
}

// deliver brings a message to replicas, at the same time if they are several,
// and reports whether one of them acknowledged it.
func (s *simulation) deliver(ctx context.Context, name string, m channel.Message) bool {
	var acked atomic.Bool
	var wg sync.WaitGroup
	for range 1 + s.pick(3) {
		wg.Go(func() {
			i := slices.IndexFunc(s.providers, func(p *channel.Memory) bool { return p.Name() == name })
			if s.any().lines[i].Deliver(ctx, m) == nil {
				acked.Store(true)
			}
		})
	}
	wg.Wait()
	return acked.Load()
}

// people act on half of the threads; the others are the agent's alone.
func (s *simulation) people(ctx context.Context) {
	for i := range 20 {
		s.pause(ctx, 12*time.Second)
		all := s.histories()
		if len(all) == 0 {
			continue
		}
		h, person := all[s.pick(len(all))], []string{"Bo", "Cy"}[s.pick(2)]
		if alone(h.Thread) {
			continue
		}
		switch s.pick(5) {
		case 0:
			_ = s.any().desk.Take(ctx, h.ID, person)
		case 1:
			_ = s.any().desk.Close(ctx, h.ID, person)
		case 2:
			_ = s.any().desk.Return(ctx, h.ID, person)
		default:
			s.say(ctx, h.ID, channel.Message{ID: fmt.Sprint("said ", i), Text: "Let me see.", From: channel.Party{Name: person}})
		}
	}
}

// say has a person say something until it is stored, and then once more.
func (s *simulation) say(ctx context.Context, conversation string, m channel.Message) {
	for tries := 0; s.any().desk.Say(ctx, conversation, m) != nil; tries++ {
		if tries == 100 {
			s.t.Error("what a person says again is taken, but it was refused 100 times")
			return
		}
		s.pause(ctx, 3*time.Second)
	}
	s.mu.Lock()
	s.said = append(s.said, m.ID)
	s.mu.Unlock()
	// A form that is sent twice says it once.
	_ = s.any().desk.Say(ctx, conversation, m)
}

// alone reports whether people leave a thread alone.
func alone(thread string) bool { return (thread[len(thread)-1]-'0')%4 < 2 }
