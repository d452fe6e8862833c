package preview

import (
	"context"
	"sync"

	"github.com/frontdesk-go/frontdesk/agent"
)

// A mailbox keeps the last code that would have been mailed.
type mailbox struct {
	mu   sync.Mutex
	code *agent.Code
}

// SendCode implements agent.Codes.
func (b *mailbox) SendCode(_ context.Context, c agent.Code) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.code = &c
	return nil
}

// take returns the code, if there is one, and forgets it.
func (b *mailbox) take() *agent.Code {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.code
	b.code = nil
	return c
}

// untouched is a CRM that takes every edit and makes none.
type untouched struct{ agent.CRM }

// Update implements agent.Editor.
func (untouched) Update(context.Context, agent.Edit) error { return nil }
