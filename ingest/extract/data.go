package extract

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// rowsPerBlock is how many rows of a table of data make one block.
const rowsPerBlock = 10

// csv reads separated values. The first row is the header.
func (c content) csv() (retrieval.Document, error) {
	text := decode(c.data)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = separator(text)
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return retrieval.Document{}, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
	}
	o := newOutline(c.opts.MaxText)
	rows := [][]string{header}
	for {
		row, err := r.Read()
		if err != nil && !errors.Is(err, io.EOF) {
			return retrieval.Document{}, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
		}
		if err == nil {
			rows = append(rows, slices.Clone(row))
		}
		if len(rows) > rowsPerBlock || err != nil {
			o.block(table(rows, true))
			rows = [][]string{header}
		}
		if err != nil {
			return o.document()
		}
	}
}

// separator returns the one that the first line has most of.
func separator(text string) rune {
	line, _, _ := strings.Cut(text, "\n")
	best := ','
	for _, r := range ";\t|" {
		if strings.Count(line, string(r)) > strings.Count(line, string(best)) {
			best = r
		}
	}
	return best
}

// json reads a JSON value as lines of "path: value". The elements of an array
// at the top are blocks of their own.
func (c content) json() (retrieval.Document, error) {
	var v any
	if err := json.Unmarshal([]byte(decode(c.data)), &v); err != nil {
		return retrieval.Document{}, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
	}
	o := newOutline(c.opts.MaxText)
	elements, ok := v.([]any)
	if !ok {
		elements = []any{v}
	}
	for _, e := range elements {
		o.block(strings.Join(jsonLines(nil, "", e), "\n"))
	}
	return o.document()
}

// jsonLines appends the leaves of v. encoding/json bounds the depth.
func jsonLines(lines []string, name string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			lines = jsonLines(lines, strings.TrimPrefix(name+"."+k, "."), v[k])
		}
	case []any:
		for _, e := range v {
			lines = jsonLines(lines, name, e)
		}
	case nil:
	default:
		line := oneLine(fmt.Sprint(v))
		if name != "" {
			line = name + ": " + line
		}
		lines = append(lines, line)
	}
	return lines
}
