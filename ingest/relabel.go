package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// batch is how many documents are written or removed in one call.
const batch = 100

// Label gives a source labels, which hold for all its documents from then on.
// Those that are there already are labelled at once, from what the knowledge
// base holds: nothing is read anew, so that it works while the source is away.
// When it fails, some documents have the new labels, and Label can be repeated.
func (p *Pipeline) Label(ctx context.Context, source string, labels Labels) error {
	defer p.lock(source)()
	state, known, err := p.load(ctx, source)
	if err != nil || state.Labels.equal(labels) {
		return err
	}
	var docs []retrieval.Document
	for _, id := range slices.Sorted(maps.Keys(known)) {
		if passages := p.cfg.Knowledge.Passages(id); len(passages) > 0 {
			docs = append(docs, relabel(known[id], passages, labels))
		}
	}
	for some := range slices.Chunk(docs, batch) {
		if err := p.cfg.Knowledge.Add(ctx, some...); err != nil {
			return fmt.Errorf("ingest: labelling %q: %w", source, err)
		}
	}
	state.Labels = labels
	if err := p.cfg.Store.Apply(ctx, source, Update{State: &state}); err != nil {
		return fmt.Errorf("ingest: labelling %q: %w", source, err)
	}
	return nil
}

// relabel returns the document that passages were made of, under other labels
// of its source.
func relabel(r Record, passages []retrieval.Passage, labels Labels) retrieval.Document {
	first := passages[0]
	doc := retrieval.Document{
		ID: r.Item, Source: first.Source, Title: first.Title, URL: first.URL, Language: first.Language,
		Keywords: first.Keywords, Updated: first.Updated,
	}
	for _, p := range passages {
		doc.Sections = append(doc.Sections, retrieval.Section{Path: p.Path, Anchor: p.Anchor, Text: p.Text})
	}
	own := r.Labels
	if r.text() == "" {
		own = labelsOf(doc) // of a version that kept no labels, and had none but these
	}
	return label(doc, own.within(labels))
}

// Drop removes all documents of a source, and all that is known of it. Documents
// that another source has taken over stay. When it fails it can be repeated.
func (p *Pipeline) Drop(ctx context.Context, source string) error {
	defer p.lock(source)()
	_, known, err := p.load(ctx, source)
	if err != nil {
		return err
	}
	for ids := range slices.Chunk(slices.Collect(maps.Keys(known)), batch) {
		ids = slices.DeleteFunc(ids, func(id string) bool { return p.own(source, id) != source })
		if err := p.cfg.Knowledge.Remove(ctx, ids...); err != nil {
			return fmt.Errorf("ingest: dropping %q: %w", source, err)
		}
		for _, id := range ids {
			p.disown(source, id)
		}
	}
	if err := p.cfg.Store.Apply(ctx, source, Update{Drop: true}); err != nil {
		return fmt.Errorf("ingest: dropping %q: %w", source, err)
	}
	return nil
}
