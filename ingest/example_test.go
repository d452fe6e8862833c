package ingest_test

import (
	"context"
	"fmt"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
	"github.com/frontdesk-go/frontdesk/schedule"
)

// A library of two sources, kept in step by a job of the host.
func ExampleLibrary() {
	ctx := context.Background()
	knowledge, err := retrieval.New(ctx, retrieval.Config{})
	if err != nil {
		panic(err)
	}
	pipeline, err := ingest.New(ingest.Config{Knowledge: knowledge, Extractor: ingest.ExtractorFunc(read)})
	if err != nil {
		panic(err)
	}
	library := ingest.NewLibrary(pipeline)
	sundays := schedule.Weekly(time.Sunday, 3, 0, nil)
	for _, h := range []ingest.Holding{
		{Source: folder{"docs", map[string]string{"refunds.txt": "Refunds take 5 days.", "scan.pdf": "fail"}}, When: schedule.Every(10 * time.Second)},
		{Source: folder{"handbook", nil}, When: schedule.Jitter(sundays, "handbook", time.Hour), Labels: ingest.Labels{Audience: "staff"}},
	} {
		if err := library.Add(ctx, h); err != nil {
			panic(err)
		}
	}
	runner, err := schedule.NewRunner(schedule.RunnerConfig{
		Jobs: []schedule.Job{{
			Name: "content", When: schedule.Every(10 * time.Second),
			Run: func(ctx context.Context) error { return library.RefreshDue(ctx) },
		}},
		Lease: 24 * time.Hour, // as long as a refresh may take
	})
	if err != nil {
		panic(err)
	}
	_ = runner // the host calls runner.Run(ctx)

	if err := library.RefreshDue(ctx); err != nil {
		panic(err)
	}
	all, err := library.Status(ctx)
	if err != nil {
		panic(err)
	}
	for _, s := range all {
		fmt.Printf("%s: %s, %d documents. %s\n", s.Name, s.Phase, s.Documents, s.Advice())
	}
	// Output:
	// docs: in step, 1 documents. One item could not be read.
	// handbook: in step, 0 documents.
}
