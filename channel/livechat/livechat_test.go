package livechat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/channel/channeltest"
	"github.com/frontdesk-go/frontdesk/channel/livechat"
)

func TestChatKeepsTheContract(t *testing.T) {
	channeltest.Run(t, channeltest.Features{}, func(t *testing.T) channeltest.Harness {
		w := newWorld(t, t.Context(), livechat.Config{MessagesPerMinute: 1 << 20})
		server := httptest.NewServer(w.chat)
		t.Cleanup(server.Close)
		s := &shop{world: w, server: server, tokens: make(map[string]string)}
		return channeltest.Harness{
			Channel:   &desked{Chat: w.chat, desk: w.desk},
			Thread:    s.thread,
			Deliver:   s.deliver,
			Delivered: s.delivered,
		}
	})
}

// desked is a Chat with a desk that has what is sent, as an agent's has.
type desked struct {
	*livechat.Chat
	desk *channeltest.Desk
}

func (d *desked) Send(ctx context.Context, m channel.Message) error {
	d.desk.Add(m)
	return d.Chat.Send(ctx, m)
}

// A shop is a Chat on a real server, with visitors.
type shop struct {
	world  *world
	server *httptest.Server
	tokens map[string]string // by thread
}

// thread begins a session. The tokens of a test's visitors are made as the
// server makes them, since a session begins only while the chat receives.
func (s *shop) thread() string {
	thread := fmt.Sprintf("%032x", len(s.tokens)+1)
	s.tokens[thread] = livechat.Token(key, "livechat", thread)
	return thread
}

func (s *shop) deliver(ctx context.Context, m channel.Message) error {
	body, err := json.Marshal(map[string]string{"id": m.ID, "text": m.Text})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, "POST", s.server.URL+"/messages", strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.tokens[m.Thread])
	response, err := s.server.Client().Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		return fmt.Errorf("refused with %s", response.Status)
	}
	return nil
}

func (s *shop) delivered(t *testing.T, thread string, n int) []channel.Message {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", s.server.URL+"/events", nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+s.tokens[thread])
	response, err := s.server.Client().Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)

	var got []channel.Message
	for e := range events(response.Body) {
		var m channel.Message
		require.NoError(t, json.Unmarshal([]byte(e.Data), &m))
		if e.Type == "message" && m.Author != channel.Customer {
			got = append(got, m)
		}
		if len(got) == n {
			break
		}
	}
	require.Len(t, got, n, "the stream ended early")
	return got
}

func TestNewNamesEveryFault(t *testing.T) {
	_, err := livechat.New(livechat.Config{
		Key:     []byte("short"),
		Accent:  "teal",
		MaxText: -1,
		Poll:    -time.Second,
		Origins: []string{"https://fine.example", "https://a.example/path", "b.example"},
	})
	for _, fault := range []string{
		"Config.Key has 5 bytes", `Config.Accent is "teal"`, "negative limit", "negative duration",
		`Config.Origins has "https://a.example/path"`, `Config.Origins has "b.example"`,
	} {
		require.ErrorContains(t, err, fault)
	}
	require.NotContains(t, err.Error(), "fine.example")
	for line := range strings.Lines(err.Error()) {
		require.True(t, strings.HasPrefix(line, "livechat: "), "every fault has the prefix: %s", line)
	}
}

func TestChatNeedsADesk(t *testing.T) {
	chat, err := livechat.New(livechat.Config{Key: key})
	require.NoError(t, err)
	require.ErrorContains(t, chat.Receive(t.Context(), nil), "no desk is attached")
}

func TestChatIsAChannel(t *testing.T) {
	w := newWorld(t, t.Context(), livechat.Config{Name: "shop"})
	require.Equal(t, "shop", w.chat.Name())
	require.Equal(t, channel.Capabilities{Idempotent: true, Links: true}, w.chat.Capabilities())
}
