package workbook

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/numfmt"
)

func TestRows(t *testing.T) {
	b := New(Options{Sheets: 1, Cells: 10, Text: 100})
	s, err := b.Add("S", false)
	require.NoError(t, err)
	require.True(t, s.Empty())
	for _, c := range []Cell{{Row: 5, Column: 1, Text: "d"}, {Row: 0, Column: 3, Text: "b"}, {Row: 0, Column: 0, Text: "a"}, {Row: 2}, {Row: 0, Column: 3, Text: "c"}} {
		require.NoError(t, s.Set(c))
	}
	require.False(t, s.Empty())
	require.Equal(t, [][]Cell{{{Text: "a"}, {Column: 3, Text: "c"}}, {{Row: 5, Column: 1, Text: "d"}}}, s.Rows())
}

// filled returns a sheet with one-letter cells: each row is a string, and a space
// is no cell.
func filled(t *testing.T, o Options, rows ...string) *Sheet {
	t.Helper()
	s, err := New(o).Add("S", false)
	require.NoError(t, err)
	for i, row := range rows {
		for j, text := range row {
			c := At(i, j)
			if c.Text = string(text); text != ' ' {
				require.NoError(t, s.Set(c))
			}
		}
	}
	return s
}

// rowsOf returns the rows of a sheet as filled takes them, without empty ones.
func rowsOf(s *Sheet) (out []string) {
	for _, row := range s.Rows() {
		line := ""
		for _, c := range row {
			for len(line) < int(c.Column) {
				line += " "
			}
			line += c.Text
		}
		out = append(out, line)
	}
	return out
}

func TestMerged(t *testing.T) {
	generous := Options{Sheets: 1, Cells: 100, Text: 100}
	tests := map[string]struct {
		options    Options
		rows, want []string
		areas      []Area
	}{
		"downwards":              {generous, []string{"ab", " c", " d", "e"}, []string{"ab", "ac", "ad", "e"}, []Area{{0, 0, 2, 0}}},
		"in the middle":          {generous, []string{"abc", "d f"}, []string{"abc", "dbf"}, []Area{{0, 1, 1, 1}}},
		"across and downwards":   {generous, []string{"a c", "  d"}, []string{"a c", "a d"}, []Area{{0, 0, 1, 1}}},
		"sideways only":          {generous, []string{"a c"}, []string{"a c"}, []Area{{0, 0, 0, 1}}},
		"over rows without text": {generous, []string{"ab", "", " c"}, []string{"ab", "ac"}, []Area{{0, 0, 2, 0}}},
		"over what is there":     {generous, []string{"ab", "xc"}, []string{"ab", "xc"}, []Area{{0, 0, 1, 0}}},
		"without text":           {generous, []string{" b", " c"}, []string{" b", " c"}, []Area{{0, 0, 1, 0}, {7, 7, 9, 9}}},
		"upside down":            {generous, []string{"ab", " c"}, []string{"ab", " c"}, []Area{{1, 0, 0, 0}}},
		"exactly":                {Options{Exact: true, Sheets: 1, Cells: 9, Text: 9}, []string{"ab", " c"}, []string{"ab", " c"}, []Area{{0, 0, 1, 0}}},
		"to the last cell":       {Options{Sheets: 1, Cells: 5, Text: 99}, []string{"ab", " c", " d"}, []string{"ab", "ac", " d"}, []Area{{0, 0, 2, 0}}},
		"to the last byte":       {Options{Sheets: 1, Cells: 99, Text: 5}, []string{"ab", " c", " d"}, []string{"ab", "ac", " d"}, []Area{{0, 0, 2, 0}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := filled(t, test.options, test.rows...)
			for _, a := range test.areas {
				s.Merge(a)
			}
			require.Equal(t, test.want, rowsOf(s))
			require.Equal(t, test.want, rowsOf(s), "they can be read again")
		})
	}
}

// Merged cells that cover one another are followed so far and no further.
func TestMergedWithoutEnd(t *testing.T) {
	s := filled(t, Options{Sheets: 1, Cells: 1 << 30, Text: 1 << 30}, "a")
	for i := range 2000 {
		c := At(i+1, 1)
		c.Text = "b"
		require.NoError(t, s.Set(c))
	}
	for range maxMerged + 1 {
		s.Merge(Area{0, 0, 1 << 20, 0})
	}
	require.Len(t, s.merged, maxMerged)
	s.Rows()
	require.Equal(t, 1<<30-2001-maxRepeats, s.book.options.Cells)
}

// Rows that do not come in order, or come in parts, are put in order.
func TestRowsInParts(t *testing.T) {
	s, err := New(Options{Sheets: 1, Cells: 100, Text: 100}).Add("S", false)
	require.NoError(t, err)
	for _, place := range [][2]int{{2, 1}, {0, 2}, {2, 0}, {0, 0}, {0, 2}} {
		c := At(place[0], place[1])
		c.Text = string(rune('a' + len(s.rows)))
		require.NoError(t, s.Set(c))
	}
	require.Equal(t, []string{"d e", "ca"}, rowsOf(s), "the last of two counts")
}

func TestFormats(t *testing.T) {
	b := New(Options{})
	for i := range maxFormats {
		require.Equal(t, "1", b.Number(b.Format("0;"+fmt.Sprint(i)), 1.2, false))
	}
	require.Equal(t, "1.2", b.Number(b.Format("0"), 1.2, false), "there are more than any workbook has")
	require.Equal(t, "1", b.Number(b.Format("0;7"), 1.2, false))
}

func TestLimits(t *testing.T) {
	b := New(Options{Sheets: 1, Cells: 1, Text: 3})
	s, err := b.Add("S", false)
	require.NoError(t, err)
	_, err = b.Add("T", false)
	require.ErrorIs(t, err, ErrTooLarge)
	require.ErrorIs(t, s.Charge(4), ErrTooLarge)
}

func TestExact(t *testing.T) {
	f := numfmt.Parse("0.0")
	require.Equal(t, "1.3", New(Options{}).Number(f, 1.25, false))
	require.Equal(t, "1.25", New(Options{Exact: true}).Number(f, 1.25, false))
	require.Equal(t, "TRUE", New(Options{}).Truth(true))
	require.Equal(t, "0", New(Options{Exact: true}).Truth(false))
}
