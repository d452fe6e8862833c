package agent

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/handoff"
)

// act makes the calls that a model proposed, those that the policy allows. A
// call that is refused or fails is told to the model as its result. Once the
// turn is decided otherwise, as by a question to confirm a call, no more are made.
func (t *turn) act(ctx context.Context, calls []Call) []CallResult {
	results := make([]CallResult, 0, len(calls))
	for _, c := range calls {
		if ctx.Err() != nil || t.Decision.Kind != Answer && t.Decision.Kind != "" {
			break
		}
		r := t.perform(ctx, &proposal{Call: c})
		r.Why = "" // is the host's
		results = append(results, r)
	}
	return results
}

// perform makes one call, or says why not, and notes what became of it.
func (t *turn) perform(ctx context.Context, p *proposal) CallResult {
	p.action = t.agent.actions[p.Name]
	if p.key == "" {
		p.key = t.callKey(p.Call)
	}
	r := CallResult{Call: p.Call, Key: p.key}
	if earlier, ok := t.ran(p.key); ok {
		r.Output, r.Refused, r.Check = earlier.Output, earlier.Refused, "repeated"
	} else if r.Check, r.Refused = t.judge(ctx, p); r.Refused == "" {
		r.Output, r.Refused = t.make(ctx, p)
		if r.Refused != "" {
			r.Check = "failed"
		}
	}
	r.Arguments, r.Why = p.Arguments, p.why
	if r.Refused != "" {
		t.finding("action %s: %s", p.Name, strings.TrimSpace(r.Refused+" "+p.why))
	}
	t.Calls = append(t.Calls, r)
	t.recordCall(r)
	return r
}

// ran returns the result of the same call if this turn has made it.
func (t *turn) ran(key string) (CallResult, bool) {
	calls := slices.Concat(t.done, t.Calls)
	i := slices.IndexFunc(calls, func(r CallResult) bool {
		// What was made before the customer proved who they are has an older key.
		return (r.Key == key || t.callKey(r.Call) == key) && (r.Check == "" || r.Check == "failed")
	})
	if i < 0 {
		return CallResult{}, false
	}
	return calls[i], true
}

// make runs an action and remembers what later decisions need to know of it.
func (t *turn) make(ctx context.Context, p *proposal) (output json.RawMessage, refused string) {
	output, err := p.run(ctx, ActionCall{Key: p.key, Conversation: t.conv.ID, Customer: t.customer, Arguments: p.Arguments, Words: t.words(), Language: t.Language, turn: t})
	m := &t.conv.Memory
	m.Collecting = ""
	if p.Risk.Writes() && (err == nil || !p.Idempotent) {
		m.Done = append(slices.Clone(m.Done), p.sameness())
	}
	if err == nil {
		m.ActionFailures = 0
		t.keep(p, output)
		return output, ""
	}
	refused = "it failed: " + err.Error()
	var panicked *panicError
	if errors.As(err, &panicked) {
		t.agent.cfg.Log.ErrorContext(ctx, "agent: an action panicked", "action", p.Name, "err", err)
		refused = "it failed"
	}
	if m.ActionFailures++; m.ActionFailures >= t.agent.rules.Limits.ActionFailures {
		t.handOver(handoff.ActionFailure, "an action failed", "%s failed; actions failed %d times.", p.Name, m.ActionFailures)
	}
	return nil, refused
}

const (
	// actionTime is Action.Timeout when it is zero.
	actionTime = 20 * time.Second
	// mostOutput is how much an action may return, in bytes.
	mostOutput = 64 << 10
)

var errOutput = errors.New("what it returned is not JSON of at most 64 KiB")

// run calls the host's function, for as long as it may take.
func (p *proposal) run(ctx context.Context, c ActionCall) (json.RawMessage, error) {
	if p.inside {
		var output json.RawMessage
		err := guarded(func() (err error) {
			output, err = p.Run(ctx, c)
			return err
		})
		return output, err
	}
	limit := p.Timeout
	orDefault(&limit, actionTime)
	output, err := timed(ctx, limit, func(ctx context.Context) (json.RawMessage, error) { return p.Run(ctx, c) })
	switch {
	case errors.Is(err, errLeft):
		return nil, errors.New("it took too long")
	case err != nil:
		return nil, err
	case len(output) == 0:
		return json.RawMessage("null"), nil
	case len(output) > mostOutput || !json.Valid(output):
		return nil, errOutput
	}
	return output, nil
}

var errLeft = errors.New("agent: it does not come back")

// timed calls the host's code with a time limit, and turns its panics into
// errors. Code that does not heed its context is left behind.
func timed[T any](ctx context.Context, limit time.Duration, f func(context.Context) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	done := make(chan result, 1)
	go func() {
		var r result
		r.err = guarded(func() (err error) {
			r.value, err = f(ctx)
			return err
		})
		done <- r
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
	}
	select { // it has a moment to say how it ended
	case r := <-done:
		return r.value, r.err
	case <-time.After(time.Second):
		return result{}.value, fmt.Errorf("%w: %w", errLeft, ctx.Err())
	}
}

// recordCall adds what became of a call to the audit, without values.
func (t *turn) recordCall(r CallResult) {
	kind := ActionRefused
	switch r.Check {
	case "":
		kind = ActionDone
	case "failed":
		kind = ActionFailed
	case "confirmation":
		kind = ActionAsked
	case "approval":
		kind = ActionProposed
	}
	t.record(kind, t.actor, "%s", describe(r))
}

// actionRecords returns the records of what actions did.
func (t *turn) actionRecords() []Record {
	return slices.DeleteFunc(slices.Clone(t.commit.Records), func(r Record) bool {
		return r.Kind != ActionDone && r.Kind != ActionFailed
	})
}

// describe returns a call for the audit: its names, key and check.
func describe(r CallResult) string {
	var arguments map[string]json.RawMessage
	_ = json.Unmarshal(r.Arguments, &arguments) // nothing, of what is no object
	names := slices.Sorted(maps.Keys(arguments))
	for i, name := range names {
		names[i] = clip(stripHidden(name), 64)
	}
	d := fmt.Sprintf("%s(%s) %s", clip(stripHidden(r.Name), 64), clip(strings.Join(names, ", "), 500), r.Key)
	if r.Check != "" {
		d += ": " + r.Check
	}
	return d
}

// begunBefore reports whether an earlier attempt at this turn ended without a
// commit.
func (t *turn) begunBefore() bool {
	return t.conv.Memory.Failures > 0 || t.conv.Epoch != t.conv.Memory.Committed+1
}

// callKey names a call by its conversation, its place and its arguments.
func (t *turn) callKey(c Call) string {
	return digestOf(fmt.Appendf(nil, "%s\x00%d\x00%s\x00%s", t.conv.ID, t.First, c.Name, canonical(c.Arguments)))
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// canonical returns a JSON object with its keys sorted, its spaces gone, and
// each number in one form.
func canonical(raw json.RawMessage) json.RawMessage {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return raw
	}
	out, err := json.Marshal(plainNumbers(v)) // sorts keys
	if err != nil {
		return raw
	}
	return out
}

// plainNumbers writes 1e3, 1000.0 and 1000 alike. Numbers of more digits than a
// float64 keeps stay as they are.
func plainNumbers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = plainNumbers(e)
		}
	case []any:
		for i, e := range v {
			v[i] = plainNumbers(e)
		}
	case json.Number:
		f, err := v.Float64()
		if short := len(v) <= 15; err == nil && short && f > -1e15 && f < 1e15 {
			return json.Number(strconv.FormatFloat(f+0, 'f', -1, 64)) // of -0 as well
		}
	}
	return v
}

// ambiguous reports whether JSON is no single object, or has an object in which
// two names are the same but for case, which readers of JSON take differently.
func ambiguous(raw json.RawMessage) bool {
	if !json.Valid(raw) {
		return true
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	type level struct {
		names map[string]bool // nil in a list
		value bool            // the next token is a value
	}
	var levels []level
	for first := true; ; first = false {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		if first && token != json.Delim('{') {
			return true
		}
		top := len(levels) - 1
		if top >= 0 && levels[top].names != nil && token != json.Delim('}') {
			if name, ok := token.(string); ok && !levels[top].value {
				name = strings.ToLower(strings.ToUpper(name)) // as encoding/json folds them
				if levels[top].names[name] {
					return true
				}
				levels[top].names[name], levels[top].value = true, true
				continue
			}
			levels[top].value = false
		}
		switch token {
		case json.Delim('{'):
			levels = append(levels, level{names: map[string]bool{}})
		case json.Delim('['):
			levels = append(levels, level{})
		case json.Delim('}'), json.Delim(']'):
			levels = levels[:top]
		}
	}
}
