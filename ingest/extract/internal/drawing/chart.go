package drawing

import (
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/numfmt"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
)

// The most points of a series, and series of a chart, that are read.
const (
	maxPoints = 10_000
	maxSeries = 255
)

// A Chart is what a chart says, with the values that it was saved with: those of
// the workbook within it are not read.
type Chart struct {
	Titles []string // of the chart and its axes
	Series []Series
}

// A Series is a row of values, each with its category at the same index. Either may
// be the longer one, and a value that was not saved is empty.
type Series struct {
	Name               string
	Categories, Values []string
}

// ReadChart reads a chart part: ECMA-376 part 1, 21.2. A missing part is an empty
// chart. Of a part that is damaged it returns what comes before.
func ReadChart(pkg *ooxml.Package, part string) (Chart, error) {
	var c Chart
	err := pkg.Walk(part, func(e xml.StartElement, d *ooxml.Decoder) error {
		switch e.Name.Local {
		case "title":
			paragraphs, err := Paragraphs(d)
			c.Titles = append(c.Titles, paragraphs...)
			return err
		case "ser":
			if len(c.Series) == maxSeries {
				return d.Skip()
			}
			s, err := series(d)
			c.Series = append(c.Series, s)
			return err
		}
		return nil
	})
	return c, err
}

// series reads a series: its name, its categories, and its values. Those of a
// scatter chart are its x and y.
func series(d *ooxml.Decoder) (s Series, err error) {
	err = d.Children(func(e xml.StartElement) error {
		var err error
		switch e.Name.Local {
		case "tx":
			var names []string
			names, err = points(d)
			s.Name = strings.Join(names, " ")
		case "cat", "xVal":
			s.Categories, err = points(d)
		case "val", "yVal":
			s.Values, err = points(d)
		}
		return err
	})
	return s, err
}

// points reads the values that are cached within an element, each at its index:
// strCache, strLit, numCache and numLit of ECMA-376 part 1, 21.2.2. A literal name
// has no index.
func points(d *ooxml.Decoder) ([]string, error) {
	var out []string
	var format numfmt.Format
	var element func(e xml.StartElement) error
	element = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "formatCode":
			code, err := d.Text()
			format = numfmt.Parse(code)
			return err
		case "f", "extLst":
			return nil
		case "pt":
			text, err := value(d, format)
			i, bad := strconv.Atoi(ooxml.Attr(e, "idx"))
			if bad != nil || i < 0 || i >= maxPoints {
				return err
			}
			for len(out) <= i {
				out = append(out, "")
			}
			out[i] = text
			return err
		case "v":
			text, err := d.Text()
			out = append(out, text)
			return err
		}
		return d.Children(element)
	}
	err := d.Children(element)
	return out, err
}

// value reads a point. Numbers are shown in the format of their series.
func value(d *ooxml.Decoder, format numfmt.Format) (text string, err error) {
	err = d.Children(func(e xml.StartElement) (err error) {
		if e.Name.Local == "v" {
			text, err = d.Text()
		}
		return err
	})
	if v, bad := strconv.ParseFloat(text, 64); bad == nil {
		text = format.Number(v, false)
	}
	return strings.TrimSpace(text), err
}

// Rows returns the chart as a table: the names of the series above, and a row
// for each category, which is that of the first series that names one. Rows need
// not be of one length.
func (c Chart) Rows() [][]string {
	rows := [][]string{{""}}
	for n, s := range c.Series {
		rows[0] = append(rows[0], s.Name)
		for i := range max(len(s.Categories), len(s.Values)) {
			for len(rows) <= i+1 {
				rows = append(rows, make([]string, 1, len(c.Series)+1))
			}
			row := rows[i+1]
			for len(row) <= n {
				row = append(row, "")
			}
			if i < len(s.Categories) && row[0] == "" {
				row[0] = s.Categories[i]
			}
			if i < len(s.Values) {
				row = append(row, s.Values[i])
			}
			rows[i+1] = row
		}
	}
	return rows
}

// Text returns the chart as lines: its titles, and a line for each row.
func (c Chart) Text() string {
	lines := append([]string(nil), c.Titles...)
	for _, row := range c.Rows() {
		if line := strings.Trim(strings.Join(row, "; "), "; "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
