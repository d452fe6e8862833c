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

func (a *Agent) nextDelivery(ctx context.Context, ch Channel) (func(context.Context), error) {
	message, err := a.cfg.Store.Take(ctx, Claim{
		Worker: a.cfg.Worker, Now: time.Now(), Lease: sendTime + 15*time.Second, Channels: []string{ch.Name()},
	})
	if err != nil {
		return nil, err
	}
	// A send that has begun is brought to its end, or nobody would know it.
	return func(ctx context.Context) { a.deliver(context.WithoutCancel(ctx), ch, message) }, nil
}

// deliver hands a message to its channel and stores the outcome.
func (a *Agent) deliver(ctx context.Context, ch Channel, m Message) {
	idempotent := ch.Capabilities().Idempotent
	err := errInterrupted
	if !m.Delivery.Interrupted || idempotent {
		err = send(ctx, ch, m.Message)
	}
	now := time.Now()
	m.Delivery = outcome(m.Delivery, err, idempotent, now)
	record := Record{
		At: now, Conversation: m.Conversation, Kind: MessageDelivered, Actor: string(m.Author),
		Detail: fmt.Sprintf("%s %s", m.ID, m.Delivery.State),
	}
	ctx, cancel := context.WithTimeout(ctx, commitTime)
	defer cancel()
	if err := a.cfg.Store.Settle(ctx, m, record); err != nil {
		a.cfg.Log.ErrorContext(ctx, "agent: cannot store a delivery", "conversation", m.Conversation, "err", err)
		return
	}
	a.observe(ctx, Event{Record: record, Message: &m})
	poke(a.out[ch.Name()])
}

// send hands a message to a channel, which has sendTime.
func send(ctx context.Context, ch Channel, m channel.Message) error {
	_, err := timed(ctx, sendTime, func(ctx context.Context) (struct{}, error) { return struct{}{}, ch.Send(ctx, m) })
	return err
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
