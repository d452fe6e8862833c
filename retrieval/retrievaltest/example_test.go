package retrievaltest_test

import (
	"testing"

	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/retrieval/retrievaltest"
)

// The test of a store of one's own is this, with its constructor in place.
func ExampleRunStore() {
	_ = func(t *testing.T) {
		retrievaltest.RunStore(t, func(t *testing.T) retrieval.Store {
			return retrieval.NewMemoryStore()
		})
	}
	// Output:
}
