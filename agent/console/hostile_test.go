package console_test

import (
	"html"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)`,
	`</textarea><script>alert(1)</script>`,
	`javascript:alert(1)`,
	`<a href="javascript:alert(1)">here</a>`,
	`{{.Person}} {{template "layout"}}`,
	"\u202Egnp.tpircs \u2066 مرحبا",
	"<!-- ", "]]>", "\x00\x1b[31m", "\xff\xfe",
	strings.Repeat("<b>", 1_000),
}

var (
	// tags matches what a browser would take for an element.
	tags   = regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)
	values = regexp.MustCompile(`="[^"]*"`)
)

// elements returns the kinds of elements of a page: their names and those of
// their attributes.
func elements(page string) map[string]bool {
	kinds := map[string]bool{}
	for _, tag := range tags.FindAllString(page, -1) {
		kinds[values.ReplaceAllString(tag, "=")] = true
	}
	return kinds
}

func TestWhatCustomersWriteIsText(t *testing.T) {
	opened(t, func(t *testing.T, d *desk) {
		plain := map[string]bool{}
		for _, page := range told(d, "plain") {
			maps.Copy(plain, elements(page))
		}
		for _, page := range told(d, strings.Repeat("plain words ", 150)) {
			maps.Copy(plain, elements(page))
		}
		for _, text := range hostile {
			for _, page := range told(d, text) {
				for kind := range elements(page) {
					require.True(t, plain[kind], "%.40q adds the element %.80s", text, kind)
				}
				require.NotRegexp(t, `(?i)\s(href|src|action)="\s*javascript:`, page)
			}
		}
	})
}

// told returns the pages that show a text wherever a customer may put it.
func told(d *desk, text string) (pages []string) {
	d.t.Helper()
	from := channel.Party{ID: text, Name: text, Email: text, Phone: text}
	id := d.write("handed over "+text, from, "I want to talk to a human. "+text)
	d.write("answered "+text, from, "How do I return it? "+text)
	pages = append(pages, d.get("/"))
	d.post("/conversations/"+id+"/reply", d.form(id, text))
	d.pass(time.Second)
	for _, path := range []string{"/", "/conversations/" + id, "/audit?conversation=" + id} {
		pages = append(pages, d.get(path))
	}
	return pages
}

func TestOnlyHarmlessLinksAreLinks(t *testing.T) {
	knowledge := &shelf{}
	d := newDesk(t, agent.Config{Knowledge: knowledge})
	for address, linked := range map[string]bool{
		"https://help.example.com/a?b=1&c=2": true,
		"http://help.example.com/":           true,
		"mailto:help@example.com":            true,
		"javascript:alert(1)":                false,
		" javascript:alert(1)":               false,
		"JavaScript:alert(1)":                false,
		"data:text/html,<script>":            false,
		"vbscript:x":                         false,
		"//evil.example":                     false,
		"/admin/delete":                      false,
		"https:evil":                         false,
		"http://[::1":                        false,
		"":                                   false,
	} {
		knowledge.url = address
		turn, err := d.Reply(t.Context(), channel.Message{Text: "How do I return it?"})
		require.NoError(t, err)
		require.NotEmpty(t, turn.Citations, "%q", address)
		page := d.get("/conversations/" + turn.Conversation)
		require.Contains(t, page, "Returns &amp; refunds</bdi>", "the source is named: %q", address)
		link := `<a href="` + html.EscapeString(address) + `" target="_blank" rel="noopener noreferrer">`
		if linked {
			require.Contains(t, page, link)
		} else {
			require.NotContains(t, page, `target="_blank"`, "%q", address)
		}
	}
}

func TestAHugeMessageIsShownInItsConversationOnly(t *testing.T) {
	d := newDesk(t, agent.Config{})
	huge := strings.Repeat("é<", 1<<19)
	require.NoError(t, d.Receive(t.Context(), agent.Direct, channel.Message{ID: "1", Thread: "t", Text: huge, From: channel.Party{Name: huge}}))
	require.Less(t, len(d.get("/")), 10_000)
	for c, err := range d.Archive().Conversations(t.Context(), agent.Filter{}) {
		require.NoError(t, err)
		require.Contains(t, d.get("/conversations/"+c.ID), `tabindex="0">`+strings.ReplaceAll(huge, "<", "&lt;"))
	}
}
