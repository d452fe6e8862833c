package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/crawl"
	"github.com/frontdesk-go/frontdesk/ingest/files"
	"github.com/frontdesk-go/frontdesk/ingest/shortanswer"
	"github.com/frontdesk-go/frontdesk/schedule"
)

// A spec is a source as the command line or the file of -sources gives it: one
// of a folder, a site, a file of short answers, and a file with the secrets that
// pushed articles are signed with.
type spec struct {
	Folder  string `json:"folder,omitempty"`
	Site    string `json:"site,omitempty"`
	Answers string `json:"answers,omitempty"`
	Push    string `json:"push,omitempty"`
	// Name is shown, and stands before the names of files where there are several
	// folders. It defaults to something telling.
	Name string `json:"name,omitempty"`
	// Every is how often the source is looked at, such as "10s". It defaults to a
	// minute for what is on this machine, of which only what changed is opened,
	// and to a week for a site.
	Every string `json:"every,omitempty"`
	// Pages is the most to read of a site.
	Pages int `json:"pages,omitempty"`
	ingest.Labels

	builtIn bool
}

// A shelf is a source of the library.
type shelf struct {
	ingest.Holding
	// local is set for what can be looked at at every start.
	local bool
	// articles is set for files that the help centre shows to everybody.
	articles bool
	secrets  string
}

// specs returns the sources that the options name, the built-in help centre if
// they name none.
func specs(o options) ([]spec, error) {
	var all []spec
	for _, folder := range o.content {
		all = append(all, spec{Folder: folder})
	}
	for _, site := range o.url {
		all = append(all, spec{Site: site})
	}
	for _, file := range o.answers {
		all = append(all, spec{Answers: file})
	}
	if o.push != "" {
		all = append(all, spec{Push: o.push})
	}
	if o.sources != "" {
		data, err := os.ReadFile(o.sources)
		if err != nil {
			return nil, err
		}
		var more []spec
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(&more); err != nil {
			return nil, fmt.Errorf("sources %s: %w", o.sources, err)
		}
		all = append(all, more...)
	}
	for _, s := range all {
		if s.Push == "" {
			return all, nil
		}
	}
	return append(all, spec{Name: "help centre", builtIn: true}), nil
}

// shelves returns the sources.
func shelves(o options, at home) ([]shelf, error) {
	all, err := specs(o)
	if err != nil {
		return nil, err
	}
	folders, names := 0, make(map[string]bool)
	for _, s := range all {
		if s.Folder != "" {
			folders++
		}
	}
	var out []shelf
	var faults []error
	for _, s := range all {
		made, err := s.shelf(o, at, folders > 1)
		if err == nil && names[made.Name] {
			err = fmt.Errorf("two sources are called %q: give one another name with -sources", made.Name)
		}
		names[made.Name] = true
		out, faults = append(out, made), append(faults, err)
	}
	return out, errors.Join(faults...)
}

// shelf makes the source. The names of files begin with that of their source if
// they are to be prefixed.
func (s spec) shelf(o options, at home, prefixed bool) (shelf, error) {
	out := shelf{local: s.Site == "", articles: s.Site == "" && s.Answers == "" && s.Audience == "" && !s.Private, secrets: s.Push}
	out.Labels, out.Name = s.Labels, s.Name
	if out.local {
		out.When = schedule.Every(time.Minute)
	}
	if s.Every != "" {
		every, err := time.ParseDuration(s.Every)
		if err != nil || every <= 0 {
			return out, fmt.Errorf("%q is no time to wait: write it as 10s, 5m or 24h", s.Every)
		}
		out.When = schedule.Every(every)
	}
	given := 0
	for _, place := range []string{s.Folder, s.Site, s.Answers, s.Push} {
		if place != "" {
			given++
		}
	}
	if given > 1 || given == 0 && !s.builtIn {
		return out, fmt.Errorf("the source %q must have one of folder, site, answers and push", s.Name)
	}
	return out, s.open(&out, o, at, prefixed)
}

// open gives the shelf its source.
func (s spec) open(out *shelf, o options, at home, prefixed bool) (err error) {
	switch {
	case s.Push != "":
		out.articles = false
		name(out, "pushed articles")
		_, err = os.Stat(s.Push)
	case s.Site != "":
		name(out, s.Site)
		pages := s.Pages
		if pages == 0 {
			pages = o.pages
		}
		out.Source, err = crawl.New(s.Site, &crawl.Options{
			Name: out.Name, MaxPages: pages, AllowPrivate: crawl.Loopback(s.Site), Store: at.visits,
		})
	case s.Answers != "":
		name(out, filepath.Base(s.Answers))
		out.Source = answersFile{out.Name, s.Answers}
		_, err = os.Stat(s.Answers)
	default:
		var folder fs.FS
		if folder, err = s.folder(); err != nil {
			return err
		}
		name(out, filepath.Base(absolute(s.Folder)))
		options := files.Options{Name: out.Name, BaseURL: at.base}
		if prefixed {
			options.Prefix = out.Name + "/"
			options.BaseURL = below(at.base, out.Name)
		}
		out.Source = files.New(folder, &options)
	}
	return err
}

// folder returns where the files are, the built-in ones if none are given.
func (s spec) folder() (fs.FS, error) {
	if s.Folder == "" {
		return fs.Sub(embedded, "content")
	}
	if info, err := os.Stat(s.Folder); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder", s.Folder)
	}
	return os.DirFS(s.Folder), nil
}

func name(s *shelf, name string) {
	if s.Name == "" {
		s.Name = name
	}
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

func below(base, name string) string {
	if base == "" {
		return ""
	}
	return base + "/" + name
}

// An answersFile is the short answers of a file, as it is when they are listed.
type answersFile struct{ name, path string }

// Name implements [ingest.Source].
func (a answersFile) Name() string { return a.name }

// Items implements [ingest.Source].
func (a answersFile) Items(ctx context.Context) iter.Seq2[ingest.Item, error] {
	src, err := a.read()
	if err != nil {
		return func(yield func(ingest.Item, error) bool) { yield(ingest.Item{}, err) }
	}
	return src.Items(ctx)
}

func (a answersFile) read() (*shortanswer.Source, error) {
	f, err := os.Open(a.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	answers, err := shortanswer.Read(f)
	if err != nil {
		return nil, err
	}
	return shortanswer.New(a.name, answers)
}
