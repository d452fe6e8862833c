package crawltest_test

import (
	"testing"

	"github.com/frontdesk-go/frontdesk/ingest/crawl"
	"github.com/frontdesk-go/frontdesk/ingest/crawl/crawltest"
)

// The test of a store of one's own is this, with its constructor in place.
func ExampleRunStore() {
	_ = func(t *testing.T) {
		crawltest.RunStore(t, func(t *testing.T) crawl.Store {
			return crawl.NewMemoryStore()
		})
	}
	// Output:
}
