package agenttest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/channel"
)

// EditorFeatures say what more an Editor promises.
type EditorFeatures struct {
	// Atomic says that of edits at the same time that begin with the same values
	// only one succeeds. Without it there is a moment between looking and writing.
	Atomic bool
}

// RunEditor proves an Editor: all that RunCRM does, and that it changes what it is
// told, from what it was, or nothing.
//
// newEditor returns one that knows exactly the given customers, and lets the
// properties "plan" and "city" be set to texts. It is called for each subtest.
func RunEditor(t *testing.T, f EditorFeatures, newEditor func(t *testing.T, customers []agent.Customer) agent.Editor) {
	RunCRM(t, func(t *testing.T, customers []agent.Customer) agent.CRM { return newEditor(t, customers) })
	for _, c := range []struct {
		name  string
		prove func(*testing.T, agent.Editor)
	}{
		{"Update", editorUpdate},
		{"UpdateFromNothing", editorFromNothing},
		{"UpdateConflict", editorConflict},
		{"UpdateUnknown", editorUnknown},
		{"UpdateHostile", editorHostile},
		{"UpdateContext", editorContext},
	} {
		t.Run(c.name, func(t *testing.T) { c.prove(t, newEditor(t, customers())) })
	}
	if f.Atomic {
		t.Run("UpdateConcurrent", func(t *testing.T) { editorConcurrent(t, newEditor(t, customers())) })
	}
}

// has asks for a property of one of the customers.
func has(t *testing.T, crm agent.CRM, c agent.Customer, property string) any {
	t.Helper()
	got, err := crm.Customer(t.Context(), partyOf(c, channel.Signed))
	require.NoError(t, err)
	return got.Properties[property]
}

func editorUpdate(t *testing.T, e agent.Editor) {
	ada := customers()[0]
	require.NoError(t, e.Update(t.Context(), agent.Edit{Customer: ada.ID, Key: "k1", Changes: []agent.Change{
		{Property: "plan", Old: "gold", New: "silver"}, {Property: "city", Old: "Leeds", New: "York"},
	}}))
	require.Equal(t, "silver", has(t, e, ada, "plan"), "an editor changes what it is told")
	require.Equal(t, "York", has(t, e, ada, "city"), "an editor makes all changes of an edit")
	require.NoError(t, e.Update(t.Context(), agent.Edit{Customer: ada.ID, Key: "k2", Changes: []agent.Change{{Property: "plan", Old: "silver", New: "gold"}}}))
	require.Equal(t, "gold", has(t, e, ada, "plan"), "what was changed can be changed back")
	require.Equal(t, "York", has(t, e, ada, "city"), "an editor leaves alone what it is not told to change")
}

func editorFromNothing(t *testing.T, e agent.Editor) {
	ada, bea := customers()[0], customers()[1]
	require.NoError(t, e.Update(t.Context(), agent.Edit{Customer: bea.ID, Key: "k1", Changes: []agent.Change{{Property: "plan", New: "silver"}}}))
	require.Equal(t, "silver", has(t, e, bea, "plan"), "an Old of nil is a property without a value")
	require.Equal(t, "gold", has(t, e, ada, "plan"), "an editor changes one customer")
	err := e.Update(t.Context(), agent.Edit{Customer: bea.ID, Key: "k2", Changes: []agent.Change{{Property: "plan", New: "gold"}}})
	require.ErrorIs(t, err, agent.ErrConflict, "an Old of nil is not any value")
	require.Equal(t, "silver", has(t, e, bea, "plan"), "a conflict changes nothing")
}

func editorConflict(t *testing.T, e agent.Editor) {
	ada := customers()[0]
	for _, changes := range [][]agent.Change{
		{{Property: "plan", Old: "silver", New: "bronze"}},
		{{Property: "city", Old: "Leeds", New: "York"}, {Property: "plan", Old: "silver", New: "bronze"}},
		{{Property: "plan", Old: "silver", New: "gold"}, {Property: "city", Old: "Leeds", New: "York"}},
	} {
		err := e.Update(t.Context(), agent.Edit{Customer: ada.ID, Key: "k", Changes: changes})
		require.ErrorIs(t, err, agent.ErrConflict, "an editor changes a property only from its Old value")
		require.Equal(t, "gold", has(t, e, ada, "plan"), "a conflict changes nothing")
		require.Equal(t, "Leeds", has(t, e, ada, "city"), "a conflict changes nothing, also of other properties")
	}
}

func editorUnknown(t *testing.T, e agent.Editor) {
	for _, id := range []string{"c9", "", "ada@example.com"} {
		err := e.Update(t.Context(), agent.Edit{Customer: id, Key: "k", Changes: []agent.Change{{Property: "plan", New: "silver"}}})
		require.ErrorIs(t, err, agent.ErrUnknownCustomer, "an editor changes nobody whom it does not know, as %q", id)
	}
}

func editorHostile(t *testing.T, e agent.Editor) {
	ada, bea := customers()[0], customers()[1]
	value := `'; UPDATE customers SET plan = 'x' --"}&{{` + "\n\té"
	require.NoError(t, e.Update(t.Context(), agent.Edit{Customer: bea.ID, Key: "k", Changes: []agent.Change{{Property: "city", New: value}}}))
	require.Equal(t, value, has(t, e, bea, "city"), "an editor writes values as they are")
	require.Equal(t, "gold", has(t, e, ada, "plan"), "an editor interprets no value")
	for _, id := range []string{"c1' OR '1'='1", "c1/../c2", "c1?x", "%", "c1\x00"} {
		err := e.Update(t.Context(), agent.Edit{Customer: id, Key: "k", Changes: []agent.Change{{Property: "plan", Old: "gold", New: "silver"}}})
		require.ErrorIs(t, err, agent.ErrUnknownCustomer, "an editor compares an ID, and does not interpret %q", id)
	}
	require.Equal(t, "gold", has(t, e, ada, "plan"), "an editor interprets no ID")
}

func editorContext(t *testing.T, e agent.Editor) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := e.Update(ctx, agent.Edit{Customer: "c1", Key: "k", Changes: []agent.Change{{Property: "plan", Old: "gold", New: "silver"}}})
	require.ErrorIs(t, err, context.Canceled, "an editor heeds its context")
	require.Equal(t, "gold", has(t, e, customers()[0], "plan"), "nothing is changed once nobody waits")
}

func editorConcurrent(t *testing.T, e agent.Editor) {
	errs := make([]error, 16)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			errs[i] = e.Update(t.Context(), agent.Edit{Customer: "c1", Key: fmt.Sprint(i), Changes: []agent.Change{{Property: "plan", Old: "gold", New: fmt.Sprint(i)}}})
		})
	}
	wg.Wait()
	won := -1
	for i, err := range errs {
		if err == nil {
			require.Negative(t, won, "of edits from the same values only one succeeds")
			won = i
			continue
		}
		require.ErrorIs(t, err, agent.ErrConflict, "the others are told that there is a conflict")
	}
	require.Equal(t, fmt.Sprint(won), has(t, e, customers()[0], "plan"), "the edit that succeeded is the one that was made")
}
