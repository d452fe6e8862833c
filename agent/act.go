package agent

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
)

// act makes the calls that a model proposed, those that the policy allows. A
// call that is refused or fails is told to the model as its result.
func (t *turn) act(ctx context.Context, calls []Call) []CallResult {
	results := make([]CallResult, 0, len(calls))
	for _, c := range calls {
		if ctx.Err() != nil {
			break
		}
		r := t.perform(ctx, c)
		if r.Refused != "" {
			t.finding("action %s: %s", c.Name, r.Refused)
		}
		results = append(results, r)
		t.Calls = append(t.Calls, r)
	}
	return results
}

// perform makes one call, or says why not.
func (t *turn) perform(ctx context.Context, c Call) CallResult {
	r := CallResult{Call: c}
	action, ok := t.agent.actions[c.Name]
	if !ok {
		r.Refused = "there is no such action"
		return r
	}
	if action.Writes && t.writes() != Auto {
		r.Refused = "the company does not let the agent do it here"
		return r
	}
	if r.Refused = t.refuse(action, c); r.Refused != "" {
		return r
	}
	key := t.callKey(c)
	for _, earlier := range slices.Concat(t.done, t.Calls) {
		if t.callKey(earlier.Call) == key {
			r.Output, r.Refused = earlier.Output, earlier.Refused
			return r
		}
	}
	err := guarded(func() (err error) {
		r.Output, err = action.Run(ctx, ActionCall{
			Key: key, Conversation: t.conv.ID, Customer: t.customer, Arguments: c.Arguments, turn: t,
		})
		return err
	})
	var panicked *panicError
	switch {
	case errors.As(err, &panicked):
		t.agent.cfg.Log.ErrorContext(ctx, "agent: an action panicked", "action", c.Name, "err", err)
		r.Output, r.Refused = nil, "it failed"
	case err != nil:
		r.Output, r.Refused = nil, "it failed: "+err.Error()
	}
	return r
}

// refuse returns why the policy does not allow a call, empty if it does.
func (t *turn) refuse(a Action, c Call) string {
	if !t.trusted(a.Trust) {
		t.verify(a.Trust, a.Name)
		return fmt.Sprintf("the customer is %s, and it needs %s", t.customer.Trust, a.Trust)
	}
	var arguments map[string]any
	if err := json.Unmarshal(c.Arguments, &arguments); err != nil {
		return "the arguments are not a JSON object"
	}
	schema, err := a.arguments()
	if err != nil {
		return "its schema is broken"
	}
	if err := schema.Validate(arguments); err != nil {
		return "the arguments do not fit: " + err.Error()
	}
	if !a.Idempotent && t.begunBefore() {
		return "it may have been done already, and is not done twice"
	}
	return ""
}

// begunBefore reports whether an earlier attempt at this turn ended without a
// commit.
func (t *turn) begunBefore() bool {
	return t.conv.Memory.Failures > 0 || t.conv.Epoch != t.conv.Memory.Committed+1
}

// callKey names a call by its conversation, its place and its arguments.
func (t *turn) callKey(c Call) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%s\x00%s", t.conv.ID, t.First, c.Name, canonical(c.Arguments)))
	return hex.EncodeToString(sum[:16])
}

// canonical returns a JSON object with its keys sorted and its spaces gone.
func canonical(raw json.RawMessage) []byte {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return raw
	}
	out, err := json.Marshal(v) // sorts keys
	if err != nil {
		return raw
	}
	return out
}

// specs describes the actions to a model, in the order of their names.
func (a *Agent) specs() []ActionSpec {
	specs := make([]ActionSpec, 0, len(a.actions))
	for _, act := range a.actions {
		specs = append(specs, ActionSpec{act.Name, act.Description, act.Schema, act.Writes})
	}
	sort.Slice(specs, func(i, j int) bool { return specs[i].Name < specs[j].Name })
	return specs
}
