package ingest

import (
	"strings"
	"time"
)

// A Record is what is known of an item since it was last read.
type Record struct {
	// Item is the item's ID, which is that of its document too.
	Item string `json:"item"`
	// Title and URL are the document's.
	Title string `json:"title,omitempty"`
	URL   string `json:"url,omitempty"`
	// Digest tells the state of what was ingested. Its form is the pipeline's
	// business. It is empty for an item that was never ingested.
	Digest string `json:"digest,omitempty"`
	// Version and Modified are those of the item when it was ingested.
	Version  string    `json:"version,omitempty"`
	Modified time.Time `json:"modified,omitzero"`
	// Labels are the document's own, without those of its source.
	Labels Labels `json:"labels,omitzero"`
	// Synced is when the item was last read without an error.
	Synced time.Time `json:"synced,omitzero"`
	// Passages is how many the document has.
	Passages int `json:"passages,omitempty"`
	// Err says why the item could not be read the last time, in words for its
	// owner, and is empty if it could. What was known before still holds.
	Err string `json:"err,omitempty"`
	// Gone says that the owner took the item away with [Pipeline.Upsert]. The
	// record stays so that what was sent before, and comes late, is known.
	Gone bool `json:"gone,omitempty"`
}

// frame returns the part of the digest that stands for all that decides how
// content is read, beside the content.
func (r Record) frame() string {
	frame, _, _ := strings.Cut(r.Digest, ".")
	return frame
}

// content returns the part of the digest that stands for the bytes read.
func (r Record) content() string {
	_, rest, _ := strings.Cut(r.Digest, ".")
	content, _, _ := strings.Cut(rest, ".")
	return content
}

// text returns the part of the digest that stands for the document made of them.
func (r Record) text() string {
	_, rest, _ := strings.Cut(r.Digest, ".")
	_, text, _ := strings.Cut(rest, ".")
	return text
}

// A State is what is known of a source since its last Sync.
type State struct {
	// Labels hold for all documents of the source.
	Labels Labels `json:"labels,omitzero"`
	// Tried is when the last Sync ended, and Synced when the last one did that
	// found the source and read it to its end, or when an item was pushed last.
	Tried  time.Time `json:"tried,omitzero"`
	Synced time.Time `json:"synced,omitzero"`
	// Failures counts the Syncs that failed since Synced, and Err says why the
	// last of them did. It is empty if there was none.
	Failures int    `json:"failures,omitempty"`
	Err      string `json:"err,omitempty"`
	// Added, Changed, Unchanged, Removed and Failed count the items of the last
	// Sync, and Took is how long it was.
	Added     int           `json:"added,omitempty"`
	Changed   int           `json:"changed,omitempty"`
	Unchanged int           `json:"unchanged,omitempty"`
	Removed   int           `json:"removed,omitempty"`
	Failed    int           `json:"failed,omitempty"`
	Took      time.Duration `json:"took,omitempty"`
	// Changes are those of the last Sync that changed anything, as in [Report],
	// or of the last items pushed, newest first.
	Changes []Change `json:"changes,omitempty"`
	// Held are the items that are gone from the source and were kept, as in
	// [Report].
	Held []string `json:"held,omitempty"`
}

// An Update is what a Store is to remember of a source, all of it or nothing.
type Update struct {
	// Records replace what is known of their items.
	Records []Record
	// Gone are the items to forget. Unknown ones are ignored.
	Gone []string
	// State replaces that of the source if it is not nil.
	State *State
	// Drop forgets the source and all its items first.
	Drop bool
}
