package main

import (
	"context"
	"fmt"
	"os"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// limit is how many hits are asked for.
const limit = 10

// An engine is a filled index that is asked.
type engine struct {
	name  string
	add   func(ctx context.Context, docs []retrieval.Document) error
	ask   func(ctx context.Context, question string) (hits int, err error)
	order func(ctx context.Context, question string) (hits int, err error) // ask without reading the hits, nil if it is that
	close func() error
	size  func() int // passages
}

// frontdesk returns this project's index.
func frontdesk(ctx context.Context, name string, cfg retrieval.Config) (*engine, error) {
	k, err := retrieval.New(ctx, cfg)
	if err != nil {
		return nil, err
	}
	ask := func(rankOnly bool) func(context.Context, string) (int, error) {
		return func(ctx context.Context, question string) (int, error) {
			r, err := k.Retrieve(ctx, retrieval.Query{Text: question, Limit: limit, RankOnly: rankOnly})
			return len(r.Hits), err
		}
	}
	return &engine{
		name:  name,
		add:   func(ctx context.Context, docs []retrieval.Document) error { return k.Add(ctx, docs...) },
		ask:   ask(false),
		order: ask(true),
		close: func() error { return nil },
		size:  k.Len,
	}, nil
}

// bleveEngine returns an index of bleve, in a folder of its own, with nothing
// kept that ranking does not need, and without waiting for the disk, which takes
// it half of the time.
func bleveEngine() (*engine, error) {
	text := bleve.NewTextFieldMapping()
	text.Analyzer = en.AnalyzerName
	text.Store, text.IncludeTermVectors, text.DocValues, text.IncludeInAll = false, false, false, false
	passage := bleve.NewDocumentStaticMapping()
	passage.AddFieldMappingsAt("text", text)
	mapping := bleve.NewIndexMapping()
	mapping.DefaultMapping = passage
	dir, err := os.MkdirTemp("", "versus")
	if err != nil {
		return nil, err
	}
	index, err := bleve.NewUsing(dir+"/index", mapping, scorch.Name, scorch.Name, map[string]any{"unsafe_batch": true})
	if err != nil {
		return nil, err
	}
	e := &engine{name: "bleve 2.5.7", close: func() error {
		defer os.RemoveAll(dir)
		return index.Close()
	}}
	e.add = func(_ context.Context, docs []retrieval.Document) error {
		batch := index.NewBatch()
		for _, d := range docs {
			for _, p := range retrieval.Split(d) {
				if err := batch.Index(p.ID, map[string]string{"text": p.Title + "\n" + p.Text}); err != nil {
					return err
				}
			}
		}
		return index.Batch(batch)
	}
	e.ask = func(ctx context.Context, question string) (int, error) {
		q := bleve.NewMatchQuery(question)
		q.SetField("text")
		r, err := index.SearchInContext(ctx, bleve.NewSearchRequestOptions(q, limit, 0, false))
		if err != nil {
			return 0, err
		}
		return len(r.Hits), nil
	}
	e.size = func() int {
		n, err := index.DocCount()
		if err != nil {
			panic(fmt.Sprint("bleve cannot count: ", err))
		}
		return int(n)
	}
	return e, nil
}
