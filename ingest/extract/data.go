package extract

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// rowsPerBlock is how many rows of a table of data make one block.
const rowsPerBlock = 10

// csv reads separated values. The first row is the header unless it has
// numbers in it. Questions with answers become sections.
func (c content) csv() (retrieval.Document, error) {
	text := decode(c.data)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = separator(text[:min(len(text), maxProbe)])
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	out := c.records()
	var header []string
	var rows [][]string
	cells := 0
	for first := true; ; first = false {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return retrieval.Document{}, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
		}
		if cells += len(row); cells > c.opts.MaxCells {
			return retrieval.Document{}, fmt.Errorf("%w: more than %d cells", ingest.ErrTooLarge, c.opts.MaxCells)
		}
		switch {
		case first && names(row):
			header = row
		case header != nil && out.told(header, row):
		default:
			rows = append(rows, row)
		}
		if len(rows) == rowsPerBlock {
			out.rows(header, rows)
			rows = nil
		}
		if err := out.full(); err != nil {
			return retrieval.Document{}, err
		}
	}
	if out.rows(header, rows); len(rows) == 0 && cells == len(header) {
		out.block(table([][]string{header}, false))
	}
	return out.document()
}

// names reports whether a row may be the header of others.
func names(row []string) bool {
	for _, cell := range row {
		if _, err := strconv.ParseFloat(strings.TrimSpace(cell), 64); err == nil {
			return false
		}
	}
	return true
}

// separators are those that separator tells apart.
const separators = ",;\t|"

// maxProbe is how much of a table tells its separator, in bytes.
const maxProbe = 64 << 10

// separator returns the one that divides the first lines into most columns, of
// which all lines have as many. What stands in quotes does not count.
func separator(text string) rune {
	best, most := ',', 0
	for _, candidate := range separators {
		score, first := 0, -1
		for line := range firstLines(text, 10) {
			n := countOutside(line, candidate)
			if first < 0 {
				first = n
			}
			if score += min(n, first); n != first {
				score -= first / 2
			}
		}
		if score > most {
			best, most = candidate, score
		}
	}
	return best
}

// firstLines yields the first lines that are not blank.
func firstLines(text string, n int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(text, "\n") {
			if strings.TrimSpace(line) == "" {
				continue
			}
			if n--; n < 0 || !yield(line) {
				return
			}
		}
	}
}

func countOutside(line string, separator rune) int {
	n, quoted := 0, false
	for _, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case r == separator && !quoted:
			n++
		}
	}
	return n
}

// json reads JSON, or one value on each line, as lines of "path: value". The
// objects of a list are blocks of their own; questions with answers and titles
// with texts are sections.
func (c content) json() (retrieval.Document, error) {
	d := json.NewDecoder(strings.NewReader(decode(c.data)))
	d.UseNumber()
	w := &jsonWalk{decoder: d, out: c.records(), most: c.opts.MaxDepth, left: min(c.opts.MaxCells, maxTokens)}
	for d.More() {
		if err := w.value("", 0); err != nil {
			return retrieval.Document{}, err
		}
		w.flush()
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return retrieval.Document{}, malformedJSON(err)
	}
	return w.out.document()
}

func malformedJSON(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
}

// A jsonWalk goes through the tokens of JSON.
type jsonWalk struct {
	decoder *json.Decoder
	out     *records
	most    int  // how deeply values may be nested
	left    int  // values that may still be read
	element bool // the value to come is in a list of records
	keys    []string
	values  []string
}

func (w *jsonWalk) value(path string, depth int) error {
	t, err := w.decoder.Token()
	if err != nil {
		return malformedJSON(err)
	}
	if w.left--; w.left < 0 || depth > w.most {
		return fmt.Errorf("%w: too many values, or nested too deeply", ingest.ErrTooLarge)
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			err = w.object(path, depth)
		} else {
			err = w.list(path, depth)
		}
		if _, end := w.decoder.Token(); err == nil && end != nil {
			err = malformedJSON(end)
		}
		return err
	case nil:
		return nil
	}
	if err := w.out.full(); err != nil {
		return err
	}
	w.keys, w.values = append(w.keys, path), append(w.values, fmt.Sprint(t))
	return nil
}

// maxRecordDepth is how deep a list may be whose objects are blocks.
const maxRecordDepth = 3

func (w *jsonWalk) object(path string, depth int) error {
	if w.element {
		w.flush()
		path = ""
		defer w.flush()
	}
	w.element = false
	for w.decoder.More() {
		t, err := w.decoder.Token()
		if err != nil {
			return malformedJSON(err)
		}
		key, _ := t.(string)
		if err := w.value(strings.TrimPrefix(path+"."+key, "."), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *jsonWalk) list(path string, depth int) error {
	for w.decoder.More() {
		w.element = depth < maxRecordDepth
		if err := w.value(path, depth+1); err != nil {
			return err
		}
	}
	w.element = false
	return nil
}

// flush ends a record.
func (w *jsonWalk) flush() {
	if !w.out.told(w.keys, w.values) {
		w.out.fields(w.keys, w.values)
	}
	w.keys, w.values = nil, nil
}

// questionKeys and answerKeys are the names of fields that a person reads as a
// heading and as the text below it, the surest first.
var (
	questionKeys = []string{"question", "q", "title", "headline", "heading", "subject", "name", "frage", "titel", "pregunta", "título", "titulo", "titre", "domanda", "titolo", "pergunta", "vraag"}
	answerKeys   = []string{"answer", "a", "body", "content", "text", "description", "acceptedanswer.text", "antwort", "respuesta", "réponse", "reponse", "risposta", "resposta", "antwoord"}
)

// records writes records of data as text.
type records struct {
	*outline
	opts  Options
	slugs slugs
}

func (c content) records() *records {
	return &records{outline: c.outline(), opts: c.opts, slugs: make(slugs)}
}

// rows writes rows below their header, which may be nil.
func (r *records) rows(header []string, rows [][]string) {
	if header != nil && len(rows) > 0 {
		rows = append([][]string{header}, rows...)
	}
	r.block(table(rows, header != nil))
}

// fields writes a record as lines.
func (r *records) fields(keys, values []string) {
	var lines []string
	for i, value := range values {
		if line := oneLine(value); line != "" && keys[i] != "" {
			lines = append(lines, keys[i]+": "+line)
		} else if line != "" {
			lines = append(lines, line)
		}
	}
	r.block(strings.Join(lines, "\n"))
}

// told writes a record that has a heading and a text as a section, and reports
// whether it has both. The rest stands below the text.
func (r *records) told(keys, values []string) bool {
	question, answer := fieldOf(keys, values, questionKeys), fieldOf(keys, values, answerKeys)
	if question < 0 || answer < 0 || len(values[question]) > 300 {
		return false
	}
	r.heading(2, values[question], r.slugs.slug(values[question]))
	r.prose(values[answer])
	var otherKeys, others []string
	for i, value := range values {
		if i != question && i != answer && i < len(keys) {
			otherKeys, others = append(otherKeys, keys[i]), append(others, value)
		}
	}
	r.fields(otherKeys, others)
	return true
}

// fieldOf returns the first field with one of the names and a value, or -1.
func fieldOf(keys, values []string, wanted []string) int {
	for _, name := range wanted {
		i := slices.IndexFunc(keys, func(key string) bool { return strings.EqualFold(strings.TrimSpace(key), name) })
		if i >= 0 && i < len(values) && strings.TrimSpace(values[i]) != "" {
			return i
		}
	}
	return -1
}

// prose writes a text that may be HTML.
func (r *records) prose(text string) {
	if !strings.Contains(text, "</") {
		for part := range strings.SplitSeq(text, "\n\n") {
			r.block(paragraph(part))
		}
		return
	}
	c := content{data: []byte(text), kind: HTML, opts: r.opts, check: r.check}
	doc, err := c.html()
	if errors.Is(err, ingest.ErrTooLarge) {
		r.charge(r.limit + 1)
	}
	if err != nil {
		return
	}
	for _, s := range doc.Sections {
		r.block(strings.Join(s.Path, ": "))
		r.block(s.Text)
	}
}
