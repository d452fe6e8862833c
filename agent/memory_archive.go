package agent

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"
)

// Conversations implements [Archive].
func (s *MemoryStore) Conversations(ctx context.Context, f Filter) iter.Seq2[Conversation, error] {
	return snapshot(ctx, s, func() []Conversation {
		var found []*Conversation
		for _, c := range s.candidates(f) {
			if f.selects(c.Conversation) {
				found = append(found, &c.Conversation)
			}
		}
		slices.SortFunc(found, func(a, b *Conversation) int {
			return cmp.Or(b.ActiveAt.Compare(a.ActiveAt), cmp.Compare(a.ID, b.ID))
		})
		if f.Limit > 0 {
			found = found[:min(f.Limit, len(found))]
		}
		copies := make([]Conversation, len(found))
		for i, c := range found {
			copies[i] = cloneConversation(*c)
		}
		return copies
	})
}

// Messages implements [Archive].
func (s *MemoryStore) Messages(ctx context.Context, conversation string, after int64) iter.Seq2[Message, error] {
	return snapshot(ctx, s, func() []Message {
		if c, ok := s.byID[conversation]; ok {
			return c.after(after)
		}
		return nil
	})
}

// Turns implements [Archive].
func (s *MemoryStore) Turns(ctx context.Context, conversation string) iter.Seq2[Turn, error] {
	return snapshot(ctx, s, func() []Turn {
		var turns []Turn
		if c, ok := s.byID[conversation]; ok {
			for _, t := range c.turns {
				turns = append(turns, cloneTurn(t))
			}
		}
		return turns
	})
}

// Records implements [Archive].
func (s *MemoryStore) Records(ctx context.Context, conversation string, after int64) iter.Seq2[Record, error] {
	return snapshot(ctx, s, func() []Record {
		records := s.records[min(max(after, 0), int64(len(s.records))):]
		if conversation == "" {
			return records
		}
		var found []Record
		for _, r := range records {
			if r.Conversation == conversation {
				found = append(found, r)
			}
		}
		return found
	})
}

// candidates returns the conversations that f may select, by the shortest way.
func (s *MemoryStore) candidates(f Filter) []*stored {
	var one *stored
	switch {
	case f.ID != "":
		one = s.byID[f.ID]
	case f.Channel != "" && f.Thread != "":
		one = s.threads[[2]string{f.Channel, f.Thread}]
	default:
		all := make([]*stored, 0, len(s.byID))
		for _, c := range s.byID {
			all = append(all, c)
		}
		return all
	}
	if one == nil {
		return nil
	}
	return []*stored{one}
}

func (f Filter) selects(c Conversation) bool {
	return (f.ID == "" || f.ID == c.ID) &&
		(f.Channel == "" || f.Channel == c.Channel) &&
		(f.Thread == "" || f.Thread == c.Thread) &&
		(f.Owners == nil || slices.Contains(f.Owners, c.Owner))
}

// snapshot yields what read returns under the store's lock, without holding it.
func snapshot[T any](ctx context.Context, s *MemoryStore, read func() []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if err := ctx.Err(); err != nil {
			var zero T
			yield(zero, err)
			return
		}
		s.mu.Lock()
		found := read()
		s.mu.Unlock()
		for _, v := range found {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// An agenda orders conversations by the time at which they want something.
type agenda struct {
	entries []entry
	at      map[string]time.Time // by conversation
}

type entry struct {
	at           time.Time
	conversation string
}

func (e entry) compare(o entry) int {
	return cmp.Or(e.at.Compare(o.at), cmp.Compare(e.conversation, o.conversation))
}

// add enters a conversation that is not on the agenda.
func (a *agenda) add(conversation string, at time.Time) {
	e := entry{at, conversation}
	i, _ := slices.BinarySearchFunc(a.entries, e, entry.compare)
	a.entries = slices.Insert(a.entries, i, e)
	a.at[conversation] = at
}

// remove takes a conversation off the agenda if it is there.
func (a *agenda) remove(conversation string) {
	at, ok := a.at[conversation]
	if !ok {
		return
	}
	i, _ := slices.BinarySearchFunc(a.entries, entry{at, conversation}, entry.compare)
	a.entries = slices.Delete(a.entries, i, i+1)
	delete(a.at, conversation)
}

// next returns the first conversation whose time has come and that is wanted,
// or "" if there is none.
func (a *agenda) next(now time.Time, wanted func(conversation string) bool) string {
	for _, e := range a.entries {
		if e.at.After(now) {
			break
		}
		if wanted(e.conversation) {
			return e.conversation
		}
	}
	return ""
}

// The clones share nothing that can be changed with their originals.

func cloneConversation(c Conversation) Conversation {
	c.Memory.Options = slices.Clone(c.Memory.Options)
	c.Memory.Charges = slices.Clone(c.Memory.Charges)
	c.Memory.Done = slices.Clone(c.Memory.Done)
	c.Memory.Results = slices.Clone(c.Memory.Results)
	for i, r := range c.Memory.Results {
		c.Memory.Results[i].Arguments, c.Memory.Results[i].Fields = slices.Clone(r.Arguments), slices.Clone(r.Fields)
	}
	c.Memory.Goals = slices.Clone(c.Memory.Goals)
	for i, g := range c.Memory.Goals {
		c.Memory.Goals[i].State, c.Memory.Goals[i].Found = slices.Clone(g.State), slices.Clone(g.Found)
	}
	c.Memory.Pending, c.Memory.Proposed = cloneHeld(c.Memory.Pending), cloneHeld(c.Memory.Proposed)
	c.Memory.Identity = cloneIdentity(c.Memory.Identity)
	if k := c.Memory.Task; k != nil {
		task := *k
		c.Memory.Task = &task
	}
	if d := c.Memory.Draft; d != nil {
		draft := *d
		draft.Citations = slices.Clone(d.Citations)
		c.Memory.Draft = &draft
	}
	if p := c.Memory.Packet; p != nil {
		packet := *p
		packet.Tried = slices.Clone(p.Tried)
		packet.Transcript = slices.Clone(p.Transcript)
		packet.Goals = slices.Clone(p.Goals)
		for i, g := range packet.Goals {
			packet.Goals[i].Found = slices.Clone(g.Found)
		}
		if q := p.Proposed; q != nil {
			proposal := *q
			proposal.Arguments = slices.Clone(q.Arguments)
			packet.Proposed = &proposal
		}
		c.Memory.Packet = &packet
	}
	return c
}

func cloneHeld(h *HeldCall) *HeldCall {
	if h == nil {
		return nil
	}
	held := *h
	held.Arguments = slices.Clone(h.Arguments)
	return &held
}

func cloneMessage(m Message) Message {
	m.Citations = slices.Clone(m.Citations)
	m.Attachments = slices.Clone(m.Attachments)
	for i := range m.Attachments {
		m.Attachments[i].Data = slices.Clone(m.Attachments[i].Data)
	}
	return m
}

func cloneTurn(t Turn) Turn {
	t.Citations = slices.Clone(t.Citations)
	t.Decision.Evidence = slices.Clone(t.Decision.Evidence)
	t.Decision.Findings = slices.Clone(t.Decision.Findings)
	t.Decision.Fired = slices.Clone(t.Decision.Fired)
	t.Calls = cloneCalls(t.Calls)
	return t
}

func cloneCalls(calls []CallResult) []CallResult {
	calls = slices.Clone(calls)
	for i := range calls {
		calls[i].Arguments = slices.Clone(calls[i].Arguments)
		calls[i].Output = slices.Clone(calls[i].Output)
	}
	return calls
}
