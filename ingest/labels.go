package ingest

import (
	"slices"
	"time"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// Labels say how content may be used, beside what is in it. An item has those
// that its owner gives it, and a source has labels for all its items.
type Labels struct {
	// Language is a BCP 47 tag. Empty means what the content says or shows.
	Language string `json:"language,omitempty"`
	// Audience limits who may see the content. Empty means everybody. An item's
	// own audience stands in place of that of its source.
	Audience string `json:"audience,omitempty"`
	// Private turns citations off: the content informs answers and is never named.
	Private bool `json:"private,omitempty"`
	// Curated content is written as the answer to the question that is its title.
	Curated bool `json:"curated,omitempty"`
	// From and Until limit when the content holds: from From on, and before
	// Until. Zero means without limit.
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Keywords are words to find the content by, beside its own.
	Keywords []string `json:"keywords,omitempty"`
}

// within returns the labels of content that has labels of its own inside of
// something that has outer ones: the narrower of both, never the wider.
func (l Labels) within(outer Labels) Labels {
	if l.Language == "" {
		l.Language = outer.Language
	}
	if l.Audience == "" {
		l.Audience = outer.Audience
	}
	l.Private = l.Private || outer.Private
	l.Curated = l.Curated || outer.Curated
	if outer.From.After(l.From) {
		l.From = outer.From
	}
	if l.Until.IsZero() || !outer.Until.IsZero() && outer.Until.Before(l.Until) {
		l.Until = outer.Until
	}
	l.Keywords = append(slices.Clip(l.Keywords), outer.Keywords...)
	return l
}

// equal reports whether two sets of labels have the same effect.
func (l Labels) equal(m Labels) bool {
	return l.Language == m.Language && l.Audience == m.Audience && l.Private == m.Private && l.Curated == m.Curated &&
		l.From.Equal(m.From) && l.Until.Equal(m.Until) && slices.Equal(l.Keywords, m.Keywords)
}

// labelsOf returns what a document says of itself.
func labelsOf(doc retrieval.Document) Labels {
	return Labels{
		Language: doc.Language, Audience: doc.Audience, Private: doc.Private, Curated: doc.Curated,
		From: doc.From, Until: doc.Until, Keywords: doc.Keywords,
	}
}

// label puts labels on a document in place of its own.
func label(doc retrieval.Document, l Labels) retrieval.Document {
	doc.Language, doc.Audience, doc.Private, doc.Curated = l.Language, l.Audience, l.Private, l.Curated
	doc.From, doc.Until, doc.Keywords = l.From, l.Until, l.Keywords
	return doc
}
