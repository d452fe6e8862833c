package agent

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// A TokenPrice is what a model costs, per million tokens, in millionths of a
// currency: 2500000 is 2.50 a million. If several models answer, it is that of
// the dearest.
type TokenPrice struct {
	Input  int64 `json:"input,omitempty"`
	Output int64 `json:"output,omitempty"`
}

// of returns what usage costs in millionths, rounded up, or the greatest number
// if that is not enough.
func (p TokenPrice) of(u Usage) int64 {
	const million = 1_000_000
	inHigh, in := bits.Mul64(uint64(u.InputTokens), uint64(p.Input))
	outHigh, out := bits.Mul64(uint64(u.OutputTokens), uint64(p.Output))
	low, carry := bits.Add64(in, out, 0)
	low, more := bits.Add64(low, million-1, 0)
	high := inHigh + outHigh + carry + more // each below 1<<62
	if high >= million {
		return math.MaxInt64
	}
	cost, _ := bits.Div64(high, low, million)
	return int64(min(cost, math.MaxInt64))
}

// A spending counts what the model's calls of a turn use, for its limits.
type spending struct {
	free     bool  // the model costs nothing
	ended    Usage // of the calls before
	reported Usage // of this call, as the model says
	guessed  Usage // of this call, as its texts suggest
}

// bytesPerToken is about what a token takes of a text. Providers say four
// letters of English (https://platform.openai.com/tokenizer); other scripts
// take more bytes a letter and more tokens a letter alike.
const bytesPerToken = 4

// begin starts a call.
func (s *spending) begin(r Request) {
	s.ended = s.sum()
	p := r.Prompt()
	bytes := len(p.System)
	for _, m := range p.Messages {
		bytes += len(m.Text)
	}
	for _, a := range r.Actions {
		bytes += len(a.Name) + len(a.Description) + len(a.Schema)
	}
	for _, c := range r.Results {
		bytes += len(c.Name) + len(c.Arguments) + len(c.Output) + len(c.Refused)
	}
	s.reported, s.guessed = Usage{}, Usage{InputTokens: bytes / bytesPerToken}
}

// add takes what the model has said so far, in bytes, and what it reports.
func (s *spending) add(said int, reported Usage) {
	s.guessed.OutputTokens = said / bytesPerToken
	s.reported = s.reported.plus(reported)
}

// sum is what all calls used. What a model reports comes at the end of a call if
// at all, so that of a call is at least what its texts suggest.
func (s *spending) sum() Usage {
	return s.ended.plus(Usage{
		max(s.reported.InputTokens, s.guessed.InputTokens), max(s.reported.OutputTokens, s.guessed.OutputTokens),
	})
}

// overspent hands the conversation over if the turn's calls have used more than
// they may, and reports whether it did.
func (t *turn) overspent() bool {
	if t.spent.free {
		return false
	}
	used, limits := t.spent.sum(), t.agent.rules.Limits
	if most := limits.Tokens; most > 0 && used.InputTokens+used.OutputTokens > most {
		t.handOver(handoff.Limits, "too many tokens", "The model's calls take about %d tokens, of %d.", used.InputTokens+used.OutputTokens, most)
		return true
	}
	if cost := t.agent.rules.TokenPrice.of(used); limits.Cost > 0 && cost > limits.Cost {
		t.handOver(handoff.Limits, "too expensive", "The model's calls cost about %s, of %s.", millionths(cost), millionths(limits.Cost))
		return true
	}
	return false
}

// millionths writes an amount in units.
func millionths(n int64) string {
	return fmt.Sprintf("%d.%06d", n/1_000_000, n%1_000_000)
}
