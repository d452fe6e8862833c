package agent

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/frontdesk-go/frontdesk/channel"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// retrieve finds what the customer may see of the content that may answer.
func (t *turn) retrieve(ctx context.Context) error {
	var found retrieval.Result
	var err error
	if asked := t.conv.Memory.Asking; asked != "" {
		found, err = t.searchReply(ctx, asked)
	} else {
		found, err = t.search(ctx, t.Question, t.before()...)
	}
	if err != nil {
		return err
	}
	t.found = found
	t.Decision.Score = found.Answerable
	t.Decision.Searched = found.Rewritten
	for _, h := range found.Hits {
		t.Decision.Evidence = append(t.Decision.Evidence, Evidence{
			Passage: h.ID, Document: h.Document, Title: title(h.Passage), Score: h.Score,
		})
	}
	return nil
}

// searchReply searches what the customer replied to a question back: the option
// that was picked, or the reply with the question it belongs to, or as a new
// question.
func (t *turn) searchReply(ctx context.Context, asked string) (retrieval.Result, error) {
	option := t.option(t.Question)
	t.picked = option != t.Question
	both, err := t.search(ctx, asked+"\n"+option)
	if err != nil || t.picked {
		return both, err
	}
	alone, err := t.search(ctx, t.Question)
	return better(both, alone), err
}

func better(a, b retrieval.Result) retrieval.Result {
	if b.Answerable > a.Answerable {
		return b
	}
	return a
}

// searchTime is the longest that a search may take.
const searchTime = 10 * time.Second

// search looks for passages that the customer may see.
func (t *turn) search(ctx context.Context, question string, before ...string) (retrieval.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	found, err := t.agent.cfg.Knowledge.Retrieve(ctx, retrieval.Query{
		Text: question, Before: before, Limit: evidenceLimit, Audiences: t.customer.Audiences,
	})
	if err == nil && found.Degraded != nil {
		t.finding("the search was not whole: %v", found.Degraded)
	}
	return found, err
}

// beforeLimit is how many turns a question may lean on.
const beforeLimit = 4

// before returns what was said last before the question, oldest first: by the
// customer and to them, but no small talk.
func (t *turn) before() []string {
	var said []string
	for _, m := range slices.Backward(t.history) {
		text := t.topic(m)
		if m.Author == channel.System || smallTalk(text) != asks {
			continue
		}
		said = append(said, clip(text, t.agent.rules.Limits.Question))
		if len(said) == beforeLimit {
			break
		}
	}
	slices.Reverse(said)
	return said
}

// topic returns what a message says of what is talked about. Of an answer that
// is the titles of its sources: in its words, which are theirs, the passage that
// was quoted would be found again, whatever is asked next.
func (t *turn) topic(m channel.Message) string {
	if len(m.Citations) == 0 {
		return t.own(m)
	}
	var titles []string
	for _, c := range m.Citations {
		document, _, _ := strings.Cut(c.Title, headingMark)
		titles = append(titles, document)
	}
	return strings.Join(titles, "\n")
}

// evidenceLimit is how many passages a turn looks at.
const evidenceLimit = 6

// option returns what a reply to the agent's question back stands for: the
// option that it names by a number or a word for one, in any of the agent's
// languages, or the reply itself.
func (t *turn) option(reply string) string {
	fields := strings.FieldsFunc(strings.ToLower(reply), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(".,!#)(", r) })
	if len(fields) == 0 || len(fields) > 3 {
		return reply
	}
	for i, option := range slices.Backward(t.conv.Memory.Options) { // "the second one" is not the first
		for _, book := range phrasebooks() {
			if i < len(book.Choices) && slices.ContainsFunc(fields, func(f string) bool { return slices.Contains(strings.Fields(book.Choices[i]), f) }) {
				return option
			}
		}
	}
	return reply
}

// headingMark parts a heading from the title of its document.
const headingMark = " › "

// title returns what a passage is called: its document's title, and the last
// heading above it. It is shown to customers as it is.
func title(p retrieval.Passage) string {
	name := p.Title
	if len(p.Path) > 0 && p.Path[len(p.Path)-1] != p.Title {
		name += headingMark + p.Path[len(p.Path)-1]
	}
	return unmarked(name)
}
