package agent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/frontdesk-go/frontdesk/channel"
)

const (
	sendTime     = 30 * time.Second // the longest that a channel may take to send
	sendAttempts = 12               // with the pauses between them about an hour
)

func (a *Agent) nextDelivery(ctx context.Context) (func(context.Context), error) {
	message, err := a.cfg.Store.Take(ctx, Claim{
		Worker: a.cfg.Worker, Now: time.Now(), Lease: sendTime + 15*time.Second, Channels: a.names,
	})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) {
		// A send that has begun is brought to its end, or nobody would know it.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTime)
		defer cancel()
		a.deliver(ctx, message)
	}, nil
}

// deliver hands a message to its channel and stores the outcome.
func (a *Agent) deliver(ctx context.Context, m Message) {
	c, err := a.Conversation(ctx, m.Conversation)
	if err != nil && m.Delivery.Interrupted {
		a.cfg.Log.ErrorContext(ctx, "agent: cannot deliver", "conversation", m.Conversation, "err", err)
		return // the lease ends, and it is taken again
	}
	idempotent := false
	if err != nil {
		err = fmt.Errorf("%w: the conversation cannot be read: %w", channel.ErrUnavailable, err)
	} else {
		ch := a.channels[c.Channel]
		idempotent = ch.Capabilities().Idempotent
		err = send(ctx, ch, m, idempotent)
	}
	now := time.Now()
	m.Delivery = outcome(m.Delivery, err, idempotent, now)
	record := Record{
		At: now, Conversation: m.Conversation, Kind: MessageDelivered, Actor: string(m.Author),
		Detail: fmt.Sprintf("%s %s", m.ID, m.Delivery.State),
	}
	settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTime)
	defer cancel()
	if err := a.cfg.Store.Settle(settle, m, record); err != nil {
		a.cfg.Log.ErrorContext(ctx, "agent: cannot store a delivery", "conversation", m.Conversation, "err", err)
		return
	}
	a.cfg.Observer.Observe(ctx, Event{Record: record, Message: &m})
	poke(a.out)
}

// send hands a message to its channel, unless it may have been sent before and
// the channel does not drop repeats.
func send(ctx context.Context, ch Channel, m Message, idempotent bool) error {
	if m.Delivery.Interrupted && !idempotent {
		return errInterrupted
	}
	return guarded(func() error { return ch.Send(ctx, m.Message) })
}

var errInterrupted = errors.New("agent: the process ended while sending")

// outcome returns what is known of a delivery after an attempt that ended in
// err. What may have been delivered is sent again only where the channel drops
// repeats.
func outcome(d Delivery, err error, idempotent bool, now time.Time) Delivery {
	d.Interrupted, d.Next, d.Detail = false, time.Time{}, ""
	if err == nil {
		d.State = Sent
		return d
	}
	d.Detail = err.Error()
	again := idempotent || errors.Is(err, channel.ErrUnavailable)
	switch {
	case errors.Is(err, channel.ErrRejected):
		d.State = Failed
	case again && d.Attempts < sendAttempts:
		d.State = Pending
		d.Next = now.Add(min(time.Second<<(d.Attempts-1), 10*time.Minute))
	case errors.Is(err, channel.ErrUnavailable):
		d.State = Failed
	default:
		d.State = Unknown
	}
	return d
}
