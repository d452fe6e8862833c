// Package files makes the files of a folder a source for ingestion.
//
// A folder is watched by refreshing its source often, such as every ten
// seconds: a listing costs little, and a file whose time and size are as they
// were is not opened.
package files

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// Options adjust a [Source]. The zero value reads every file that can hold text.
type Options struct {
	// Name is the source's name. Defaults to "files".
	Name string
	// BaseURL, if given, is where the files are published: the URL of an item is
	// BaseURL with the path added, without the extensions .md and .mdx and
	// without the name of a file that is the index of its folder.
	BaseURL string
	// Prefix is put before every path to make an ID. Give one where two folders
	// with files of the same names feed one knowledge base.
	Prefix string
	// Extensions are those of the files to read, such as ".md". Defaults to
	// the kinds that package extract can read.
	Extensions []string
	// Settle is how long a file must have been left alone before it is read.
	// Until then it fails with ingest.ErrChanging, and keeps what was known of it. Give
	// some seconds where files are copied in while the folder is watched. Zero
	// means that only a file that changes while it is read fails.
	Settle time.Duration
}

// A Source yields the files of a folder, in lexical order. The ID of an item
// is the file's path in the folder, with slashes, and its version is made of
// the file's time and size.
//
// Hidden files and folders, node_modules, and files of other extensions are
// passed over. Symbolic links are not followed: give os.Root.FS, not os.DirFS,
// for a folder that others may change while it is read. A file or folder that
// cannot be read is yielded with its error, and the rest goes on.
type Source struct {
	fsys fs.FS
	opts Options
	ext  map[string]bool
}

// New returns a Source of the files in fsys. The opts may be nil.
func New(fsys fs.FS, opts *Options) *Source {
	s := &Source{fsys: fsys, ext: make(map[string]bool)}
	if opts != nil {
		s.opts = *opts
	}
	if s.opts.Name == "" {
		s.opts.Name = "files"
	}
	if len(s.opts.Extensions) == 0 {
		s.opts.Extensions = extensions()
	}
	for _, e := range s.opts.Extensions {
		s.ext[strings.ToLower(e)] = true
	}
	return s
}

// extensions returns those of the kinds that package extract can read.
func extensions() []string {
	return []string{
		".md", ".mdx", ".markdown", ".html", ".htm", ".xhtml", ".txt", ".text", ".rst", ".cfg", ".conf",
		".pdf", ".docx", ".pptx", ".xls", ".xlsx", ".csv", ".tsv", ".json", ".xml", ".eml",
		".mpg", ".mpeg", ".mp4", ".avi", ".mov", ".webm",
	}
}

// Name implements [ingest.Source].
func (s *Source) Name() string { return s.opts.Name }

// Size implements [ingest.Sizer].
func (s *Source) Size(ctx context.Context) int {
	n := 0
	for item, err := range s.Items(ctx) {
		if item.ID == "" && err != nil {
			return 0
		}
		n++
	}
	return n
}

// Items implements [ingest.Source].
func (s *Source) Items(ctx context.Context) iter.Seq2[ingest.Item, error] {
	return func(yield func(ingest.Item, error) bool) {
		err := fs.WalkDir(s.fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return s.visit(name, d, err, yield)
		})
		if err != nil {
			yield(ingest.Item{}, err)
		}
	}
}

// visit yields the file if it is wanted. The root's own error ends the walk.
func (s *Source) visit(name string, d fs.DirEntry, err error, yield func(ingest.Item, error) bool) error {
	if err != nil && name == "." {
		return err
	}
	if name != "." && skipped(path.Base(name)) {
		if d != nil && d.IsDir() {
			return fs.SkipDir
		}
		return nil
	}
	if err != nil {
		return proceed(yield(ingest.Item{ID: s.opts.Prefix + name, Name: path.Base(name)}, err))
	}
	if !d.Type().IsRegular() || !s.ext[strings.ToLower(path.Ext(name))] {
		return nil
	}
	return proceed(yield(s.item(name, d)))
}

func proceed(more bool) error {
	if !more {
		return fs.SkipAll
	}
	return nil
}

// skipped reports whether a file or folder of this name is never content.
func skipped(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || name == "node_modules"
}

// racy is how long after a change a file may change again without another time.
const racy = 2 * time.Second

func (s *Source) item(name string, d fs.DirEntry) (ingest.Item, error) {
	item := ingest.Item{
		ID:   s.opts.Prefix + name,
		Name: path.Base(name),
		URL:  s.url(name),
		Open: func(context.Context) (io.ReadCloser, error) { return s.open(name) },
	}
	info, err := d.Info()
	if err != nil {
		return item, err
	}
	item.Modified = info.ModTime()
	age := time.Since(item.Modified)
	if age >= 0 && age < s.opts.Settle {
		return item, ingest.ErrChanging
	}
	if !item.Modified.IsZero() && age > racy {
		item.Version = version(info)
	}
	return item, nil
}

// version returns what changes when a file does.
func version(info fs.FileInfo) string {
	return fmt.Sprintf("%s %d", info.ModTime().UTC().Format(time.RFC3339Nano), info.Size())
}

// open opens a file unless it became something else since it was listed.
func (s *Source) open(name string) (io.ReadCloser, error) {
	info, err := fs.Lstat(s.fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f, err := s.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	return &whole{File: f, version: version(info)}, nil
}

// A whole is a file that must not change while it is read.
type whole struct {
	fs.File
	version string
}

// Read reports ingest.ErrChanging in place of the end of a file that has changed.
func (f *whole) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	if err != io.EOF {
		return n, err
	}
	info, err := f.Stat()
	if err != nil {
		return n, err
	}
	if version(info) != f.version {
		return n, ingest.ErrChanging
	}
	return n, io.EOF
}

func (s *Source) url(name string) string {
	if s.opts.BaseURL == "" {
		return ""
	}
	if ext := path.Ext(name); ext == ".md" || ext == ".mdx" {
		name = strings.TrimSuffix(name, ext)
		if path.Base(name) == "index" {
			name = strings.TrimSuffix(name, "index")
		}
	}
	link := url.URL{Path: name}
	return strings.TrimSuffix(s.opts.BaseURL, "/") + "/" + strings.TrimPrefix(link.EscapedPath(), "/")
}
