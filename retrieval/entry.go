package retrieval

import (
	"slices"
	"time"
)

// An entry is what the index keeps of a passage beside the postings. What
// passages share stands apart, once: most of what an index takes beside the
// text would be that.
type entry struct {
	id     string
	text   string
	place  *place  // nil for text before the first heading
	origin *origin // nil for a passage that was removed
	next   uint32  // the document's next passage, gone after the last
}

// A place is where in its document a passage stands.
type place struct {
	path   []string
	anchor string
}

// An origin is what the passages of a document have in common.
type origin struct {
	*label
	document, title, url string
	keywords             []string
	times                *times // nil if all are zero
}

// A label is what the documents of a source have in common.
type label struct {
	source, tag, audience string
	private, curated      bool
	language              *language
	shard                 int32 // of the audience
}

type times struct{ from, until, updated time.Time }

// passing reports whether what the documents say holds for a time only.
func (o *origin) passing() bool {
	return o.times != nil && !(o.times.from.IsZero() && o.times.until.IsZero())
}

// passage returns the passage of an entry.
func (e *entry) passage() Passage {
	o := e.origin
	p := Passage{
		ID: e.id, Document: o.document, Source: o.source, Title: o.title, URL: o.url, Text: e.text, Language: o.tag,
		Keywords: o.keywords, Audience: o.audience, Private: o.private, Curated: o.curated,
	}
	if e.place != nil {
		p.Path, p.Anchor = e.place.path, e.place.anchor
	}
	if o.times != nil {
		p.From, p.Until, p.Updated = o.times.from, o.times.until, o.times.updated
	}
	return p
}

// origin returns the origin of a passage. That of its neighbour, which may be
// nil, is taken if it is the same.
func (x *index) origin(p *Passage, l *language, neighbour *origin) *origin {
	o := origin{
		label:    x.label(label{p.Source, p.Language, p.Audience, p.Private, p.Curated, l, x.audience(p.Audience)}),
		document: p.Document, title: p.Title, url: p.URL, keywords: p.Keywords,
	}
	if !p.From.IsZero() || !p.Until.IsZero() || !p.Updated.IsZero() {
		o.times = &times{p.From, p.Until, p.Updated}
	}
	if neighbour != nil && o.same(neighbour) {
		return neighbour
	}
	return &o
}

// same reports whether two origins say the same.
func (o *origin) same(other *origin) bool {
	return o.label == other.label && o.document == other.document && o.title == other.title && o.url == other.url &&
		slices.Equal(o.keywords, other.keywords) &&
		(o.times == nil) == (other.times == nil) && (o.times == nil || *o.times == *other.times)
}

// label returns the one label that is equal to l.
func (x *index) label(l label) *label {
	known, ok := x.labels[l]
	if !ok {
		known = &l
		x.labels[l] = known
	}
	return known
}

// newPlace returns the place of a passage.
func newPlace(p *Passage) *place {
	if len(p.Path) == 0 && p.Anchor == "" {
		return nil
	}
	return &place{p.Path, p.Anchor}
}
