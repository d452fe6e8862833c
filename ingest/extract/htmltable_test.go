package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
)

func TestTables(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"merged downwards":        {"<tr><th>Plan<th>Region<th>Price<tr><td rowspan=3>Pro<td>EU<td>9<tr><td>US<td>10<tr><td>UK<td>8<tr><td>Max<td>EU<td>20", "Plan: Pro; Region: EU; Price: 9\nPlan: Pro; Region: US; Price: 10\nPlan: Pro; Region: UK; Price: 8\nPlan: Max; Region: EU; Price: 20"},
		"merged in the middle":    {"<tr><th>A<th>B<th>C<tr><td>1<td rowspan=2>x<td>2<tr><td>3<td>4", "A: 1; B: x; C: 2\nA: 3; B: x; C: 4"},
		"merged at the end":       {"<tr><th>A<th>B<tr><td>1<td rowspan=2>x<tr><td>2", "A: 1; B: x\nA: 2; B: x"},
		"merged both ways":        {"<tr><th>A<th>B<th>C<tr><td colspan=2 rowspan=2>x<td>1<tr><td>2", "A: x; C: 1\nA: x; C: 2"},
		"merged, no header":       {"<tr><td rowspan=2>Pro<td>EU<tr><td>US", "Pro; EU\nPro; US"},
		"a name of rows":          {"<tr><th rowspan=2>Size<td>Small<tr><td>Large", "Size: Small\nSize: Large"},
		"a long text once":        {"<tr><td rowspan=2>" + long + "<td>1<tr><td>2", long + "; 1\n2"},
		"two rows of names":       {"<thead><tr><th rowspan=2>Plan<th colspan=2>Price<tr><th>Month<th>Year</thead><tr><td>Pro<td>9<td>90", "Plan: Pro; Price Month: 9; Price Year: 90"},
		"names and an empty one":  {"<tr><td><th>Free<th>Pro<tr><th>Users<td>1<td>5", "Users; Free: 1; Pro: 5"},
		"a name of the table":     {"<tr><th colspan=2>Sizes<tr><th>Box<th>Weight<tr><td>S<td>2 kg", "Sizes\n\nBox: S; Weight: 2 kg"},
		"names alone":             {"<tr><th>A<th>B", "A; B"},
		"a row without cells":     {"<tr><th>A<th>B<tr></tr><tr><td>1<td>2", "A: 1; B: 2"},
		"a word for the blind":    {"<tr><th>Chat<td><i class=check></i><span class=sr-only>Yes</span>", "Chat: Yes"},
		"a picture":               {"<tr><th>Chat<td><img alt=Yes src=y.png><tr><th>Mail<td>Also <img alt=mail>", "Chat: Yes\nMail: Also"},
		"spans that are no spans": {"<tr><td rowspan=x colspan=-1>a<td rowspan=0>b<tr><td>c", "a; b\nc"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, lines("A page", "[ #]", test.want), show(read(t, "a-page.html", "<table>"+test.content+"</table>")))
		})
	}
}

// TestTableBombs checks that cells that claim to span everything cost no more than
// other text does.
func TestTableBombs(t *testing.T) {
	label := strings.Repeat("x", maxRepeated)
	rows := strings.Repeat("<tr><td>a", 100_000)
	tests := map[string]string{
		"a label over all rows": "<tr><td rowspan=65535>" + label + rows,
		"cells over everything": "<tr>" + strings.Repeat("<td rowspan=65535 colspan=1000>"+label, 1000) + rows,
		"columns without end":   "<tr>" + strings.Repeat("<td colspan=1000>a", 100_000),
		"a gap and a span":      "<tr>" + strings.Repeat("<td>a", 20_000) + "<td rowspan=65535>b" + strings.Repeat("<tr>", 100_000),
	}
	for name, content := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := New(nil).Extract(t.Context(), ingest.Item{Name: "a.html"}, strings.NewReader("<table>"+content+"</table>"))
			require.ErrorIs(t, err, ingest.ErrTooLarge)
		})
	}
	small := fmt.Sprintf("<table><tr><td rowspan=65535>Pro%s</table>", strings.Repeat("<td>a<tr>", 10))
	require.Equal(t, 10, strings.Count(show(read(t, "a.html", small)), "Pro; a"), "no row is made up")
}

// TestPlainPage checks that a page that is read to be compared has what it shows and
// no more.
func TestPlainPage(t *testing.T) {
	page := "<h1>T</h1><table><tr><th>Plan<th>Price<tr><td rowspan=2>Pro<td>9<tr><td>10</table><p><img alt='The dialog for prices'></p><h2>See also</h2><ul><li><a href=/x>Refunds</a></ul>"
	extract := func(plain bool) string {
		doc, err := New(&Options{Plain: plain}).Extract(t.Context(), ingest.Item{Name: "a.html"}, strings.NewReader(page))
		require.NoError(t, err)
		return show(doc)
	}
	require.Equal(t, lines("T", "[ #]", "Plan; Price", "Pro; 9", "10", "[See also #]", "- Refunds"), extract(true))
	require.Equal(t, lines("T", "[ #]", "Plan: Pro; Price: 9", "Plan: Pro; Price: 10", "", "The dialog for prices"), extract(false))
}
