package agenttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A play is a file of RunScripts.
type play struct {
	name       string
	archive    *txtar.Archive
	settings   []byte // nil is none
	customers  []agent.Customer
	documents  []retrieval.Document
	cast       []*role
	start      time.Time // zero is the bubble's own
	metered    bool
	scripted   bool // the model is
	paragraphs []*paragraph
}

// A paragraph is what happens at once, and what comes of it.
type paragraph struct {
	source []string // its lines that are not set in, as they are written
	model  []move   // what the model does, which must stand ready before the rest
	moves  []move
	want   []string // without what they are set in by
	line   int      // of the first of want, or where it would stand
	got    []string
}

// compare returns what came of the paragraph that it does not want, or the other
// way round, at the first line that differs.
func (p *paragraph) compare(file string) error {
	const end = "nothing more"
	for i := range max(len(p.want), len(p.got)) {
		want, got := end, end
		if i < len(p.want) {
			want = p.want[i]
		}
		if i < len(p.got) {
			got = strings.TrimSpace(p.got[i])
		}
		if want != got {
			return &lineError{file, p.line + min(i, len(p.want)), fmt.Errorf("\nwant %s\nhave %s\nall that came of it is\n    %s",
				want, got, strings.Join(p.got, "\n    "))}
		}
	}
	return nil
}

// A move is one line of what happens.
type move struct {
	line int
	make func(*stage) error
}

// A lineError is a fault of a file.
type lineError struct {
	file string
	line int
	err  error
}

func (e *lineError) Error() string { return fmt.Sprintf("agenttest: %s:%d: %v", e.file, e.line, e.err) }
func (e *lineError) Unwrap() error { return e.err }

const scriptName = "script"

// parsePlay returns the play of a file, or every fault of it, joined.
func parsePlay(name string, data []byte) (*play, error) {
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	p := &play{name: name, archive: txtar.Parse(data)}
	p.cast = []*role{{name: "customer", channel: "chat"}}
	var faults []error
	script := false
	for _, f := range p.archive.Files {
		err := error(nil)
		switch {
		case f.Name == "settings.json":
			p.settings = f.Data
			err = strict(f.Data, &agent.Settings{})
		case f.Name == "customers.json":
			err = strict(f.Data, &p.customers)
		case path.Dir(f.Name) == "knowledge" && path.Ext(f.Name) == ".md":
			p.documents = append(p.documents, parseDocument(path.Base(f.Name), string(f.Data)))
		case f.Name == scriptName && !script:
			script = true
			err = p.parseScript(string(f.Data), markerLine(data, f.Name)+1)
		default:
			err = fmt.Errorf("%s: want one script, settings.json, customers.json and knowledge/*.md", f.Name)
		}
		if err != nil {
			if e := (*lineError)(nil); !errors.As(err, &e) {
				err = &lineError{name, markerLine(data, f.Name), err}
			}
			faults = append(faults, err)
		}
	}
	if !script {
		faults = append(faults, &lineError{name, 1, errors.New("it has no script, a part that begins with -- script --")})
	}
	return p, errors.Join(faults...)
}

// strict reads JSON in which every name means something.
func strict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return errors.New("there is something behind the JSON value")
	}
	return nil
}

// markerLine returns the number of the line that begins a part of a file.
func markerLine(data []byte, name string) int {
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		if strings.TrimSpace(line) == "-- "+name+" --" {
			break
		}
	}
	return n
}

// parseDocument reads what is plain in Markdown: headings and paragraphs.
func parseDocument(id, text string) retrieval.Document {
	doc := retrieval.Document{ID: id, Title: strings.TrimSuffix(id, ".md")}
	section := retrieval.Section{}
	end := func() {
		if section.Text = strings.TrimSpace(section.Text); section.Text != "" {
			doc.Sections = append(doc.Sections, section)
		}
	}
	for line := range strings.Lines(text) {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			doc.Title = strings.TrimSpace(title)
		} else if heading, ok := strings.CutPrefix(line, "## "); ok {
			end()
			heading = strings.TrimSpace(heading)
			section = retrieval.Section{Path: []string{heading}, Anchor: strings.ReplaceAll(strings.ToLower(heading), " ", "-")}
		} else {
			section.Text += line
		}
	}
	end()
	return doc
}

// parseScript reads the conversation, whose first line is the given one of the file.
func (p *play) parseScript(text string, first int) error {
	var faults []error
	current := &paragraph{}
	end := func(line int) {
		if current.line == 0 {
			current.line = line
		}
		if len(current.source) > 0 {
			p.paragraphs = append(p.paragraphs, current)
		}
		current = &paragraph{}
	}
	line := first - 1
	for raw := range strings.Lines(text) {
		line++
		raw = strings.TrimRight(raw, " \t\n")
		switch {
		case raw == "":
			end(line)
		case raw[0] == ' ' || raw[0] == '\t':
			if current.line == 0 {
				current.line = line
			}
			current.want = append(current.want, strings.TrimSpace(raw))
			if len(current.source) == 0 {
				faults = append(faults, &lineError{p.name, line, errors.New("it is set in, and nothing stands over it that it comes of")})
			}
		case current.line != 0:
			faults = append(faults, &lineError{p.name, line, errors.New("an empty line must stand before what happens next")})
		default:
			current.source = append(current.source, raw)
			if raw[0] == '#' {
				continue
			}
			make, err := p.parseMove(raw, line)
			switch {
			case err != nil:
				faults = append(faults, &lineError{p.name, line, err})
			case strings.HasPrefix(raw, "model "):
				current.model = append(current.model, move{line, make})
			case make != nil:
				current.moves = append(current.moves, move{line, make})
			}
		}
	}
	end(line + 1)
	return errors.Join(faults...)
}

// format returns the file with what happened as what is expected.
func (p *play) format() []byte {
	var b strings.Builder
	for i, para := range p.paragraphs {
		if i > 0 {
			b.WriteString("\n")
		}
		for _, line := range para.source {
			b.WriteString(line + "\n")
		}
		for _, line := range para.got {
			b.WriteString(strings.TrimRight("    "+line, " ") + "\n")
		}
	}
	a := *p.archive
	a.Files = slices.Clone(a.Files)
	for i, f := range a.Files {
		if f.Name == scriptName {
			a.Files[i].Data = []byte(b.String())
		}
	}
	return txtar.Format(&a)
}
