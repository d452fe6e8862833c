package files_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/files"
	"github.com/frontdesk-go/frontdesk/ingest/ingesttest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

func folder() fstest.MapFS {
	return fstest.MapFS{
		"index.md":                   {Data: []byte("# Help")},
		"billing/refunds.md":         {Data: []byte("# Refunds")},
		"billing/terms.PDF":          {Data: []byte("%PDF")},
		"billing/logo.png":           {Data: []byte("png")},
		".git/config.md":             {Data: []byte("hidden")},
		"node_modules/pkg/readme.md": {Data: []byte("not ours")},
		"~$draft.docx":               {Data: []byte("lock")},
		"a b/ä.html":                 {Data: []byte("<p>x")},
		"link.md":                    {Data: []byte("elsewhere"), Mode: fs.ModeSymlink},
	}
}

// list returns the IDs that a source yields, and the errors by ID.
func list(t *testing.T, src ingest.Source) (ids []string, failed map[string]error) {
	t.Helper()
	failed = make(map[string]error)
	for item, err := range src.Items(t.Context()) {
		if err != nil {
			failed[item.ID] = err
			continue
		}
		ids = append(ids, item.ID)
	}
	return ids, failed
}

func TestSource(t *testing.T) {
	ingesttest.RunSource(t, func(*testing.T) ingest.Source { return files.New(folder(), nil) })
}

func TestItemsPassOverWhatIsNoContent(t *testing.T) {
	ids, failed := list(t, files.New(folder(), nil))
	require.Equal(t, []string{"a b/ä.html", "billing/refunds.md", "billing/terms.PDF", "index.md"}, ids)
	require.Empty(t, failed)
}

// TestLinksAreNotFollowed checks that a symbolic link neither brings in what
// lies outside the folder nor brings in twice what lies inside.
func TestLinksAreNotFollowed(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	write := func(name string) string {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte("# Text"), 0o644))
		return name
	}
	secret := write(filepath.Join(outside, "secret.md"))
	inside := write(filepath.Join(dir, "help", "a.md"))
	for link, target := range map[string]string{
		"secret.md": secret, "outside": outside, "again.md": inside, "again": filepath.Join(dir, "help"), "circle": dir, "broken.md": filepath.Join(dir, "none.md"),
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			require.ErrorIs(t, err, errors.ErrUnsupported)
			return // a system without links
		}
	}
	ids, failed := list(t, files.New(os.DirFS(dir), nil))
	require.Equal(t, []string{"help/a.md"}, ids)
	require.Empty(t, failed)
	require.Equal(t, 1, files.New(os.DirFS(dir), nil).Size(t.Context()))
}

// TestFileThatBecomesALink checks the time between the listing and the reading.
func TestFileThatBecomesALink(t *testing.T) {
	outside, dir := filepath.Join(t.TempDir(), "secret.md"), t.TempDir()
	require.NoError(t, os.WriteFile(outside, []byte("secret"), 0o644))
	name := filepath.Join(dir, "a.md")
	require.NoError(t, os.WriteFile(name, []byte("text"), 0o644))
	for item, err := range files.New(os.DirFS(dir), nil).Items(t.Context()) {
		require.NoError(t, err)
		require.NoError(t, os.Remove(name))
		if err := os.Symlink(outside, name); err != nil {
			require.ErrorIs(t, err, errors.ErrUnsupported)
			return
		}
		_, err = item.Open(t.Context())
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
}

func TestOptions(t *testing.T) {
	src := files.New(folder(), &files.Options{
		Name: "help", BaseURL: "https://example.com/help/", Prefix: "help/", Extensions: []string{".md", ".html"},
	})
	require.Equal(t, "help", src.Name())
	urls := make(map[string]string)
	for item, err := range src.Items(t.Context()) {
		require.NoError(t, err)
		urls[item.ID] = item.URL
	}
	require.Equal(t, map[string]string{
		"help/a b/ä.html":         "https://example.com/help/a%20b/%C3%A4.html",
		"help/billing/refunds.md": "https://example.com/help/billing/refunds",
		"help/index.md":           "https://example.com/help/",
	}, urls)
}

// unreadable is a file system with one folder that cannot be listed.
type unreadable struct {
	fstest.MapFS
	name string
}

func (u unreadable) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == u.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return u.MapFS.ReadDir(name)
}

func TestUnreadableFolderIsNamedAndTheRestGoesOn(t *testing.T) {
	ids, failed := list(t, files.New(unreadable{folder(), "billing"}, nil))
	require.Equal(t, []string{"a b/ä.html", "index.md"}, ids)
	require.ErrorIs(t, failed["billing"], fs.ErrPermission)
}

func TestUnreadableRootEndsTheListing(t *testing.T) {
	ids, failed := list(t, files.New(unreadable{folder(), "."}, nil))
	require.Empty(t, ids)
	require.ErrorIs(t, failed[""], fs.ErrPermission, "an error beside a zero item")
	missing := os.DirFS(filepath.Join(t.TempDir(), "missing"))
	_, failed = list(t, files.New(missing, nil))
	require.ErrorIs(t, failed[""], fs.ErrNotExist)
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for item, err := range files.New(folder(), nil).Items(ctx) {
		require.Empty(t, item.ID)
		require.ErrorIs(t, err, context.Canceled)
	}
}

func ExampleNew() {
	content := fstest.MapFS{
		"billing/refunds.md": {Data: []byte("# Refunds")},
		"billing/logo.png":   {Data: []byte("...")},
	}
	src := files.New(content, &files.Options{Name: "help", BaseURL: "https://example.com/help"})
	for item, err := range src.Items(context.Background()) {
		fmt.Println(item.ID, item.URL, err)
	}
	// Output:
	// billing/refunds.md https://example.com/help/billing/refunds <nil>
}

// TestVersion checks that a file has the same version as long as it is as it
// was, and none while it could change without that being seen.
func TestVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		modified := time.Now()
		fsys := fstest.MapFS{"a.md": {Data: []byte("text"), ModTime: modified}, "timeless.md": {Data: []byte("text")}}
		versions := func() map[string]string {
			all := make(map[string]string)
			for item, err := range files.New(fsys, nil).Items(t.Context()) {
				require.NoError(t, err)
				all[item.ID] = item.Version
			}
			return all
		}
		require.Equal(t, map[string]string{"a.md": "", "timeless.md": ""}, versions())
		pass(3 * time.Second)
		first := versions()
		require.NotEmpty(t, first["a.md"])
		pass(time.Hour)
		require.Equal(t, first, versions())
		fsys["a.md"] = &fstest.MapFile{Data: []byte("longer text"), ModTime: modified}
		second := versions()
		require.NotEqual(t, first, second)
		fsys["a.md"] = &fstest.MapFile{Data: []byte("longer text"), ModTime: modified.Add(time.Nanosecond)}
		require.NotEqual(t, second, versions())
	})
}

func pass(d time.Duration) { <-time.After(d) }

// TestFileBeingWrittenIsLeftForLater checks both a file that was changed just
// now and one that changes while it is read.
func TestFileBeingWrittenIsLeftForLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fsys := fstest.MapFS{"a.md": {Data: []byte("half"), ModTime: time.Now()}}
		src := files.New(fsys, &files.Options{Settle: 5 * time.Second})
		_, failed := list(t, src)
		require.ErrorIs(t, failed["a.md"], ingest.ErrChanging)
		pass(5 * time.Second)
		ids, failed := list(t, src)
		require.Equal(t, []string{"a.md"}, ids)
		require.Empty(t, failed)
	})
	name := filepath.Join(t.TempDir(), "a.md")
	require.NoError(t, os.WriteFile(name, []byte("half"), 0o644))
	for item, err := range files.New(os.DirFS(filepath.Dir(name)), nil).Items(t.Context()) {
		require.NoError(t, err)
		r, err := item.Open(t.Context())
		require.NoError(t, err)
		_, err = r.Read(make([]byte, 4))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(name, []byte("the whole"), 0o644))
		_, err = io.ReadAll(r)
		require.ErrorIs(t, err, ingest.ErrChanging)
		require.NoError(t, r.Close())
	}
}

// TestWatching checks that refreshing a folder again and again opens nothing
// that did not change.
func TestWatching(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opened := &counting{MapFS: fstest.MapFS{}}
		for i := range 50 {
			opened.MapFS[fmt.Sprint(i, ".txt")] = &fstest.MapFile{Data: []byte("some text"), ModTime: time.Now()}
		}
		pass(time.Minute)
		knowledge, err := retrieval.New(t.Context(), retrieval.Config{})
		require.NoError(t, err)
		p, err := ingest.New(ingest.Config{Knowledge: knowledge, Workers: 1, Extractor: ingest.ExtractorFunc(
			func(_ context.Context, item ingest.Item, r io.Reader) (retrieval.Document, error) {
				text, err := io.ReadAll(r)
				return retrieval.Document{Sections: []retrieval.Section{{Text: string(text)}}}, err
			})})
		require.NoError(t, err)
		src := files.New(opened, nil)
		for _, want := range []int{50, 0, 0} {
			opened.n = 0
			_, err := p.Sync(t.Context(), src)
			require.NoError(t, err)
			require.Equal(t, want, opened.n)
		}
		opened.MapFS["7.txt"] = &fstest.MapFile{Data: []byte("other text"), ModTime: time.Now().Add(-10 * time.Second)}
		opened.n = 0
		report, err := p.Sync(t.Context(), src)
		require.NoError(t, err)
		require.Equal(t, []int{1, 1}, []int{opened.n, report.Changed})
	})
}

// counting counts the files that are opened.
type counting struct {
	fstest.MapFS
	n int
}

func (c *counting) Open(name string) (fs.File, error) {
	f, err := c.MapFS.Open(name)
	if err == nil && strings.HasSuffix(name, ".txt") {
		c.n++
	}
	return f, err
}

// Stat keeps the wrapped Stat from counting as an Open.
func (c *counting) Stat(name string) (fs.FileInfo, error) { return c.MapFS.Stat(name) }

// Lstat is as Stat.
func (c *counting) Lstat(name string) (fs.FileInfo, error) { return c.MapFS.Lstat(name) }

// ReadLink is there because Lstat is.
func (c *counting) ReadLink(name string) (string, error) { return c.MapFS.ReadLink(name) }

// ReadDir lists without opening.
func (c *counting) ReadDir(name string) ([]fs.DirEntry, error) { return c.MapFS.ReadDir(name) }
