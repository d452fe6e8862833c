package agent

import (
	"context"
	"strings"
	"time"

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
		found, err = t.searchQuestion(ctx)
	}
	if err != nil {
		return err
	}
	t.found = found
	t.Decision.Score = found.Answerable
	for _, h := range found.Hits {
		t.Decision.Evidence = append(t.Decision.Evidence, Evidence{
			Passage: h.ID, Document: h.Document, Title: title(h.Passage), Score: h.Score,
		})
	}
	return nil
}

// searchQuestion searches the question, and if that finds too little and it
// leans on the one before, both together.
func (t *turn) searchQuestion(ctx context.Context) (retrieval.Result, error) {
	found, err := t.search(ctx, t.Question)
	before := t.questionBefore()
	if err != nil || before == "" || found.Answerable >= t.agent.rules.Thresholds.Answer || !followsUp(t.Question) {
		return found, err
	}
	both, err := t.search(ctx, before+"\n"+t.Question)
	return better(found, both), err
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
func (t *turn) search(ctx context.Context, question string) (retrieval.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	return t.agent.cfg.Knowledge.Retrieve(ctx, retrieval.Query{
		Text: question, Limit: evidenceLimit, Audiences: t.customer.Audiences,
	})
}

// evidenceLimit is how many passages a turn looks at.
const evidenceLimit = 6

// option returns what a reply to the agent's question back stands for: the
// option of that number, or the reply itself.
func (t *turn) option(reply string) string {
	options := t.conv.Memory.Options
	for i, words := range [][]string{{"1", "first", "one"}, {"2", "second", "two"}, {"3", "third", "three"}} {
		fields := strings.Fields(strings.ToLower(strings.Trim(reply, " .!#)\n")))
		if i >= len(options) || len(fields) == 0 || len(fields) > 3 {
			continue
		}
		for _, f := range fields {
			for _, w := range words {
				if strings.Trim(f, ".,!#)") == w {
					return options[i]
				}
			}
		}
	}
	return reply
}

// questionBefore returns the customer's last message before this burst.
func (t *turn) questionBefore() string {
	for i := len(t.history) - 1; i >= 0; i-- {
		if m := t.history[i]; m.Author == channel.Customer && smallTalk(m.Text) == asks {
			return clip(m.Text, t.agent.rules.Limits.Question)
		}
	}
	return ""
}

// followsUp reports whether a question leans on the one before: it is very
// short, begins by going on, or refers back.
func followsUp(question string) bool {
	words := strings.FieldsFunc(strings.ToLower(question), func(r rune) bool {
		return r == ' ' || r == '\n' || r == '?' || r == ',' || r == '.' || r == '!'
	})
	if len(words) <= 3 {
		return true
	}
	switch words[0] {
	case "and", "but", "or", "also", "then":
		return true
	}
	if (words[0] == "what" || words[0] == "how") && words[1] == "about" {
		return true
	}
	for _, w := range words {
		if backReferences[w] {
			return true
		}
	}
	return false
}

var backReferences = set("it its it's that this they them those these")

// title returns what a passage is called: its document's title, and the last
// heading above it. It is shown to customers as it is.
func title(p retrieval.Passage) string {
	name := p.Title
	if len(p.Path) > 0 && p.Path[len(p.Path)-1] != p.Title {
		name += " › " + p.Path[len(p.Path)-1]
	}
	return unmarked(name)
}
