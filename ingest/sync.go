package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// generation is part of every digest. It grows when documents of the same
// content come out differently, so that they are ingested again.
const generation = "2"

// An outcome is what became of one item.
type outcome int

const (
	unchanged outcome = iota
	added
	changed
)

// errInternal marks an error of the knowledge base or the store, which ends a
// Sync, unlike one of an item.
type errInternal struct{ error }

func (e errInternal) Unwrap() error { return e.error }

// A syncing is the state of one Sync.
type syncing struct {
	*Pipeline
	source string
	known  map[string]string
	total  int
	start  time.Time
	stop   context.CancelCauseFunc

	seen map[string]bool // by the listing only
	lost []string        // IDs that the listing could not look into

	mu     sync.Mutex
	report Report
}

// run lists the source and ingests its items in the workers.
func (s *syncing) run(ctx context.Context, src Source) error {
	items := make(chan Item)
	var workers sync.WaitGroup
	for range s.cfg.Workers {
		workers.Go(func() {
			for item := range items {
				s.handle(ctx, item)
			}
		})
	}
	err := s.list(ctx, src, items)
	close(items)
	workers.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

func (s *syncing) list(ctx context.Context, src Source, items chan<- Item) error {
	for item, err := range src.Items(ctx) {
		if err != nil && item.ID == "" {
			return fmt.Errorf("ingest: listing %q: %w", s.source, err)
		}
		if s.seen[item.ID] {
			continue
		}
		s.seen[item.ID] = true
		if err != nil {
			s.lost = append(s.lost, item.ID)
			s.finish(item.ID, unchanged, err)
			continue
		}
		select {
		case items <- item:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

func (s *syncing) handle(ctx context.Context, item Item) {
	done, err := s.ingest(ctx, s.source, item, s.known[item.ID])
	if internal, ok := errors.AsType[errInternal](err); ok {
		s.stop(internal.error)
		return
	}
	if ctx.Err() != nil {
		return
	}
	s.finish(item.ID, done, err)
}

// finish counts an item and tells the progress.
func (s *syncing) finish(id string, done outcome, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		s.report.Failed = append(s.report.Failed, Failure{Item: id, Err: err})
	case done == added:
		s.report.Added++
	case done == changed:
		s.report.Changed++
	default:
		s.report.Unchanged++
	}
	n := s.report.Total()
	total := s.total
	if total > 0 {
		total = max(total, n)
	}
	s.cfg.Progress(Progress{
		Source: s.source, Item: id, Done: n, Total: total,
		Failed: len(s.report.Failed), Elapsed: time.Since(s.start),
	})
}

// removeGone removes what the listing no longer has. Items below one that
// could not be looked into, such as the files of an unreadable folder, stay.
func (s *syncing) removeGone(ctx context.Context) error {
	for id := range s.known {
		if s.seen[id] || s.unknown(id) {
			continue
		}
		if err := s.remove(ctx, s.source, id); err != nil {
			return err
		}
		s.report.Removed++
	}
	return nil
}

func (s *syncing) unknown(id string) bool {
	for _, lost := range s.lost {
		if lost == "." || strings.HasPrefix(id, strings.TrimSuffix(lost, "/")+"/") {
			return true
		}
	}
	return false
}

// ingest reads one item and writes it if it is not what the digest says.
//
// The document is written before the digest is marked: a crash between the two
// makes the next Sync write the same document again, and loses nothing.
func (p *Pipeline) ingest(ctx context.Context, source string, item Item, known string) (outcome, error) {
	if owner := p.own(source, item.ID); owner != source {
		return unchanged, fmt.Errorf("ingest: the source %q has an item of this name already; give one of the two a prefix", owner)
	}
	content, err := p.read(ctx, item)
	if err != nil {
		return unchanged, err
	}
	raw := digest([]byte(generation), []byte(item.Name), []byte(item.MediaType), []byte(item.URL), content)
	oldRaw, oldText, _ := strings.Cut(known, ".")
	if raw == oldRaw {
		return unchanged, nil
	}
	doc, err := p.document(ctx, source, item, content)
	if err != nil {
		return unchanged, err
	}
	text, err := digestOf(doc)
	if err != nil {
		return unchanged, err
	}
	// A page often differs in a nonce or a date only: its text decides.
	if text != oldText {
		if err := p.cfg.Knowledge.Add(ctx, doc); err != nil {
			return unchanged, errInternal{fmt.Errorf("ingest: adding %q: %w", item.ID, err)}
		}
	}
	if err := p.cfg.Store.Mark(ctx, source, item.ID, raw+"."+text); err != nil {
		return unchanged, errInternal{fmt.Errorf("ingest: marking %q: %w", item.ID, err)}
	}
	switch {
	case known == "":
		return added, nil
	case text == oldText:
		return unchanged, nil
	}
	return changed, nil
}

// read returns the item's content, up to the limit.
func (p *Pipeline) read(ctx context.Context, item Item) ([]byte, error) {
	if item.Open == nil {
		return nil, fmt.Errorf("%w: it has no content", ErrMalformed)
	}
	ctx, cancel := context.WithTimeout(ctx, p.cfg.Timeout)
	defer cancel()
	r, err := item.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, p.cfg.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > p.cfg.MaxBytes {
		return nil, fmt.Errorf("%w: more than %d MiB", ErrTooLarge, p.cfg.MaxBytes>>20)
	}
	return content, nil
}

// document extracts the item's text.
func (p *Pipeline) document(ctx context.Context, source string, item Item, content []byte) (retrieval.Document, error) {
	ctx, cancel := context.WithTimeout(ctx, p.cfg.Timeout)
	defer cancel()
	doc, err := p.extract(ctx, item, bytes.NewReader(content))
	if err != nil {
		return retrieval.Document{}, err
	}
	doc.ID = item.ID
	doc.Source = source
	if doc.URL == "" {
		doc.URL = item.URL
	}
	if doc.Updated.IsZero() {
		doc.Updated = item.Modified
	}
	if doc.Title == "" {
		doc.Title = item.Name
	}
	return doc, nil
}

// digestOf returns the digest of what a customer can see of a document. The
// time of the last change is left out: it changes without the text.
func digestOf(doc retrieval.Document) (string, error) {
	doc.Updated = time.Time{}
	data, err := json.Marshal(doc)
	if err != nil {
		return "", fmt.Errorf("ingest: encoding the document: %w", err)
	}
	return digest(data), nil
}

func digest(parts ...[]byte) string {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d:", len(part))
		h.Write(part)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
