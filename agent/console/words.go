package console

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// words returns what the templates say things with.
func (c *Console) words() template.FuncMap {
	return template.FuncMap{
		"ago":     func(t time.Time) string { return ago(time.Since(t)) },
		"clock":   func(t time.Time) string { return t.In(c.cfg.Location).Format("15:04") },
		"moment":  func(t time.Time) string { return t.In(c.cfg.Location).Format("2 Jan 2006, 15:04:05 MST") },
		"stamp":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"segment": url.PathEscape,
		"link":    link,
		"long":    long,
		"size":    size,
		"took":    func(t *agent.Turn) string { return took(t.Ended.Sub(t.Started)) },
		"decided": decided,
		"state":   state,
		"json":    func(b []byte) string { return string(b) },
	}
}

// ago returns a duration in the largest unit that it fills.
func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d days", d/(24*time.Hour))
}

// took returns a short duration in milliseconds.
func took(d time.Duration) string {
	switch {
	case d < 100*time.Microsecond:
		return "under 0.1 ms"
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1000)
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// size returns a number of bytes for people.
func size(n int) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// opening returns the first words of a text on one line, at most n runes of
// them. It looks at no more of a long text than it must.
func opening(text string, n int) string {
	// Spaces and line breaks may fill much of a text. Sixteen bytes a rune leave
	// room for them, and a text of megabytes is not copied for one line.
	if len(text) > 16*n {
		text = strings.ToValidUTF8(text[:16*n], "")
	}
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	text = string([]rune(text)[:n])
	// Whole words, unless that would throw away half of what is shown.
	if i := strings.LastIndexByte(text, ' '); i > len(text)/2 {
		text = text[:i]
	}
	return text + "…"
}

// long reports whether a text is shown in a box that scrolls.
func long(text string) bool {
	return len(text) > 1500 || strings.Count(text, "\n") > 20
}

// link returns an address that may be followed, or "" for any other. Customers
// and content decide what stands in it, so only addresses that lead to another
// site or open a mail are links: no scripts, and no way into this one.
func link(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	switch u.Scheme {
	// "https:path" has no host, and a browser would take it for a path of this site.
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto":
	default:
		return ""
	}
	return u.String()
}

// decided says what the agent did in a turn.
func decided(k agent.Kind) string {
	switch k {
	case agent.Answer:
		return "Answered"
	case agent.Ask:
		return "Asked back"
	case agent.HandOver:
		return "Handed over"
	case agent.Silent:
		return "Stayed silent"
	}
	return string(k)
}

// state says what became of a message, or "" for one that a customer wrote. A
// delivery of which nobody knows is never called sent.
func state(m *agent.Message) string {
	switch m.Delivery.State {
	case agent.Pending:
		if m.Delivery.Attempts > 0 {
			return fmt.Sprintf("Not sent yet: attempt %d failed", m.Delivery.Attempts)
		}
		return "Waits to be sent"
	case agent.Sending:
		return "Being sent"
	case agent.Sent:
		return "Sent"
	case agent.Failed:
		return "Not delivered"
	case agent.Unknown:
		return "Perhaps not delivered"
	}
	return ""
}

// nameOf returns what to call a party. It may be made up by the party.
func nameOf(p channel.Party) string {
	for _, s := range []string{p.Name, p.Email, p.Phone} {
		if s = opening(s, 60); s != "" {
			return s
		}
	}
	return "Visitor"
}
