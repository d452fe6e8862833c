package workbook

import (
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
