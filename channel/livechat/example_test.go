package livechat_test

import (
	"fmt"
	"net/http"

	"github.com/frontdesk-go/frontdesk/channel/livechat"
)

// A host serves the chat beside its pages, and embeds it with
//
//	<script src="/chat/widget.js" defer></script>
func Example() {
	chat, err := livechat.New(livechat.Config{
		Key:       []byte("32 random bytes, kept as a secret"),
		Title:     "Harbour Supply",
		AgentName: "Skipper",
		Accent:    "#0b5c6b",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// agent.New(agent.Config{Channels: []agent.Channel{chat}, ...}) attaches the
	// agent, and its Run receives.
	mux := http.NewServeMux()
	mux.Handle("/chat/", http.StripPrefix("/chat", chat))
	fmt.Println(chat.Name(), chat.Capabilities().Idempotent)
	// Output: livechat true
}

// New tells all that is wrong with a configuration.
func ExampleNew_faults() {
	_, err := livechat.New(livechat.Config{Accent: "teal"})
	fmt.Println(err)
	// Output:
	// livechat: Config.Key has 0 bytes: it needs at least 32 random ones
	// livechat: Config.Accent is "teal": it must be a colour such as #3b5bdb
}
