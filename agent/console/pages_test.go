package console_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

func TestAnEmptyInboxSaysWhatWillBeThere(t *testing.T) {
	d := newDesk(t, agent.Config{})
	page := d.get("/")
	require.Contains(t, page, "Nobody waits.")
	require.Contains(t, page, "<title>Inbox · Front desk</title>")
	require.Contains(t, d.get("/audit"), "Nothing is recorded yet.")
}

func TestTheInboxShowsWhoWaitsFirst(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		closed := d.write("closed", channel.Party{Name: "Eve"}, "How do I return it?")
		require.NoError(t, d.Close(t.Context(), closed, "Mia"))
		d.write("agent", channel.Party{Name: "Dan"}, "How do I return it?")
		d.write("first", channel.Party{Name: "Ann"}, "What is the weather like?")
		d.pass(time.Hour)
		d.write("second", channel.Party{Email: "bob@example.com"}, "I want to talk to a human")
		d.write("third", channel.Party{Name: "Cleo"}, "Who won the match?")
		d.write("first", channel.Party{Name: "Ann"}, "Anybody there?") // does not lose its place
		taken := d.write("person", channel.Party{Name: "Fay"}, "I want to talk to a human")
		require.NoError(t, d.Say(t.Context(), taken, channel.Message{ID: "p", From: channel.Party{Name: "Kim"}, Text: "Hello Fay"}))
		d.pass(time.Second)

		page := d.get("/")
		inOrder(t, page,
			"(3) Inbox", "Waiting for a person",
			"Everybody</h3>", "Ann", "missing knowledge", "1 h", "What is the weather like?", "Cleo",
			"Support", "bob@example.com", "customer request", "I want to talk to a human",
			"With a person", "Fay", "Kim", "Hello Fay",
			"With the agent", "Dan", "You can return an item",
			"Closed", "Eve")
		require.NotContains(t, page, "Customer wrote")

		d.write("person", channel.Party{Name: "Fay"}, "Hello Kim")
		inOrder(t, d.get("/"), "Fay", "Customer wrote", "Hello Kim")
	})
}

// inOrder requires each part to stand in page after the one before.
func inOrder(t *testing.T, page string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		_, after, ok := strings.Cut(page, part)
		require.True(t, ok, "%q is missing, or stands too early", part)
		page = after
	}
}

func TestTheInboxCanBeFiltered(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		d.write("a", channel.Party{Name: "Ann"}, "I want to talk to a human")
		d.write("b", channel.Party{Name: "Bob"}, "How do I return it?")
		for owner, shows := range map[string][2]bool{
			"": {true, true}, "queued": {true, false}, "agent": {false, true}, "person": {}, "closed": {},
		} {
			page := d.get("/?owner=" + owner)
			require.Equal(t, shows[0], strings.Contains(page, "Ann"), owner)
			require.Equal(t, shows[1], strings.Contains(page, "Bob"), owner)
		}
	})
}

func TestTheInboxIsBounded(t *testing.T) {
	d := newDesk(t, agent.Config{})
	for i := range 60 {
		_, err := d.Reply(t.Context(), channel.Message{Thread: fmt.Sprint(i), Text: "How do I return it?"})
		require.NoError(t, err)
	}
	page := d.get("/")
	require.Equal(t, 50, strings.Count(page, `class="row"`))
	require.Contains(t, page, "50+")
	require.Contains(t, page, "There are more.")
}

func TestAConversationShowsWhyAPersonIsNeeded(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		from := channel.Party{Name: "Ann", Email: "ann@example.com", Trust: channel.Asserted}
		id := d.write("t", from, "What is the weather like?")
		inOrder(t, d.get("/conversations/"+id),
			"Ann", "Waiting for a person",
			"Why a person is needed", "missing knowledge", "What is the weather like?", "No source came near.",
			"Customer", "Ann", "ann@example.com", "asserted", "chat",
			"Transcript", "What is the weather like?", "Handed over", "Agent", "Sent",
			"Reply as", "Mia")

		anonymous := d.write("u", channel.Party{}, "How do I return it?")
		require.Contains(t, d.get("/conversations/"+anonymous), "is a claim")
	})
}

func TestATurnShowsItsDecision(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		id := d.write("t", channel.Party{Name: "Ann"}, "How do I return it?")
		inOrder(t, d.get("/conversations/"+id),
			"How do I return it?",
			"<details", "Answered", "ms", "Score", "0.90", "Evidence", "0.900", "Returns &amp; refunds", "returns#1", "</details>",
			"You can return an item within 30 days.",
			`href="https://help.example.com/returns"`, "Sent")
	})
}

func TestDeliveryThatFailedIsShown(t *testing.T) {
	for name, tt := range map[string]struct {
		fault error
		says  []string
	}{
		"refused": {channel.ErrRejected, []string{"state failed", "Not delivered", "message rejected"}},
		"unsure":  {errDisk, []string{"state unknown", "Perhaps not delivered"}},
		"later":   {channel.ErrUnavailable, []string{"state pending", "Not sent yet: attempt 2 failed", "unavailable"}},
	} {
		t.Run(name, func(t *testing.T) {
			opened(t, func(t *testing.T, d *desk) {
				d.chat.Fail = func(channel.Message) error { return tt.fault }
				id := d.write("t", channel.Party{}, "How do I return it?")
				inOrder(t, d.get("/conversations/"+id), tt.says...)
			})
		})
	}
}

func TestLongTranscriptsShowTheirEnd(t *testing.T) {
	d := newDesk(t, agent.Config{})
	var id string
	for i, more := range []int{0, 197, 0} { // two messages each, besides
		turn, err := d.Reply(t.Context(), channel.Message{Thread: "t", Text: fmt.Sprint("May I return order ", i)})
		require.NoError(t, err)
		d.store("t", more)
		id = turn.Conversation
	}
	page := d.get("/conversations/" + id)
	require.Equal(t, 200, strings.Count(page, `class="message `))
	require.Equal(t, 1, strings.Count(page, `class="turn"`), "turns of messages that are left out are left out")
	require.Contains(t, page, "Show earlier messages")
	all := d.get("/conversations/" + id + "?all")
	require.Equal(t, 203, strings.Count(all, `class="message `))
	require.Equal(t, 3, strings.Count(all, `class="turn"`))
	require.NotContains(t, all, "Show earlier messages")
}

func TestAttachmentsAreNamed(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		require.NoError(t, d.chat.Deliver(t.Context(), channel.Message{
			ID: "1", Thread: "t", Text: "Can I return this?",
			Attachments: []channel.Attachment{{Name: "<lamp>.jpg", MediaType: "image/jpeg", Data: make([]byte, 3<<10)}},
		}))
		id := d.write("t", channel.Party{}, "See the picture.")
		inOrder(t, d.get("/conversations/"+id), "&lt;lamp&gt;.jpg", "image/jpeg, 3 kB")
	})
}

var number = regexp.MustCompile(`class="number">(\d+)<`)

func TestTheAuditIsPagedFromItsEnd(t *testing.T) {
	d := newDesk(t, agent.Config{})
	for _, more := range []int{0, 1, 98, 1, 1, 150} {
		d.store("t", more)
		var got, want []string
		for path := "/audit"; path != ""; {
			page := d.get(path)
			found := number.FindAllStringSubmatch(page, -1)
			require.LessOrEqual(t, len(found), 100)
			for _, f := range found {
				got = append(got, f[1])
			}
			path = older(page)
		}
		for i := d.number; i > 0; i-- {
			want = append(want, fmt.Sprint(i))
		}
		require.Equal(t, want, got)
	}
}

var next = regexp.MustCompile(`rel="next" href="./([^"]+)"`)

// older returns the address of the next page of the audit.
func older(page string) string {
	if found := next.FindStringSubmatch(page); found != nil {
		return "/" + strings.ReplaceAll(found[1], "&amp;", "&")
	}
	return ""
}

func TestTheAuditOfOneConversation(t *testing.T) {
	d := newDesk(t, agent.Config{})
	turn, err := d.Reply(t.Context(), channel.Message{Thread: "a", Text: "May I return it?"})
	require.NoError(t, err)
	for range 30 {
		d.store("a", 4)
		d.store("b", 2)
	}
	shown := 0
	for path := "/audit?conversation=" + turn.Conversation; path != ""; {
		page := d.get(path)
		rows := len(number.FindAllString(page, -1))
		require.LessOrEqual(t, rows, 100)
		require.Equal(t, rows, strings.Count(page, `conversations/`+turn.Conversation+`">`)-1, "each row is of the conversation")
		shown += rows
		path = older(page)
	}
	require.Equal(t, 3+4*30, shown, "received, disclosed, committed, and what was stored")
}
