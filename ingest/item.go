package ingest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// generation is part of every digest. It grows when documents of the same
// content come out differently, so that they are ingested again.
const generation = "3"

// A reading finds out what is to be kept of one item.
type reading struct {
	*Pipeline
	source string
	labels Labels // of the source
	item   Item
	old    Record // zero for an item that is not known
	pushed bool   // the content is at hand, and decides

	// What is to be kept, nil for what is as it was.
	doc    *retrieval.Document
	next   *Record
	change *Change
	// err is why the item could not be read.
	err error
}

// run reads the item. An error is to be kept in its record, unless it only tells
// that ctx is done.
func (r *reading) run(ctx context.Context) {
	var err error
	switch err = r.claim(); {
	case err != nil:
	case r.item.Gone:
		r.retract()
	default:
		err = r.read(ctx)
	}
	if err != nil {
		r.fail(ctx, err)
	}
}

// claim returns an error if another source has a document of the item's name.
func (r *reading) claim() error {
	if owner := r.own(r.source, r.item.ID); owner != r.source {
		return fmt.Errorf("ingest: the source %q has an item of this name already; give one of the two a prefix", owner)
	}
	return nil
}

// fail notes why the item could not be read.
func (r *reading) fail(ctx context.Context, err error) {
	r.err = err
	advice := Failure{Err: err}.advice()
	if ctx.Err() != nil || r.old.Err == advice {
		return
	}
	next := r.old
	next.Item, next.Err = r.item.ID, advice
	r.next = &next
}

func (r *reading) read(ctx context.Context) error {
	frame, err := frameOf(r.item)
	if err != nil {
		return err
	}
	same := frame == r.old.frame() && r.old.Err == ""
	if same && !r.pushed && r.item.Version != "" && r.item.Version == r.old.Version {
		return nil
	}
	content, err := r.content(ctx)
	if err != nil {
		return err
	}
	next := Record{Item: r.item.ID, Version: r.item.Version, Modified: r.item.Modified, Synced: time.Now()}
	raw := digest(content)
	if same && raw == r.old.content() {
		r.touch()
		return nil
	}
	doc, err := r.document(ctx, content)
	if err != nil {
		return err
	}
	text, err := digestOf(doc)
	if err != nil {
		return err
	}
	passages := r.split(doc)
	next.Title, next.URL, next.Labels, next.Passages = doc.Title, doc.URL, labelsOf(doc), len(passages)
	next.Digest = frame + "." + raw + "." + text
	// A page often differs in a nonce or a date only: its text decides.
	if text != r.old.text() {
		r.replace(doc, passages)
	}
	r.next = &next
	return nil
}

// retract notes that the item is gone.
func (r *reading) retract() {
	if r.old.Digest != "" {
		r.change = &Change{Item: r.item.ID, Title: r.old.Title, Kind: Removed}
	}
	r.next = &Record{Item: r.item.ID, Version: r.item.Version, Modified: r.item.Modified, Synced: time.Now(), Gone: true}
}

// touch notes a new version and time of content that is the same.
func (r *reading) touch() {
	if r.item.Version == r.old.Version && r.item.Modified.Equal(r.old.Modified) {
		return
	}
	next := r.old
	next.Version, next.Modified, next.Synced = r.item.Version, r.item.Modified, time.Now()
	r.next = &next
}

// split returns the passages that the document will have.
func (r *reading) split(doc retrieval.Document) []retrieval.Passage {
	return retrieval.Split(label(doc, labelsOf(doc).within(r.labels)))
}

// replace notes what is to be held of the document instead.
func (r *reading) replace(doc retrieval.Document, passages []retrieval.Passage) {
	change := changeOf(r.cfg.Knowledge.Passages(doc.ID), doc, passages)
	if r.old.Digest != "" {
		change.Kind = Changed // also if it had no passages before
	}
	doc = label(doc, labelsOf(doc).within(r.labels))
	r.doc, r.change = &doc, &change
}

// content returns the item's content, up to the limit.
func (r *reading) content(ctx context.Context) (content []byte, err error) {
	defer guard("source", &err)
	if r.item.Open == nil {
		return nil, fmt.Errorf("%w: it has no content", ErrMalformed)
	}
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	body, err := r.item.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	content, err = io.ReadAll(io.LimitReader(body, r.cfg.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > r.cfg.MaxBytes {
		return nil, fmt.Errorf("%w: more than %d MiB", ErrTooLarge, r.cfg.MaxBytes>>20)
	}
	return content, nil
}

// document extracts the item's text, and adds what its owner says of it.
func (r *reading) document(ctx context.Context, content []byte) (doc retrieval.Document, err error) {
	defer guard("extractor", &err)
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Timeout)
	defer cancel()
	doc, err = r.cfg.Extractor.Extract(ctx, r.item, bytes.NewReader(content))
	if err != nil {
		return retrieval.Document{}, err
	}
	doc.ID, doc.Source = r.item.ID, r.source
	doc.URL = cmp.Or(doc.URL, r.item.URL)
	if doc.Updated.IsZero() {
		doc.Updated = r.item.Modified
	}
	doc.Title = cmp.Or(r.item.Title, doc.Title, r.item.Name, r.item.ID)
	return label(doc, r.item.Labels.within(labelsOf(doc))), nil
}

// guard makes an error of the item of a panic in what the host has given.
func guard(what string, err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("%w: the %s panicked: %v", ErrMalformed, what, v)
	}
}

// outdated reports whether an item is older than what is known of it: by its
// time, and by its version if both are numbers and the times do not tell.
func outdated(item Item, known Record) bool {
	if !item.Modified.IsZero() && !known.Modified.IsZero() && !item.Modified.Equal(known.Modified) {
		return item.Modified.Before(known.Modified)
	}
	next, err := strconv.ParseUint(item.Version, 10, 64)
	last, err2 := strconv.ParseUint(known.Version, 10, 64)
	return err == nil && err2 == nil && next < last
}

// frameOf returns the digest of all that decides what becomes of an item's
// content.
func frameOf(item Item) (string, error) {
	labels, err := json.Marshal(item.Labels)
	if err != nil {
		return "", fmt.Errorf("ingest: encoding the labels: %w", err)
	}
	return digest([]byte(generation), []byte(item.Name), []byte(item.MediaType), []byte(item.URL), []byte(item.Title), labels), nil
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
