package retrieval

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Rewriter puts a question that leans on a conversation into words that say it
// all, as a language model does: "and for children?" becomes "What do tickets for
// children cost?". Methods may be called from many goroutines.
type Rewriter interface {
	// Rewrite returns the question as one would ask it who has not heard what was
	// said before, in the question's language; the question itself, or nothing, if
	// there is nothing to add. Before holds the turns of the customer and of the
	// agent, oldest first, and is not empty. It must not be kept or changed.
	Rewrite(ctx context.Context, question string, before []string) (string, error)
}

// A RewriterFunc is a function used as a Rewriter.
type RewriterFunc func(ctx context.Context, question string, before []string) (string, error)

// Rewrite calls f.
func (f RewriterFunc) Rewrite(ctx context.Context, question string, before []string) (string, error) {
	return f(ctx, question, before)
}

// longestRewrite is how many bytes a rewritten question may have. A longer one
// is an answer, or worse.
const longestRewrite = 500

// rewrite returns a question that leans on what was said before in words of its
// own, empty if it does not, or if there is no Rewriter or nothing to add.
func (k *Knowledge) rewrite(ctx context.Context, q Query) (string, error) {
	if k.rewriter == nil || !k.leans(q) {
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, err := k.rewriter.Rewrite(ctx, q.Text, slices.Clone(q.Before))
	if err != nil {
		return "", fmt.Errorf("retrieval: rewrite the question: %w", err)
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, " ")), " ")
	if len(text) > max(longestRewrite, len(q.Text)) {
		return "", fmt.Errorf("retrieval: rewrite the question: %d characters are too many", utf8.RuneCountInString(text))
	}
	if text == strings.TrimSpace(q.Text) {
		return "", nil
	}
	return text, nil
}

// leans reports whether a question needs what was said before it.
func (k *Knowledge) leans(q Query) bool {
	if len(q.Before) == 0 {
		return false
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	v := k.index.view(q.Audiences)
	asked := v.question(q.Text, k.language)
	defer v.analyzers.Put(asked.mark.analyzer)
	return v.need(asked, q.Text) > 0
}
