package ingest

import (
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A Change is what a Sync did to one document.
type Change struct {
	// Item is the item's ID.
	Item string `json:"item"`
	// Title is the document's.
	Title string `json:"title,omitempty"`
	// Kind says what happened to the document.
	Kind ChangeKind `json:"kind"`
	// Came and Went are the passages that a changed document has now and had
	// before: their headings and the beginning of their text, at most 10 each.
	Came []string `json:"came,omitempty"`
	Went []string `json:"went,omitempty"`
}

// A ChangeKind says what happened to a document.
type ChangeKind string

// What happens to documents.
const (
	Added   ChangeKind = "added"
	Changed ChangeKind = "changed"
	Removed ChangeKind = "removed"
)

const (
	maxChanges  = 100 // that a report describes; it counts them all
	maxPassages = 10  // that a change describes, each way
	maxExcerpt  = 200 // bytes of a passage
)

// changeOf compares what is held of a document with what it will be.
func changeOf(old []retrieval.Passage, doc retrieval.Document, next []retrieval.Passage) Change {
	c := Change{Item: doc.ID, Title: doc.Title, Kind: Added}
	if len(old) > 0 {
		c.Kind, c.Came, c.Went = Changed, missing(next, old), missing(old, next)
	}
	return c
}

// missing describes the passages of a that b has not.
func missing(a, b []retrieval.Passage) []string {
	has := make(map[string]bool, len(b))
	for _, p := range b {
		has[p.ID] = true
	}
	var out []string
	for _, p := range a {
		if !has[p.ID] && len(out) < maxPassages {
			out = append(out, excerpt(p))
		}
	}
	return out
}

// excerpt returns the headings of a passage and how its text begins.
func excerpt(p retrieval.Passage) string {
	text := strings.Join(strings.Fields(p.Text), " ")
	if len(text) > maxExcerpt {
		text = strings.ToValidUTF8(text[:maxExcerpt], "") + "…"
	}
	return strings.Join(slices.Concat(p.Path, []string{text}), " › ")
}
