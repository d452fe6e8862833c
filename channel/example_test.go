package channel_test

import (
	"context"
	"fmt"
	"runtime"

	"github.com/frontdesk-go/frontdesk/channel"
)

// A handler stores what comes in and answers through the channel.
func ExampleMemory() {
	ctx, cancel := context.WithCancel(context.Background())
	c := channel.NewMemory("memory", channel.Capabilities{Idempotent: true})
	handle := func(ctx context.Context, m channel.Message) error {
		answer := channel.Message{ID: "re " + m.ID, Thread: m.Thread, Author: channel.Agent, Text: "You wrote: " + m.Text}
		return c.Send(ctx, answer)
	}
	ended := make(chan error)
	go func() { ended <- c.Receive(ctx, handle) }()

	question := channel.Message{ID: "1", Thread: "a", Author: channel.Customer, Text: "Hello"}
	for c.Deliver(ctx, question) != nil { // a provider tries again until it is taken
		runtime.Gosched()
	}
	fmt.Println(c.Sent()[0].Text)
	cancel()
	fmt.Println(<-ended)
	// Output:
	// You wrote: Hello
	// context canceled
}

func ExampleSplit() {
	answer := "Your parcel left our warehouse today. It arrives on Friday. " +
		"You can follow it at [our carrier](https://carrier.example/4711)."
	for _, text := range channel.Split(answer, 70) {
		fmt.Println(text)
	}
	// Output:
	// Your parcel left our warehouse today. It arrives on Friday.
	// You can follow it at [our carrier](https://carrier.example/4711).
}
