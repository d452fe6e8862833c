//go:build browser

package browsertest_test

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/internal/browsertest"
)

var shots = flag.String("shots", "", "keep pictures of the pages in this `folder`")

// TestLiveChat runs the scenarios of livechat.mjs, each on a fresh site and in
// a fresh browser.
func TestLiveChat(t *testing.T) {
	scenarios := []struct{ name, promise string }{
		{"answer", "an answer is written before the visitor's eyes, replaced by the message with its sources, and survives a reload"},
		{"long", "a long answer is read from its beginning"},
		{"midway", "a reload while the agent answers shows the answer so far, and in the end the answer once"},
		{"markdown", "Markdown becomes elements, and nothing else does"},
		{"accessible", "axe finds nothing to object to, in the light and in the dark"},
		{"phone", "the chat fills a phone"},
		{"rtl", "the chat follows the direction of the page"},
		{"restart", "a server killed while it answers costs no message and doubles none"},
		{"unsent", "a message that was not sent survives a reload and is stored once"},
		{"hostile", "markup in a message is text"},
		{"person", "the header says who is there: the AI, the queue, a person, nobody"},
		{"tabs", "two tabs show one conversation"},
		{"blocked", "the chat works where storage is blocked"},
		{"forged", "a forged token opens no conversation"},
	}
	folder := *shots
	if folder != "" {
		var err error
		folder, err = filepath.Abs(folder)
		require.NoError(t, err)
	}
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			_, flags := newSite(t)
			flags = append(flags, "--scenario", s.name)
			if folder != "" {
				flags = append(flags, "--shots", folder)
			}
			t.Log(s.promise)
			browsertest.Run(t, "livechat.mjs", flags...)
		})
	}
}
