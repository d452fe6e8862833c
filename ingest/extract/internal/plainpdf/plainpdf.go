// Package plainpdf rewrites a PDF that nobody vouches for into small and plain
// ones that a trusting parser can read.
//
// A parser that follows a PDF's own tables can be made to run for ever or to
// use any amount of memory. This package finds the objects by scanning, never
// by the tables, reads an object only when it is needed, and writes only what
// text needs: pages in a flat tree, resources, fonts without their programs, and
// content streams with the operators of text alone, uncompressed, with no
// reference that leads back. Its work and its output are bounded by [Limits].
package plainpdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
)

// Errors that this package returns, wrapped.
var (
	// ErrMalformed reports a file that is no PDF or is damaged beyond use.
	ErrMalformed = errors.New("malformed PDF")
	// ErrEncrypted reports a file that cannot be opened without a password.
	ErrEncrypted = errors.New("encrypted PDF")
	// ErrTooLarge reports a file above the limits.
	ErrTooLarge = errors.New("PDF too large")
)

// Limits bound the work. All are required.
type Limits struct {
	Pages   int // of the document
	Objects int // in the file
	Decoded int // bytes of all streams that are decoded
	Stream  int // bytes of one decoded stream
	Ratio   int // of a decoded stream to its bytes in the file, beyond 1 MiB
	Output  int // bytes of all rewritten pages
}

// A File is a PDF whose objects were found.
type File struct {
	*file
	pages []dict
}

// Open finds the objects and the pages of the PDF in data.
func Open(data []byte, limits Limits) (*File, error) {
	f, err := open(data, limits)
	if err != nil {
		return nil, err
	}
	pages, err := f.pages(limits.Pages)
	if err != nil {
		return nil, err
	}
	if len(pages) == 0 {
		if !bytes.Contains(data[max(0, len(data)-2048):], []byte("%%EOF")) {
			return nil, malformed("no pages, and the end of the file is missing")
		}
		return nil, malformed("no pages")
	}
	return &File{file: f, pages: pages}, f.fault()
}

// part is how large a rewritten file may become before the next one is begun.
const part = 1 << 20

// Rewrite yields the pages in plain files, each of which has the next ones: so
// that not all of them are in memory at once. The catalog of each has a flat
// array of pages in Pages.Kids. Every font dictionary has a FontID that is its
// own in all files; only the first of them with an ID is whole. An error ends
// the sequence.
func (f *File) Rewrite(ctx context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		w := newWriter(f.file)
		for i, page := range f.pages {
			err := ctx.Err()
			if err == nil {
				err = w.page(page)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if w.out.Len() < part && i+1 < len(f.pages) {
				continue
			}
			plain, err := w.finish()
			if !yield(plain, err) || err != nil {
				return
			}
			w.begin()
		}
	}
}

// malformed and tooLarge return the errors of this package with details.
func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrMalformed}, args...)...)
}

func tooLarge(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrTooLarge}, args...)...)
}
