package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/ingesttest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// childFlag makes the test program the process of a Child.
const childFlag = "-be-a-child"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == childFlag {
		if err := Serve(context.Background(), os.Stdin, os.Stdout, ingest.ExtractorFunc(behave)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// behave extracts, unless the name of the file asks for worse.
func behave(ctx context.Context, item ingest.Item, r io.Reader) (retrieval.Document, error) {
	switch filepath.Base(item.Name) {
	case "loop":
		select {}
	case "busy":
		for {
			runtime.Gosched()
		}
	case "crash":
		fmt.Fprintln(os.Stderr, "fatal error: stack overflow")
		os.Exit(2)
	case "overflow":
		return overflow(item, r, [64]int{}), nil
	case "huge":
		return retrieval.Document{Title: fmt.Sprint(make([]byte, 1<<38)[1<<37])}, nil
	case "grow":
		for kept := ""; ; {
			kept += strings.Repeat("x", 1<<20)
		}
	case "noise":
		fmt.Println("this is no answer")
	case "pid":
		return retrieval.Document{Title: fmt.Sprint(os.Getpid())}, nil
	case "environment":
		return retrieval.Document{Title: strings.Join(os.Environ(), " ")}, nil
	}
	return unhurried().Extract(ctx, item, r)
}

func overflow(item ingest.Item, r io.Reader, room [64]int) retrieval.Document {
	room[0]++
	if room[0] < 0 {
		return retrieval.Document{}
	}
	return overflow(item, r, room)
}

func newChild(t *testing.T, change ...func(*ChildConfig)) *Child {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cfg := ChildConfig{Command: []string{self, childFlag}}
	for _, f := range change {
		f(&cfg)
	}
	c, err := NewChild(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

func extractName(t *testing.T, e ingest.Extractor, name, content string) (retrieval.Document, error) {
	t.Helper()
	return e.Extract(t.Context(), ingest.Item{ID: name, Name: name}, strings.NewReader(content))
}

func TestNewChildReportsAllFaults(t *testing.T) {
	_, err := NewChild(ChildConfig{Files: -1})
	require.ErrorContains(t, err, "Command is empty")
	require.ErrorContains(t, err, "must not be negative")
}

func TestChild(t *testing.T) {
	ingesttest.RunExtractor(t, func(t *testing.T) ingest.Extractor { return newChild(t) }, []ingesttest.Sample{
		{Name: "a.md", Content: []byte("# Refunds\n\nWithin 5 days.\n\n## How\n\n- Ask"), Words: []string{"Refunds", "Within 5 days.", "How", "- Ask"}},
		{Name: "a.pdf", Content: []byte(printed("BT /F 12 Tf 72 700 Td (Within 5 days.) Tj ET")), Words: []string{"Within 5 days."}},
		{Name: "long.txt", Content: []byte(strings.Repeat("A long text.\n\n", 100_000) + "Its end."), Words: []string{"Its end."}},
	})
}

// TestChildDies checks that a file which ends its process is refused in words
// that say why, and that the next file is read.
func TestChildDies(t *testing.T) {
	tests := map[string]struct {
		err   error
		words string
	}{
		"loop":     {ingest.ErrTooLarge, "reading it takes longer than 300ms"},
		"busy":     {ingest.ErrTooLarge, "reading it takes longer than 300ms"},
		"crash":    {ingest.ErrMalformed, "the process that read it ended: exit status 2: fatal error: stack overflow"},
		"overflow": {ingest.ErrTooLarge, ""},
		"huge":     {ingest.ErrTooLarge, "reading it takes more than 96 MiB of memory"},
		"grow":     {ingest.ErrTooLarge, "reading it takes more than 96 MiB of memory"},
		"noise":    {ingest.ErrMalformed, "the process that read it ended"},
	}
	if runtime.GOOS != "linux" {
		for _, name := range []string{"overflow", "huge", "grow"} {
			delete(tests, name) // nothing limits the memory of a process there
		}
	}
	c := newChild(t, func(c *ChildConfig) { c.Processes, c.MaxMemory = 1, 96<<20 })
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c.cfg.Timeout = 10 * time.Second
			if name == "loop" || name == "busy" {
				c.cfg.Timeout = 300 * time.Millisecond
			}
			_, err := extractName(t, c, name, "content")
			require.ErrorIs(t, err, test.err)
			require.ErrorContains(t, err, test.words)
			c.cfg.Timeout = 10 * time.Second
			doc, err := extractName(t, c, "a.txt", "The next file.")
			require.NoError(t, err)
			require.Equal(t, "The next file.", doc.Sections[0].Text)
		})
	}
}

func TestChildIsUsedAgain(t *testing.T) {
	c := newChild(t, func(c *ChildConfig) { c.Processes, c.Files = 1, 2 })
	var pids []string
	for range 4 {
		doc, err := extractName(t, c, "pid", "x")
		require.NoError(t, err)
		pids = append(pids, doc.Title)
	}
	require.Equal(t, pids[0], pids[1])
	require.NotEqual(t, pids[1], pids[2])
	require.Equal(t, pids[2], pids[3])
}

func TestChildHasNoEnvironment(t *testing.T) {
	t.Setenv("TOKEN", "secret")
	doc, err := extractName(t, newChild(t), "environment", "x")
	require.NoError(t, err)
	require.NotContains(t, doc.Title, "secret")
}

func TestChildFromManyGoroutines(t *testing.T) {
	c := newChild(t)
	var group sync.WaitGroup
	for i := range 24 {
		group.Go(func() {
			name, want := fmt.Sprintf("%d.txt", i), fmt.Sprintf("Text %d.", i)
			if i%6 == 0 {
				name = "crash"
			}
			doc, err := extractName(t, c, name, want)
			if name == "crash" && !errors.Is(err, ingest.ErrMalformed) || name != "crash" && (err != nil || doc.Sections[0].Text != want) {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	group.Wait()
}

func TestChildOfNoProgram(t *testing.T) {
	c := newChild(t, func(c *ChildConfig) { c.Command = []string{filepath.Join(t.TempDir(), "absent")} })
	_, err := extractName(t, c, "a.txt", "x")
	require.ErrorContains(t, err, "extract: starting the process that reads files")
	require.NotErrorIs(t, err, ingest.ErrMalformed)
}

func TestChildIsCancelled(t *testing.T) {
	c := newChild(t, func(c *ChildConfig) { c.Processes = 1 })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := c.Extract(ctx, ingest.Item{Name: "loop"}, strings.NewReader("x"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	c.slots <- struct{}{}
	_, err = c.Extract(ctx, ingest.Item{Name: "a.txt"}, strings.NewReader("x"))
	require.ErrorIs(t, err, context.DeadlineExceeded, "a file that waits for a process is given up")
	<-c.slots
	require.NoError(t, c.Close())
	_, err = extractName(t, c, "a.txt", "x")
	require.ErrorIs(t, err, errClosed)
}

func TestOptionsChild(t *testing.T) {
	e := New(&Options{Child: newChild(t)})
	doc, err := extractName(t, e, "pid", "x")
	require.NoError(t, err)
	require.NotEqual(t, fmt.Sprint(os.Getpid()), doc.Title)
}

func FuzzServe(f *testing.F) {
	var whole strings.Builder
	if writeJSON(&whole, request{Item: wireItem{Name: "a.txt"}}) == nil && writeContent(&whole, strings.NewReader("text")) == nil {
		f.Add(whole.String())
	}
	f.Add("\x00\x00\x00\x02{}\x00\x00\x00\x00")
	f.Add("\xff\xff\xff\xff{}")
	e := ingest.ExtractorFunc(func(_ context.Context, _ ingest.Item, r io.Reader) (retrieval.Document, error) {
		data, err := io.ReadAll(r)
		return retrieval.Document{Title: string(data)}, err
	})
	f.Fuzz(func(t *testing.T, in string) {
		_ = serve(t.Context(), strings.NewReader(in), io.Discard, e, func(int64) {})
	})
}
