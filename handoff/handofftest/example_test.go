package handofftest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/frontdesk-go/frontdesk/handoff"
	"github.com/frontdesk-go/frontdesk/handoff/handofftest"
)

// byChannel is a Router of one's own: mail goes to the office, and everything
// else to the queue of everybody. It depends on nothing but the packet, so that
// a packet that comes again gets the same answer.
func byChannel(_ context.Context, p handoff.Packet) (handoff.Assignment, error) {
	if p.Channel == "mail" {
		return handoff.Assignment{Team: "office"}, nil
	}
	return handoff.Assignment{}, nil
}

// testRouter is what its author writes, under the name TestRouter.
func testRouter(t *testing.T) {
	handofftest.Run(t, func(*testing.T) handoff.Router { return handoff.RouterFunc(byChannel) })
}

func Example() {
	test := testing.InternalTest{Name: "TestRouter", F: testRouter}
	fmt.Println("go test -run", test.Name)
	// Output: go test -run TestRouter
}
