// Package plainpdf rewrites a PDF that nobody vouches for into a small and
// plain one that a trusting parser can read.
//
// A parser that follows a PDF's own tables can be made to run for ever or to
// use any amount of memory. This package finds the objects by scanning, never
// by the tables, and writes only what text needs: pages in a flat tree,
// resources, fonts without their programs, and content streams with the
// operators of text alone, uncompressed, with no reference that leads back.
// Its work and its output are bounded by [Limits].
package plainpdf

import (
	"context"
	"errors"
	"fmt"
)

// Errors that Rewrite returns, wrapped.
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
	Output  int // bytes of the rewritten file
}

// Rewrite returns the plain form of the PDF in data. The catalog of the result
// has a flat array of pages in Pages.Kids. Every font dictionary has a
// FontID that is its own. The trailer's Info has the Title.
func Rewrite(ctx context.Context, data []byte, limits Limits) ([]byte, error) {
	f, err := open(data, limits)
	if err != nil {
		return nil, err
	}
	pages, err := f.pages(limits.Pages)
	if err != nil {
		return nil, err
	}
	if len(pages) == 0 {
		return nil, malformed("no pages")
	}
	w := newWriter(f, limits.Output)
	var kids array
	for _, page := range pages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, err := w.page(page)
		if err != nil {
			return nil, err
		}
		kids = append(kids, r)
	}
	return w.finish(kids)
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrMalformed}, args...)...)
}

func tooLarge(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrTooLarge}, args...)...)
}
