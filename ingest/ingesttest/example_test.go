package ingesttest_test

import (
	"testing"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/ingesttest"
)

// The test of a store of one's own is this, with its constructor in place.
func ExampleRunStore() {
	_ = func(t *testing.T) {
		ingesttest.RunStore(t, func(t *testing.T) ingest.Store {
			return ingest.NewMemoryStore()
		})
	}
	// Output:
}
