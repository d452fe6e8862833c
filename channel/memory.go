package channel

import (
	"context"
	"slices"
	"sync"
)

// Memory is a Channel without a provider: Deliver plays the customer, and Sent
// tells what the customer got. It is a Typist and a Drafter. It is for tests,
// for previews, and for hosts that carry messages themselves.
type Memory struct {
	Receiver // Receive and Deliver
	// Fail, if set before the first Send, decides what becomes of a message.
	// An error is what Send returns, and the message is not delivered.
	Fail func(Message) error

	name string
	caps Capabilities

	mu     sync.Mutex
	sent   []Message
	seen   map[string]bool   // message IDs, if Idempotent
	drafts map[string]string // by thread
	typing map[string]int    // by thread
}

// NewMemory returns a Memory of that name that claims those capabilities.
func NewMemory(name string, caps Capabilities) *Memory {
	return &Memory{
		name:   name,
		caps:   caps,
		seen:   make(map[string]bool),
		drafts: make(map[string]string),
		typing: make(map[string]int),
	}
}

// Name returns the name it was made with.
func (c *Memory) Name() string { return c.name }

// Capabilities returns the capabilities it was made with.
func (c *Memory) Capabilities() Capabilities { return c.caps }

// Send keeps m for Sent. If the channel is Idempotent it drops repeats.
func (c *Memory) Send(ctx context.Context, m Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.Fail != nil {
		if err := c.Fail(m); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.drafts, m.Thread)
	if c.caps.Idempotent && c.seen[m.ID] {
		return nil
	}
	c.seen[m.ID] = true
	c.sent = append(c.sent, m)
	return nil
}

// Sent returns the messages that reached the customers, in the order in which
// they were sent.
func (c *Memory) Sent() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sent)
}

// Typing counts a typing sign.
func (c *Memory) Typing(_ context.Context, thread string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.typing[thread]++
	return nil
}

// Typed returns how many typing signs a thread has seen.
func (c *Memory) Typed(thread string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.typing[thread]
}

// Draft replaces the unfinished answer that the customer of thread sees.
func (c *Memory) Draft(_ context.Context, thread, text string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drafts[thread] = text
	return nil
}

// Drafted returns the unfinished answer that the customer of thread sees, or
// "" once a message replaced it.
func (c *Memory) Drafted(thread string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.drafts[thread]
}
