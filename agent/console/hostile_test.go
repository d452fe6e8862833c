package console_test

import (
	"html"
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
	strings.Repeat("<b>", 4_000),
}

var (
	// tags matches what a browser would take for an element.
	tags   = regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)
	values = regexp.MustCompile(`="[^"]*"`)
)

// skeleton returns the elements of a page without the values of their
// attributes, which is all that a hostile text must leave as it is.
func skeleton(page string) []string {
	var elements []string
	for _, tag := range tags.FindAllString(page, -1) {
		elements = append(elements, values.ReplaceAllString(tag, "="))
	}
	return elements
}

func TestWhatCustomersWriteIsText(t *testing.T) {
	pages := func(text string) (all []string) {
		opened(t, func(t *testing.T, d *desk) {
			from := channel.Party{ID: text, Name: text, Email: text, Phone: text}
			id := d.write("t", from, "I want to talk to a human. "+text)
			d.write("u", from, "How do I return it? "+text)
			d.post("/conversations/"+id+"/reply", d.form(id, text))
			d.pass(time.Second)
			for _, path := range []string{"/", "/conversations/" + id, "/audit", "/audit?conversation=" + id} {
				all = append(all, d.get(path))
			}
		})
		return all
	}
	plain := pages("plain words")
	for _, text := range hostile {
		for i, page := range pages(text) {
			require.Equal(t, skeleton(plain[i]), sized(skeleton(page)), "%.40q adds elements or attributes", text)
			require.NotRegexp(t, `(?i)(href|src|action)="\s*javascript:`, page)
		}
	}
}

// sized takes out the attribute that long texts have, so that they scroll.
func sized(elements []string) []string {
	for i, e := range elements {
		elements[i] = strings.Replace(e, ` dir= tabindex=>`, ` dir=>`, 1)
	}
	return elements
}

func TestOnlyHarmlessLinksAreLinks(t *testing.T) {
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
		d := newDesk(t, agent.Config{Knowledge: shelf{url: address}})
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
