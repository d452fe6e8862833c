package extract

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A keeping counts the elements of pages that are part of their main text, and
// those of them that were found again as what they are.
type keeping map[string]*struct{ kept, all int }

// TestPagesKeepStructure looks for the elements of real pages whose text people
// took for main text: each text of two words or more, once a page and kind.
//
// A heading is kept if it is the title, a heading of a section or a line; an item
// of a list or a term if a line has its text; a row of a table if one line has all
// its cells; code if its lines follow each other; an anchor if the section under
// the heading has that of the page. It is not asked whether an item is marked as
// one, nor in which section what is kept stands.
func TestPagesKeepStructure(t *testing.T) {
	dir := needCorpus(t, "pages")
	all := make(keeping)
	for id, want := range readTruths(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, "html", id+".html"))
		require.NoError(t, err)
		doc, err := New(nil).Extract(t.Context(), ingest.Item{Name: id + ".html"}, strings.NewReader(string(data)))
		if err != nil {
			continue
		}
		all.page(parseHTML(data, "", t.Context().Err), doc, " "+letters(want.Text)+" ")
	}
	for kind, floor := range map[string]float64{"headings": 0.98, "items": 0.97, "rows": 0.98, "code": 0.98, "anchors": 0.98} {
		n := all[kind]
		t.Logf("%-9s %5d of %5d kept, %.2f %%", kind, n.kept, n.all, 100*float64(n.kept)/float64(n.all))
		require.Greater(t, float64(n.kept)/float64(n.all), floor, kind)
	}
}

// page counts the elements of one page whose text is in what people took.
func (k keeping) page(root *html.Node, doc retrieval.Document, want string) {
	lines := []string{" " + letters(doc.Title) + " "}
	var text strings.Builder
	anchors := make(map[string]bool)
	for _, s := range doc.Sections {
		for _, h := range s.Path {
			lines = append(lines, " "+letters(h)+" ")
		}
		if len(s.Path) > 0 {
			anchors[s.Anchor+" "+letters(s.Path[len(s.Path)-1])] = true
		}
		for line := range strings.SplitSeq(s.Text, "\n") {
			lines = append(lines, " "+letters(line)+" ")
		}
		text.WriteString(" " + letters(s.Text) + " ")
	}
	seen := make(map[string]bool)
	count := func(kind, words string, kept func() bool) {
		if strings.Count(words, " ") < 1 || seen[kind+words] || !strings.Contains(want, " "+words+" ") {
			return
		}
		seen[kind+words] = true
		if k[kind] == nil {
			k[kind] = &struct{ kept, all int }{}
		}
		k[kind].all++
		if kept() {
			k[kind].kept++
		}
	}
	joined := strings.Join(lines, "\n")
	onLine := func(words string) func() bool {
		return func() bool { return strings.Contains(joined, " "+words+" ") }
	}
	for n := range descendants(root) {
		words := letters(ownText(n))
		switch {
		case headingLevel(n.DataAtom) > 0:
			count("headings", words, onLine(words))
			if id := anchorOf(n); id != "" && anchorsUnder(anchors, words) {
				count("anchors", words, func() bool { return anchors[id+" "+words] })
			}
		case n.DataAtom == atom.Li || n.DataAtom == atom.Dt:
			count("items", words, onLine(words))
		case n.DataAtom == atom.Pre:
			words = letters(rawText(n))
			count("code", words, func() bool { return strings.Contains(text.String(), " "+words+" ") })
		case n.DataAtom == atom.Tr && first(n, atom.Table) == nil:
			k.row(n, lines, want)
		}
	}
}

// anchorsUnder reports whether a heading has text below it, without which it is
// no section.
func anchorsUnder(anchors map[string]bool, heading string) bool {
	for a := range anchors {
		if strings.HasSuffix(a, " "+heading) {
			return true
		}
	}
	return false
}

// row counts a row of two cells or more that all are in what people took.
func (k keeping) row(n *html.Node, lines []string, want string) {
	var cells []string
	for c := range n.ChildNodes() {
		if words := letters(ownText(c)); words != "" && (c.DataAtom == atom.Td || c.DataAtom == atom.Th) {
			if !strings.Contains(want, " "+words+" ") {
				return
			}
			cells = append(cells, words)
		}
	}
	if len(cells) < 2 {
		return
	}
	if k["rows"] == nil {
		k["rows"] = &struct{ kept, all int }{}
	}
	k["rows"].all++
	if slices.ContainsFunc(lines, func(l string) bool {
		return !slices.ContainsFunc(cells, func(c string) bool { return !strings.Contains(l, " "+c+" ") })
	}) {
		k["rows"].kept++
	}
}

// ownText returns the first line of text below n: up to the first block in it, but
// one that begins it.
func ownText(n *html.Node) string {
	var b strings.Builder
	for d := range descendants(n) {
		switch {
		case d.Type == html.TextNode:
			b.WriteString(strings.ReplaceAll(d.Data, "\n", " "))
		case (isBlock(d.DataAtom) || d.DataAtom == atom.Br) && strings.TrimSpace(b.String()) != "":
			return b.String()
		}
	}
	return b.String()
}
